"""`reassure places import`: read registers of places of worship into one register."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import BAD_INPUT, DONE, note, say, say_json, working
from reassure.cli.register_words import pairs_json, sources_json, tell_pairs, tell_refused, tell_sources
from reassure.errors import InputError, Problem
from reassure.files.areas import read_areas, read_districts
from reassure.files.postcodes import read_gazetteer
from reassure.files.register import Register, read_register
from reassure.files.register_csv import write_register
from reassure.periods import parse_date
from reassure.places.areas import with_areas
from reassure.places.importing import Combined, combine, derived_again
from reassure.places.matching import Pair, duplicate_pairs
from reassure.places.place import Place
from reassure.places.postcodes import with_postcodes
from reassure.places.quality import HEADER
from reassure.places.sources import OGL, day_in_name
from reassure.provenance import AREA_ATTRIBUTION, Source

AREA_SOURCE = "police_areas"


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file and what it did to the register."""

    path: Path
    register: Register
    result: Combined


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, GeoJSON, .osm or .osm.pbf.")],
    out: Annotated[Path, typer.Option(metavar="REGISTER.csv", help="The register; one that is there is added to.")],
    faith: Annotated[str, typer.Option(metavar="NAME", help="Faith of rows in files without a column for it.")] = "",
    areas: Annotated[
        Path | None, typer.Option(metavar="FILE.geojson", help="Outlines of police areas (pfa_code, pfa_name).")
    ] = None,
    districts: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Police area of each district (lad_code, pfa_code).")
    ] = None,
    postcodes: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Code-Point Open (.csv or .csv.gz); again for sectors or outward codes."),
    ] = None,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Whose word it is: osm, open or force. Left out: told by the file.")
    ] = "",
    observed_on: Annotated[
        str, typer.Option(metavar="DATE", help="Day on which the files were true. Left out: the date in their name.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> int:
    """
    Read registers of places of worship into one register.

    Rows that cannot be used are named and left out; the others are imported. Nothing is merged by itself: places
    that may be the same are listed. The same file a second time changes nothing.
    """
    day = parse_date(observed_on, column="--observed-on") if observed_on else None
    with working("Reading"):
        read = _read_all(files, faith=faith, kind=kind, day=day)
        held = _held(out)
        outlines = read_areas(areas) if areas else None
        by_district = read_districts(districts) if districts else {}
    with working("Bringing the register together"):
        places, told = _combined(held, files, read)
        sources = {source.ref: source for register in (held, *read) for source in register.sources}
        if outlines is not None or by_district:
            given = areas or districts
            source = Source(
                AREA_SOURCE, "Police areas", OGL, AREA_ATTRIBUTION, day_in_name(given.stem) if given else None
            )
            places = derived_again(places, lambda p: with_areas(p, districts=by_district, outlines=outlines), source)
            sources[source.ref] = source
        if postcodes:
            gazetteer = read_gazetteer(postcodes, {place.postcode for place in places if place.postcode})
            places = with_postcodes(places, gazetteer)
        pairs = duplicate_pairs(places)
    used = {ref for place in places for ref in place.source_refs}
    listed = [sources[ref] for ref in sorted(sources) if ref in used]
    with working("Writing"):
        write_register(out, places, listed)
    if as_json:
        say_json(_summary(out, places, told, pairs, listed))
    else:
        _tell(out, places, told, pairs, listed)
    problems = [problem for register in read for problem in register.problems]
    tell_refused(problems)
    return BAD_INPUT if problems else DONE


def _read_all(files: Sequence[Path], *, faith: str, kind: str, day: Any) -> list[Register]:
    """Every file; `InputError` with what is wrong with each file that cannot be used at all."""
    found: list[Register] = []
    problems: list[Problem] = []
    for path in files:
        try:
            found.append(read_register(path, faith=faith, kind=kind, observed_on=day, with_facts=True))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _held(out: Path) -> Register:
    """The register that is there already; one with faults is not written over, since its rows would be lost."""
    if not out.exists():
        return Register((), (), (), (), "")
    held = read_register(out, with_facts=True)
    if held.problems:
        note(f"{out} is there already and has rows with faults; mend them, or name another file.")
        raise InputError(held.problems)
    return held


def _combined(
    held: Register, files: Sequence[Path], read: Sequence[Register]
) -> tuple[tuple[Place, ...], list[FileRead]]:
    places = held.places
    told = []
    for path, register in zip(files, read, strict=True):
        result = combine(places, register.places, register.sources)
        places = result.places
        told.append(FileRead(path, register, result))
    return places, told


def _tell(
    out: Path, places: Sequence[Place], told: Sequence[FileRead], pairs: Sequence[Pair], sources: Sequence[Source]
) -> None:
    for one in told:
        result = one.result
        say(f"{one.path}: {len(one.register.places):,} places read, {_n_refused(one.register):,} rows refused")
        say(f"  {len(result.new):,} new, {len(result.changed):,} changed, {len(result.equal):,} equal")
        if one.register.n_equal:
            say(f"  {one.register.n_equal:,} rows left out: an equal one stands above them")
        if result.not_seen:
            say(f"  {len(result.not_seen):,} of an older file of this series not seen again; kept and flagged")
        if one.register.dropped:
            say(f"  columns not used: {', '.join(one.register.dropped)}")
        for words in one.register.skipped:
            say(f"  skipped {words}")
        _tell_changes(result)
    say()
    tell_pairs(pairs, {place.ref: place for place in places})
    n_without = sum(not place.area_code for place in places)
    if n_without:
        say(f"{n_without:,} places have no police area; --areas or --districts can give it.")
    say(f"{out}: {len(places):,} places. {HEADER}")
    tell_sources(sources)


def _tell_changes(result: Combined) -> None:
    for change in result.changes[:20]:
        say(f"  {change.ref}: {change.field} {_shown(change.before)} -> {_shown(change.after)}")
    if len(result.changes) > 20:
        say(f"  ... and {len(result.changes) - 20:,} more changes (all with --json)")


def _shown(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value) or "(empty)"


def _n_refused(register: Register) -> int:
    return len({(problem.file, problem.row) for problem in register.problems})


def _summary(
    out: Path, places: Sequence[Place], told: Sequence[FileRead], pairs: Sequence[Pair], sources: Sequence[Source]
) -> dict[str, Any]:
    return {
        "register": str(out),
        "n_places": len(places),
        "notice": HEADER,
        "files": [
            {
                "file": str(one.path),
                "digest": one.register.digest,
                "n_read": len(one.register.places),
                "n_refused": _n_refused(one.register),
                "n_new": len(one.result.new),
                "n_changed": len(one.result.changed),
                "n_equal": len(one.result.equal),
                "n_equal_rows_left_out": one.register.n_equal,
                "not_seen": list(one.result.not_seen),
                "changes": [
                    {"ref": c.ref, "field": c.field, "before": _shown(c.before), "after": _shown(c.after)}
                    for c in one.result.changes
                ],
                "dropped": list(one.register.dropped),
                "skipped": list(one.register.skipped),
                "problems": [problem.text for problem in one.register.problems],
            }
            for one in told
        ],
        "pairs": pairs_json(pairs),
        "n_without_area": sum(not place.area_code for place in places),
        "sources": sources_json(sources),
    }
