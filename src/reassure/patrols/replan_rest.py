"""What is left of a day as a problem of its own, and its answer put behind what has happened.

Rules: a unit goes on from its last frozen visit; a visit is frozen when it has started, starts soon, or the unit is
on its way; a lost unit makes none that has not started. Each visit that may stay has an option of its own that only
its unit may take, at its start or up to 15 minutes later: what it earns more is the price of a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reassure.patrols import problem as model
from reassure.patrols.problem import Lock, Option, PatrolProblem, Plan, Route, Shift, Stop
from reassure.patrols.search_routes import Item, plan_of, timed_route

KEPT_WITHIN_S = 900
"""A visit that stays starts at most so much later."""


@dataclass(frozen=True)
class Rest:
    """
    The rest of a day.

    Parameters
    ----------
    problem, plan
        The surviving shifts from where they are, and what the plan in force has them do.
    options
        Option of the whole problem that each option stands for; from `first_kept` on those of visits that stay.
    shifts
        Shift of the whole problem that each shift stands for.
    before
        What each shift of the whole problem has done or is about to, as a route without a way back.
    """

    problem: PatrolProblem
    plan: Plan
    options: tuple[int, ...]
    first_kept: int
    shifts: tuple[int, ...]
    before: tuple[Route, ...]
    finished: frozenset[int]


def rest_of_day(
    problem: PatrolProblem,
    plan: Plan,
    at_s: int,
    freeze_s: int,
    lost: frozenset[int],
    cancelled: frozenset[int],
    *,
    is_firm: bool = False,
) -> Rest:
    """
    The rest of a day from an instant on.

    Parameters
    ----------
    at_s, freeze_s
        Now, and how far ahead visits are not changed any more, seconds.
    is_firm
        Whether every visit of a surviving unit has to stay.
    """
    before = tuple(
        _before(problem, route, at_s, freeze_s, cancelled, is_lost=route.shift in lost) for route in plan.routes
    )
    finished = {
        route.shift: route
        for route in plan.routes
        if route.shift not in lost and _is_finished(problem, route, before[route.shift], at_s)
    }
    before = tuple(finished.get(route.shift, route) for route in before)
    served = {problem.options[stop.option].group for route in before for stop in route.stops}
    shifts = tuple(i for i in range(len(problem.shifts)) if i not in lost and i not in finished)
    ahead = {
        i: [
            stop
            for stop in plan.routes[i].stops[len(before[i].stops) :]
            if problem.options[stop.option].site not in cancelled
        ]
        for i in shifts
    }
    bound = {problem.options[stop.option].group for stops in ahead.values() for stop in stops} if is_firm else set()
    indices, options = [], []
    for i, option in enumerate(problem.options):
        is_open = option.group not in served | bound and option.site not in cancelled
        if is_open and option.latest_s >= at_s:
            indices.append(i)
            options.append(replace(option, earliest_s=max(option.earliest_s, at_s)))
    first_kept = len(options)
    now_at: dict[tuple[int, int], int] = {}
    for i in shifts:
        for stop in ahead[i]:
            now_at[i, stop.start_s] = len(options)
            indices.append(stop.option)
            options.append(_kept(problem.options[stop.option], stop, i))
    parts = [_shift(problem, problem.shifts[i], before[i], at_s, i) for i in shifts]
    routes = tuple(
        _ahead(q, plan.routes[i], before[i], [now_at[i, stop.start_s] for stop in ahead[i]], ahead[i])
        for q, i in enumerate(shifts)
    )
    locks = _locks(problem, served, shifts, at_s)
    if is_firm:
        held = [Lock(problem.options[s.option].group, q) for q, i in enumerate(shifts) for s in ahead[i]]
        locks = tuple(held) + tuple(k for k in locks if k.group not in bound)
    left = replace(
        problem,
        options=tuple(options),
        shifts=tuple(parts),
        must=problem.must - served,
        barred=problem.barred | frozenset(g for g, s in enumerate(problem.group_sites) if s in cancelled),
        locks=locks,
    )
    timed = plan_of(left, [_retimed(left, route) for route in routes], {})
    return Rest(left, timed, tuple(indices), first_kept, shifts, before, frozenset(finished))


def merged(problem: PatrolProblem, rest: Rest, found: Plan) -> Plan:
    """What has happened, then what was found for the rest, as a plan for the whole day."""
    by_shift = {rest.shifts[route.shift]: route for route in found.routes}
    routes = []
    for shift in range(len(problem.shifts)):
        before = rest.before[shift]
        if shift in by_shift:
            routes.append(_joined(problem, before, by_shift[shift], rest))
        else:
            routes.append(before if shift in rest.finished else _way_home(problem, before))
    return plan_of(problem, routes, {})


def _before(
    problem: PatrolProblem, route: Route, at_s: int, freeze_s: int, cancelled: frozenset[int], *, is_lost: bool
) -> Route:
    """The frozen visits of a route and the breaks taken between them."""
    shift = problem.shifts[route.shift]
    n, leaves_s = 0, route.leave_s
    for k, stop in enumerate(route.stops):
        is_cancelled = problem.options[stop.option].site in cancelled
        is_frozen = stop.start_s <= at_s or (
            not is_lost and not is_cancelled and (stop.start_s <= at_s + freeze_s or leaves_s <= at_s)
        )
        if not is_frozen:
            break
        n = k + 1
        leaves_s = max([stop.end_s, *(r.end_s for r in route.rests if r.after == k)])
    taken = [r for r in route.rests if r.after < n - 1 or (r.after <= n - 1 and r.start_s <= at_s)]
    if not route.stops and shift.start_node == shift.end_node:
        taken = [replace(r, after=-1) for r in route.rests if r.start_s <= at_s]
    return Route(route.shift, route.stops[:n], tuple(taken), route.leave_s, route.leave_s)


def _is_finished(problem: PatrolProblem, route: Route, before: Route, at_s: int) -> bool:
    """Whether a unit is not sent out again: back and resting, or without time for more than the way back."""
    if len(before.stops) < len(route.stops):
        return False
    if len(before.rests) < sum(1 for r in route.rests if r.start_s <= at_s):
        return True
    shift = _shift(problem, problem.shifts[route.shift], before, at_s, route.shift)
    t = shift.starts_s
    for earliest_s, latest_s, length_s in shift.breaks:
        t = max(t, earliest_s)
        if t > latest_s:
            return True
        t += length_s
    return t + int(problem.travel[shift.kind][shift.start_node, shift.end_node]) > shift.ends_s


def _free_s(route: Route, starts_s: int) -> int:
    """When a unit is free again after its frozen visits and the breaks it took."""
    return max([starts_s, *(s.end_s for s in route.stops), *(r.end_s for r in route.rests)])


def _shift(problem: PatrolProblem, shift: Shift, before: Route, at_s: int, number: int) -> Shift:
    node = problem.options[before.stops[-1].option].site if before.stops else shift.start_node
    return replace(
        shift,
        start_node=node,
        starts_s=max(_free_s(before, shift.starts_s), at_s),
        breaks=shift.breaks[len(before.rests) :],
        skills=shift.skills | {_skill(number)},
    )


def _skill(shift: int) -> str:
    """What only one shift can do."""
    return f"unit {shift} keeps its visits"


def _kept(option: Option, stop: Stop, shift: int) -> Option:
    latest_s = min(option.latest_s, stop.start_s + KEPT_WITHIN_S)
    return replace(option, earliest_s=stop.start_s, latest_s=latest_s, skill=_skill(shift))


def _ahead(q: int, route: Route, before: Route, options: Sequence[int], stops: Sequence[Stop]) -> Route:
    """What the plan in force has a shift still do, in the words of the rest; stops that fell away are skipped."""
    kept = [i for i, stop in enumerate(route.stops) if stop in stops]
    rests = []
    for r in route.rests[len(before.rests) :]:
        is_home = r.after == len(route.stops)
        after = len(stops) if is_home else sum(1 for i in kept if i <= r.after) - 1
        rests.append(model.Rest(r.pause - len(before.rests), after, r.start_s, r.end_s))
    made = tuple(replace(stop, option=o) for stop, o in zip(stops, options, strict=True))
    return Route(q, made, tuple(rests), 0, 0)


def _retimed(problem: PatrolProblem, route: Route) -> Route:
    if not route.stops:
        route = replace(route, rests=tuple(replace(r, after=-1) for r in route.rests))
    return timed_route(problem, route.shift, _items(route, len(route.stops), fixed=False))


def _items(route: Route, n_stops: int, *, fixed: bool) -> list[Item]:
    """A route as items to be timed."""
    items: list[Item] = []
    for after in range(-1, n_stops + 1):
        if after == n_stops:
            items.append(("end", 0, None))
        elif after >= 0:
            stop = route.stops[after]
            items.append(("stop", stop.option, stop.start_s if fixed else None))
        items += [("rest", r.pause, None) for r in route.rests if r.after == after]
    return items


def _locks(problem: PatrolProblem, served: set[int], shifts: Sequence[int], at_s: int) -> tuple[Lock, ...]:
    """The locks that can still be kept; one on a lost unit holds for the place alone."""
    at = {shift: q for q, shift in enumerate(shifts)}
    return tuple(
        Lock(k.group, None if k.shift is None else at.get(k.shift), k.start_s)
        for k in problem.locks
        if k.group not in served and (k.start_s is None or k.start_s >= at_s)
    )


def _way_home(problem: PatrolProblem, before: Route) -> Route:
    """A lost unit's route: what it did, the breaks it is owed at its last place, and the way back."""
    shift, n = problem.shifts[before.shift], len(before.stops)
    owed = tuple(model.Rest(p, n - 1, 0, 0) for p in range(len(before.rests), len(shift.breaks)))
    route = replace(before, rests=(*before.rests, *owed))
    return timed_route(problem, before.shift, _items(route, n, fixed=True))


def _joined(problem: PatrolProblem, before: Route, found: Route, rest: Rest) -> Route:
    """A surviving unit's route: frozen visits, then those of the rest, each arriving straight from the one before."""
    shift, n, n_rests = problem.shifts[before.shift], len(before.stops), len(before.rests)
    matrix = problem.travel[shift.kind]
    stops = [*before.stops, *(replace(stop, option=rest.options[stop.option]) for stop in found.stops)]
    rests = [*before.rests, *(replace(r, pause=r.pause + n_rests, after=r.after + n) for r in found.rests)]
    node, t = shift.start_node, found.leave_s if not n else before.leave_s
    t = max([t, *(r.end_s for r in rests if r.after == -1)])
    leave_s = t
    for k, stop in enumerate(stops):
        site = problem.options[stop.option].site
        arrive_s = t + int(matrix[node, site])
        stops[k] = replace(stop, arrive_s=arrive_s)
        node, t = site, max([stop.end_s, *(r.end_s for r in rests if r.after == k)])
    return Route(before.shift, tuple(stops), tuple(rests), leave_s, t + int(matrix[node, shift.end_node]))
