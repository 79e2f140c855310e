"""Changing a plan on the day: what has happened stays, and every changed visit has a price.

Rules: which visits are frozen, what counts as changed, how many changes may be made, and how the price of a change
rises until so few are. A plan is never drawn again on the day. Elsewhere: what is left of the day as a problem of its
own (`replan_rest`), reading the plan in force (`replan_reading`), the new document (`replan_document`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import floor

from reassure.patrols.lottery_chain import Chain
from reassure.patrols.problem import PatrolProblem, Plan
from reassure.patrols.replan_rest import Rest, merged, rest_of_day

FREEZE_S = 1_800
"""A visit that starts within 30 minutes is not changed any more."""

MOVED_S = 900
"""A start that moves by more than 15 minutes is a change."""

MOST_CHANGED_SHARE = 0.2
"""Part of the visits of surviving units that Bronze may change; more needs Silver (our choice)."""

PRICES = (0.05, 0.2, 0.8, 3.2, 50.0)
"""Prices of a changed visit that are tried in turn, in mean prizes."""

STEPS, AFRESH_STEPS = 2_000, 4_000
HOT, COLD = 0.1, 0.01
"""Temperature of the search at the start and at the end, in mean prizes."""


@dataclass(frozen=True, slots=True)
class Change:
    """
    What happened to a plan in force.

    Parameters
    ----------
    at_s
        When it became known, seconds of the problem.
    lost
        Shifts that do no more visits.
    cancelled
        Sites that are not visited any more.
    n_added
        Shifts, the last of the problem, that were not in the plan.
    """

    at_s: int
    lost: frozenset[int] = frozenset()
    cancelled: frozenset[int] = frozenset()
    n_added: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.lost and not self.cancelled and not self.n_added


@dataclass(frozen=True, slots=True)
class Replanned:
    """
    A changed plan and what it cost.

    Parameters
    ----------
    n_surviving
        Visits of surviving units in the plan in force; those to cancelled places are left out.
    n_changed
        Those of them with another unit, a start moved by more than 15 minutes, or dropped.
    most_changed
        How many might change.
    afresh
        Prize of the best plan found when changes cost nothing, hundredths.
    price
        Of a changed visit, in mean prizes.
    """

    plan: Plan
    n_surviving: int
    n_changed: int
    most_changed: int
    n_orphaned: int
    afresh: int
    price: float
    n_rounds: int


def most_changes(n_surviving: int, share: float = MOST_CHANGED_SHARE) -> int:
    """
    How many visits may change.

    Examples
    --------
    >>> most_changes(108)
    21
    """
    return floor(share * n_surviving + 1e-9)


def approver(n_changed: int, n_surviving: int) -> str:
    """
    Who may approve so many changes.

    Examples
    --------
    >>> approver(21, 108), approver(22, 108)
    ('bronze', 'silver')
    """
    return "bronze" if n_changed <= most_changes(n_surviving) else "silver"


def replan(
    problem: PatrolProblem,
    plan: Plan,
    change: Change,
    *,
    seed: int = 1,
    most_changed_share: float = MOST_CHANGED_SHARE,
) -> Replanned:
    """
    Plan the rest of the day again from the plan in force.

    Parameters
    ----------
    problem, plan
        Of the plan in force; added units are the last shifts and have routes without stops.
    most_changed_share
        Part of the visits of surviving units that may change.

    Returns
    -------
    Replanned
        The plan in force itself where nothing changed.
    """
    before = _visits(problem, plan, change)
    surviving = {key: visit for key, visit in before.items() if visit[0] not in change.lost}
    limit = most_changes(len(surviving), most_changed_share)
    if change.is_empty:
        return Replanned(plan, len(surviving), 0, limit, 0, plan.prize, 0.0, 0)
    tried: list[tuple[Plan, int, float]] = []
    rest = rest_of_day(problem, plan, change.at_s, FREEZE_S, change.lost, change.cancelled)
    for n, price in enumerate(PRICES):
        found = _searched(problem, rest, price=price, seed=seed * 1_000_003 + n, steps=STEPS)
        tried.append((found, n_changed(surviving, _visits(problem, found, change)), price))
        if tried[-1][1] <= limit:
            break
    else:
        firm = rest_of_day(problem, plan, change.at_s, FREEZE_S, change.lost, change.cancelled, is_firm=True)
        found = _searched(problem, firm, price=0.0, seed=seed, steps=STEPS)
        tried.append((found, n_changed(surviving, _visits(problem, found, change)), PRICES[-1]))
    chosen, changed, price = tried[-1]
    afresh = _searched(problem, rest, price=0.0, seed=seed * 1_000_003 + 100, steps=AFRESH_STEPS)
    return Replanned(
        chosen,
        len(surviving),
        changed,
        limit,
        sum(1 for visit in before.values() if visit[0] in change.lost) - _done(problem, chosen, change),
        max(afresh.prize, *(found.prize for found, _, _ in tried)),
        price,
        len(tried),
    )


def n_changed(
    before: Mapping[tuple[int, int], tuple[int, int]], after: Mapping[tuple[int, int], tuple[int, int]]
) -> int:
    """Visits with another unit, a start moved by more than 15 minutes, or dropped; both are (unit, start) by place."""
    return sum(
        1
        for key, (shift, start_s) in before.items()
        if key not in after or after[key][0] != shift or abs(after[key][1] - start_s) > MOVED_S
    )


def _searched(problem: PatrolProblem, rest: Rest, *, price: float, seed: int, steps: int) -> Plan:
    """The rest of the day searched with a price of changes, as a plan for the whole day."""
    scale = _mean_prize(rest.problem)
    options = tuple(
        replace(o, prize=o.prize + round(price * scale)) if i >= rest.first_kept else o
        for i, o in enumerate(rest.problem.options)
    )
    chain = Chain(replace(rest.problem, options=options), rest.plan, seed=seed)
    chain.run(steps, HOT * scale, COLD * scale)
    return merged(problem, rest, chain.plan(chain.best_rows()))


def _mean_prize(problem: PatrolProblem) -> float:
    tops: dict[int, int] = {}
    for option in problem.options:
        tops[option.group] = max(tops.get(option.group, 0), option.prize)
    return max(1.0, sum(tops.values()) / max(1, len(tops)))


def _visits(problem: PatrolProblem, plan: Plan, change: Change) -> dict[tuple[int, int], tuple[int, int]]:
    """(shift, start) of each visit by (site, how many visits there start earlier); cancelled places left out."""
    found: dict[int, list[tuple[int, int]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            site = problem.options[stop.option].site
            if site not in change.cancelled or stop.start_s <= change.at_s:
                found.setdefault(site, []).append((stop.start_s, route.shift))
    return {
        (site, n): (shift, start_s)
        for site, visits in found.items()
        for n, (start_s, shift) in enumerate(sorted(visits))
    }


def _done(problem: PatrolProblem, plan: Plan, change: Change) -> int:
    """Visits that lost units had made before."""
    return sum(1 for shift, _ in _visits(problem, plan, change).values() if shift in change.lost)
