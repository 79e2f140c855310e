"""Files of places that somebody hands in: a preview that is kept, then all of it or none of it.

The file is looked at twice, when it is handed in and when it is accepted; between the two the register may have
changed, and then the preview is shown anew instead of doing what nobody agreed to.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import InputError, Problem, RuleError
from reassure.files.handed_in import MAX_ROWS, check_handed_in, safe_name
from reassure.files.place_json import place_object
from reassure.files.register import Register, read_register
from reassure.occasions.osm_times import osm_text_problems
from reassure.places.areas import with_areas
from reassure.places.importing import Combined, combine, derived_again
from reassure.places.merging import read_together
from reassure.places.place import Place as Facts
from reassure.places.postcodes import with_postcodes
from reassure.places.sources import OGL
from reassure.provenance import AREA_ATTRIBUTION, Source, digest_of
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.places import queries
from reassure_web.places.models import Area, ImportRun, Place, PlaceVersion, SourceNote, columns_of
from reassure_web.places.queries_sources import credits_of_areas
from reassure_web.places.services import version_of
from reassure_web.places.services_pairs import propose_pairs
from reassure_web.places.wording import faith_words, value_words

SHOWN = 200
"""New places, changes and faults that a preview lists; the rest is counted."""
BATCH = 500
RESERVED = frozenset({"import", "duplicates", "reports", "map.geojson", "export.csv"})
"""Refs that would hide a page of this room."""
AREA_SOURCE = "police_areas"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in, and what the person said of it; empty words leave it to the file."""

    name: str
    content: bytes
    kind: str = ""
    faith: str = ""
    observed_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Worked:
    """What a file would do to the register as it is now."""

    register: Register
    places: tuple[Facts, ...]
    held: Mapping[str, Place]
    before: Mapping[str, Facts]
    combined: Combined
    problems: tuple[Problem, ...]
    n_elsewhere: int


@transaction.atomic
def preview_import(actor: User, upload: Upload, *, now: datetime) -> ImportRun:
    """
    Keep a file with what it would do; the same file handed in again by the same person is the same preview.

    Raises
    ------
    InputError
        The file as a whole cannot be used; nothing is kept.
    """
    require(actor.grants(now), Action.PLACE_IMPORT, now=now)
    reach = queries.reach_of(actor, Action.PLACE_IMPORT, now)
    name = safe_name(upload.name)
    check_handed_in(name, upload.content)
    run = ImportRun(
        ref=secrets.token_hex(8),
        areas=reach.area_words,
        file_name=name,
        kind=upload.kind,
        faith=upload.faith,
        observed_on=upload.observed_on,
        content=upload.content,
        made_by=actor,
        made_at=now,
    )
    worked = _worked_out(run)
    run.digest = worked.register.digest
    alike = {name: getattr(run, name) for name in ("digest", "kind", "faith", "observed_on", "file_name", "areas")}
    if same := ImportRun.objects.filter(state="preview", made_by=actor, **alike).first():
        run = same
    run.outcome = _outcome(worked)
    run.save()
    record(actor, Action.PLACE_IMPORT, f"import:{run.ref}", now=now, reason="preview")
    return run


@transaction.atomic
def accept_import(actor: User, ref: str, *, now: datetime) -> ImportRun:
    """
    Take all of a file into the register; accepting it again changes nothing.

    Where the register has changed since the preview nothing is taken: the run comes back as a preview of what the
    file does now.

    Raises
    ------
    RuleError
        The run was dropped.
    """
    run = _locked(actor, ref, now)
    if run.state == "accepted":
        return run
    if run.state == "dropped":
        raise RuleError("This file was dropped; hand it in again.")
    areas = Area.objects.filter(code__in=run.areas.split()) if run.areas else Area.objects.all()
    list(areas.select_for_update().order_by("code"))
    worked = _worked_out(run)
    outcome = _outcome(worked)
    if outcome["digest"] != run.outcome["digest"]:
        run.outcome = outcome
        run.save(update_fields=["outcome"])
        record(actor, Action.PLACE_IMPORT, f"import:{run.ref}", now=now, reason="preview")
        return run
    _write(actor, run, worked, now)
    touched = sorted({place.area_code for place in worked.places if place.area_code})
    propose_pairs(touched)
    run.outcome, run.state, run.ended_at, run.content = outcome, "accepted", now, b""
    run.save()
    counts = {name: value for name, value in outcome.items() if name.startswith("n_")}
    record(actor, Action.PLACE_IMPORT, f"import:{run.ref}", now=now, reason="accepted", change=counts)
    return run


