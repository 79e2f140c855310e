"""A search that starts from a plan, and hands out the plans that it passes.

Rules: rows of the compiled search from a plan, and a plan from rows. At one temperature without cooling it
wanders among good plans (`lottery_pool`); cooled it mends a plan that has to change (`replan`). Must-visits and
locks that the first plan serves are never given up. Elsewhere: the compiled loop (`search_loop`).
"""

from collections.abc import Mapping
from decimal import Decimal

from reassure.patrols.problem import PatrolProblem, Plan
from reassure.patrols.search import MOST_OUT
from reassure.patrols.search_loop import COOLING_STEPS, anneal, settle
from reassure.patrols.search_model import empty_routes, end_element, make_model, make_pool, make_state, make_work
from reassure.patrols.search_routes import items_of, plan_of, timed_route

NEVER_GIVEN_UP = 1e12
"""Hundredths that a must-visit or a lock counts while wandering: none is ever traded away."""

Rows = tuple[tuple[int, ...], ...]
"""For each shift of the search the elements of its route, start base first; equal rows are equal plans."""


class Chain:
    """
    Where a search stands, from a plan on.

    Parameters
    ----------
    bonuses
        Hundredths added to the prize of every option of a group; what plans are worth does not change by it.
    seed
        Same problem, plan, bonuses, seed and steps: same plans.
    """

    def __init__(
        self, problem: PatrolProblem, plan: Plan, *, seed: int, bonuses: Mapping[int, int] | None = None
    ) -> None:
        self.problem = problem
        self.model = make_model(problem)
        for x, (o, _) in enumerate(self.model.options):
            self.model.arrays.prize[x] += (bonuses or {}).get(problem.options[o].group, 0)
        self.state = make_state(self.model, seed)
        self.work = make_work(self.model)
        self.memory = make_pool(self.model)
        self._load(plan)
        a = self.model.arrays
        tops = [int(a.prize[i:j].max()) for i, j in zip(a.first, a.first[1:], strict=False)]
        self.mean_prize = max(1.0, sum(tops) / max(1, len(tops)))
        self.leg_s = float(self.model.mean_leg_s)

    def run(self, n_steps: int, heat: float, cooled_to: float | None = None) -> None:
        """
        Do some steps from one temperature (hundredths) to another, or all at the first.

        Nothing happens where nothing can be visited.
        """
        if len(self.model.arrays.weight) == 0:
            return
        n_coolings = max(1, n_steps // COOLING_STEPS)
        cooling = 1.0 if cooled_to is None else float((Decimal(cooled_to) / Decimal(heat)) ** (Decimal(1) / n_coolings))
        anneal(
            self.model.arrays,
            self.state,
            self.work,
            self.memory,
            n_steps,
            heat,
            cooling,
            0.02 * self.mean_prize / self.leg_s,
            NEVER_GIVEN_UP,
            self.leg_s / 4.0,
            MOST_OUT,
        )

    @property
    def must(self) -> int:
        """Weight of the must-visits and locks that the present plan serves."""
        return int(self.state.total[0])

    @property
    def prize(self) -> int:
        """Of the present plan, bonuses too."""
        return int(self.state.total[1])

    def rows(self) -> Rows:
        """The present routes."""
        s = self.state
        return tuple(tuple(s.routes[r, 0, : s.lengths[r]].tolist()) for r in range(len(self.model.shifts)))

    def best_rows(self) -> Rows:
        """The best routes so far: must-visits and locks, then prize with bonuses, then less travel."""
        s = self.state
        return tuple(tuple(s.best_seq[r, : s.best_lengths[r]].tolist()) for r in range(len(self.model.shifts)))

    def plan(self, rows: Rows) -> Plan:
        """Rows as a plan, timed and worth what it is worth without bonuses."""
        routes = [
            timed_route(self.problem, shift, items_of(self.model, r, rows[r]))
            for r, shift in enumerate(self.model.shifts)
        ]
        return plan_of(self.problem, routes, {})

    def _load(self, plan: Plan) -> None:
        model, state = self.model, self.state
        at = {o: x for x, (o, _) in enumerate(model.options)}
        by_shift = {route.shift: route for route in plan.routes}
        idle = empty_routes(model)
        for r, shift in enumerate(model.shifts):
            route = by_shift[shift]
            start, end = end_element(model, r) - 1, end_element(model, r)
            breaks = [x for x in idle[r] if model.n_options <= x < start]
            rests = {
                n: [breaks[rest.pause] for rest in route.rests if rest.after == n]
                for n in range(-1, len(route.stops) + 1)
            }
            row = [start, *rests[-1]]
            for n, stop in enumerate(route.stops):
                row += [at[stop.option], *rests[n]]
            row.append(end)
            state.ends[r] = len(row) - 1
            row += rests[len(route.stops)]
            state.routes[r, 0, : len(row)] = row
            state.lengths[r] = len(row)
        settle(model.arrays, state)
