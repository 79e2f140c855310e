"""What competes for a pot: scored bids, their measure lines, and the terms of one run.

Rules: what a line may ask for, and every fault of a set of bids. A gap is 0 to 4 deep (4 minus the surveyor's level)
and closes once; a line closes 0 to 10 tenths of a gap. Money is pence. Elsewhere: the choice (`optimum`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reassure.errors import Problem
from reassure.fund.schemes import GAPS, Scheme
from reassure.money import part_pence

MAX_GAP = 4
FULLY_CLOSED = 10

Key = tuple[str, str]
"""A line: the references of its bid and of itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    One measure that a bid asks for.

    Parameters
    ----------
    closes
        Gap and how many tenths of it the measure closes, 0 to 10.
    alternative_of
        Another line of the bid; of all lines tied so at most one is funded. Empty for none.
    needs
        Another line of the bid without which this one is of no use. Empty for none.
    """

    ref: str
    measure: str
    cost_pence: int
    requested_pence: int
    closes: tuple[tuple[str, int], ...]
    other_grants_pence: int = 0
    alternative_of: str = ""
    needs: str = ""

    @property
    def contribution_pence(self) -> int:
        """What the place and its other grants pay."""
        return self.cost_pence - self.requested_pence


@dataclass(frozen=True, slots=True)
class ScoredBid:
    """A bid that was assessed; `cap_used_pence` is what its place has had of this cap already."""

    ref: str
    place_ref: str
    region: str
    faith: str
    tenths: int
    evidence_x2: int
    cap_used_pence: int
    gaps: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]

    def line(self, ref: str) -> Line:
        """The line of a reference."""
        return next(line for line in self.lines if line.ref == ref)

    def groups(self) -> list[tuple[str, ...]]:
        """Lines that are alternatives of each other, two or more in a group, in the order of the bid."""
        leader: dict[str, str] = {line.ref: line.ref for line in self.lines}

        def top(ref: str) -> str:
            while leader[ref] != ref:
                ref = leader[ref]
            return ref

        for line in self.lines:
            if line.alternative_of in leader:
                leader[top(line.ref)] = top(line.alternative_of)
        members: dict[str, list[str]] = {}
        for line in self.lines:
            members.setdefault(top(line.ref), []).append(line.ref)
        return [tuple(refs) for refs in members.values() if len(refs) > 1]


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What one run of the allocation has to keep to.

    Parameters
    ----------
    budget_pence
        What the run may spend: committed money and the holdback are already off.
    floors_pence
        Least for a region, absolute; off when empty.
    """

    budget_pence: int
    cap_pence: int | None
    min_award_pence: int
    threshold_tenths: int
    min_evidence_x2: int
    rate_bp: int = 10_000
    type_caps_pence: Mapping[str, int] = field(default_factory=dict)
    floors_pence: Mapping[str, int] = field(default_factory=dict)

    def cap_left(self, bid: ScoredBid) -> int | None:
        """What the place of a bid may still get; None without a cap."""
        return None if self.cap_pence is None else self.cap_pence - bid.cap_used_pence

    def passes(self, bid: ScoredBid) -> bool:
        """Whether a bid may compete: score and evidence are at least the lowest that pass."""
        return bid.tenths >= self.threshold_tenths and bid.evidence_x2 >= self.min_evidence_x2


def terms_of(scheme: Scheme, *, budget_pence: int) -> Terms:
    """The terms that a scheme sets for a run; what it does not know is not applied."""
    return Terms(
        budget_pence=budget_pence,
        cap_pence=scheme.cap_pence,
        min_award_pence=scheme.min_award_pence or 0,
        threshold_tenths=scheme.threshold_tenths,
        min_evidence_x2=scheme.min_evidence_x2,
        rate_bp=10_000 if scheme.rate_bp is None else scheme.rate_bp,
        type_caps_pence=dict(scheme.type_caps_pence),
        floors_pence=dict(scheme.floors_pence),
    )


def requested_pence(cost_pence: int, other_grants_pence: int, scheme: Scheme) -> int:
    """
    The most a line may ask for: the fund's part of its cost, no more than other grants leave, cut to the cap.

    A scheme whose rate is not known pays the whole cost here, and its screens say so.
    """
    part = part_pence(cost_pence, 10_000 if scheme.rate_bp is None else scheme.rate_bp)
    asked = min(part, cost_pence - other_grants_pence)
    return asked if scheme.cap_pence is None else min(asked, scheme.cap_pence)


