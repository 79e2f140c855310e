"""Plans from priced routes, and priced routes from plans.

Rules: the best plan out of the routes that pricing found, where it beats the plan at hand. Elsewhere: choosing them
(`packing`), timing them (`search_routes`), pricing (`bound_routes`).
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from reassure.patrols.bound_routes import is_simple
from reassure.patrols.faults import idle_breaks
from reassure.patrols.packing import Column, pack
from reassure.patrols.problem import PatrolProblem, Plan, Route
from reassure.patrols.search_model import LOCK_WEIGHT, Model, make_model
from reassure.patrols.search_routes import Item, UntimedRoute, plan_of, timed_route


def improve(problem: PatrolProblem, plan: Plan, columns: Iterable[UntimedRoute]) -> Plan:
    """The best plan out of some routes, where it beats this plan; else this plan itself."""
    model = make_model(problem)
    a = model.arrays
    routes = [route for route in columns if is_simple(route.options, a.group)]
    if not routes:
        return plan
    locked = sum(int(w) // LOCK_WEIGHT for w in a.weight)
    chosen = pack(
        [_column(model, route) for route in routes],
        model.class_sizes(),
        use=a.use,
        capacity=a.capacity.tolist(),
        best_so_far=(locked * LOCK_WEIGHT + plan.n_must_served, plan.prize, plan.travel_s),
        most=len(routes),
    )
    if chosen is None:
        return plan
    waiting: dict[int, list[UntimedRoute]] = {}
    for i in chosen:
        waiting.setdefault(routes[i].shift_class, []).append(routes[i])
    driven = []
    for r, shift in enumerate(model.shifts):
        mine = waiting.get(int(a.shift_class[r]))
        idle = next(route for route in plan.routes if route.shift == shift)
        if mine:
            driven.append(timed_route(problem, shift, [_item(model, item) for item in mine.pop(0).items]))
        elif not idle.stops:
            driven.append(idle)
        else:
            driven.append(_idle(problem, shift))
    better = plan_of(problem, driven, dict(plan.search))
    is_better = (better.n_must_served, better.prize, -better.travel_s) > (
        plan.n_must_served,
        plan.prize,
        -plan.travel_s,
    )
    return better if is_better else plan


def routes_of(model: Model, plan: Plan) -> list[UntimedRoute]:
    """The routes of a plan that visit anybody, as columns; without those that the problem does not allow."""
    number = {o: q for q, (o, _) in enumerate(model.options)}
    place = {shift: r for r, shift in enumerate(model.shifts)}
    found = []
    for route in plan.routes:
        if not route.stops or any(stop.option not in number for stop in route.stops):
            continue
        options = tuple(number[stop.option] for stop in route.stops)
        rests = {
            after: [rest.pause for rest in route.rests if rest.after == after] for after in range(-1, len(options) + 1)
        }
        items: list[Item] = [("rest", b, None) for b in rests[-1]]
        for n, o in enumerate(options):
            items += [("stop", o, None), *(("rest", b, None) for b in rests[n])]
        items += [("end", 0, None), *(("rest", b, None) for b in rests[len(options)])]
        found.append(UntimedRoute(int(model.arrays.shift_class[place[route.shift]]), options, tuple(items)))
    return found


def _column(model: Model, route: UntimedRoute) -> Column:
    a = model.arrays
    options = list(route.options)
    groups = tuple(sorted(int(a.group[o]) for o in options))
    r = int(np.flatnonzero(a.shift_class == route.shift_class)[0])
    shift = model.problem.shifts[model.shifts[r]]
    nodes = [shift.start_node, *(int(a.elements[o, 3]) for o in options), shift.end_node]
    travel_s = sum(int(a.travel[a.kind[r], i, j]) for i, j in pairwise(nodes))
    must = int(a.weight[list(groups)].sum())
    return Column(route.shift_class, groups, must, int(a.prize[options].sum()), travel_s)


def _item(model: Model, item: Item) -> Item:
    what, index, _ = item
    return (what, *model.options[index]) if what == "stop" else item


def _idle(problem: PatrolProblem, shift_index: int) -> Route:
    """The route without visits."""
    shift = problem.shifts[shift_index]
    n_first = idle_breaks(shift, int(problem.travel[shift.kind][shift.start_node, shift.end_node])) or 0
    rests: list[Item] = [("rest", b, None) for b in range(len(shift.breaks))]
    return timed_route(problem, shift_index, [*rests[:n_first], ("end", 0, None), *rests[n_first:]])
