"""Why each line was funded or not: codes that are proven, and what holding a line in would have cost.

Rules: which codes are true of a line, in their order; the first leads the letter. Every code is proven in whole
numbers from the choice alone (`is_proven`), except that TIE needs a second optimum. Regret is the need left unmet
when a line is held in. Elsewhere: what would have changed it (`changes`), words (`reason_words`).
Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from reassure.errors import RuleError
from reassure.fund.allocation import Run, fits
from reassure.fund.bids import Key, Line, ScoredBid, Terms, able_lines, need_met
from reassure.fund.optimum import Model

UNFUNDED_CODES = (
    "OVERRIDE_OUT",
    *(f"E{n:02d}" for n in range(1, 16)),
    "BELOW_THRESHOLD",
    "EVIDENCE_LOW",
    "CAP_PLACE",
    "MIN_AWARD",
    "TYPE_CAP",
    "ALTERNATIVE",
    "NEEDS_OTHER",
    "GAP_CLOSED",
    "FLOOR",
    "TIE",
    "BUDGET",
)
FUNDED_CODES = ("OVERRIDE_IN", "RESERVE_IN", "TIE", "ALL_OPTIMA")
"""In the order in which they lead."""


@dataclass(frozen=True, slots=True)
class LineReason:
    """
    Why a line is funded or not.

    Parameters
    ----------
    codes
        Every code that is true, the leading one first; never empty.
    """

    key: Key
    is_funded: bool
    codes: tuple[str, ...]


def line_reasons(
    run: Run, model: Model, *, failed: Mapping[str, tuple[str, ...]] | None = None
) -> dict[Key, LineReason]:
    """
    The reason of every line of a run, in the order of the bids.

    Parameters
    ----------
    model
        The run's own model.
    failed
        Rules E01 to E15 that a bid failed, by bid; such a bid should not be in the run, but may be explained with it.
    """
    held_in = frozenset(o.key for o in run.overrides if o.is_in)
    settled = model.settled(run.best, forced_in=run.standing)
    regions = _regions_moved_by_floors(run)
    out = {}
    for bid in run.bids:
        for line in bid.lines:
            key = (bid.ref, line.ref)
            if key in run.decided.chosen:
                codes = _funded_codes(key, run, held_in, settled)
            else:
                codes = _unfunded_codes(bid, line, run, settled, (failed or {}).get(bid.ref, ()), regions)
            out[key] = LineReason(key, key in run.decided.chosen, codes)
    return out


def _funded_codes(key: Key, run: Run, held_in: frozenset[Key], settled: frozenset[Key]) -> tuple[str, ...]:
    found = []
    if key in held_in and key not in run.best.chosen:
        found.append("OVERRIDE_IN")
    if run.standing and key not in run.standing:
        found.append("RESERVE_IN")
    found.append("ALL_OPTIMA" if key in settled else "TIE")
    return tuple(found)


def _unfunded_codes(
    bid: ScoredBid,
    line: Line,
    run: Run,
    settled: frozenset[Key],
    failed: tuple[str, ...],
    without_floors: frozenset[Key],
) -> tuple[str, ...]:
    key = (bid.ref, line.ref)
    found = list(failed)
    if any(o.key == key and not o.is_in for o in run.overrides):
        found.insert(0, "OVERRIDE_OUT")
    found += [
        code for code in UNFUNDED_CODES[16:24] if is_proven(code, bid, line, run.bids, run.terms, run.decided.chosen)
    ]
    if found:
        return tuple(found)
    if key in without_floors:
        return ("FLOOR",)
    return ("BUDGET",) if key in settled or key not in model_lines(run) else ("TIE",)


def model_lines(run: Run) -> frozenset[Key]:
    """Lines that the run's model weighs at all."""
    return frozenset((bid.ref, line.ref) for bid in run.bids if run.terms.passes(bid) for line in bid.lines)


def _regions_moved_by_floors(run: Run) -> frozenset[Key]:
    """Lines that would be funded if no floor were set; empty when floors are off."""
    if not run.terms.floors_pence:
        return frozenset()
    free = Model(run.bids, replace(run.terms, floors_pence={}), run.seed)
    return free.solve(forced_in=run.standing).chosen - run.decided.chosen