def bids_problems(bids: Sequence[ScoredBid]) -> list[Problem]:
    """Every fault of a set of bids that reading single rows cannot show, in the order of the bids."""
    found = []
    for ref, n in Counter(b.ref for b in bids).items():
        if n > 1:
            found.append(Problem("bid_ref", ref, "each bid once"))
    for place, n in Counter(b.place_ref for b in bids).items():
        if n > 1:
            refs = ", ".join(b.ref for b in bids if b.place_ref == place)
            found.append(Problem("place_ref", place, "one bid for a place and round", says=f"{place} has bids {refs}"))
    for bid in bids:
        found += _bid_problems(bid)
    return found


def _bid_problems(bid: ScoredBid) -> Iterable[Problem]:
    refs = [line.ref for line in bid.lines]
    for ref, n in Counter(refs).items():
        if n > 1:
            yield Problem("line_ref", ref, f"each line of bid {bid.ref} once")
    for gap, depth in bid.gaps:
        if gap not in GAPS or not 0 <= depth <= MAX_GAP:
            yield Problem("gaps", f"{gap}={depth}", f"one of {', '.join(GAPS)}, 0 to {MAX_GAP}")
    for line in bid.lines:
        for column, other in (("alternative_of", line.alternative_of), ("needs", line.needs)):
            if other and (other not in refs or other == line.ref):
                yield Problem(column, other, f"another line of bid {bid.ref}")
        for gap, tenths in line.closes:
            if gap not in GAPS or not 0 <= tenths <= FULLY_CLOSED:
                yield Problem("closes", f"{gap}={tenths}", f"one of {', '.join(GAPS)}, 0 to {FULLY_CLOSED}")
        if not 0 <= line.requested_pence <= line.cost_pence - line.other_grants_pence or line.cost_pence <= 0:
            yield Problem("cost_pence", str(line.cost_pence), f"more than 0 and what line {line.ref} asks for")
    yield from _needs_problems(bid)


def _needs_problems(bid: ScoredBid) -> Iterable[Problem]:
    needs = {line.ref: line.needs for line in bid.lines}
    for start, first in needs.items():
        seen, ref = {start}, first
        while ref in needs and ref not in seen:
            seen.add(ref)
            ref = needs[ref]
        if ref == start:
            yield Problem("needs", first, f"lines of bid {bid.ref} that do not need each other in a circle")


def able_lines(bid: ScoredBid, terms: Terms) -> tuple[str, ...]:
    """
    The lines that endless money could fund, by reference in order.

    Left out first are lines that close nothing that is open, unless another needs them: nobody is paid for padding.
    Left out too are lines that ask for more than the cap leaves, and lines that need one left out.
    """
    by_ref = {line.ref: line for line in bid.lines}
    depth = dict(bid.gaps)
    useful = {line.ref for line in bid.lines if any(tenths * depth.get(gap, 0) for gap, tenths in line.closes)}
    while more := {by_ref[ref].needs for ref in useful} - useful - {""}:
        useful |= more
    left = terms.cap_left(bid)
    able = {ref for ref in useful if left is None or by_ref[ref].requested_pence <= left}
    while lost := {ref for ref in able if by_ref[ref].needs and by_ref[ref].needs not in able}:
        able -= lost
    return tuple(sorted(able))


def keys(bids: Iterable[ScoredBid]) -> list[Key]:
    """Every line of every bid, in order."""
    return [(bid.ref, line.ref) for bid in bids for line in bid.lines]


def closed(bid: ScoredBid, refs: Iterable[str]) -> dict[str, int]:
    """Tenths of each gap that a set of lines closes, at most 10."""
    chosen = set(refs)
    total: Counter[str] = Counter()
    for line in bid.lines:
        if line.ref in chosen:
            total.update(dict(line.closes))
    return {gap: min(FULLY_CLOSED, tenths) for gap, tenths in total.items()}


def need_met(bid: ScoredBid, refs: Iterable[str]) -> int:
    """What a set of lines is worth: score in tenths times depth times tenths closed, summed over the gaps."""
    done = closed(bid, refs)
    return bid.tenths * sum(depth * done.get(gap, 0) for gap, depth in bid.gaps)
