"""Starts of visits moved inside their slack, by amounts that follow from the sealed seed.

Rules: a unit leaves its base up to the slack of its whole route later, and where it would wait it may start up to
ten minutes later; whole minutes; everything after keeps its window, break and shift. What is planned does not
change. Elsewhere: the canonical timing (`search_routes`), the draw (`lottery`).
"""

from collections.abc import Callable, Sequence

from reassure.patrols.problem import PatrolProblem, Plan, Rest, Route, Shift, Stop
from reassure.patrols.single_lottery import hash_share

MOST_LEAVE_S = 1_800
MOST_WAIT_S = 600
"""A route leaves at most so much later; a visit after a wait starts at most so much later."""

_Row = tuple[str, int, int, int, int]
"""Kind (stop, rest, end), its number, travel there, earliest and latest start of a route's items, seconds."""


def shifted_plan(problem: PatrolProblem, plan: Plan, seed: str) -> Plan:
    """The plan with starts moved; locked starts stay where they are."""
    fixed = {lock.group: lock.start_s for lock in problem.locks if lock.start_s is not None}
    routes = tuple(shifted_route(problem, route, seed, fixed) for route in plan.routes)
    return Plan(routes, plan.n_must_served, plan.prize, plan.travel_s, plan.search)


def shifted_route(problem: PatrolProblem, route: Route, seed: str, fixed: dict[int, int] | None = None) -> Route:
    """
    One route with starts moved.

    Parameters
    ----------
    fixed
        Start of each group that a lock fixed, seconds.
    """
    if not route.stops:
        return route
    shift = problem.shifts[route.shift]
    rows = _rows(problem, shift, route, fixed or {})
    latest = _latest(shift, rows, [_length(problem, shift, route.stops, row) for row in rows])

    def share(number: int) -> float:
        site = problem.site_refs[problem.options[route.stops[number].option].site]
        return hash_share(f"{seed}|{shift.unit_ref}|{site}|start")

    return _timed(problem, shift, route, rows, latest, share)


def _rows(problem: PatrolProblem, shift: Shift, route: Route, fixed: dict[int, int]) -> list[_Row]:
    matrix, node = problem.travel[shift.kind], shift.start_node
    after: dict[int, list[Rest]] = {}
    for rest in route.rests:
        after.setdefault(rest.after, []).append(rest)
    rows: list[_Row] = []

    def rests(n: int) -> None:
        for rest in after.get(n, ()):
            earliest_s, latest_s, _ = shift.breaks[rest.pause]
            rows.append(("rest", rest.pause, 0, earliest_s, latest_s))

    rests(-1)
    for n, stop in enumerate(route.stops):
        option = problem.options[stop.option]
        at = fixed.get(option.group)
        window = (option.earliest_s, option.latest_s) if at is None else (at, at)
        rows.append(("stop", n, int(matrix[node, option.site]), *window))
        node = option.site
        rests(n)
    rows.append(("end", 0, int(matrix[node, shift.end_node]), 0, shift.ends_s))
    rests(len(route.stops))
    return rows


def _length(problem: PatrolProblem, shift: Shift, stops: Sequence[Stop], row: _Row) -> int:
    kind, number = row[:2]
    if kind == "stop":
        return problem.options[stops[number].option].dwell_s
    return shift.breaks[number][2] if kind == "rest" else 0


def _latest(shift: Shift, rows: Sequence[_Row], lengths_s: Sequence[int]) -> list[int]:
    """The latest start of each item that lets everything after it be kept."""
    latest = [0] * len(rows)
    free_by = shift.ends_s
    for i in range(len(rows) - 1, -1, -1):
        _, _, travel_s, _, last_s = rows[i]
        latest[i] = min(last_s, free_by - lengths_s[i])
        free_by = latest[i] - travel_s
    return latest


def _timed(
    problem: PatrolProblem,
    shift: Shift,
    route: Route,
    rows: Sequence[_Row],
    latest: Sequence[int],
    share: Callable[[int], float],
) -> Route:
    t, leave_s, back_s = shift.starts_s, shift.starts_s, -1
    stops: list[Stop] = []
    rests: list[Rest] = []
    for (kind, number, travel_s, earliest_s, _), last_s in zip(rows, latest, strict=True):
        arrive_s = t + travel_s
        start_s = max(arrive_s, earliest_s)
        if kind == "stop":
            most = MOST_LEAVE_S if not stops else MOST_WAIT_S if start_s > arrive_s else 0
            slack = min(most, last_s - start_s)
            if slack > 0:
                start_s += int(share(number) * (slack // 60 + 1)) * 60
            if not stops:
                leave_s += start_s - arrive_s
                arrive_s = start_s
            t = start_s + problem.options[route.stops[number].option].dwell_s
            stops.append(Stop(route.stops[number].option, arrive_s, start_s, t))
        elif kind == "rest":
            t = start_s + shift.breaks[number][2]
            after = -1 if not stops and back_s < 0 else len(stops) if back_s >= 0 else len(stops) - 1
            rests.append(Rest(number, after, start_s, t))
            leave_s = t if after == -1 else leave_s
        else:
            t = back_s = arrive_s
    return Route(route.shift, tuple(stops), tuple(rests), leave_s, back_s)
