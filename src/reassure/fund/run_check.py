"""The checker of an allocation: whole numbers only, no solver, nothing shared with the model.

Rules: what a choice must keep to before anybody may confirm it. Every sum is made again from the bids; a choice that
breaks a rule, or totals that differ by one, are faults. Elsewhere: how the choice was made (`optimum`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reassure.errors import Problem
from reassure.fund.bids import Key, Line, ScoredBid, Terms


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a run says of its choice; `bound` is the solver's bound for the value, `proven` its own word."""

    value: int
    n_places: int
    spent_pence: int
    bound: float
    proven: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What the checker found.

    Parameters
    ----------
    padding
        Funded lines whose removal would not lower the value: they are there to reach the minimum or tie.
    """

    problems: tuple[Problem, ...]
    value: int
    n_places: int
    spent_pence: int
    padding: tuple[Key, ...]

    @property
    def is_clean(self) -> bool:
        """Whether the run may be confirmed, as far as arithmetic goes."""
        return not self.problems


def check_run(bids: Iterable[ScoredBid], terms: Terms, chosen: frozenset[Key], claimed: Claimed) -> Checked:
    """Check a choice against every constraint and total; all faults at once."""
    by_ref = {bid.ref: bid for bid in bids}
    found: list[Problem] = []
    funded: dict[str, list[Line]] = {}
    for bid_ref, line_ref in sorted(chosen):
        line = next((x for x in by_ref[bid_ref].lines if x.ref == line_ref), None) if bid_ref in by_ref else None
        if line is None:
            found.append(Problem("line", f"{bid_ref}/{line_ref}", "a line of the bids"))
        else:
            funded.setdefault(bid_ref, []).append(line)
    for bid_ref, lines in funded.items():
        found += _bid_faults(by_ref[bid_ref], lines, terms)
    found += _pot_faults(by_ref, funded, terms)
    value = sum(_worth(by_ref[ref], lines) for ref, lines in funded.items())
    spent = sum(line.requested_pence for lines in funded.values() for line in lines)
    for name, said, is_so in (
        ("value", claimed.value, value),
        ("n_places", claimed.n_places, len(funded)),
        ("spent_pence", claimed.spent_pence, spent),
    ):
        if said != is_so:
            found.append(Problem(name, str(said), f"{is_so}, the sum over the chosen lines"))
    if not claimed.proven or not claimed.bound - value < 1:
        found.append(Problem("bound", f"{claimed.bound:.2f}", f"less than {value + 1}", says="the run is not proven"))
    padding = tuple(
        (ref, line.ref)
        for ref, lines in sorted(funded.items())
        for line in lines
        if _worth(by_ref[ref], [other for other in lines if other is not line]) == _worth(by_ref[ref], lines)
    )
    return Checked(tuple(found), value, len(funded), spent, padding)


def _worth(bid: ScoredBid, lines: list[Line]) -> int:
    """Need met by some lines of a bid, straight from its formula."""
    worth = 0
    for gap, depth in bid.gaps:
        done = 0
        for line in lines:
            done += sum(tenths for name, tenths in line.closes if name == gap)
        worth += bid.tenths * depth * (10 if done > 10 else done)
    return worth


def _bid_faults(bid: ScoredBid, lines: list[Line], terms: Terms) -> Iterable[Problem]:
    refs = {line.ref for line in lines}
    total = sum(line.requested_pence for line in lines)
    if bid.tenths < terms.threshold_tenths:
        yield Problem("tenths", str(bid.tenths), f"{terms.threshold_tenths} or more for bid {bid.ref}")
    if bid.evidence_x2 < terms.min_evidence_x2:
        yield Problem("evidence_x2", str(bid.evidence_x2), f"{terms.min_evidence_x2} or more for bid {bid.ref}")
    if terms.cap_pence is not None and bid.cap_used_pence + total > terms.cap_pence:
        yield Problem("award", str(total), f"at most {terms.cap_pence - bid.cap_used_pence} for bid {bid.ref}")
    if total < terms.min_award_pence:
        yield Problem("award", str(total), f"{terms.min_award_pence} or more for bid {bid.ref}")
    for line in lines:
        if line.needs and line.needs not in refs:
            yield Problem("needs", line.needs, f"funded beside {bid.ref}/{line.ref}")
    for ref in sorted(refs - _useful(bid)):
        yield Problem("line", f"{bid.ref}/{ref}", "a line that closes an open gap or that such a line needs")
    linked = _linked(bid)
    for line in lines:
        for other in refs & linked[line.ref]:
            if other > line.ref:
                yield Problem("alternative_of", f"{line.ref}, {other}", f"one of them, in bid {bid.ref}")


def _useful(bid: ScoredBid) -> set[str]:
    open_gaps = {gap for gap, depth in bid.gaps if depth > 0}
    out = {line.ref for line in bid.lines if any(gap in open_gaps and tenths > 0 for gap, tenths in line.closes)}
    for _ in bid.lines:
        out |= {line.needs for line in bid.lines if line.ref in out and line.needs}
    return out


def _linked(bid: ScoredBid) -> dict[str, set[str]]:
    """For each line those that exclude it, also by way of others."""
    near: dict[str, set[str]] = {line.ref: set() for line in bid.lines}
    for line in bid.lines:
        if line.alternative_of in near:
            near[line.ref].add(line.alternative_of)
            near[line.alternative_of].add(line.ref)
    out = {}
    for ref in near:
        seen, open_ = {ref}, [ref]
        while open_:
            for other in near[open_.pop()] - seen:
                seen.add(other)
                open_.append(other)
        out[ref] = seen - {ref}
    return out


def _pot_faults(by_ref: Mapping[str, ScoredBid], funded: Mapping[str, list[Line]], terms: Terms) -> Iterable[Problem]:
    by_type: dict[str, int] = {}
    by_region: dict[str, int] = {}
    spent = 0
    for ref, lines in funded.items():
        for line in lines:
            spent += line.requested_pence
            by_type[line.measure] = by_type.get(line.measure, 0) + line.requested_pence
            region = by_ref[ref].region
            by_region[region] = by_region.get(region, 0) + line.requested_pence
    if spent > terms.budget_pence:
        yield Problem("spent_pence", str(spent), f"at most {terms.budget_pence}")
    for measure, most in terms.type_caps_pence.items():
        if by_type.get(measure, 0) > most:
            yield Problem(f"type cap {measure}", str(by_type[measure]), f"at most {most}")
    for region, least in terms.floors_pence.items():
        if by_region.get(region, 0) < least:
            yield Problem(f"floor {region}", str(by_region.get(region, 0)), f"{least} or more")
