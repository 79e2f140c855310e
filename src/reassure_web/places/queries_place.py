"""One place as its page shows it: each field with its source and day, what it was before, reports, merges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.places.importing import Change, changes_between
from reassure.places.place import Fact, current
from reassure.places.place import Place as Facts
from reassure.places.sources import FACT_FIELDS, differing, value_of
from reassure_web.accounts.models import User
from reassure_web.places import queries
from reassure_web.places.models import Area, Pair, Place, PlaceVersion, Report, SourceNote
from reassure_web.places.wording import DOUBTS, FIELDS, RANK_WORDS, value_words

MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says of a field."""

    words: str
    source: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a place: what stands, who said so, and what others said; `differs` when one of them is newer."""

    label: str
    words: str
    stands: Said | None
    others: tuple[Said, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A version of a place that came to an end: by whom, when, on whose word, why, and what changed."""

    at: datetime
    by: str
    source: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Everything that the page of a place shows."""

    row: Place
    place: Facts
    area: Area | None
    kept: str
    merged: tuple[str, ...]
    fields: tuple[Field, ...]
    doubts: tuple[str, ...]
    history: tuple[Ended, ...]
    reports: tuple[Report, ...]
    attributions: tuple[str, ...]
    may_change: bool


def place_page(actor: User, ref: str, now: datetime) -> PlacePage:
    """The page of a place; `Place.DoesNotExist` for one out of reach as for none."""
    row = queries.place_row_visible(actor, ref, now)
    merged = queries.aliases()
    place = queries.read([row], merged)[0]
    may_change = queries.reach_of(actor, Action.PLACE_CHANGE, now).holds(place)
    notes = {note.ref: note for note in SourceNote.objects.filter(ref__in=place.source_refs)}
    kept = merged.resolve(ref)
    return PlacePage(
        row=row,
        place=place,
        area=Area.objects.filter(code=row.area_code).first(),
        kept=kept if kept != ref else "",
        merged=merged.absorbed_by(ref),
        fields=tuple(_fields(place, notes)),
        doubts=tuple(DOUBTS[rule] for rule in row.doubts.split()),
        history=_history(row, shows_people=may_change),
        reports=tuple(_reports(row.ref)) if may_change else (),
        attributions=tuple(sorted({note.attribution for note in notes.values() if note.attribution})),
        may_change=may_change,
    )


@dataclass(frozen=True, slots=True)
class PairView:
    """Two records side by side: rows of (field, first, second, whether they differ), distance and likeness."""

    pair: Pair
    first: Place
    second: Place
    rows: tuple[tuple[str, str, str, bool], ...]
    kept: str
    may_change: bool


def pair_page(actor: User, number: int, now: datetime) -> PairView:
    """A pair with its two records; `Pair.DoesNotExist` where one of them is out of reach."""
    pair = queries.pairs_visible_to(actor, now).select_related("decided_by").get(pk=number)
    held = {row.ref: row for row in Place.objects.filter(ref__in=[pair.first, pair.second])}
    first, second = held[pair.first], held[pair.second]
    reach = queries.reach_of(actor, Action.PLACE_CHANGE, now)
    places = (first.facts(), second.facts())
    kept = queries.aliases().resolve(pair.first) if pair.verdict == "same" else ""
    may_change = all(reach.holds(place) for place in places)
    return PairView(pair, first, second, tuple(_side_by_side(*places)), kept, may_change)


def _side_by_side(first: Facts, second: Facts) -> Iterable[tuple[str, str, str, bool]]:
    yield "Ref", first.ref, second.ref, False
    for name, label in FIELDS.items():
        one, other = (value_words(name, value_of(place, name)) for place in (first, second))
        if (one, other) != ("nothing", "nothing"):
            yield label, one, other, one != other
    sources = [", ".join(place.source_refs) for place in (first, second)]
    yield "Sources", sources[0], sources[1], False


def reports_visible_to(actor: User, now: datetime) -> list[tuple[Report, str]]:
    """Open reports of mistakes on places that somebody may change, oldest first, with the name of the place."""
    require(actor.grants(now), Action.PLACE_CHANGE, now=now)
    reach = queries.reach_of(actor, Action.PLACE_CHANGE, now)
    rows = Report.objects.filter(settled_at=None).order_by("made_at")
    found = list(rows if reach.is_national else rows.filter(area_code__in=reach.areas))
    titles = {row.ref: row.title for row in Place.objects.filter(ref__in={report.place_ref for report in found})}
    return [(report, titles[report.place_ref]) for report in found]


def _reports(ref: str) -> Iterable[Report]:
    return Report.objects.filter(place_ref=ref, settled_at=None).order_by("made_at")


def _fields(place: Facts, notes: dict[str, SourceNote]) -> Iterable[Field]:
    best = current(place.facts)
    newer = differing(place.facts)
    for name, label in FIELDS.items():
        value = value_of(place, name)
        words = value_words(name, value)
        fact = best.get(name) if name in FACT_FIELDS else None
        others = [f for f in place.facts if f.field == name and f is not fact]
        is_moot = name == "authority" and "muslim" not in place.faiths
        if (words == "nothing" and not others) or is_moot:
            continue
        stands = _said(fact, notes) if fact else None
        yield Field(label, words, stands, tuple(_said(f, notes) for f in _newest_first(others)), name in newer)


def _newest_first(facts: Sequence[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda f: (f.rank, -f.observed_on.toordinal()))


def _said(fact: Fact, notes: dict[str, SourceNote]) -> Said:
    note = notes.get(fact.source_ref)
    title = note.title if note else fact.source_ref.replace("_", " ")
    return Said(value_words(fact.field, fact.value), title, RANK_WORDS[fact.rank], fact.observed_on)


def _history(row: Place, *, shows_people: bool) -> tuple[Ended, ...]:
    versions = list(
        PlaceVersion.objects.filter(place_ref=row.ref).select_related("ended_by").order_by("-number")[:MOST_VERSIONS]
    )
    after = row.facts()
    found = []
    for version in versions:
        before = queries.of_record(version.record)
        by = str(version.ended_by or "an import") if shows_people else "somebody who may change it"
        found.append(
            Ended(version.ended_at, by, version.source, version.reason, in_words(changes_between(before, after)))
        )
        after = before
    return tuple(found)


def in_words(changes: Iterable[Change]) -> tuple[tuple[str, str, str], ...]:
    """Changes as (field, before, after) in words."""
    return tuple((FIELDS[c.field], value_words(c.field, c.before), value_words(c.field, c.after)) for c in changes)
