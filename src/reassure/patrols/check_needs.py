"""Whether the places, occasions, need points and options of a plan fit one another.

Rules: points add up from their parts; what a declaration adds follows from the declarations; an option's window
follows from the occasion's sittings, its prize from the points. Elsewhere: what is done with the options
(`check_routes`, `check_visits`). Sources: docs/sources.md#npcc-2019-03-15 (who is named), docs/rooms/patrols.md.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import floor, log1p

from reassure.errors import Problem
from reassure.patrols.check_facts import (
    NeedFact,
    OccasionFact,
    OptionFact,
    PlaceFact,
    PlanFacts,
    at,
    fault,
)

_PERCENT = {"arrival": 100, "any_time": 100, "dispersal": 90, "during": 70, "around": 50}
_SECOND_TENTHS = 4
_PARTS = ("attendance", "incidents", "declared", "gap", "recency", "request")
_MATCHES = ("none", "all_faiths", "named")
_LEAST_DWELL_S = 600
_HALF_HOUR_S = 1_800
_HOUSE_MODEL, _FULL_ATTENDANCE = "1", 1_500
"""Version of the need model whose constants the checker knows, and from how many people attendance is full."""

Subject = tuple[str, str]
"""A place_ref and an occasion_ref, the latter empty for a place without an occasion."""


def subjects(facts: PlanFacts) -> dict[Subject, int]:
    """What a plan answers for: each occasion that takes place and each place without one, numbered in this order."""
    held = [(o.place_ref, o.ref) for o in facts.occasions if o.status != "cancelled"]
    with_one = {place_ref for place_ref, _ in held}
    rows = [*held, *((p.ref, "") for p in facts.places if p.ref not in with_one)]
    return {subject: i for i, subject in enumerate(rows)}


def need_problems(facts: PlanFacts) -> list[Problem]:
    """Every fault of places, occasions, needs and options, in the order of the document."""
    places = {p.ref: p for p in facts.places}
    occasions = {o.ref: o for o in facts.occasions}
    needs = {(n.place_ref, n.occasion_ref): n for n in facts.needs}
    found = [*_counts(facts), *_places(facts.places)]
    for occasion in facts.occasions:
        found += _occasion(occasion, places)
    found += _weights(facts)
    found += _one_row_each(facts)
    for need in facts.needs:
        found += _need(need, facts, places, occasions)
    found += _named_twice("options", [(o.path, o.ref) for o in facts.options])
    for option in facts.options:
        found += _option(option, facts, occasions, needs)
    return found


def windows(occasion: OccasionFact) -> list[tuple[str, int, int]]:
    """Kind, first and last start of every stretch of an occasion in which a visit may start, seconds."""
    first, last = occasion.sittings[0], occasion.sittings[-1]
    arrive_from, gone_by = first.arrive_from, max(s.gone_by for s in occasion.sittings)
    change_overs = [("dispersal", b.arrive_from, max(a.gone_by, b.arrive_from)) for a, b in pairwise(occasion.sittings)]
    return [
        ("around", arrive_from - _HALF_HOUR_S, arrive_from),
        ("arrival", arrive_from, first.starts_at),
        ("during", first.starts_at, last.ends_at),
        *change_overs,
        ("dispersal", last.ends_at, gone_by),
        ("around", gone_by, gone_by + _HALF_HOUR_S),
    ]


def _counts(facts: PlanFacts) -> Iterator[Problem]:
    n_occasions = sum(o.status != "cancelled" for o in facts.occasions)
    for name, said, right in (
        ("n_places", facts.n_places, len(facts.places)),
        ("n_occasions", facts.n_occasions, n_occasions),
    ):
        if said != right:
            yield fault(f"inputs.{name}", f"{name} is {said}", f"{right}, as many as the plan lists")


def _places(places: tuple[PlaceFact, ...]) -> Iterator[Problem]:
    yield from _named_twice("places", [(p.path, p.ref) for p in places])
    for one, two in pairwise(places):
        if two.ref < one.ref:
            yield fault(two.path, f"place {two.ref} stands after {one.ref}", "the order of the refs")
    for place in places:
        if place.presence not in {"welcome", "outside_only", "none"}:
            yield fault(
                f"{place.path}.presence",
                f"{place.label}: presence is {place.presence}",
                "welcome, outside_only or none",
            )


def _named_twice(what: str, rows: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, ref in rows:
        if ref in seen:
            yield fault(f"{path}.ref", f"{ref} stands twice in {what}", "each ref once")
        seen.add(ref)


def _occasion(occasion: OccasionFact, places: dict[str, PlaceFact]) -> Iterator[Problem]:
    label = f"occasion {occasion.ref}"
    if occasion.place_ref not in places:
        yield fault(f"{occasion.path}.place_ref", f"{label} is at {occasion.place_ref}", "a place of the plan")
    stem = f"{occasion.place_ref}:{occasion.key}:{occasion.on}:"
    if not (occasion.ref.startswith(stem) and occasion.ref[len(stem) :].isdigit()):
        yield fault(
            f"{occasion.path}.ref",
            f"{label} is at {occasion.place_ref}, {occasion.key}, {occasion.on}",
            f"a ref {stem}1 or higher",
        )
    for i, s in enumerate(occasion.sittings):
        if not (s.arrive_from <= s.starts_at < s.ends_at <= s.gone_by and s.earliest <= s.starts_at <= s.latest):
            says = f"{label}: the times of sitting {i + 1} do not rise"
            yield fault(f"{occasion.path}.sittings[{i}]", says, "arrival, start, end and departure in this order")
    for i, (a, b) in enumerate(pairwise(occasion.sittings)):
        if b.arrive_from < a.arrive_from or b.arrive_from - a.gone_by > _HALF_HOUR_S:
            says = f"{label}: sitting {i + 2} begins {at(b.arrive_from)}"
            yield fault(f"{occasion.path}.sittings[{i + 1}]", says, "sittings by time, at most 30 min apart")


def _weights(facts: PlanFacts) -> Iterator[Problem]:
    weights = facts.weights
    if set(weights) != set(_PARTS):
        yield fault("inputs.need_model.weights", f"weights are of {', '.join(sorted(weights))}", ", ".join(_PARTS))
    if sum(weights.values()) != 100:
        yield fault("inputs.need_model.weights", f"weights sum to {sum(weights.values())}", "100")


def _one_row_each(facts: PlanFacts) -> Iterator[Problem]:
    wanted, seen = subjects(facts), set()
    for need in facts.needs:
        subject = (need.place_ref, need.occasion_ref)
        if subject in seen:
            yield fault(need.path, f"the need of {_named(subject)} stands twice", "one row each")
        if subject not in wanted:
            yield fault(
                need.path,
                f"there is a need of {_named(subject)}",
                "an occasion that takes place, or a place without one",
            )
        seen.add(subject)
    for subject in wanted:
        if subject not in seen:
            yield fault("needs", f"there is no need of {_named(subject)}", "one row each")


def _named(subject: Subject) -> str:
    return f"{subject[0]} at occasion {subject[1]}" if subject[1] else f"{subject[0]} without an occasion"


def _need(
    need: NeedFact, facts: PlanFacts, places: dict[str, PlaceFact], occasions: dict[str, OccasionFact]
) -> Iterator[Problem]:
    label, place = f"need of {_named((need.place_ref, need.occasion_ref))}", places.get(need.place_ref)
    if set(need.parts) != set(_PARTS):
        yield fault(f"{need.path}.parts", f"{label}: parts are {', '.join(sorted(need.parts))}", ", ".join(_PARTS))
        return
    if sum(need.parts.values()) != need.points:
        says = f"{label}: the parts add up to {sum(need.parts.values())}"
        yield fault(f"{need.path}.parts", says, f"{need.points}, the points")
    for part in _PARTS:
        if need.parts[part] > facts.weights.get(part, 100):
            says = f"{label}: {part} is {need.parts[part]}"
            yield fault(f"{need.path}.parts.{part}", says, f"at most {facts.weights.get(part, 100)}, its weight")
    if need.gate != "open" and need.points:
        yield fault(f"{need.path}.points", f"{label}: the gate is {need.gate} and points are {need.points}", "0")
    if place is None:
        return
    if (need.gate == "opted_out") is not (place.presence == "none"):
        says = f"{label}: the gate is {need.gate} and presence is {place.presence}"
        yield fault(f"{need.path}.gate", says, "opted_out where presence is none and nowhere else")
    occasion = occasions.get(need.occasion_ref)
    is_held = occasion is not None and _overlaps(occasion, facts.window)
    if need.gate == "closed" and is_held:
        yield fault(
            f"{need.path}.gate", f"{label}: the gate is closed", "open, since people gather in the planning window"
        )
    if need.gate == "open" and facts.model == _HOUSE_MODEL:
        yield from _attendance(need, label, facts, is_held)
    yield from _declared(need, label, facts, place, occasion)


def _overlaps(occasion: OccasionFact, window: tuple[int, int]) -> bool:
    gone_by = max(s.gone_by for s in occasion.sittings)
    return occasion.sittings[0].arrive_from < window[1] and gone_by > window[0]


def _attendance(need: NeedFact, label: str, facts: PlanFacts, is_held: bool) -> Iterator[Problem]:
    """Weight x ln(1 + n) / ln(1501), half up; nobody is expected where nobody gathers in the planning window."""
    n_expected = need.n_expected if is_held else 0
    share = min(1.0, log1p(n_expected) / log1p(_FULL_ATTENDANCE))
    right = floor(round(facts.weights.get("attendance", 0) * share, 9) + 0.5)
    if need.parts["attendance"] != right:
        says = f"{label}: attendance is {need.parts['attendance']}"
        yield fault(f"{need.path}.parts.attendance", says, f"{right}, for {n_expected:,} people")


def _declared(
    need: NeedFact, label: str, facts: PlanFacts, place: PlaceFact, occasion: OccasionFact | None
) -> Iterator[Problem]:
    """An occasion is matched at its first start, a place without one at any time of the planning window."""
    span = facts.window if occasion is None else (occasion.sittings[0].starts_at,) * 2
    match = _match(place, facts, span)
    if need.match != match:
        yield fault(f"{need.path}.declaration_match", f"{label}: declaration_match is {need.match}", match)
    weight = facts.weights.get("declared", 0)
    right = {"none": 0, "all_faiths": (3 * weight + 5) // 10, "named": weight}[match]
    is_known = match != "all_faiths" or facts.model == _HOUSE_MODEL
    if need.gate == "open" and is_known and need.parts["declared"] != right:
        says = f"{label}: declared is {need.parts['declared']}"
        yield fault(f"{need.path}.parts.declared", says, f"{right}, for {match}")


def _match(place: PlaceFact, facts: PlanFacts, span: tuple[int, int]) -> str:
    """The strongest that an actual declaration in its last revision says of a place between two instants."""
    latest = {d.ref: d for d in sorted(facts.declarations, key=lambda d: d.revision) if d.status == "actual"}
    found = 0
    for d in latest.values():
        if d.starts_at < span[1] and d.expires_at > span[0] and (not d.areas or facts.area_code in d.areas):
            found = max(found, 2 if place.faiths & d.faiths else 1 if d.is_all_faiths else 0)
    return _MATCHES[found]


def _option(
    option: OptionFact, facts: PlanFacts, occasions: dict[str, OccasionFact], needs: dict[Subject, NeedFact]
) -> Iterator[Problem]:
    label = f"option {option.ref}"
    if option.dwell < _LEAST_DWELL_S:
        yield fault(f"{option.path}.dwell_min", f"{label}: the stay is {option.dwell // 60} min", "at least 10 min")
    if option.kind not in _PERCENT:
        yield fault(f"{option.path}.kind", f"{label}: the kind is {option.kind}", ", ".join(_PERCENT))
        return
    occasion = occasions.get(option.occasion_ref)
    if option.occasion_ref and (occasion is None or occasion.place_ref != option.place_ref):
        says = f"{label}: {option.occasion_ref} is no occasion of {option.place_ref}"
        yield fault(f"{option.path}.occasion_ref", says, "an occasion of the same place")
        return
    if occasion is not None and occasion.status == "cancelled":
        yield fault(
            f"{option.path}.occasion_ref", f"{label}: {occasion.ref} is cancelled", "an occasion that takes place"
        )
    yield from _option_window(option, label, facts, occasion)
    yield from _prize(option, label, needs.get((option.place_ref, option.occasion_ref)))


def _option_window(
    option: OptionFact, label: str, facts: PlanFacts, occasion: OccasionFact | None
) -> Iterator[Problem]:
    if (option.kind == "any_time") is not (occasion is None):
        says = f"{label}: the kind is {option.kind} and occasion_ref is {option.occasion_ref or 'empty'}"
        yield fault(f"{option.path}.kind", says, "any_time without an occasion, another kind with one")
        return
    stretches = [("any_time", *facts.window)] if occasion is None else windows(occasion)
    of_kind = [(first, last) for kind, first, last in stretches if kind == option.kind]
    if (option.earliest, option.latest) in of_kind:
        return
    says = f"{label}: a visit may start {at(option.earliest)} to {at(option.latest)}"
    expected = " or ".join(f"{at(first)} to {at(last)}" for first, last in of_kind)
    yield fault(f"{option.path}.earliest_start", says, f"{expected}, the {option.kind} of its occasion")


def _prize(option: OptionFact, label: str, need: NeedFact | None) -> Iterator[Problem]:
    if need is None:
        yield fault(
            option.path, f"{label}: there is no need for it", "an option of a place and occasion with need points"
        )
        return
    if need.gate != "open":
        yield fault(option.path, f"{label}: the gate of its need is {need.gate}", "options only where the gate is open")
    prize = need.points * _PERCENT[option.kind] * (_SECOND_TENTHS if option.is_second else 10) // 10
    if option.prize != prize:
        share = f"{_PERCENT[option.kind]} %" + (" x 0.4" if option.is_second else "")
        yield fault(
            f"{option.path}.prize", f"{label}: the prize is {option.prize}", f"{prize}, {need.points} points x {share}"
        )
