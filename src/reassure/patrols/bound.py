"""How good can any plan be? A bound that is proved, and the sentence that says how near a plan comes to it.

Rules: three bounds, the lowest of which counts. *Knapsack*: all visits together take no more than all the units'
time. *Capacity*: those that fall into an interval take no more than the units have of it. *Column generation*: the
best mix of routes, from duals that a linear programme over routes gives; its value is valid at every round, so the
work can stop at any time. All hold for every plan that keeps the locks and serves as many must-visits. All sums are
whole numbers; nothing is rounded but downwards at the end, to what a sum of whole prizes can be.
Elsewhere: the programme (`bound_master`), pricing (`bound_routes`, `bound_kernel`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import gcd
from typing import Any

import numpy as np

from reassure.patrols.bound_capacity import capacity_bound
from reassure.patrols.bound_master import SCALE, Master, Prices
from reassure.patrols.bound_plans import improve, routes_of
from reassure.patrols.bound_routes import (
    Priced,
    extend_memory,
    make_labels,
    make_memory,
    price,
    shift_classes,
    tail_bound,
    work_of_round,
)
from reassure.patrols.problem import PatrolProblem, Plan
from reassure.patrols.search_model import Model, make_model

USEFUL_GAP = 0.25
"""A bound further from the plan than this share of itself says nothing; then it is said that there is none."""
NO_BOUND = "No useful bound was found for this size"
N_ROUNDS = 240
WORK = 1_000_000_000
"""Rounds by default: so many at most, and so many steps in all (seconds of one core); callers may ask for more."""
LEAST_ROUNDS = 60
"""Where fewer fit, none are done: so few prove nothing that the capacity does not."""
MOST_OPTIONS = 2_000
"""Options above which no routes are priced: only the knapsack is worked out."""
SLACK = SCALE // 256
"""What a route has to earn more before it counts as better: above the rounding of the duals."""
COLUMNS_A_ROUND = 240
MANY_LABELS = 300_000
"""Labels of a round above which the next rounds price roughly first."""
STEPS = 16
LABELS_A_CLASS = 3_000
"""Labels of one pricing, about."""
CALM = 5
"""Of `STEPS` parts how many of the prices come from the best so far, so that they do not swing."""
NEAR = 0.1
"""The mix is tightened early once what more rounds could prove is less than this part of the way to the plan."""


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
        Routes that were priced.
    """

    value: int
    bound: int | None
    gap: float | None
    method: str
    converged: bool
    text: str
    rounds: int = 0
    columns: tuple[Priced, ...] = field(default=(), repr=False, compare=False)

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
    problem: PatrolProblem, plan: Plan, *, rounds: int | None = None, stop: Callable[[], bool] | None = None
) -> Certificate:
    """
    Bound what any plan can earn that keeps the locks and serves as many must-visits as this one.

    Parameters
    ----------
    rounds
        Rounds of pricing at most, by default what fits the size; the same problem, plan and rounds give the same bytes.
    stop
        Asked before each round; True ends the work with the bound so far.
    """
    model = make_model(problem)
    limit, method, converged = knapsack(model), "knapsack", False
    if limit > plan.prize and (other := capacity_bound(model)) < limit:
        limit, method = other, "capacity"
    done = 0
    columns: tuple[Priced, ...] = ()
    if limit > plan.prize and 0 < model.n_options <= MOST_OPTIONS:
        generation = _Generation(model, plan)
        generation.run(generation.usual_rounds() if rounds is None else rounds, stop)
        done, columns = generation.rounds, tuple(generation.columns)
        if generation.best is not None and generation.best < limit:
            limit, method, converged = generation.best, "column generation", generation.converged
    if (limit := _reachable(model, limit)) <= plan.prize:
        converged = True
    return _certificate(plan.prize, max(limit, plan.prize), method, converged, done, columns)


def certify(
    problem: PatrolProblem, plan: Plan, *, rounds: int | None = None, stop: Callable[[], bool] | None = None
) -> tuple[Plan, Certificate]:
    """
    The plan, or a better one from the routes that were priced, and its certificate.

    The plan's search record says how many rounds of pricing were done.
    """
    found = bound(problem, plan, rounds=rounds, stop=stop)
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


@dataclass(frozen=True, slots=True)
class _Step:
    """One round: routes that are new, labels made, and whether every class was looked at to its end."""

    n_new: int
    n_labels: int
    is_whole: bool


