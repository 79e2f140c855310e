"""Reading a register of places of worship from a file of any kind that people hand in.

Rules: which reader a file gets, what identifies a row, what happens to rows that share an id, and which
source each field of a place is put down to. A bad row never costs the good ones; a file that cannot be
used at all is an `InputError`.
Elsewhere: cells (`register_rows`), the file that we write (`register_csv`), `geojson`, `osm`.
"""

import gc
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.faiths import CODES
from reassure.faiths import faith as faith_of_code
from reassure.files.csv_rows import read_bytes, read_table
from reassure.files.geojson import feature_rows
from reassure.files.osm import element_rows
from reassure.files.register_cells import RowFaults
from reassure.files.register_facts import sources_of_rows, with_facts_of_cell
from reassure.files.register_rows import KNOWN, NAMES, Layout, RawRow, RawRows, layout_of, place_of_row
from reassure.places.place import Place
from reassure.places.sources import (
    RANK_DERIVED,
    RANK_FORCE,
    RANK_OPEN,
    RANK_OSM,
    UNDATED,
    Origin,
    day_in_name,
    observed,
    osm_source,
    postcode_source,
    series_of,
)
from reassure.provenance import Source

KINDS = {"osm": RANK_OSM, "open": RANK_OPEN, "force": RANK_FORCE}
"""Kinds of register by whose word it is, and the rank of their facts."""
REQUIRED = ("name", "|".join(NAMES["lat"]), "|".join(NAMES["lon"]))
DERIVED = ("area_code", "lad_code", "profile", "nearest_postcode")
"""Fields that a register works out for itself; whatever file they come in, they are derived facts."""


@dataclass(frozen=True, slots=True)
class Register:
    """
    What a file of places says.

    Parameters
    ----------
    places
        Good rows, in the order of the file.
    problems
        What is wrong with the rows that were refused, in the order of the file.
    dropped
        Columns that nobody knows.
    sources
        Where the facts of the places come from.
    digest
        SHA-256 of the bytes of the file, 64 hex digits.
    skipped
        What the file holds that is no place and no fault, in words: relations without an outline.
    n_equal
        Rows left out because an equal one stands above them.
    service_times
        What OpenStreetMap says of when a place gathers, as it stands there, by ref; only of places that have it.
    """

    places: tuple[Place, ...]
    problems: tuple[Problem, ...]
    dropped: tuple[str, ...]
    sources: tuple[Source, ...]
    digest: str
    skipped: tuple[str, ...] = ()
    n_equal: int = 0
    service_times: Mapping[str, str] = field(default_factory=dict)


def read_register(
    path: Path,
    *,
    faith: str = "",
    kind: str = "",
    observed_on: date | None = None,
    with_facts: bool = False,
) -> Register:
    """
    Read a register of places: our own CSV, another CSV, GeoJSON, OpenStreetMap XML or PBF.

    A row without `ref` gets `osm-way-103044268` from its OpenStreetMap id, else `list-id` from the id of
    its list, else 12 hex digits of the SHA-256 of `name|lat|lon`. Rows that share an id but list
    different faiths are all kept, flagged `same_id`, and their refs get the faith at the end; of other
    rows that share an id the first stands, an equal one is left out and a different one refused.

    Parameters
    ----------
    faith
        Faith of the rows when the file has no column for it; empty for unknown.
    kind
        `osm`, `open` or `force`: whose word it is. Empty: `osm` for OpenStreetMap files and tables that
        carry its ids or have `osm` in their name, else `open`.
    observed_on
        Day on which the file was true; by default the day in the name of the file.
    with_facts
        Whether each place carries its facts (who said what); takes about a second more for 40,000 places.

    Raises
    ------
    InputError
        The file as a whole cannot be used.
    """
    if faith:
        faith_of_code(faith)
    if kind and kind not in KINDS:
        raise InputError([Problem("kind", kind, "one of " + ", ".join(KINDS))])
    with _collector_at_rest():
        return _register(path, faith=faith, kind=kind, observed_on=observed_on, with_facts=with_facts)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Make many small values without the garbage collector walking all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _register(path: Path, *, faith: str, kind: str, observed_on: date | None, with_facts: bool) -> Register:
    digest = hashlib.sha256(read_bytes(path)).hexdigest()
    read = _rows(path)
    name = _stem(path)
    layout = layout_of(read.columns, series=series_of(name) or "list", faith=faith)
    is_osm = kind == "osm" or (not kind and _is_osm(read.columns, name))
    seen_on = observed_on or day_in_name(name) or read.retrieved_on
    source = (
        osm_source(_source_ref(name), seen_on)
        if is_osm
        else Source(_source_ref(name), path.name, "not stated", "", seen_on)
    )
    places, texts, problems, n_equal = _places(read, layout, str(path))
    sources: tuple[Source, ...] = (source,)
    if "facts" in read.columns:
        sources, unread = sources_of_rows(read.rows, str(path))
        problems += unread
        if with_facts:
            places = _with_own_facts(places, read, str(path), problems)
    elif with_facts:
        rank = RANK_OSM if is_osm else KINDS[kind or "open"]
        origins, others = _origins(source, rank, seen_on or UNDATED, read.columns)
        places = [observed(place, origins) for place in places]
        sources = (source, *others)
    refused = sorted((*read.problems, *problems), key=lambda p: p.row or 0)
    listed = tuple(sorted(sources, key=lambda s: s.ref))
    return Register(tuple(places), tuple(refused), read.dropped, listed, digest, read.skipped, n_equal, texts)