@transaction.atomic
def drop_import(actor: User, ref: str, *, now: datetime) -> ImportRun:
    """Take nothing of a file; it is forgotten, the counts of its preview stay."""
    run = _locked(actor, ref, now)
    if run.state == "accepted":
        raise RuleError("This file was accepted already; its changes stand in the history of each place.")
    if run.state == "preview":
        run.state, run.ended_at, run.content = "dropped", now, b""
        run.save()
        record(actor, Action.PLACE_IMPORT, f"import:{run.ref}", now=now, reason="dropped")
    return run


def _locked(actor: User, ref: str, now: datetime) -> ImportRun:
    run = queries.imports_visible_to(actor, now).select_for_update().get(ref=ref)
    require(actor.grants(now), Action.PLACE_IMPORT, now=now)
    return run


def _worked_out(run: ImportRun) -> _Worked:
    register = _read(run)
    places = _with_postcodes(_with_areas(register.places))
    is_ours = _ours(run)
    mine = [place for place in places if is_ours(place)]
    nowhere = [place for place in places if not place.area_code and run.areas]
    taken = _taken_elsewhere(run)
    refused = [*register.problems, *_problems(nowhere, mine, taken, run.file_name)]
    good = [place for place in mine if place.ref not in taken and place.ref not in RESERVED]
    rows = Place.objects.filter(area_code__in=run.areas.split()) if run.areas else Place.objects.all()
    held = {row.ref: row for row in rows}
    before = {ref: row.facts() for ref, row in held.items()}
    combined = combine(list(before.values()), good, register.sources)
    n_elsewhere = len(places) - len(mine) - len(nowhere)
    return _Worked(register, tuple(good), held, before, combined, tuple(refused), n_elsewhere)


