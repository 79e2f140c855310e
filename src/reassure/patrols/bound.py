"""How good can any plan be? A bound that is proved, and the sentence that says how near a plan comes to it.

Rules: three bounds, the lowest of which counts. *Knapsack*: all visits together take no more than all the units'
time. *Capacity*: those that fall into an interval take no more than the units have of it. *Column generation*: the
best mix of routes, from duals that a linear programme over routes gives; its value is valid at every round, so the
work can stop at any time. All hold for every plan that keeps the locks and serves as many must-visits. All sums are
whole numbers; nothing is rounded but downwards at the end, to what a sum of whole prizes can be.
Elsewhere: the programme (`bound_master`), pricing (`bound_routes`, `bound_kernel`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from reassure.patrols.bound_capacity import capacity_bound
from reassure.patrols.bound_generation import Generation, reachable
from reassure.patrols.bound_plans import improve
from reassure.patrols.problem import PatrolProblem, Plan
from reassure.patrols.search_model import Model, make_model
from reassure.patrols.search_routes import UntimedRoute

USEFUL_GAP = 0.25
"""A bound further from the plan than this share of itself says nothing; then it is said that there is none."""
NO_BOUND = "No useful bound was found for this size"
MOST_OPTIONS = 2_000
"""Options above which no routes are priced: only the knapsack is worked out."""


@dataclass(frozen=True)
class Certificate:
    """
    How good a plan is at the least.

    Parameters
    ----------
    value, bound
        What the plan earns and what no plan exceeds, hundredths of a point; the bound is None where none is useful.
    gap
        (bound - value) / bound; None without a bound.
    method
        `column generation`, `capacity` or `knapsack`: which one gave the bound.
    converged
        Whether more rounds could not lower the bound, or need not.
    rounds
        Rounds of pricing that were done; the same number gives the same certificate.
    columns
        Routes that a better plan may consist of.
    """

    value: int
    bound: int | None
    gap: float | None
    method: str
    converged: bool
    text: str
    rounds: int = 0
    columns: tuple[UntimedRoute, ...] = field(default=(), repr=False, compare=False)

    def of(self, plan: Plan) -> "Certificate":
        """
        The certificate of another plan of the same problem that serves as many must-visits.

        Where such a plan is worth more than the bound it serves fewer of them: nothing is said then.
        """
        if self.bound is None or plan.prize > self.bound:
            return replace(self, value=plan.prize, bound=None, gap=None, text=NO_BOUND)
        is_closed = self.converged or self.bound == plan.prize
        return _certificate(plan.prize, self.bound, self.method, is_closed, self.rounds, self.columns)

    def as_document(self) -> dict[str, Any] | None:
        """The `certificate` object of the plan document; None without a bound."""
        if self.bound is None:
            return None
        return {
            "value": self.value,
            "bound": self.bound,
            "gap": self.gap,
            "method": self.method,
            "converged": self.converged,
            "rounds": self.rounds,
            "text": self.text,
        }


def bound(
    problem: PatrolProblem,
    plan: Plan,
    *,
    rounds: int | None = None,
    stop: Callable[[], bool] | None = None,
    routes: Sequence[UntimedRoute] = (),
) -> Certificate:
    """
    Bound what any plan can earn that keeps the locks and serves as many must-visits as this one.

    Parameters
    ----------
    rounds
        Rounds of pricing at most, by default what fits the size; the same problem, plan and rounds give the same bytes.
    stop
        Asked before each round; True ends the work with the bound so far.
    routes
        That a search met: the mix starts from them, which saves most of the rounds.
    """
    model = make_model(problem)
    limit, method, converged = knapsack(model), "knapsack", False
    if limit > plan.prize and (other := capacity_bound(model)) < limit:
        limit, method = other, "capacity"
    done = 0
    columns: tuple[UntimedRoute, ...] = ()
    if limit > plan.prize and 0 < model.n_options <= MOST_OPTIONS:
        generation = Generation(model, plan, routes)
        generation.run(rounds, stop)
        done, columns = generation.rounds, tuple(generation.near_routes())
        if generation.best is not None and generation.best < limit:
            limit, method, converged = generation.best, "column generation", generation.converged
    if (limit := reachable(model, limit)) <= plan.prize:
        converged = True
    return _certificate(plan.prize, max(limit, plan.prize), method, converged, done, columns)


def certify(
    problem: PatrolProblem,
    plan: Plan,
    *,
    rounds: int | None = None,
    stop: Callable[[], bool] | None = None,
    routes: Sequence[UntimedRoute] = (),
) -> tuple[Plan, Certificate]:
    """
    The plan, or a better one from the routes that were priced, and its certificate.

    The plan's search record says how many rounds of pricing were done.
    """
    found = bound(problem, plan, rounds=rounds, stop=stop, routes=routes)
    better = improve(problem, plan, found.columns)
    better = replace(better, search={**better.search, "rounds": found.rounds})
    return better, found.of(better)


def knapsack(model: Model) -> int:
    """
    What visits could earn if only the sum of all units' time counted: each takes a stay and the shortest way to it.

    The generalisation of the bound on must-visits (operations: n visits take n stays and the ways between them).
    """
    a = model.arrays
    shifts = [model.problem.shifts[i] for i in model.shifts]
    left = sum(s.ends_s - s.starts_s - sum(length_s for _, _, length_s in s.breaks) for s in shifts)
    if model.n_options == 0:
        return 0
    sites = a.elements[: model.n_options, 3]
    starts = {s.start_node for s in shifts}
    froms: list[int] = sorted({*(int(s) for s in sites), *starts})
    into = a.travel.min(axis=0)[np.ix_(np.array(froms), sites)].astype(np.int64)
    n_groups = {int(s): len({int(a.group[o]) for o in np.flatnonzero(sites == s)}) for s in set(sites.tolist())}
    for q, site in enumerate(sites.tolist()):
        if n_groups[site] == 1 and site not in starts and len(froms) > 1:
            into[froms.index(site), q] = np.iinfo(np.int64).max
    needs = into.min(axis=0) + a.elements[: model.n_options, 2]
    tops = [
        (int(a.prize[i:j].max()), int(needs[i:j].min()))
        for i, j in zip(a.first.tolist(), a.first.tolist()[1:], strict=False)
        if j > i
    ]
    total = 0
    for prize, need in sorted(tops, key=lambda top: (-top[0] / max(1, top[1]), top)):
        if need > left:
            return total + prize * left // need
        total += prize
        left -= need
    return total


def _certificate(
    value: int, limit: int, method: str, converged: bool, rounds: int, columns: tuple[UntimedRoute, ...]
) -> Certificate:
    gap = 0.0 if limit == 0 else round((limit - value) / limit, 6)
    if gap > USEFUL_GAP and not converged:
        return Certificate(value, None, None, method, converged, NO_BOUND, rounds, columns)
    if limit == 0:
        return Certificate(0, 0, 0.0, method, converged, "No visit of this day earns points", rounds, columns)
    text = f"This plan earns {value // 100:,} of at most {limit // 100:,} points ({share(value, limit)} %)"
    return Certificate(value, limit, gap, method, converged, text, rounds, columns)


def share(value: int, limit: int) -> str:
    """
    Per cent with one decimal, never rounded up to what was not reached.

    Examples
    --------
    >>> share(150_400, 152_400), share(152_399, 152_400), share(0, 0)
    ('98.6', '99.9', '100.0')
    """
    tenths = 1000 if limit == 0 else value * 1000 // limit
    return f"{tenths // 10}.{tenths % 10}"
