"""Whether the right places are visited and the rest is accounted for.

Rules: who may not be visited, who has to be, one visit a place, one reason for each place and occasion without
a visit, and sums that are the sums. Elsewhere: whether a unit can do it (`check_routes`).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reassure.errors import Problem
from reassure.patrols.check_facts import NeedFact, OptionFact, PlaceFact, PlanFacts, UnvisitedFact, fault
from reassure.patrols.check_needs import Subject, subjects, windows
from reassure.patrols.check_reach import Reach

_REASONS = ("opted_out", "gate_closed", "other_occasion", "no_window", "skill", "unreachable", "barred", "outweighed")
_USUAL_DWELL_S = 720


@dataclass(frozen=True, slots=True)
class _Visit:
    """A stop with the option it names."""

    path: str
    unit_ref: str
    place_ref: str
    option: OptionFact | None


def visit_problems(facts: PlanFacts) -> list[Problem]:
    """Every fault of who is visited and of the accounts, in the order of the document."""
    places = {p.ref: p for p in facts.places}
    options = {o.ref: o for o in facts.options}
    visits = [
        _Visit(stop.path, route.unit_ref, stop.place_ref, options.get(stop.option))
        for route in facts.routes
        for stop in route.stops
    ]
    return [
        *(p for visit in visits for p in _allowed(visit, places, facts)),
        *_once(visits, places),
        *_unvisited(facts, visits, places),
        *_totals(facts, visits),
        *_must(facts, visits),
        *_certificate(facts),
    ]


def _allowed(visit: _Visit, places: dict[str, PlaceFact], facts: PlanFacts) -> Iterator[Problem]:
    place = places.get(visit.place_ref)
    if place is None:
        return
    if place.presence == "none":
        yield fault(visit.path, f"unit {visit.unit_ref} visits {place.label}, which has opted out", "no visit")
    if place.is_barred:
        yield fault(visit.path, f"unit {visit.unit_ref} visits {place.label}, which is barred", "no visit")
    cancelled = {o.ref for o in facts.occasions if o.status == "cancelled"}
    if visit.option is not None and visit.option.occasion_ref in cancelled:
        says = f"unit {visit.unit_ref} visits {place.label} for {visit.option.occasion_ref}, which is cancelled"
        yield fault(visit.path, says, "no visit")


def _once(visits: list[_Visit], places: dict[str, PlaceFact]) -> Iterator[Problem]:
    """A place has one visit, and where rules allow a second visit one of those besides."""
    count = Counter((v.place_ref, v.option.is_second) for v in visits if v.option is not None)
    for (place_ref, is_second), n in sorted(count.items()):
        label = places[place_ref].label if place_ref in places else place_ref
        if n > 1:
            which = "second visits" if is_second else "visits"
            yield fault("routes", f"{label} has {n} {which}", "one; options of one place exclude each other")
        if is_second and not count[place_ref, False]:
            yield fault("routes", f"{label} has a second visit without a first", "a first visit")


def _unvisited(facts: PlanFacts, visits: list[_Visit], places: dict[str, PlaceFact]) -> Iterator[Problem]:
    served = {(v.place_ref, v.option.occasion_ref) for v in visits if v.option is not None}
    wanted = subjects(facts)
    needs = {(n.place_ref, n.occasion_ref): n for n in facts.needs}
    visited = {v.place_ref for v in visits}
    judge = _Reasons(facts, visited)
    seen: set[Subject] = set()
    for row in facts.unvisited:
        subject = (row.place_ref, row.occasion_ref)
        label = f"unvisited: {_named(subject, places)}"
        if subject in seen:
            yield fault(row.path, f"{label} stands twice", "one first reason each")
        elif subject not in wanted:
            yield fault(
                row.path, f"{label} is not of this plan", "an occasion that takes place, or a place without one"
            )
        elif subject in served:
            yield fault(row.path, f"{label} has a visit", "only those without a visit")
        else:
            yield from _row(row, label, places.get(row.place_ref), needs.get(subject))
            yield from judge.problems(row, label, places.get(row.place_ref), needs.get(subject))
        seen.add(subject)
    for subject in wanted:
        if subject not in seen and subject not in served:
            says = f"{_named(subject, places)} has neither a visit nor a reason"
            yield fault("unvisited", says, "a row with one first reason")


def _named(subject: Subject, places: dict[str, PlaceFact]) -> str:
    label = places[subject[0]].label if subject[0] in places else subject[0]
    return f"{label} at {subject[1]}" if subject[1] else label


def _row(row: UnvisitedFact, label: str, place: PlaceFact | None, need: NeedFact | None) -> Iterator[Problem]:
    if place is not None and place.name and row.name != place.name:
        yield fault(f"{row.path}.name", f"{label}: the name is {row.name!r:.60}", f"{place.name!r:.60}")
    if place is not None and row.is_must is not None and row.is_must is not place.is_must:
        yield fault(f"{row.path}.is_must", f"{label}: is_must is {row.is_must}", f"{place.is_must}, as at the place")
    if need is not None and row.points != need.points:
        yield fault(f"{row.path}.points", f"{label}: points are {row.points}", f"{need.points}, its need")


class _Reasons:
    """Judges whether a reason can be the first that is true; where rules leave a margin, the plan has it."""

    def __init__(self, facts: PlanFacts, visited: set[str]) -> None:
        self.visited = visited
        self.reach = Reach(facts)
        self.options: dict[Subject, list[OptionFact]] = {}
        for option in facts.options:
            self.options.setdefault((option.place_ref, option.occasion_ref), []).append(option)
        dwell = max((o.dwell for o in facts.options), default=_USUAL_DWELL_S)
        self.stretches: dict[Subject, list[OptionFact]] = {
            (o.place_ref, o.ref): [
                OptionFact("", "", o.place_ref, o.ref, kind, first, last, dwell, prize=0, skill="", is_second=False)
                for kind, first, last in windows(o)
            ]
            for o in facts.occasions
        }

    def problems(
        self, row: UnvisitedFact, label: str, place: PlaceFact | None, need: NeedFact | None
    ) -> Iterator[Problem]:
        """At most one fault: the reason is unknown, not true, or not the first that is."""
        path, reason = f"{row.path}.reason", row.reason
        if reason not in _REASONS:
            yield fault(path, f"{label}: the reason is {reason}", "one of " + ", ".join(_REASONS))
            return
        if place is None or need is None:
            return
        first = (
            "opted_out"
            if place.presence == "none"
            else "gate_closed"
            if need.gate == "closed"
            else "other_occasion"
            if row.place_ref in self.visited
            else ""
        )
        if first or reason in _REASONS[:3]:
            if reason != first:
                yield fault(path, f"{label}: the reason is {reason}", first or "a reason that is true of it")
        elif why := self._untrue(reason, row, place):
            yield fault(path, f"{label}: the reason is {reason}", why)

    def _untrue(self, reason: str, row: UnvisitedFact, place: PlaceFact) -> str:
        """Why one of the last five reasons is not true; empty when it may be."""
        subject = (row.place_ref, row.occasion_ref)
        options, reach = self.options.get(subject, []), self.reach
        if reason == "barred":
            return "" if place.is_barred else "another, since the place is not barred"
        if reason == "no_window":
            is_in_a_shift = reach.in_a_shift(options or self.stretches.get(subject, []))
            return "another, since a shift has time for it" if is_in_a_shift else ""
        if reason == "skill":
            if not any(o.skill for o in options):
                return "another, since no visit there asks for a skill"
            return "another, since a unit on shift has the skill" if reach.with_skill(options) else ""
        if not reach.is_known:
            return ""
        if reason == "unreachable":
            can = reach.at_all(options, with_breaks=True)
            return "outweighed, since a unit can be there in time" if can else ""
        if place.is_barred:
            return "barred"
        can = reach.at_all(options, with_breaks=False)
        return "" if can else "no_window, skill or unreachable, since no unit can be there in time"


def _totals(facts: PlanFacts, visits: list[_Visit]) -> Iterator[Problem]:
    stops = [stop for route in facts.routes for stop in route.stops]
    must = {p.ref for p in facts.places if p.is_must}
    right = {
        "prize": sum(v.option.prize for v in visits if v.option is not None),
        "n_visits": len(visits),
        "n_places_visited": len({v.place_ref for v in visits}),
        "n_occasions_visited": len({v.option.occasion_ref for v in visits if v.option is not None} - {""}),
        "n_must": len(must),
        "n_must_served": len(must & {v.place_ref for v in visits}),
        "travel_s": sum(stop.travel_s for stop in stops) + sum(route.back_travel_s for route in facts.routes),
        "wait_s": sum(stop.start - stop.arrive for stop in stops),
        "dwell_s": sum(stop.end - stop.start for stop in stops),
        "break_s": sum(rest.end - rest.start for route in facts.routes for rest in route.rests),
        "shift_s": sum(unit.ends_at - unit.starts_at for unit in facts.units),
    }
    for name, value in right.items():
        if facts.totals.get(name) != value:
            says = f"the total {name} is {facts.totals.get(name, 'missing')}"
            yield fault(f"totals.{name}", says, f"{value}, the sum over the plan")


def _must(facts: PlanFacts, visits: list[_Visit]) -> Iterator[Problem]:
    visited = {v.place_ref for v in visits}
    must = [p for p in facts.places if p.is_must]
    unmet = {p.ref: p for p in must if p.ref not in visited}
    if unmet and not facts.allow_shortfall:
        for place in unmet.values():
            yield fault(
                "routes",
                f"must-visit {place.label} is not in the plan",
                "a visit, or allow_shortfall with a stated shortfall",
            )
    if unmet and facts.shortfall is None:
        says = f"{len(unmet)} must-visits are not in the plan ({', '.join(list(unmet)[:5])}) and shortfall is null"
        yield fault("shortfall", says, "the shortfall stated")
    if not unmet and facts.shortfall is not None:
        yield fault("shortfall", "every must-visit is in the plan and a shortfall is stated", "null")
    if unmet and facts.shortfall is not None:
        stated = facts.shortfall.get("unmet")
        named = {str(ref) for ref in stated} if isinstance(stated, list) else set()
        if named != set(unmet):
            wrong = ", ".join(sorted(named ^ set(unmet))[:5])
            yield fault(
                "shortfall.unmet", f"the shortfall is wrong about {wrong}", "exactly the must-visits without a visit"
            )
        for name, value in (("n_must", len(must)), ("n_served", len(must) - len(unmet))):
            if facts.shortfall.get(name) != value:
                yield fault(f"shortfall.{name}", f"{name} is {facts.shortfall.get(name)}", str(value))
        most = facts.shortfall.get("fits_at_most")
        if not isinstance(most, int) or most < len(must) - len(unmet):
            says = f"at most {most} must-visits are said to fit and {len(must) - len(unmet)} are in the plan"
            yield fault("shortfall.fits_at_most", says, "a bound that the plan does not break")


def _certificate(facts: PlanFacts) -> Iterator[Problem]:
    """The bound is above the value; without a lottery the value is this plan's."""
    certificate = facts.certificate
    if certificate is None:
        return
    numbers = {}
    for name in ("value", "bound"):
        number = certificate.get(name)
        if isinstance(number, bool) or not isinstance(number, int | float):
            yield fault(f"certificate.{name}", f"certificate.{name} is {number!r:.40}", "a number")
            return
        numbers[name] = number
    value, bound, prize = numbers["value"], numbers["bound"], facts.totals.get("prize", 0)
    if bound < value:
        yield fault("certificate.bound", f"the bound is {bound} and the value {value}", "a bound of at least the value")
    if bound < prize:
        yield fault(
            "certificate.bound", f"the bound is {bound} and this plan earns {prize}", "a bound of at least that"
        )
    if not facts.has_lottery and value != prize:
        yield fault(
            "certificate.value", f"the value is {value}", f"{prize}, what this plan earns in hundredths of a point"
        )
