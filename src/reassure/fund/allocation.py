"""One run of the allocation: the proven choice, a greedy preview beside it, and standing awards held in.

Rules: how a run is made and when it may be confirmed; the greedy choice by marginal value per pound, and the ranking
of whole bids, both only to compare. Elsewhere: the model (`optimum`), the checker (`run_check`), reasons
(`explanations`). Source: docs/rooms/fund.md.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from reassure.fund.bids import Key, ScoredBid, Terms, closed, need_met
from reassure.fund.optimum import Model, Optimum, competing, totals
from reassure.fund.run_check import Checked, Claimed, check_run

MAX_BUNDLE = 3
"""Lines that the greedy choice opens a bid with at most, to reach the minimum."""


@dataclass(frozen=True, slots=True)
class Override:
    """A decision of the panel to hold a line in or out, with the reason and by whom."""

    key: Key
    is_in: bool
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Run:
    """
    A run of the allocation.

    Parameters
    ----------
    best
        The proven optimum without overrides; `decided` is the choice with them, the same when there are none.
    relaxed_value, shadow_price
        Upper bound from lines in parts, and what one more pound would add to the value.
    standing
        Lines of accepted awards, always held in.
    """

    bids: tuple[ScoredBid, ...]
    terms: Terms
    seed: str
    best: Optimum
    decided: Optimum
    checked: Checked
    greedy: frozenset[Key]
    greedy_value: int
    relaxed_value: float
    shadow_price: float
    overrides: tuple[Override, ...] = ()
    standing: frozenset[Key] = frozenset()

    @property
    def override_cost(self) -> int:
        """Need that the overrides leave unmet."""
        return self.best.value - self.decided.value

    @property
    def may_confirm(self) -> bool:
        """Whether the run is proven and the checker found nothing."""
        return self.decided.proven and self.checked.is_clean


def allocate(
    bids: Sequence[ScoredBid],
    terms: Terms,
    seed: str,
    *,
    overrides: Sequence[Override] = (),
    standing: frozenset[Key] = frozenset(),
) -> Run:
    """
    Choose the lines to fund.

    Parameters
    ----------
    standing
        Lines of awards already accepted, held in; their money counts against the budget of this run.

    Raises
    ------
    RuleError
        No choice keeps to the terms with the overrides and standing awards.
    """
    ordered = tuple(sorted(bids, key=lambda b: b.ref))
    model = Model(ordered, terms, seed)
    start = greedy(ordered, terms, standing=standing)
    best = model.solve(forced_in=standing, start=start)
    decided = best
    if overrides:
        held_in = frozenset(o.key for o in overrides if o.is_in)
        held_out = frozenset(o.key for o in overrides if not o.is_in)
        decided = model.solve(forced_in=standing | held_in, forced_out=held_out)
    bound = decided.bounds[0]
    claimed = Claimed(decided.value, decided.n_places, decided.spent_pence, bound, decided.proven)
    relaxed_value, price = model.relaxed(forced_in=standing)
    return Run(
        bids=ordered,
        terms=terms,
        seed=seed,
        best=best,
        decided=decided,
        checked=check_run(ordered, terms, decided.chosen, claimed),
        greedy=start,
        greedy_value=totals(ordered, start, seed)[0],
        relaxed_value=relaxed_value,
        shadow_price=price,
        overrides=tuple(overrides),
        standing=standing,
    )


def fits(bid: ScoredBid, refs: frozenset[str], terms: Terms) -> bool:
    """Whether a set of a bid's lines keeps to the bid's own rules: cap, minimum, alternatives, needs."""
    pence = sum(line.requested_pence for line in bid.lines if line.ref in refs)
    left = terms.cap_left(bid)
    return (
        (not refs or pence >= terms.min_award_pence)
        and (left is None or pence <= left)
        and all(len(refs & set(group)) <= 1 for group in bid.groups())
        and all(line.needs in refs for line in bid.lines if line.needs and line.ref in refs)
    )


def additions(bid: ScoredBid, able: Sequence[str], have: frozenset[str], terms: Terms) -> list[frozenset[str]]:
    """Sets of up to three further lines that the bid's own rules allow beside those it has."""
    rest = [ref for ref in able if ref not in have]
    return [
        frozenset(some)
        for n in range(1, MAX_BUNDLE + 1)
        for some in combinations(rest, n)
        if fits(bid, have | frozenset(some), terms)
    ]


