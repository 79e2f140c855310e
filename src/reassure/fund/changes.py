"""What would have changed a decision: the lowest score of a bid; score, cost or budget for a line.

Rules: a bid's lowest score is found by bisection, because a higher score never loses a funded bid. A line can enter
and leave again as its score, cost or the budget moves, so these are scanned step by step from today's value; steps
that provably change nothing are skipped. Elsewhere: reasons (`explanations`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reassure.errors import RuleError
from reassure.fund.allocation import Run
from reassure.fund.bids import FULLY_CLOSED, Key, Line, ScoredBid, Terms
from reassure.fund.optimum import Model
from reassure.money import part_pence

MAX_TENTHS = 1_000
STEP_PENCE = 10_000
"""Budgets and costs are scanned in steps of 100 pounds."""

MAX_SOLVES = 400


@dataclass(frozen=True, slots=True)
class Change:
    """
    The nearest value at which a bid or line would have been funded.

    Parameters
    ----------
    kind
        "score" (tenths), "cost" or "budget" (pence).
    found
        None when no value up to `searched_to` would have.
    """

    kind: str
    found: int | None
    searched_to: int


def lowest_score(run: Run, bid_ref: str) -> Change:
    """
    The lowest score in tenths at which a bid would have had any line funded, others unchanged.

    A bid whose evidence is too low stays out at any score.
    """
    bid = next(b for b in run.bids if b.ref == bid_ref)

    def is_funded(tenths: int) -> bool:
        model = Model(_with_bid(run.bids, replace(bid, tenths=tenths)), run.terms, run.seed)
        return any(ref == bid_ref for ref, _ in model.solve(forced_in=run.standing).chosen)

    if not is_funded(MAX_TENTHS):
        return Change("score", None, MAX_TENTHS)
    low, high = run.terms.threshold_tenths - 1, MAX_TENTHS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_funded(middle) else (middle, high)
    return Change("score", high, MAX_TENTHS)


def score_for_line(run: Run, key: Key, *, max_solves: int = MAX_SOLVES) -> Change:
    """
    The lowest score above today's at which a line would have been funded, others unchanged.

    With one tenth more, need met with the line held in grows by at most what the whole bid could close, and without
    it never falls; so a lead of -L cannot be made up in fewer than L / that many steps, and these are skipped.
    """
    bid = next(b for b in run.bids if b.ref == key[0])
    most = max(1, sum(depth * FULLY_CLOSED for _, depth in bid.gaps))
    tenths = max(bid.tenths, run.terms.threshold_tenths - 1) + 1
    for _ in range(max_solves):
        if tenths > MAX_TENTHS:
            return Change("score", None, MAX_TENTHS)
        changed = replace(bid, tenths=tenths)
        model = Model(_with_bid(run.bids, changed), run.terms, run.seed)
        lead = _lead(model, key, run.standing, run.terms.budget_pence)
        if lead is None:
            return Change("score", None, MAX_TENTHS)
        if lead >= 0:
            return Change("score", tenths, MAX_TENTHS)
        tenths += -(lead // most)
    return Change("score", None, min(MAX_TENTHS, tenths - 1))


def budget_for_line(run: Run, key: Key, *, max_solves: int = MAX_SOLVES) -> Change:
    """The lowest budget above today's, in steps of 100 pounds, at which a line would have been funded."""
    model = Model(run.bids, run.terms, run.seed)
    line = next(b for b in run.bids if b.ref == key[0]).line(key[1])
    furthest = run.terms.budget_pence + 2 * line.requested_pence
    budget = run.terms.budget_pence - run.terms.budget_pence % STEP_PENCE
    for _ in range(max_solves):
        budget += STEP_PENCE
        if budget > furthest + STEP_PENCE:
            return Change("budget", None, budget - STEP_PENCE)
        lead = _lead(model, key, run.standing, budget)
        if lead is None:
            return Change("budget", None, budget)
        if lead >= 0:
            return Change("budget", budget, budget)
    return Change("budget", None, budget)


def cost_for_line(run: Run, key: Key, *, max_solves: int = MAX_SOLVES) -> Change:
    """The highest cost below today's, in steps of 100 pounds, at which a line would have been funded."""
    bid = next(b for b in run.bids if b.ref == key[0])
    line = bid.line(key[1])
    cost = line.cost_pence + -line.cost_pence % STEP_PENCE
    for _ in range(max_solves):
        cost -= STEP_PENCE
        if cost <= 0:
            return Change("cost", None, STEP_PENCE)
        cheaper = _at_cost(line, cost, run.terms)
        lines = tuple(cheaper if x.ref == line.ref else x for x in bid.lines)
        model = Model(_with_bid(run.bids, replace(bid, lines=lines)), run.terms, run.seed)
        lead = _lead(model, key, run.standing, run.terms.budget_pence)
        if lead is not None and lead >= 0:
            return Change("cost", cost, cost)
    return Change("cost", None, cost)


def _lead(model: Model, key: Key, standing: frozenset[Key], budget_pence: int) -> int | None:
    """
    How far choices with a line are ahead of those without, in need met; negative when behind.

    0 only when the line is in the optimum after all four levels, -1 when it ties and loses; None when it cannot be
    funded at all.
    """
    try:
        held_in = model.solve(forced_in=standing | {key}, budget_pence=budget_pence, n_levels=1)
    except RuleError:
        return None
    out = model.solve(forced_in=standing, forced_out=frozenset({key}), budget_pence=budget_pence, n_levels=1)
    lead = held_in.value - out.value
    if lead == 0:
        best = model.solve(forced_in=standing, budget_pence=budget_pence)
        return 0 if key in best.chosen else -1
    return lead


def _with_bid(bids: Sequence[ScoredBid], changed: ScoredBid) -> tuple[ScoredBid, ...]:
    return tuple(changed if b.ref == changed.ref else b for b in bids)


def _at_cost(line: Line, cost_pence: int, terms: Terms) -> Line:
    asked = min(part_pence(cost_pence, terms.rate_bp), max(0, cost_pence - line.other_grants_pence))
    if terms.cap_pence is not None:
        asked = min(asked, terms.cap_pence)
    return replace(line, cost_pence=cost_pence, requested_pence=asked)
