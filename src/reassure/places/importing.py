"""Bringing a file of places into a register: what is new, what changed, what was not seen again.

Rules: which record a row belongs to, and what a second word on a place does to it. A row belongs to the
record with its ref, else to one with one of its external ids that has a faith in common. An equal id
under another faith is another record and a question for people. Facts are added, never replaced; records
that a newer file of the same series no longer has are flagged, never deleted.
Elsewhere: reading (`reassure.files.register`), proposals of duplicates (`matching`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from reassure.faiths import in_order
from reassure.places.place import PRESENCES, Fact, Place
from reassure.places.sources import FACT_FIELDS, RANK_DERIVED, UNDATED, Origin, series_of, settled, value_of
from reassure.provenance import Source

SHOWN_FIELDS = (*FACT_FIELDS, "other_names", "external_ids", "entrances", "presence", "authority", "bands")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one place that an import gave another value."""

    ref: str
    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Combined:
    """
    A register after one more file.

    Parameters
    ----------
    places
        Every record, in the order of the refs.
    new, equal, not_seen
        Refs of records that the file added, that it only confirmed, and that it no longer has.
    changes
        Field by field, in the order of the refs.
    """

    places: tuple[Place, ...]
    new: tuple[str, ...]
    equal: tuple[str, ...]
    changes: tuple[Change, ...]
    not_seen: tuple[str, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """Refs of the places with a change, each once."""
        return tuple(dict.fromkeys(change.ref for change in self.changes))


def combine(held: Sequence[Place], read: Iterable[Place], sources: Iterable[Source] = ()) -> Combined:
    """
    Take the places of one file into a register.

    Parameters
    ----------
    held
        The register so far; empty for a first import.
    read
        The places of the file, with their facts.
    sources
        The sources of the file; records of an older file of one of their series that it lacks become `not_seen`.
    """
    register = _Index(held)
    changes: list[Change] = []
    new: list[str] = []
    equal: list[str] = []
    seen: set[str] = set()
    for place in read:
        ref = register.record_of(place)
        if ref is None:
            added = register.add(place)
            new.append(added.ref)
            seen.add(added.ref)
            continue
        seen.add(ref)
        before = register.places[ref]
        after = _with_word(before, place)
        register.places[ref] = after
        found = [] if after is before else list(changes_between(before, after))
        changes += found
        if not found and ref not in new:
            equal.append(ref)
    gone = _not_seen(held, seen, sources)
    flagged = {ref: register.places[ref].flags for ref in gone}
    for ref, flags in flagged.items():
        register.places[ref] = replace(register.places[ref], flags=tuple(sorted({*flags, "not_seen"})))
    places = _with_same_id_flags(register.places.values())
    ordered = tuple(sorted(changes, key=lambda c: (c.ref, SHOWN_FIELDS.index(c.field))))
    return Combined(places, tuple(sorted(new)), tuple(sorted(set(equal))), ordered, gone)


class _Index:
    """The records of a register by ref and by external id."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: dict[str, Place] = {}
        self._by_id: dict[tuple[str, str], list[str]] = defaultdict(list)
        for place in places:
            self._take(place)

    def _take(self, place: Place) -> None:
        self.places[place.ref] = place
        for external_id in place.external_ids:
            self._by_id[external_id].append(place.ref)

    def record_of(self, place: Place) -> str | None:
        """The record that a place read from a file belongs to; `None` for a new one."""
        held = self.places.get(place.ref)
        if held is not None and (_may_be_one(held, place) or not place.external_ids):
            return held.ref
        for external_id in place.external_ids:
            for ref in self._by_id.get(external_id, ()):
                if _may_be_one(self.places[ref], place):
                    return ref
        return None

    def add(self, place: Place) -> Place:
        """Take in a new record; one whose ref is taken by a place of another faith gets its faith at the end."""
        if place.ref in self.places:
            place = replace(place, ref="-".join((place.ref, *(in_order(place.faiths) or ("unknown",)))))
        self._take(place)
        return place


def _may_be_one(a: Place, b: Place) -> bool:
    return not a.faiths or not b.faiths or bool(a.faiths & b.faiths)


def _with_word(held: Place, read: Place) -> Place:
    """The record with what a file says of it."""
    facts = {f for f in read.facts if not (f.field == "area_code" and f.rank == RANK_DERIVED and held.area_code)}
    ids = {*held.external_ids, *read.external_ids}
    names = tuple(dict.fromkeys((*held.other_names, *read.other_names)))
    presence = max(held.presence, read.presence, key=PRESENCES.index)
    authority = held.authority if read.authority == "unknown" else read.authority
    bands = tuple(sorted({**dict(held.bands), **dict(read.bands)}.items()))
    entrances = tuple(dict.fromkeys((*held.entrances, *read.entrances)))
    flags = tuple(sorted({*held.flags, *read.flags} - {"not_seen"}))
    said_otherwise = (tuple(sorted(ids)), names, presence, authority, bands, entrances, flags)
    if facts <= set(held.facts) and said_otherwise == (
        tuple(sorted(held.external_ids)),
        held.other_names,
        held.presence,
        held.authority,
        held.bands,
        held.entrances,
        held.flags,
    ):
        return held
    place = settled(held, facts)
    return replace(
        place,
        external_ids=tuple(sorted(ids)),
        other_names=tuple(name for name in names if name != place.name),
        presence=presence,
        authority=authority,
        bands=bands,
        entrances=entrances,
        flags=tuple(sorted({*flags, *place.flags} - {"not_seen"})),
        area_by=held.area_by or (read.area_by if place.area_code == read.area_code else ""),
    )


def changes_between(before: Place, after: Place) -> Iterable[Change]:
    """Field by field what is another value after than before, in the order of `SHOWN_FIELDS`."""
    for field in SHOWN_FIELDS:
        old, new = value_of(before, field), value_of(after, field)
        if old != new:
            yield Change(after.ref, field, old, new)


def _not_seen(held: Iterable[Place], seen: set[str], sources: Iterable[Source]) -> tuple[str, ...]:
    days = {series_of(source.ref): source.retrieved_on for source in sources if source.retrieved_on}
    found = []
    for place in held:
        if place.ref in seen:
            continue
        for fact in place.facts:
            day = days.get(series_of(fact.source_ref)) if fact.rank < RANK_DERIVED else None
            if day and fact.observed_on < day:
                found.append(place.ref)
                break
    return tuple(sorted(found))


def _with_same_id_flags(places: Iterable[Place]) -> tuple[Place, ...]:
    ordered = sorted(places, key=lambda place: place.ref)
    holders: dict[tuple[str, str], int] = defaultdict(int)
    for place in ordered:
        for external_id in place.external_ids:
            holders[external_id] += 1
    result = []
    for place in ordered:
        is_shared = any(holders[external_id] > 1 for external_id in place.external_ids)
        if is_shared != ("same_id" in place.flags):
            flags = {*place.flags, "same_id"} if is_shared else set(place.flags) - {"same_id"}
            result.append(replace(place, flags=tuple(sorted(flags))))
        else:
            result.append(place)
    return tuple(result)


def derived_again(
    places: Sequence[Place], derive: Callable[[Sequence[Place]], Sequence[Place]], source: Source
) -> tuple[Place, ...]:
    """
    Work out the police areas again and put what is new down to its source.

    Derived facts are worked out and said by nobody, so a new one takes the place of the old.

    Parameters
    ----------
    derive
        Gives the places with their areas, in the order given.
    """
    origin = Origin(source.ref, RANK_DERIVED, source.retrieved_on or UNDATED)
    result = []
    for before, after in zip(places, derive(places), strict=True):
        if after.area_code == before.area_code and any(f.field == "area_code" for f in after.facts):
            result.append(after)
            continue
        facts = tuple(f for f in after.facts if f.field != "area_code" or f.rank < RANK_DERIVED)
        if after.area_code:
            fact = Fact("area_code", after.area_code, origin.source_ref, origin.rank, origin.observed_on)
            result.append(settled(replace(after, facts=facts), (fact,)))
        else:
            result.append(settled(replace(after, facts=facts), ()))
    return tuple(result)