def _stem(path: Path) -> str:
    return re.sub(r"\.(csv|geojson|json|osm|pbf)$", "", re.sub(r"\.(osm\.pbf|osm)$", "", path.name.casefold()))


def _source_ref(name: str) -> str:
    return re.sub(r"[^0-9a-z_-]+", "_", name).strip("_-") or "list"


def _is_osm(columns: frozenset[str], name: str) -> bool:
    words = set(re.split(r"[^a-z0-9]+", name))
    return bool({"osm_id", "@id"} & columns or {"osm", "openstreetmap"} & words)


def _rows(path: Path) -> RawRows:
    """The rows of a file by its kind, which its ending says."""
    ending = path.name.casefold()
    if ending.endswith(".csv"):
        table = read_table(path, required=REQUIRED, optional=KNOWN)
        rows = [RawRow(row.cells, row.line) for row in table.rows]
        return RawRows(frozenset(table.columns), rows, table.problems, table.dropped)
    if ending.endswith((".geojson", ".json")):
        return feature_rows(path)
    if ending.endswith((".osm", ".pbf")):
        return element_rows(path)
    raise InputError(
        [Problem("", "", "a file ending in .csv, .geojson, .json, .osm or .osm.pbf", str(path), says="unknown kind")]
    )


def _places(read: RawRows, layout: Layout, file: str) -> tuple[list[Place], dict[str, str], list[Problem], int]:
    kept: list[Place] = []
    first_of: list[str] = []
    texts: dict[int, str] = {}
    problems: list[Problem] = []
    by_ref: dict[str, list[int]] = {}
    n_equal = 0
    for row in read.rows:
        faults = RowFaults(_where(file, row), row.line)
        place = place_of_row(row.cells, layout, faults)
        if place is None:
            problems += faults.found
            continue
        same = by_ref.get(place.ref)
        if same is None:
            by_ref[place.ref] = [len(kept)]
        elif any(kept[i] == place for i in same):
            n_equal += 1
            continue
        elif "ref" in layout.present or any(kept[i].faiths & place.faiths or not place.faiths for i in same):
            expected = f"each id once; {first_of[same[0]]} has it with other values"
            faults.add("ref" if "ref" in layout.present else "id", place.ref, expected)
            problems += faults.found
            continue
        else:
            same.append(len(kept))
        if text := row.cells.get("service_times"):
            texts[len(kept)] = text
        kept.append(place)
        first_of.append(row.element or f"row {row.line}")
    _tell_apart(kept, (group for group in by_ref.values() if len(group) > 1))
    return kept, {kept[i].ref: text for i, text in texts.items()}, problems, n_equal


def _where(file: str, row: RawRow) -> str:
    return f"{file}, {row.element}" if row.element else file


def _tell_apart(places: list[Place], groups: Iterable[list[int]]) -> None:
    """Give the places of each group, which share an id under different faiths, refs of their own and a flag."""
    for group in groups:
        for i in group:
            place = places[i]
            ref = "-".join((place.ref, *(code for code in CODES if code in place.faiths)))
            places[i] = replace(place, ref=ref, flags=tuple(sorted({*place.flags, "same_id"})))


def _origins(
    source: Source, rank: int, seen_on: date, columns: frozenset[str]
) -> tuple[dict[str, Origin], tuple[Source, ...]]:
    """Which source each field of a file comes from, and the sources besides the file itself."""
    from_file = Origin(source.ref, rank, seen_on)
    derived = Origin(source.ref, RANK_DERIVED, seen_on)
    origins = {f: derived if f in DERIVED else from_file for f in _file_fields()}
    others: list[Source] = []
    if "nearest_postcode" in columns:
        postcodes = postcode_source()
        origins["nearest_postcode"] = Origin(postcodes.ref, RANK_DERIVED, seen_on)
        others.append(postcodes)
    for column, name in (("osm_addr_2025", "address"), ("osm_postcode_2025", "postcode")):
        if column in columns and name not in columns:
            day = day_in_name(column) or UNDATED
            origins[name] = Origin("osm_2025", RANK_OSM, day)
            if all(s.ref != "osm_2025" for s in others):
                others.append(osm_source("osm_2025", day))
    return origins, tuple(others)


def _file_fields() -> Iterator[str]:
    yield from ("name", "faiths", "point", "address", "postcode", "setting", "size_m2", "status")
    yield from ("valid_from", "valid_to", *DERIVED)


def _with_own_facts(places: list[Place], read: RawRows, file: str, problems: list[Problem]) -> list[Place]:
    row_of: dict[str, RawRow] = {}
    for row in read.rows:
        row_of.setdefault(row.cells["ref"], row)
    told = []
    for place in places:
        row = row_of[place.ref]
        faults = RowFaults(file, row.line)
        whole = with_facts_of_cell(place, row.cells["facts"], faults)
        problems += faults.found
        if not faults.found:
            told.append(whole)
    return told
