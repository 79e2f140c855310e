"""Whether each unit can do its route: shift, journeys, visits, breaks, skills, locks.

Rules: every instant of a route follows from the one before it, to the second. Elsewhere: how long a journey
takes (`check_travel`), which visits may be made at all (`check_visits`), what they earn (`check_needs`).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from reassure.errors import Problem
from reassure.patrols.check_facts import (
    OptionFact,
    PlaceFact,
    PlanFacts,
    RestFact,
    RouteFact,
    StopFact,
    UnitFact,
    at,
    fault,
)
from reassure.patrols.check_travel import Node, Travel, base_node, end_node, nodes_of, place_node, travel_problems

_KINDS = ("foot", "cycle", "car")
_LEAST_DWELL_S = 600
_LONGEST_SHIFT_S = 86_400


@dataclass(frozen=True, slots=True)
class _Route:
    """A route with what its refs stand for."""

    unit: UnitFact
    route: RouteFact
    places: dict[str, PlaceFact]
    options: dict[str, OptionFact]
    travel: Travel

    def label(self, k: int) -> str:
        """Unit and stop, for people; the first stop is 1."""
        place = self.places.get(self.route.stops[k].place_ref)
        return f"{self.unit.label}, stop {k + 1} ({place.label if place else self.route.stops[k].place_ref})"


def route_problems(facts: PlanFacts) -> list[Problem]:
    """Every fault of units, window, routes and locks, in the order of the document."""
    found = [
        *_window(facts),
        *(p for unit in facts.units for p in _unit(unit)),
        *travel_problems(facts, nodes_of(facts)),
    ]
    found += _one_route_a_unit(facts)
    places = {p.ref: p for p in facts.places}
    options = {o.ref: o for o in facts.options}
    units = {u.ref: u for u in facts.units if u.kind in _KINDS}
    travel = Travel(facts)
    for route in facts.routes:
        if unit := units.get(route.unit_ref):
            found += _route(_Route(unit, route, places, options, travel))
    return found + [p for lock_fault in _locks(facts) for p in lock_fault]


def _window(facts: PlanFacts) -> Iterator[Problem]:
    if not facts.units:
        yield fault("units", "the plan has no units", "at least one")
        return
    starts, ends = min(u.starts_at for u in facts.units), max(u.ends_at for u in facts.units)
    if facts.window[0] != starts:
        yield fault(
            "window.starts_at",
            f"the planning window starts {at(facts.window[0])}",
            f"{at(starts)}, the first shift's start",
        )
    if facts.window[1] != ends:
        yield fault(
            "window.ends_at", f"the planning window ends {at(facts.window[1])}", f"{at(ends)}, the last shift's end"
        )


def _unit(unit: UnitFact) -> Iterator[Problem]:
    if unit.kind not in _KINDS:
        yield fault(f"{unit.path}.kind", f"{unit.label} goes by {unit.kind}", "foot, cycle or car")
    if not 0 < unit.ends_at - unit.starts_at <= _LONGEST_SHIFT_S:
        says = f"{unit.label}: the shift is from {at(unit.starts_at)} to {at(unit.ends_at)}"
        yield fault(unit.path, says, "an end after its start and within 24 h")
    for i, pause in enumerate(unit.breaks):
        if not unit.starts_at <= pause.earliest <= pause.latest <= unit.ends_at - pause.length:
            says = f"{unit.label}: break {i + 1} starts from {at(pause.earliest)} to {at(pause.latest)}"
            yield fault(f"{unit.path}.breaks[{i}]", says, "a break inside the shift")


def _one_route_a_unit(facts: PlanFacts) -> Iterator[Problem]:
    units, routes = [u.ref for u in facts.units], [r.unit_ref for r in facts.routes]
    for i, ref in enumerate(units):
        if ref in units[:i]:
            yield fault(f"units[{i}].ref", f"unit {ref} stands twice", "each unit once")
    for i, ref in enumerate(routes):
        if ref not in units:
            yield fault(f"routes[{i}].unit_ref", f"a route is of unit {ref}", "a unit of the plan")
        elif ref in routes[:i]:
            yield fault(f"routes[{i}].unit_ref", f"unit {ref} has a second route", "one route a unit")
    for ref in units:
        if ref not in routes:
            yield fault("routes", f"unit {ref} has no route", "one route a unit, without stops where it does nothing")
    if sorted(units) == sorted(routes) and units != routes:
        yield fault("routes", "the routes are in another order than the units", "the order of the units")


def _route(r: _Route) -> Iterator[Problem]:
    """Walk a route from the base and back; each instant is measured against what is said of the one before."""
    yield from _breaks(r)
    yield from _start(r)
    free, here = r.route.leave, base_node(r.unit)
    for k, stop in enumerate(r.route.stops):
        place = r.places.get(stop.place_ref)
        if place is None:
            says = f"{r.unit.label}, stop {k + 1} is at {stop.place_ref}"
            yield fault(f"{stop.path}.place_ref", says, "a place of the plan")
            return
        there = place_node(place)
        yield from _journey(r, r.label(k), f"{stop.path}.", (here, there), free, (stop.arrive, stop.travel_s))
        yield from _flag(r, k, here, there)
        yield from _visit(r, k, stop)
        free, here = max([stop.end, *(rest.end for rest in _rests(r.route, k))]), there
    back, said = f"{r.route.path}.back.", (r.route.back_at, r.route.back_travel_s)
    yield from _journey(r, f"{r.unit.label}, way back", back, (here, end_node(r.unit)), free, said)
    yield from _end(r)


def _start(r: _Route) -> Iterator[Problem]:
    unit, route = r.unit, r.route
    shift = f"{at(unit.starts_at)} or later, its shift's start"
    if route.leave < unit.starts_at:
        yield fault(f"{route.path}.leave", f"{unit.label} leaves the base {at(route.leave)}", shift)
    for rest in _rests(route, -1):
        if rest.start < unit.starts_at:
            yield fault(f"{rest.path}.start", f"{unit.label} takes a break {at(rest.start)}", shift)
        if rest.end > route.leave:
            says = f"{unit.label} has a break at the base until {at(rest.end)}"
            yield fault(f"{rest.path}.end", says, f"{at(route.leave)} or earlier, when it leaves")


def _end(r: _Route) -> Iterator[Problem]:
    unit, route = r.unit, r.route
    shift = f"{at(unit.ends_at)} or earlier, its shift's end"
    if route.back_at > unit.ends_at:
        yield fault(f"{route.path}.back.arrive", f"{unit.label} is back {at(route.back_at)}", shift)
    for rest in _rests(route, len(route.stops)):
        if rest.end > unit.ends_at:
            yield fault(f"{rest.path}.end", f"{unit.label} has a break until {at(rest.end)}", shift)


def _rests(route: RouteFact, after: int) -> list[RestFact]:
    return [rest for rest in route.rests if rest.after == after]


def _journey(
    r: _Route, label: str, path: str, ends: tuple[Node, Node], free: int, said: tuple[int, int]
) -> Iterator[Problem]:
    """One journey: `free` is when the unit can leave, `said` the instant of arriving and the seconds of travel."""
    arrive, travel_s = said
    journey = r.travel.journey(r.unit.kind, *ends)
    if journey is None:
        says = f"{label}: no journey from {ends[0].name} to {ends[1].name} by {r.unit.kind} is given"
        yield fault("inputs.travel.legs", says, "every journey of the plan")
    elif not journey.fewest_s <= travel_s <= journey.most_s:
        says = f"{label}: the journey from {ends[0].label} is said to take {travel_s} s"
        yield fault(f"{path}travel_s", says, f"{journey.fewest_s} s, {journey.how}")
    if arrive < free:
        says = f"{label} overlaps what is before it: arrives {at(arrive)}"
        yield fault(f"{path}arrive", says, f"after {at(free)}, when the unit is free to leave {ends[0].label}")
    elif arrive != free + travel_s:
        says = f"{label}: arrives {at(arrive)}"
        yield fault(
            f"{path}arrive", says, f"{at(free + travel_s)}, {travel_s} s after leaving {ends[0].label} at {at(free)}"
        )


def _flag(r: _Route, k: int, here: Node, there: Node) -> Iterator[Problem]:
    is_flagged, stop = r.travel.flag(r.unit.kind, here, there), r.route.stops[k]
    if is_flagged is not bool(stop.flag):
        says = f"{r.label(k)}: travel_flag is {stop.flag or 'empty'}"
        expected = (
            "a flag, since the server had no answer for this journey"
            if is_flagged
            else "none, since the journey has no flag"
        )
        yield fault(f"{stop.path}.travel_flag", says, expected)


def _visit(r: _Route, k: int, stop: StopFact) -> Iterator[Problem]:
    label, option = r.label(k), r.options.get(stop.option)
    if stop.arrive > stop.start:
        yield fault(
            f"{stop.path}.start",
            f"{label}: starts {at(stop.start)}",
            f"{at(stop.arrive)} or later, when the unit arrives",
        )
    elif stop.wait_s != stop.start - stop.arrive:
        yield fault(
            f"{stop.path}.wait_s",
            f"{label}: waits {stop.wait_s} s",
            f"{stop.start - stop.arrive} s, from arriving to starting",
        )
    stay = stop.end - stop.start
    if stay < _LEAST_DWELL_S:
        yield fault(
            f"{stop.path}.end", f"{label}: the visit lasts {stay} s", f"at least {_LEAST_DWELL_S} s, 10 minutes"
        )
    if option is None:
        yield fault(f"{stop.path}.option", f"{label}: the option is {stop.option}", "an option of the plan")
        return
    if option.place_ref != stop.place_ref:
        yield fault(
            f"{stop.path}.option",
            f"{label}: {stop.option} is an option of {option.place_ref}",
            f"an option of {stop.place_ref}",
        )
    if stay != option.dwell:
        yield fault(
            f"{stop.path}.end",
            f"{label}: the visit ends {at(stop.end)}",
            f"{at(stop.start + option.dwell)}, {option.dwell // 60} min after its start",
        )
    if stop.start < option.earliest:
        yield fault(
            f"{stop.path}.start",
            f"{label}: starts {at(stop.start)}, outside the window",
            f"{at(option.earliest)} or later, the option's earliest start",
        )
    if stop.start > option.latest:
        yield fault(
            f"{stop.path}.start",
            f"{label}: starts {at(stop.start)}, too late",
            f"{at(option.latest)} or earlier, the option's latest start",
        )
    if option.skill and option.skill not in r.unit.skills:
        has = ", ".join(sorted(r.unit.skills)) or "no skills"
        yield fault(
            f"{stop.path}.option",
            f"{label}: asks for the skill {option.skill}; {r.unit.callsign} has {has}",
            "a unit with that skill",
        )


def _breaks(r: _Route) -> Iterator[Problem]:
    unit, route = r.unit, r.route
    taken = Counter(rest.number for rest in route.rests)
    for i, owed in enumerate(unit.breaks):
        if taken[i] != 1:
            says = f"{unit.label}: break {i + 1} of {owed.length // 60} min is taken {taken[i]} times"
            yield fault(f"{route.path}.breaks", says, "each break once")
    for rest in route.rests:
        name = f"{unit.label}: break {rest.number + 1}"
        if rest.number >= len(unit.breaks):
            yield fault(rest.path, f"{name} is taken", f"one of the unit's {len(unit.breaks)} breaks")
            continue
        owed = unit.breaks[rest.number]
        if not owed.earliest <= rest.start <= owed.latest:
            yield fault(
                f"{rest.path}.start", f"{name} starts {at(rest.start)}", f"{at(owed.earliest)} to {at(owed.latest)}"
            )
        if rest.end - rest.start != owed.length:
            yield fault(f"{rest.path}.end", f"{name} lasts {rest.end - rest.start} s", f"{owed.length} s, taken whole")
        yield from _where_taken(r, rest, name)
    for one, two in pairwise(sorted(route.rests, key=lambda rest: rest.start)):
        if two.start < one.end:
            says = f"{unit.label}: break {two.number + 1} starts {at(two.start)}"
            yield fault(f"{two.path}.start", says, f"{at(one.end)} or later, when break {one.number + 1} ends")


def _where_taken(r: _Route, rest: RestFact, name: str) -> Iterator[Problem]:
    stops = r.route.stops
    if rest.after > len(stops):
        yield fault(f"{rest.path}.after_stop", f"{name} is after stop {rest.after + 1}", f"-1 to {len(stops)}")
    elif 0 <= rest.after < len(stops) and rest.start < stops[rest.after].end:
        says = f"{name} starts {at(rest.start)}, before the visit of {r.label(rest.after)} has ended"
        yield fault(f"{rest.path}.start", says, f"{at(stops[rest.after].end)} or later")
    elif rest.after == len(stops) and rest.start < r.route.back_at:
        says = f"{name} starts {at(rest.start)} at the end base, before the unit is there"
        yield fault(f"{rest.path}.start", says, f"{at(r.route.back_at)} or later")


def _locks(facts: PlanFacts) -> Iterator[list[Problem]]:
    places = {p.ref: p for p in facts.places}
    units = {u.ref for u in facts.units}
    visits = [(route.unit_ref, stop) for route in facts.routes for stop in route.stops]
    for lock in facts.locks:
        place = places.get(lock.place_ref)
        if place is None or (lock.unit_ref is not None and lock.unit_ref not in units):
            says = f"a visit to {lock.place_ref} is locked to unit {lock.unit_ref or 'any'}"
            yield [fault(lock.path, says, "a place and a unit of the plan")]
            continue
        wanted = ("" if lock.unit_ref is None else f" by unit {lock.unit_ref}") + (
            "" if lock.start is None else f" at {at(lock.start)}"
        )
        if not any(
            stop.place_ref == lock.place_ref and lock.unit_ref in {None, unit_ref} and lock.start in {None, stop.start}
            for unit_ref, stop in visits
        ):
            yield [fault(lock.path, f"{place.label} has a locked visit that is not in the plan", f"a visit{wanted}")]
