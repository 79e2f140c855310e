"""Column generation: routes priced under the duals of their best mix, round by round, until nothing is left to prove.

Rules: when pricing is rough and when it proves something, how calm the duals are kept, when the mix is tightened, and
which routes are near enough to the bound to be in a better plan. Elsewhere: the programme (`bound_master`), pricing
(`bound_routes`, `bound_kernel`), what the bound says (`bound`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from reassure.patrols.bound_kernel import Labels
from reassure.patrols.bound_master import SCALE, Master, Prices
from reassure.patrols.bound_plans import routes_of
from reassure.patrols.bound_routes import (
    extend_memory,
    is_simple,
    make_labels,
    make_memory,
    near_routes,
    price,
    shift_classes,
    tail_bound,
    work_of_round,
)
from reassure.patrols.problem import Plan
from reassure.patrols.search_model import Model
from reassure.patrols.search_routes import UntimedRoute

N_ROUNDS = 240
WORK = 1_000_000_000
"""
Rounds by default: so many at most, and no more once so many steps were taken (some twenty seconds of one core); callers
may ask for more.
"""
LEAST_ROUNDS = 60
"""Where fewer easy ones would fit, none are done: so few prove nothing that the capacity does not."""
VAIN = 3
"""Proving rounds in a row that ran out of labels and lowered nothing, after which no more are done."""
SLACK = SCALE // 256
"""What a route has to earn more before it counts as better: above the rounding of the duals."""
COLUMNS_A_ROUND = 600
FEW_COLUMNS, MOST_ROUGH = 60, 5
"""A rough round that finds no more, or the last of so many, is followed by one that proves something."""
MOST_SEEDS = 6_000
"""Routes of the search that stay after the first mix."""
MANY_LABELS = 300_000
"""Labels of a round above which the next rounds price roughly first."""
STEPS = 16
LABELS_A_CLASS = 3_000
"""Labels of one pricing, about."""
CALM = 5
"""Of `STEPS` parts how many of the prices come from the best so far, so that they do not swing."""
NEAR_LABELS, NEAR_TRIES = 1_000_000, 2
NEAR_SHARES, NEAR_A_SHIFT, MOST_NEAR = 3, 600, 800
"""
Routes near the bound: by how many times their share of the gap they may fall short, and how many of them are made
and packed, at most. So many labels of all classes, and half the shortfall where they do not do.
"""
NEAR = 0.1
"""The mix is tightened early once what more rounds could prove is less than this part of the way to the plan."""


def reachable(model: Model, limit: int) -> int:
    """The greatest sum of prizes that may be, not above the limit: prizes have a common measure."""
    measure = gcd(*(int(p) for p in model.arrays.prize))
    return limit if measure == 0 else limit // measure * measure


@dataclass(frozen=True, slots=True)
class _Step:
    """One round: routes that are new, labels made, and whether every class was looked at to its end."""

    n_new: int
    n_labels: int
    is_whole: bool


class Generation:
    """Column generation: where it stands."""

    def __init__(self, model: Model, plan: Plan, routes: Sequence[UntimedRoute]) -> None:
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
        self.work = 0
        self.seeds = [*routes_of(model, plan), *routes]

    @property
    def best(self) -> int | None:
        """Hundredths that no plan exceeds, or None where nothing was proved."""
        return None if self.proved is None else self.proved // SCALE

    def usual_rounds(self) -> int:
        """Rounds at most, by default: none where too few would fit."""
        labels = sum(LABELS_A_CLASS * len(cls.options) for cls in self.classes)
        fitting = WORK // max(1, labels + work_of_round(self.classes))
        return N_ROUNDS if fitting >= LEAST_ROUNDS else 0

    def run(self, rounds: int | None, stop: Callable[[], bool] | None) -> None:
        """Price until nothing is left to gain, the rounds (None: the usual work) are used up, or somebody stops it."""
        work = WORK if rounds is None else None
        rounds = self.usual_rounds() if rounds is None else rounds
        if rounds > 0:
            self.master.add(self.seeds)
        is_rough, calm, n_rough, n_vain = len(self.master.columns) > MOST_SEEDS, CALM, 0, 0
        while self.classes and self.rounds < rounds and not (stop is not None and stop()):
            if (work is not None and self.work >= work) or n_vain == VAIN or not self.master.solve():
                return
            if self.rounds == 0:
                self.master.thin(MOST_SEEDS)
            self.rounds += 1
            before = self.proved
            step = self._price(self._calmed(self.master.prices(), 0 if is_rough else calm), is_rough=is_rough)
            if not is_rough:
                n_vain = n_vain + 1 if not step.is_whole and self.proved == before else 0
            if self.best is not None and reachable(self.model, self.best) <= self.target:
                self.converged = True
                return
            n_rough = n_rough + 1 if is_rough else 0
            if is_rough:
                is_rough, calm = step.n_new > FEW_COLUMNS and n_rough < MOST_ROUGH, 0
            elif step.is_whole and self._is_near() and self._tighten():
                is_rough, calm = step.n_labels > MANY_LABELS, CALM
            elif step.n_new > 0:
                is_rough, calm = step.n_labels > MANY_LABELS and step.n_new > FEW_COLUMNS, CALM
            elif calm > 0:
                calm = 0
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
        self.work += work_of_round(self.classes)
        most = max(4, COLUMNS_A_ROUND // len(self.classes))
        for cls in self.classes:
            duals = self.master.class_duals(prices, cls)
            tail = tail_bound(cls, duals.profit)
            sigma = int(prices.classes[cls.index]) + SLACK
            tops.append(tail)
            if tail <= sigma:
                continue
            found, top, n = price(cls, duals, self.memory, self.labels, sigma=sigma, is_rough=is_rough, most=most)
            n_new += self.master.add(found)
            n_labels += n
            self.work += n * len(cls.options)
            if not is_rough:
                is_whole = is_whole and (bool(found) or top <= sigma)
                tops[-1] = min(tail, top)
        value = self.master.proved(prices, tops)
        if self.proved is None or value < self.proved:
            self.proved = value
            self.centre = replace(prices, classes=np.array(tops, dtype=np.int64))
        return _Step(n_new, n_labels, is_whole)

    def near_routes(self) -> list[UntimedRoute]:
        """
        Routes that fall least short of the best of their class under the best prices, for packing.

        In a plan that beats the target they fall short by no more than the gap all together.
        """
        if self.proved is None or self.centre is None or self.proved <= self.target * SCALE:
            return []
        gap, tops = self.proved - self.target * SCALE, self.centre.classes.tolist()
        room = NEAR_LABELS // len(self.classes)
        labels = Labels(self.labels.marks[:room], self.labels.links[:room], self.labels.bits[:room])
        n_shifts = sum(self.master.sizes)
        profits = zip(self.master.profits(self.centre), self.master.columns, strict=True)
        near = [(tops[route.shift_class] - profit, route) for profit, route in profits]
        for cls in self.classes:
            duals = self.master.class_duals(self.centre, cls)
            tail_bound(cls, duals.profit)
            allowed, found = min(gap, NEAR_SHARES * gap // n_shifts), None
            for _ in range(NEAR_TRIES):
                sigma = max(0, tops[cls.index] - allowed)
                found = near_routes(cls, duals, self.memory, labels, sigma=sigma, most=NEAR_A_SHIFT * cls.n_shifts)
                if found is not None:
                    break
                allowed //= 2
            near += [(tops[cls.index] - profit, route) for profit, route in found or ()]
        group = self.model.arrays.group
        best: dict[tuple[int, tuple[int, ...]], tuple[int, UntimedRoute]] = {}
        for short, route in near:
            key = (route.shift_class, tuple(sorted(group[list(route.options)].tolist())))
            if short <= gap and is_simple(route.options, group) and (key not in best or short < best[key][0]):
                best[key] = (short, route)
        order = sorted(best, key=lambda key: (best[key][0], key))
        return [best[key][1] for key in order[:MOST_NEAR]]

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