class _Generation:
    """Column generation: where it stands."""

    def __init__(self, model: Model, plan: Plan) -> None:
        self.model = model
        self.master = Master(model, plan.n_must_served)
        self.classes = shift_classes(model) or []
        self.memory = make_memory(model)
        self.labels = make_labels(model.n_options)
        self.target = plan.prize
        self.proved: int | None = None
        self.centre: Prices | None = None
        self.converged = False
        self.rounds = 0
        for route in routes_of(model, plan):
            self.master.add(route)

    @property
    def best(self) -> int | None:
        """Hundredths that no plan exceeds, or None where nothing was proved."""
        return None if self.proved is None else self.proved // SCALE

    @property
    def columns(self) -> list[Priced]:
        """Every route so far."""
        return self.master.columns

    def usual_rounds(self) -> int:
        """Rounds that fit the size: few where each takes long."""
        labels = sum(LABELS_A_CLASS * len(cls.options) for cls in self.classes)
        fitting = min(N_ROUNDS, WORK // max(1, labels + work_of_round(self.classes)))
        return fitting if fitting >= LEAST_ROUNDS else 0

    def run(self, rounds: int, stop: Callable[[], bool] | None) -> None:
        """Price until nothing is left to gain, the rounds are used up, or somebody stops it."""
        is_rough, calm = False, CALM
        while self.classes and self.rounds < rounds and not (stop is not None and stop()):
            if not self.master.solve():
                return
            self.rounds += 1
            step = self._price(self._calmed(self.master.prices(), calm), is_rough=is_rough)
            if self.best is not None and _reachable(self.model, self.best) <= self.target:
                self.converged = True
                return
            if not is_rough and step.is_whole and self._is_near() and self._tighten():
                calm = CALM
            elif step.n_new > 0:
                is_rough, calm = is_rough or step.n_labels > MANY_LABELS, CALM
            elif calm > 0:
                calm = 0
            elif is_rough:
                is_rough = False
            elif not step.is_whole or not self._tighten():
                self.converged = step.is_whole
                return
            else:
                is_rough, calm = step.n_labels > MANY_LABELS, CALM

    def _is_near(self) -> bool:
        """Whether more rounds on the same rows could prove only a small part of what lies between bound and plan."""
        if self.proved is None:
            return False
        left = self.proved / SCALE - self.master.value
        return left < NEAR * (self.proved / SCALE - self.target)

    def _calmed(self, prices: Prices, calm: int) -> Prices:
        """Prices between the best so far and the last ones."""
        if self.centre is None or calm == 0:
            return prices
        near, far = self.centre, STEPS - calm
        return Prices(
            (near.rows * calm + prices.rows * far) // STEPS,
            {cut: (near.cuts.get(cut, 0) * calm + y * far) // STEPS for cut, y in prices.cuts.items()},
            (near.classes * calm + prices.classes * far) // STEPS,
        )

    def _price(self, prices: Prices, *, is_rough: bool) -> _Step:
        """Price every class, add what earns more, and keep what that proves."""
        tops = []
        n_new = n_labels = 0
        is_whole = True
        most = max(4, COLUMNS_A_ROUND // len(self.classes))
        for cls in self.classes:
            duals = self.master.class_duals(prices, cls)
            tail = tail_bound(cls, duals.profit)
            sigma = int(prices.classes[cls.index]) + SLACK
            tops.append(tail)
            if tail <= sigma:
                continue
            found, top, n = price(cls, duals, self.memory, self.labels, sigma=sigma, is_rough=is_rough, most=most)
            n_new += sum(self.master.add(route) for route in found)
            n_labels += n
            if not is_rough:
                is_whole = is_whole and (bool(found) or top <= sigma)
                tops[-1] = min(tail, top)
        value = self.master.proved(prices, tops)
        if self.proved is None or value < self.proved:
            self.proved = value
            self.centre = replace(prices, classes=np.array(tops, dtype=np.int64))
        return _Step(n_new, n_labels, is_whole)

    def _tighten(self) -> bool:
        """Forbid the circles of the mix and cut it off; False where neither can be done."""
        is_changed = False
        group = self.model.arrays.group
        for i in self.master.circles():
            groups = [int(group[o]) for o in self.master.columns[i].options]
            for p, q in pairwise_repeats(groups):
                for g in groups[p + 1 : q]:
                    is_changed |= extend_memory(self.memory, g, groups[p])
            if is_changed:
                self.master.drop(i)
        return self.master.cut() > 0 or is_changed


def pairwise_repeats(groups: list[int]) -> list[tuple[int, int]]:
    """
    Positions of each group and of its next occurrence.

    Examples
    --------
    >>> pairwise_repeats([4, 7, 4, 4])
    [(0, 2), (2, 3)]
    """
    last: dict[int, int] = {}
    found = []
    for q, g in enumerate(groups):
        if g in last:
            found.append((last[g], q))
        last[g] = q
    return found


def _reachable(model: Model, limit: int) -> int:
    """The greatest sum of prizes that may be, not above the limit: prizes have a common measure."""
    measure = gcd(*(int(p) for p in model.arrays.prize))
    return limit if measure == 0 else limit // measure * measure


def _certificate(
    value: int, limit: int, method: str, converged: bool, rounds: int, columns: tuple[Priced, ...]
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
