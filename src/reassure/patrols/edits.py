"""Changing single visits of a plan by hand: placed with a unit at a time, dropped, locked, and where one would fit.

Rules: the others stay as they are; they start later only as far as they must, and never earlier. What would break a
window, a shift, a break, a skill or a lock is refused, saying which and by how much. Nothing is searched or drawn
again, so the report of the draw stays and the certificate falls away. Elsewhere: lost units and cancelled places
(`replan_document`), what differs between two plans (`replan_diff`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from reassure.errors import InputError, Problem, RuleError
from reassure.patrols.briefing import index_plan
from reassure.patrols.document import option_refs, route_row, totals
from reassure.patrols.edits_timing import Step, retimed, steps_of, windows
from reassure.patrols.problem import Lock, PatrolProblem, Plan, Route
from reassure.patrols.reasons import unvisited_rows
from reassure.patrols.replan_document import Travel
from reassure.patrols.replan_reading import InForce, needs_of, occasions_of, places_of, read_in_force, written
from reassure.patrols.search_routes import plan_of
from reassure.patrols.shortfall import shortfall_document


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a visit fits: it may start from `earliest` to `latest`, both allowed; `prize` in hundredths of a point."""

    unit_ref: str
    kind: str
    occasion_ref: str
    earliest: datetime
    latest: datetime
    prize: int


def openings(document: Mapping[str, Any], travel: Travel, place_ref: str) -> tuple[Opening, ...]:
    """
    Every stretch of time in which a place can be visited while all other visits are kept.

    Returns
    -------
    tuple[Opening, ...]
        In the order of the units, then by time; those of the visit as it is are among them.
    """
    given = _read(document, travel)
    site = _site(given, place_ref)
    found = []
    for route in given.plan.routes:
        steps = _without(given.problem, steps_of(route), site)
        shift = given.problem.shifts[route.shift]
        for _, option, first_s, last_s in windows(given.problem, route.shift, steps, site, _fixed(given, route.shift)):
            row = given.problem.options[option]
            first, last = (given.origin + timedelta(seconds=s) for s in (first_s, last_s))
            found.append(Opening(shift.unit_ref, row.kind, row.occasion_ref, first, last, row.prize))
    return tuple(found)


def placed(
    document: Mapping[str, Any], travel: Travel, place_ref: str, *, unit_ref: str, starts_at: datetime
) -> dict[str, Any]:
    """
    The unsigned document with a place visited by this unit at this instant, wherever it was visited before.

    Raises
    ------
    InputError
        The plan has no such place or unit.
    RuleError
        The visit is locked, or a rule would be broken: which, and by how much.
    """
    given = _read(document, travel)
    site = _site(given, place_ref)
    _refuse_locked(given, site)
    shift = next((i for i, s in enumerate(given.problem.shifts) if s.unit_ref == unit_ref), None)
    if shift is None:
        raise InputError([Problem("unit_ref", unit_ref, "a unit of the plan")])
    start_s = given.second(starts_at)
    option = _option_at(given, site, shift, start_s)
    routes = []
    for route in given.plan.routes:
        steps = _without(given.problem, steps_of(route), site)
        if route.shift == shift:
            steps.insert(_position(given, shift, steps, option, start_s), Step("stop", option, start_s, is_fixed=True))
        routes.append(_route(given, route, steps))
    return _document(given, routes, given.problem.locks)


def dropped(document: Mapping[str, Any], travel: Travel, place_ref: str) -> dict[str, Any]:
    """The unsigned document without the visit to a place; `RuleError` for a must-visit and for a locked one."""
    given = _read(document, travel)
    site = _site(given, place_ref)
    _refuse_locked(given, site)
    if site in {given.problem.group_sites[g] for g in given.problem.must}:
        raise RuleError("This is a must-visit. A commander has to sign an override before a plan leaves it out.")
    routes = [_route(given, r, _without(given.problem, steps_of(r), site)) for r in given.plan.routes]
    if routes == list(given.plan.routes):
        raise RuleError("This place has no visit in the plan.")
    return _document(given, routes, given.problem.locks)


def locked(document: Mapping[str, Any], travel: Travel, place_ref: str, *, with_time: bool) -> dict[str, Any]:
    """The unsigned document with a visit fixed to its unit, and to its start where that is asked for too."""
    given = _read(document, travel)
    site = _site(given, place_ref)
    for route in given.plan.routes:
        for stop in route.stops:
            if given.problem.options[stop.option].site == site:
                lock = Lock(given.problem.options[stop.option].group, route.shift, stop.start_s if with_time else None)
                others = tuple(k for k in given.problem.locks if k.group != lock.group)
                return _document(given, given.plan.routes, (*others, lock))
    raise RuleError("This place has no visit in the plan.")


def unlocked(document: Mapping[str, Any], travel: Travel, place_ref: str) -> dict[str, Any]:
    """The unsigned document with a visit that is fixed no more."""
    given = _read(document, travel)
    site = _site(given, place_ref)
    kept = tuple(k for k in given.problem.locks if given.problem.group_sites[k.group] != site)
    return _document(given, given.plan.routes, kept)


def _read(document: Mapping[str, Any], travel: Travel) -> InForce:
    return read_in_force(document, travel.matrices)


def _site(given: InForce, place_ref: str) -> int:
    if place_ref not in given.problem.site_refs:
        raise InputError([Problem("place_ref", place_ref, "a place of the plan that can be visited in its hours")])
    return given.problem.site_refs.index(place_ref)