def is_proven(
    code: str, bid: ScoredBid, line: Line, bids: Iterable[ScoredBid], terms: Terms, chosen: frozenset[Key]
) -> bool:
    """
    Whether a code is true of an unfunded line, from the chosen lines alone, in whole numbers.

    BUDGET holds when every addition of this line that the bid's own rules allow would overspend, or close nothing
    more. TIE and FLOOR cannot be proven so and are False here.
    """
    have = frozenset(ref for b, ref in chosen if b == bid.ref)
    beside = have | _with_needs(bid, line.ref)
    left = terms.cap_left(bid)
    pence = sum(x.requested_pence for x in bid.lines if x.ref in beside)
    if code == "TYPE_CAP":
        return _is_over_type_cap(line, bids, terms, chosen)
    if code == "BUDGET":
        return _overspends(bid, line.ref, bids, terms, chosen)
    alone = {
        "BELOW_THRESHOLD": bid.tenths < terms.threshold_tenths,
        "EVIDENCE_LOW": bid.evidence_x2 < terms.min_evidence_x2,
        "CAP_PLACE": left is not None and pence > left,
        "MIN_AWARD": (left is None or pence <= left) and not _possible(bid, line.ref, terms),
        "ALTERNATIVE": any(line.ref in group and have & set(group) for group in bid.groups()),
        "NEEDS_OTHER": bool(line.needs) and line.needs not in have,
        "GAP_CLOSED": need_met(bid, beside) == need_met(bid, have),
    }
    return alone.get(code, False)


def _is_over_type_cap(line: Line, bids: Iterable[ScoredBid], terms: Terms, chosen: frozenset[Key]) -> bool:
    most = terms.type_caps_pence.get(line.measure)
    of_type = sum(
        x.requested_pence for b in bids for x in b.lines if (b.ref, x.ref) in chosen and x.measure == line.measure
    )
    return most is not None and of_type + line.requested_pence > most


def _with_needs(bid: ScoredBid, ref: str) -> frozenset[str]:
    out = {ref}
    while (needed := bid.line(ref).needs) and needed not in out:
        out.add(needed)
        ref = needed
    return frozenset(out)


def _possible(bid: ScoredBid, ref: str, terms: Terms) -> bool:
    """Whether endless money could fund this line with any others of its bid."""
    return any(ref in some for some in _own_sets(bid, terms))


def _own_sets(bid: ScoredBid, terms: Terms) -> list[frozenset[str]]:
    refs = able_lines(bid, terms)
    return [
        frozenset(some)
        for n in range(1, len(refs) + 1)
        for some in combinations(refs, n)
        if fits(bid, frozenset(some), terms)
    ]


def _overspends(bid: ScoredBid, ref: str, bids: Iterable[ScoredBid], terms: Terms, chosen: frozenset[Key]) -> bool:
    have = frozenset(r for b, r in chosen if b == bid.ref)
    spent = sum(x.requested_pence for b in bids for x in b.lines if (b.ref, x.ref) in chosen)
    now = need_met(bid, have)
    by_type: dict[str, int] = {}
    for b in bids if terms.type_caps_pence else ():
        for x in b.lines:
            if (b.ref, x.ref) in chosen and b.ref != bid.ref:
                by_type[x.measure] = by_type.get(x.measure, 0) + x.requested_pence
    for some in _own_sets(bid, terms):
        if ref in some and have <= some and need_met(bid, some) > now and _within_type_caps(bid, some, terms, by_type):
            more = sum(x.requested_pence for x in bid.lines if x.ref in some - have)
            if spent + more <= terms.budget_pence:
                return False
    return True


def _within_type_caps(bid: ScoredBid, some: frozenset[str], terms: Terms, by_type: Mapping[str, int]) -> bool:
    for measure, most in terms.type_caps_pence.items():
        mine = sum(x.requested_pence for x in bid.lines if x.ref in some and x.measure == measure)
        if by_type.get(measure, 0) + mine > most:
            return False
    return True


def regret(run: Run, model: Model, key: Key) -> int:
    """
    Need left unmet when a line is held in (an unfunded one) or out (a funded one).

    Raises
    ------
    RuleError
        No choice keeps to the terms with this line held in.
    """
    if key in run.best.chosen:
        held = model.solve(forced_in=run.standing - {key}, forced_out=frozenset({key}), n_levels=1)
    else:
        held = model.solve(forced_in=run.standing | {key}, n_levels=1)
    return run.best.value - held.value


def regret_or_none(run: Run, model: Model, key: Key) -> int | None:
    """As `regret`, but None where the line cannot be funded at all, for tables that show a dash."""
    try:
        return regret(run, model, key)
    except RuleError:
        return None


@dataclass(frozen=True, slots=True)
class OverridePrice:
    """What holding a line in or out does, shown before anybody decides it."""

    key: Key
    cost: int
    share: float
    enters: tuple[Key, ...]
    leaves: tuple[Key, ...]


def override_price(run: Run, model: Model, key: Key, *, is_in: bool) -> OverridePrice:
    """
    The price of an override: need left unmet, its share of the optimum, and every other line that changes.

    Raises
    ------
    RuleError
        The line cannot be held in.
    """
    held = frozenset({key})
    other = model.solve(
        forced_in=run.standing | held if is_in else run.standing, forced_out=frozenset() if is_in else held
    )
    cost = run.best.value - other.value
    return OverridePrice(
        key,
        cost,
        cost / run.best.value if run.best.value else 0.0,
        tuple(sorted(other.chosen - run.best.chosen - held)),
        tuple(sorted(run.best.chosen - other.chosen - held)),
    )
