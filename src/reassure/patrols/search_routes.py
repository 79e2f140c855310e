"""Routes as people drive them, from the rows of the search, and back.

Rules: one canonical timing. A unit leaves its base as late as keeps its first visit, and is then everywhere
as early as it can be; a break starts as early as its window allows at the place where it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reassure.patrols.problem import PatrolProblem, Plan, Rest, Route, Stop
from reassure.patrols.search_model import Model, end_element

Item = tuple[str, int, int | None]
"""`("stop", option, fixed start or None)`, `("rest", number of the break, None)` or `("end", 0, None)`."""


@dataclass(frozen=True, slots=True)
class UntimedRoute:
    """A route for any shift of a class: options of the model, and items as `timed_route` wants them of the problem."""

    shift_class: int
    options: tuple[int, ...]
    items: tuple[Item, ...]


def timed_route(problem: PatrolProblem, shift_index: int, items: Sequence[Item]) -> Route:
    """
    Time one shift's visits and breaks, given in order with its end base.

    Raises
    ------
    ValueError
        The items cannot be driven in this order; a search never gives such.
    """
    shift = problem.shifts[shift_index]
    matrix = problem.travel[shift.kind]
    t, node = shift.starts_s, shift.start_node
    leave_s = t
    stops: list[Stop] = []
    rests: list[Rest] = []
    back_s = -1
    for what, index, fixed_s in items:
        if what == "stop":
            option = problem.options[index]
            arrive_s = t + int(matrix[node, option.site])
            start_s = max(arrive_s, option.earliest_s if fixed_s is None else fixed_s)
            if start_s > (option.latest_s if fixed_s is None else fixed_s):
                raise ValueError(f"{shift.unit_ref} is late at {problem.site_refs[option.site]}")
            if not stops:
                leave_s += start_s - arrive_s
                arrive_s = start_s
            t, node = start_s + option.dwell_s, option.site
            stops.append(Stop(index, arrive_s, start_s, t))
        elif what == "rest":
            earliest_s, latest_s, length_s = shift.breaks[index]
            start_s = max(t, earliest_s)
            if start_s > latest_s:
                raise ValueError(f"{shift.unit_ref} cannot take break {index + 1}")
            t = start_s + length_s
            after = -1 if not stops and back_s < 0 else len(stops) if back_s >= 0 else len(stops) - 1
            rests.append(Rest(index, after, start_s, t))
            leave_s = t if after == -1 else leave_s
        else:
            t += int(matrix[node, shift.end_node])
            node, back_s = shift.end_node, t
    if t > shift.ends_s:
        raise ValueError(f"{shift.unit_ref} is back too late")
    return Route(shift_index, tuple(stops), tuple(rests), leave_s, back_s)


def items_of(model: Model, r: int, row: Sequence[int]) -> list[Item]:
    """A row of elements of shift r of the search, without its start base, as items of the problem."""
    items: list[Item] = []
    n_rest = 0
    for x in row:
        if x < model.n_options:
            option, fixed_s = model.options[x]
            items.append(("stop", option, fixed_s))
        elif x == end_element(model, r):
            items.append(("end", 0, None))
        elif x != end_element(model, r) - 1:
            items.append(("rest", n_rest, None))
            n_rest += 1
    return items


def untimed_route(model: Model, shift_class: int, row: Sequence[int]) -> UntimedRoute:
    """A row of elements of any shift of a class, without its start base, before it is timed."""
    options = tuple(x for x in row if x < model.n_options)
    first_base = len(model.arrays.elements) - 2 * len(model.shifts)
    items: list[Item] = []
    n_rest = 0
    for x in row:
        if x < model.n_options:
            items.append(("stop", x, None))
        elif x < first_base:
            items.append(("rest", n_rest, None))
            n_rest += 1
        elif (x - first_base) % 2:
            items.append(("end", 0, None))
    return UntimedRoute(shift_class, options, tuple(items))


def plan_of(problem: PatrolProblem, routes: Sequence[Route], search: dict[str, object]) -> Plan:
    """A plan of timed routes, one a shift in the order of the shifts, with what it is worth."""
    routes = [_first_visits(problem, route, routes) for route in sorted(routes, key=lambda route: route.shift)]
    options = [problem.options[stop.option] for route in routes for stop in route.stops]
    travel_s = 0
    for route in routes:
        shift = problem.shifts[route.shift]
        sites = [problem.options[stop.option].site for stop in route.stops]
        nodes = [shift.start_node, *sites, shift.end_node]
        travel_s += sum(int(problem.travel[shift.kind][a, b]) for a, b in pairwise(nodes))
    n_must = len({option.group for option in options} & problem.must)
    return Plan(tuple(routes), n_must, sum(option.prize for option in options), travel_s, search)


def _first_visits(problem: PatrolProblem, route: Route, routes: Sequence[Route]) -> Route:
    """The route with a second visit counted as the first where its place has no other visit."""
    if len(problem.group_sites) == len(problem.site_refs):
        return route
    first = {site: group for group, site in reversed(list(enumerate(problem.group_sites)))}
    served = {problem.options[stop.option].group for other in routes for stop in other.stops}
    stops = []
    for stop in route.stops:
        option = problem.options[stop.option]
        group = first[option.site]
        if group != option.group and group not in served | problem.barred:
            twin = replace(option, group=group, prize=0)
            i = next((i for i, o in enumerate(problem.options) if replace(o, prize=0) == twin), stop.option)
            stops.append(replace(stop, option=i))
            continue
        stops.append(stop)
    return replace(route, stops=tuple(stops))