def greedy(bids: Iterable[ScoredBid], terms: Terms, *, standing: frozenset[Key] = frozenset()) -> frozenset[Key]:
    """
    A quick choice: again and again the addition with the most value per pound that still fits.

    It never beats the optimum; it previews a round and is where the solver starts. Floors are not looked at.
    """
    groups = competing(bids, terms)
    have: dict[str, frozenset[str]] = {
        bid.ref: frozenset(line for ref, line in standing if ref == bid.ref) for bid, _ in groups
    }
    price = {(bid.ref, line.ref): line.requested_pence for bid, _ in groups for line in bid.lines}
    left = terms.budget_pence - sum(price.get(key, 0) for key in standing)
    types = dict(terms.type_caps_pence)
    measure = {(bid.ref, line.ref): line.measure for bid, _ in groups for line in bid.lines}
    for key in standing:
        if measure.get(key) in types:
            types[measure[key]] -= price[key]
    by_ref = {bid.ref: (bid, able) for bid, able in groups}
    rounds = dict.fromkeys(by_ref, 0)
    heap: list[tuple[Fraction, str, int, int, tuple[str, ...]]] = []

    def offer(ref: str) -> None:
        bid, able = by_ref[ref]
        for ratio, pence, some in _offers(bid, able, have[ref], terms):
            heapq.heappush(heap, (-ratio, ref, pence, rounds[ref], tuple(sorted(some))))

    for ref in by_ref:
        offer(ref)
    while heap:  # what does not fit now never will: money and caps by kind only shrink
        _, ref, pence, made_in, lines = heapq.heappop(heap)
        some = frozenset(lines)
        if made_in != rounds[ref] or pence > left or not _within_types(ref, some, measure, price, types):
            continue
        have[ref] |= some
        left -= pence
        for line in some:
            if measure[ref, line] in types:
                types[measure[ref, line]] -= price[ref, line]
        rounds[ref] += 1
        offer(ref)
    return frozenset((ref, line) for ref, lines in have.items() for line in lines)


def _offers(
    bid: ScoredBid, able: Sequence[str], have: frozenset[str], terms: Terms
) -> list[tuple[Fraction, int, frozenset[str]]]:
    """What can be added to a bid that is worth something: (value per penny, pence, lines), best first."""
    now = need_met(bid, have)
    out = []
    for some in additions(bid, able, have, terms):
        worth = need_met(bid, have | some) - now
        pence = sum(bid.line(ref).requested_pence for ref in some)
        if worth > 0 and pence > 0:
            out.append((Fraction(worth, pence), pence, some))
    return sorted(out, key=lambda offer: (-offer[0], offer[1], sorted(offer[2])))


def _within_types(
    ref: str,
    some: frozenset[str],
    measure: dict[Key, str],
    price: dict[Key, int],
    types: dict[str, int],
) -> bool:
    if not types:
        return True
    asked: dict[str, int] = {}
    for line in some:
        asked[measure[ref, line]] = asked.get(measure[ref, line], 0) + price[ref, line]
    return all(pence <= types.get(kind, pence) for kind, pence in asked.items())


def by_score(bids: Iterable[ScoredBid], terms: Terms) -> frozenset[Key]:
    """
    What ranking whole bids by score would fund: each bid, best first, with its fullest set of lines that still fits.

    Only to compare with: it is how a round without this product might be decided.
    """
    left = terms.budget_pence
    out: set[Key] = set()
    for bid, able in sorted(competing(bids, terms), key=lambda pair: (-pair[0].tenths, pair[0].ref)):
        choices = [
            frozenset(some)
            for n in range(1, len(able) + 1)
            for some in combinations(able, n)
            if fits(bid, frozenset(some), terms)
        ]
        if not choices:
            continue
        full = max(choices, key=lambda s: (need_met(bid, s), -_pence(bid, s), sorted(s)))
        if _pence(bid, full) <= left:
            left -= _pence(bid, full)
            out |= {(bid.ref, ref) for ref in full}
    return frozenset(out)


def _pence(bid: ScoredBid, refs: frozenset[str]) -> int:
    return sum(line.requested_pence for line in bid.lines if line.ref in refs)


def part_closed(bid: ScoredBid, refs: Iterable[str]) -> float:
    """Which part of a bid's surveyed gaps a set of lines closes, 0 to 1; 1 where there is no gap."""
    whole = sum(10 * depth for _, depth in bid.gaps)
    done = closed(bid, refs)
    return sum(depth * done.get(gap, 0) for gap, depth in bid.gaps) / whole if whole else 1.0
