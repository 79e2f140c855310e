"""Two records that are one place: an alias that can be taken back, and the place that both make together.

Rules: a merge writes `absorbed -> kept` with the person who decided; no record moves. Everything asks
`resolve` which ref stands. An undo removes the alias, and everything is as it was before. A split makes a
new place and gives it external ids. The values here are whole registers of aliases; nothing is changed
in place.
Elsewhere: proposals (`matching`), facts (`sources`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from reassure.errors import InputError, Problem, RuleError
from reassure.places.place import Place
from reassure.places.sources import settled


@dataclass(frozen=True, slots=True)
class Alias:
    """`absorbed` stands for `kept` since `decided_at` (aware), when `decided_by` said so."""

    absorbed: str
    kept: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Aliases:
    """Every merge that stands; equal when the same merges stand, in whatever order they were made."""

    by_absorbed: Mapping[str, Alias] = field(default_factory=dict)

    def resolve(self, ref: str) -> str:
        """The ref that stands for this one; itself when it was never absorbed."""
        while ref in self.by_absorbed:
            ref = self.by_absorbed[ref].kept
        return ref

    def absorbed_by(self, ref: str) -> tuple[str, ...]:
        """Every ref that this one stands for besides itself, in alphabetical order."""
        return tuple(sorted(r for r in self.by_absorbed if self.resolve(r) == ref))


def merge(
    aliases: Aliases,
    absorbed: Place,
    kept: Place,
    *,
    decided_by: str,
    decided_at: datetime,
    areas_granted: Iterable[str] | None = None,
) -> Aliases:
    """
    Say that `absorbed` is the same place as `kept`.

    Parameters
    ----------
    kept
        The older of the two records (`older_first`).
    areas_granted
        Police areas for which the person may decide; `None` for all.

    Raises
    ------
    RuleError
        Both are one record already; one of the two was absorbed before (the text names what stands for
        it); or they lie in two areas and the person may not decide for both.
    """
    problems = _merge_problems(aliases, absorbed, kept)
    areas = {place.area_code for place in (absorbed, kept) if place.area_code}
    if areas_granted is not None and len(areas) > 1 and not areas <= set(areas_granted):
        missing = ", ".join(sorted(areas - set(areas_granted)))
        says = f"the two places lie in the police areas {' and '.join(sorted(areas))}"
        problems.append(Problem("area_code", missing, f"a decision by people of {missing} too", says=says))
    if problems:
        raise RuleError(problems)
    alias = Alias(absorbed.ref, kept.ref, decided_by, decided_at)
    return Aliases({**aliases.by_absorbed, absorbed.ref: alias})


def _merge_problems(aliases: Aliases, absorbed: Place, kept: Place) -> list[Problem]:
    if absorbed.ref == kept.ref:
        return [Problem("ref", kept.ref, "two different places", says=f"{kept.ref} is the same record twice")]
    return [
        Problem("ref", ref, f"{aliases.resolve(ref)}, which stands for it", says=f"{ref} was merged already")
        for ref in (absorbed.ref, kept.ref)
        if ref in aliases.by_absorbed
    ]


def undo(aliases: Aliases, absorbed: str) -> Aliases:
    """Take back the merge that absorbed this ref; `RuleError` when there is none."""
    if absorbed not in aliases.by_absorbed:
        says = f"{absorbed} is not merged into another place"
        raise RuleError([Problem("ref", absorbed, "a place that was merged", says=says)])
    return Aliases({ref: alias for ref, alias in aliases.by_absorbed.items() if ref != absorbed})


def older_first(a: Place, b: Place, recorded_at: Mapping[str, datetime]) -> tuple[Place, Place]:
    """
    Two places with the older record first: by the instant it was recorded, then by first observation, then by ref.
    """

    def age(place: Place) -> tuple[float, int, str]:
        at = recorded_at.get(place.ref)
        seen = min((fact.observed_on.toordinal() for fact in place.facts), default=10**7)
        return (at.timestamp() if at else float("inf"), seen, place.ref)

    first, second = sorted((a, b), key=age)
    return first, second


def read_together(kept: Place, absorbed: Iterable[Place]) -> Place:
    """
    The place that several records make: facts of all, the best standing; names and ids of all.

    What only the kept record has (presence, bands, entrances) stays as it is there, unless it has none.
    A wish for fewer visits in any of the records is kept.
    """
    every = (kept, *sorted(absorbed, key=lambda place: place.ref))
    place = settled(kept, (fact for one in every for fact in one.facts))
    names = dict.fromkeys(n for one in every for n in (one.name, *one.other_names) if n and n != place.name)
    bands = {kind: band for one in reversed(every) for kind, band in one.bands}
    return replace(
        place,
        other_names=tuple(names),
        external_ids=tuple(sorted({i for one in every for i in one.external_ids})),
        flags=tuple(sorted({*place.flags, *(flag for one in every for flag in one.flags if flag != "same_id")})),
        entrances=tuple(dict.fromkeys(e for one in every for e in one.entrances)),
        bands=tuple(sorted(bands.items())),
        presence=max((one.presence for one in every), key=("welcome", "outside_only", "none").index),
    )


def standing(places: Iterable[Place], aliases: Aliases) -> tuple[Place, ...]:
    """The places that stand once aliases are followed, each read together, in the order of their refs."""
    groups: dict[str, list[Place]] = {}
    for place in places:
        groups.setdefault(aliases.resolve(place.ref), []).append(place)
    found = []
    for ref, group in groups.items():
        kept = next((place for place in group if place.ref == ref), None)
        if kept is None:
            raise InputError([Problem("ref", ref, "a place of the register", says=f"the place {ref} is missing")])
        others = [place for place in group if place.ref != ref]
        found.append(read_together(kept, others) if others else kept)
    return tuple(sorted(found, key=lambda place: place.ref))


def split(place: Place, external_ids: Iterable[tuple[str, str]], new_ref: str) -> tuple[Place, Place]:
    """
    Make a second place of one record, and give it some of the external ids.

    Both keep every fact, since no one can tell which record each was about; people then correct the two.

    Returns
    -------
    tuple[Place, Place]
        The old place without those ids, and the new one with them.

    Raises
    ------
    RuleError
        No id is given, an id is not the place's, or the new ref is the old one.
    """
    moved = frozenset(external_ids)
    problems = [
        Problem("external_ids", f"{source}:{number}", f"an id of {place.ref}")
        for source, number in sorted(moved - set(place.external_ids))
    ]
    if not moved:
        problems.append(Problem("external_ids", "", "at least one id of the place"))
    if not new_ref or new_ref == place.ref:
        problems.append(Problem("ref", new_ref, "a ref that no place has"))
    if problems:
        raise RuleError(problems)
    left = replace(place, external_ids=tuple(i for i in place.external_ids if i not in moved))
    return left, replace(place, ref=new_ref, external_ids=tuple(sorted(moved)), bands=(), entrances=())


def require_deletable(place: Place, records: Mapping[str, int]) -> None:
    """
    Let a place be deleted only when nothing hangs on it; otherwise it is closed.

    Parameters
    ----------
    records
        How many visits, bids and pieces of advice there are for the place, by kind.

    Raises
    ------
    RuleError
        There are such records.
    """
    held = ", ".join(f"{n} {kind}" for kind, n in records.items() if n > 0)
    if held:
        says = f"{place.title} has {held}"
        raise RuleError([Problem("ref", place.ref, "to close the place instead of deleting it", says=says)])


def closed(place: Place, *, on: date) -> Place:
    """The place as closed from a day on: it has no occasions after it, its past stays."""
    return replace(place, status="closed", valid_to=on)