def _without(problem: PatrolProblem, steps: Iterable[Step], site: int) -> list[Step]:
    return [s for s in steps if s.what != "stop" or problem.options[s.index].site != site]


def _fixed(given: InForce, shift: int) -> dict[int, int]:
    """Start by option of the visits of a unit that are locked to a time."""
    starts = {k.group: k.start_s for k in given.problem.locks if k.start_s is not None}
    return {
        stop.option: stop.start_s
        for stop in given.plan.routes[shift].stops
        if given.problem.options[stop.option].group in starts
    }


def _route(given: InForce, route: Route, steps: list[Step]) -> Route:
    """The route with other steps, timed; the route itself where they are the same."""
    if steps == steps_of(route):
        return route
    fixed = _fixed(given, route.shift)
    steps = [replace(s, is_fixed=s.is_fixed or (s.what == "stop" and s.index in fixed)) for s in steps]
    return retimed(given.problem, route.shift, steps, _Words(given))


def _position(given: InForce, shift: int, steps: Sequence[Step], option: int, start_s: int) -> int:
    """Before which step a visit goes: where it fits, else where its time lies, which then says what is broken."""
    site = given.problem.options[option].site
    for n, fits, first_s, last_s in windows(given.problem, shift, steps, site, _fixed(given, shift)):
        if fits == option and first_s <= start_s <= last_s:
            return n
    return next(n for n, s in enumerate(steps) if s.what == "end" or s.wanted_s > start_s)


def _refuse_locked(given: InForce, site: int) -> None:
    if any(given.problem.group_sites[k.group] == site for k in given.problem.locks):
        raise RuleError("This visit is locked; unlock it first.")


def _option_at(given: InForce, site: int, shift: int, start_s: int) -> int:
    """The option of a place with the highest prize that may start then; `RuleError` says how far the nearest is."""
    problem, words = given.problem, _Words(given)
    if any(problem.group_sites[g] == site for g in problem.barred):
        raise RuleError(f"{words.place(site)} is left out of this plan by an override.")
    own = [i for i, o in enumerate(problem.options) if o.site == site]
    able = [i for i in own if not problem.options[i].skill or problem.options[i].skill in problem.shifts[shift].skills]
    if own and not able:
        skill = problem.options[own[0]].skill
        raise RuleError(f"{words.unit(shift)} does not have the skill {skill} that {words.place(site)} asks for.")
    open_then = [i for i in able if problem.options[i].earliest_s <= start_s <= problem.options[i].latest_s]
    if open_then:
        return max(open_then, key=lambda i: (problem.options[i].prize, -i))
    if not able:
        raise RuleError(f"{words.place(site)} cannot be visited in the hours of this plan.")
    spans = ", ".join(
        sorted({f"{words.at(problem.options[i].earliest_s)} to {words.at(problem.options[i].latest_s)}" for i in able})
    )
    off_s = min(max(problem.options[i].earliest_s - start_s, start_s - problem.options[i].latest_s) for i in able)
    raise RuleError(
        f"A visit to {words.place(site)} may start {spans}; {words.at(start_s)} is {-(-off_s // 60)} min outside."
    )


class _Words:
    """Names and clock times of a plan, for what is said of a broken rule."""

    def __init__(self, given: InForce) -> None:
        self.given = given
        self.names = {p.ref: p.title for p in places_of(given.document)}
        self.callsigns = {u["ref"]: u["callsign"] for u in given.document["units"]}
        self.clock = index_plan(given.document).clock

    def at(self, second: int) -> str:
        """A second of the problem as the plan's clock shows it."""
        return self.clock.time(self.given.origin + timedelta(seconds=second))

    def place(self, site: int) -> str:
        """The name of a place."""
        return self.names[self.given.problem.site_refs[site]]

    def unit(self, shift: int) -> str:
        """The callsign of a unit."""
        ref = self.given.problem.shifts[shift].unit_ref
        return str(self.callsigns.get(ref, ref))


def _document(given: InForce, routes: Sequence[Route], locks: Sequence[Lock]) -> dict[str, Any]:
    before = given.document
    problem = replace(given.problem, locks=tuple(locks))
    plan: Plan = plan_of(problem, routes, {})
    refs = option_refs(problem)
    shortfall = shortfall_document(problem, plan, names={p.ref: p.title for p in places_of(before)})
    return {
        **{key: value for key, value in before.items() if key != "digest"},
        "status": "draft",
        "routes": [route_row(route, problem, refs, given.origin) for route in plan.routes],
        "locks": [_lock_row(problem, lock, given.origin) for lock in locks],
        "unvisited": unvisited_rows(
            problem,
            plan,
            places=places_of(before),
            needs=needs_of(before),
            occasions=occasions_of(before),
            window_starts_at=given.origin,
            callsigns={u["ref"]: u["callsign"] for u in before["units"]},
        ),
        "totals": totals(problem, plan),
        "shortfall": shortfall,
        "certificate": None,
    }


def _lock_row(problem: PatrolProblem, lock: Lock, origin: datetime) -> dict[str, Any]:
    return {
        "place_ref": problem.site_refs[problem.group_sites[lock.group]],
        "unit_ref": None if lock.shift is None else problem.shifts[lock.shift].unit_ref,
        "start": None if lock.start_s is None else written(origin + timedelta(seconds=lock.start_s)),
    }