def _read(run: ImportRun) -> Register:
    """The register of a stored file; faults name the file as its owner knows it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / run.file_name
        path.write_bytes(run.content)
        try:
            found = read_register(path, faith=run.faith, kind=run.kind, observed_on=run.observed_on, with_facts=True)
        except InputError as error:
            raise InputError(_named(error.problems, folder)) from None
    if len(found.places) + len(found.problems) > MAX_ROWS:
        says = f"the file has {len(found.places) + len(found.problems):,} rows"
        raise InputError([Problem("", "", f"at most {MAX_ROWS:,} rows", run.file_name, says=says)])
    return replace(found, problems=tuple(_named(found.problems, folder)))


def _named(problems: Iterable[Problem], folder: str) -> list[Problem]:
    return [replace(problem, file=problem.file.replace(f"{folder}/", "")) for problem in problems]


def _with_areas(places: Sequence[Facts]) -> tuple[Facts, ...]:
    """The places with their police area, where the outlines and districts that are loaded can tell."""
    outlines, districts = queries.area_map(), queries.districts()
    if not outlines and not districts:
        return tuple(places)
    source = Source(AREA_SOURCE, "Police areas", OGL, AREA_ATTRIBUTION)
    told = [bool(districts) or not place.area_code or place.area_code in outlines for place in places]
    derived = iter(
        derived_again(
            [place for place, is_told in zip(places, told, strict=True) if is_told],
            lambda held: with_areas(held, districts=districts, outlines=outlines or None),
            source,
        )
    )
    return tuple(next(derived) if is_told else place for place, is_told in zip(places, told, strict=True))


def _with_postcodes(places: Sequence[Facts]) -> tuple[Facts, ...]:
    gazetteer = queries.gazetteer({place.postcode for place in places if place.postcode})
    return with_postcodes(places, gazetteer) if gazetteer else tuple(places)


def _ours(run: ImportRun) -> Any:
    areas = frozenset(run.areas.split())
    return lambda place: not areas or place.area_code in areas


def _taken_elsewhere(run: ImportRun) -> frozenset[str]:
    if not run.areas:
        return frozenset()
    return frozenset(Place.objects.exclude(area_code__in=run.areas.split()).values_list("ref", flat=True))


def _problems(nowhere: Iterable[Facts], mine: Iterable[Facts], taken: frozenset[str], file: str) -> Iterable[Problem]:
    for place in nowhere:
        says = f"{place.ref} ({place.title}) has no police area that is known"
        yield Problem("area_code", "", "a position inside an outline, or the area's code", file, says=says)
    for place in mine:
        if place.ref in RESERVED:
            yield Problem("ref", place.ref, "another ref; this one is the name of a page", file)
        elif place.ref in taken:
            yield Problem("ref", place.ref, "a ref that no place of another area has", file)


def _outcome(worked: _Worked) -> dict[str, Any]:
    """What a preview shows, as JSON; `digest` stands for all of what would be done."""
    result, register = worked.combined, worked.register
    by_ref = {place.ref: place for place in result.places}
    changes = [
        [c.ref, by_ref[c.ref].title, c.field, value_words(c.field, c.before), value_words(c.field, c.after)]
        for c in result.changes
    ]
    refused = {(p.file, p.row, p.says or p.value) for p in worked.problems}
    unread = [ref for ref, raw in register.service_times.items() if osm_text_problems(raw)]
    return {
        "n_read": len(register.places),
        "n_new": len(result.new),
        "n_changed": len(result.changed),
        "n_equal": len(result.equal),
        "n_not_seen": len(result.not_seen),
        "n_refused": len(refused),
        "n_elsewhere": worked.n_elsewhere,
        "n_double": register.n_equal,
        "n_changes": len(changes),
        "n_times": len(register.service_times),
        "n_unread": len(unread),
        "new": [[r, by_ref[r].title, faith_words(by_ref[r].faiths or {"unknown"})] for r in result.new[:SHOWN]],
        "changes": changes[:SHOWN],
        "problems": [problem.text for problem in worked.problems[:SHOWN]],
        "not_seen": [[ref, by_ref[ref].title] for ref in result.not_seen[:SHOWN]],
        "dropped": list(register.dropped),
        "skipped": list(register.skipped[:SHOWN]),
        "licences": sorted({f"{source.title}: {source.licence}" for source in register.sources}),
        "digest": digest_of([list(result.new), changes, list(result.equal), list(result.not_seen)]),
    }


def _write(actor: User, run: ImportRun, worked: _Worked, now: datetime) -> None:
    texts = worked.register.service_times
    before, held = worked.before, worked.held
    changed = {
        place.ref: place
        for place in worked.combined.places
        if place is not before.get(place.ref) or texts.get(place.ref, "") not in {"", held[place.ref].service_times}
    }
    ended = [
        version_of(held[ref], actor, now=now, source=run.file_name, reason=f"import {run.ref}")
        for ref in changed
        if ref in held
    ]
    PlaceVersion.objects.bulk_create(ended, batch_size=BATCH)
    together = _together(changed, {place.ref: place for place in worked.combined.places})
    rows = [_row(held.get(ref), changed[ref], together[ref], texts.get(ref, ""), now) for ref in changed]
    names = [f.name for f in Place._meta.concrete_fields if f.name not in {"id", "ref", "recorded_at"}]
    Place.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=["ref"], update_fields=names)
    _keep_sources(worked.register.sources)


def _together(changed: Mapping[str, Facts], every: Mapping[str, Facts]) -> dict[str, Facts]:
    """Each changed place as it reads with those merged into it."""
    merged = queries.aliases()
    absorbed: dict[str, list[Facts]] = {}
    for ref in merged.by_absorbed:
        if ref in every:
            absorbed.setdefault(merged.resolve(ref), []).append(every[ref])
    return {ref: read_together(place, absorbed[ref]) if ref in absorbed else place for ref, place in changed.items()}


def _row(held: Place | None, place: Facts, together: Facts, raw: str, now: datetime) -> Place:
    row = Place(
        ref=place.ref,
        record=place_object(place),
        version=held.version + 1 if held else 1,
        is_standing=held.is_standing if held else True,
        service_times=held.service_times if held else "",
        times_state=held.times_state if held else "",
        recorded_at=held.recorded_at if held else now,
        changed_at=now,
        **columns_of(together),
    )
    if raw and raw != row.service_times:
        row.service_times, row.times_state = raw[:500], "unread" if osm_text_problems(raw) else "read"
    return row


def _keep_sources(sources: Iterable[Source]) -> None:
    """What a licence asks for is kept with the newest day on which its source was fetched."""
    outlines = " ".join(credits_of_areas(Area.objects.all())) or AREA_ATTRIBUTION
    areas = Source(AREA_SOURCE, "Police areas", OGL, outlines)
    by_ref = {source.ref[:120]: source for source in (areas, *sources)}
    notes = [
        SourceNote(
            ref=ref,
            title=s.title[:200],
            licence=s.licence[:120],
            attribution=s.attribution[:300],
            retrieved_on=s.retrieved_on,
            url=s.url[:300],
            is_share_alike=s.is_share_alike,
        )
        for ref, s in by_ref.items()
    ]
    fields = ["title", "licence", "attribution", "retrieved_on", "url", "is_share_alike"]
    SourceNote.objects.bulk_create(notes, update_conflicts=True, unique_fields=["ref"], update_fields=fields)
