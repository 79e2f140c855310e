"""The worked round of the specification, and an enumeration that knows nothing of the solver."""

from itertools import combinations

from reassure.files.schemes import preset
from reassure.fund.bids import Line, ScoredBid, Terms, requested_pence, terms_of

SCHEME = preset("2018-demo")
SEED = "oracle"


def line(ref: str, cost: int, closes: dict[str, int], measure: str = "door", alternative_of: str = "", needs: str = ""):
    return Line(ref, measure, cost, requested_pence(cost, 0, SCHEME), tuple(closes.items()), 0, alternative_of, needs)


def bid(ref: str, tenths: int, gaps: dict[str, int], *lines: Line, cap_used: int = 0) -> ScoredBid:
    return ScoredBid(ref, f"place-{ref}", "Demo", "unknown", tenths, 7, cap_used, tuple(gaps.items()), lines)


BIDS = (
    bid(
        "A",
        705,
        {"door": 3, "light": 2, "detect": 2},
        line("A1", 600_000, {"door": 9}),
        line("A2", 450_000, {"light": 8}, "lighting"),
        line("A3", 1_500_000, {"detect": 7, "light": 3}, "cctv"),
    ),
    bid(
        "B",
        640,
        {"perimeter": 4, "entry": 2},
        line("B1", 1_800_000, {"perimeter": 8}, "fence"),
        line("B2", 750_000, {"entry": 8}, "entry_control"),
        cap_used=4_000_000,
    ),
    bid(
        "C",
        830,
        {"detect": 3, "entry": 3},
        line("C1", 2_500_000, {"detect": 7}, "cctv"),
        line("C2", 500_000, {"entry": 6}, "intercom"),
        line("C3", 625_000, {"entry": 7}, "entry_control", alternative_of="C2"),
    ),
    bid(
        "D",
        585,
        {"window": 2},
        line("D1", 110_000, {"window": 5}, "glazing"),
        line("D2", 90_000, {"window": 5}, "locks"),
    ),
    bid("F", 385, {"door": 4}, line("F1", 300_000, {"door": 9})),
    bid(
        "E",
        455,
        {"detect": 3, "light": 1},
        line("E1", 899_999, {"detect": 6}, "cctv"),
        line("E2", 200_000, {"detect": 3}, "alarm", needs="E1"),
        line("E3", 500_000, {"light": 9}, "lighting"),
    ),
)

TERMS = terms_of(SCHEME, budget_pence=3_000_000)
OPTIMUM = {"A1", "A2", "B2", "C3", "D1", "D2", "E1", "E2"}


def alternatives(b: ScoredBid) -> list[set[str]]:
    """Lines of which at most one may be funded: those tied, also by way of others."""
    sets = [{m.ref} for m in b.lines]
    for m in b.lines:
        if m.alternative_of:
            joined = [s for s in sets if s & {m.ref, m.alternative_of}]
            sets = [s for s in sets if s not in joined] + [set().union(*joined)]
    return sets


def own_choices(b: ScoredBid, terms: Terms):
    """Every set of a bid's lines that its own rules allow, with its worth and its pence; written from the formulas."""
    out = [((), 0, 0)]
    if b.tenths < terms.threshold_tenths or b.evidence_x2 < terms.min_evidence_x2:
        return out
    depth = dict(b.gaps)
    useful = {m.ref for m in b.lines if any(k > 0 and depth.get(g, 0) > 0 for g, k in m.closes)}
    for _ in b.lines:  # a line that closes nothing only counts where a useful one needs it
        useful |= {m.needs for m in b.lines if m.ref in useful and m.needs}
    lines = [m for m in b.lines if m.ref in useful]
    for n in range(1, len(lines) + 1):
        for some in combinations(lines, n):
            refs = {m.ref for m in some}
            pence = sum(m.requested_pence for m in some)
            if any(len(refs & tied) > 1 for tied in alternatives(b)) or any(
                m.needs and m.needs not in refs for m in some
            ):
                continue
            if pence < terms.min_award_pence:
                continue
            if terms.cap_pence is not None and pence > terms.cap_pence - b.cap_used_pence:
                continue
            worth = 0
            for gap, depth in b.gaps:
                worth += b.tenths * depth * min(10, sum(dict(m.closes).get(gap, 0) for m in some))
            out.append((tuple(sorted(refs)), worth, pence))
    return out


def enumerate_choices(bids, terms: Terms):
    """Every choice that keeps to the terms (budget, caps, types, floors), as (set of keys, value, places, pence)."""
    found = [(frozenset(), 0, 0, 0)]
    for b in bids:
        found = [
            (keys | {(b.ref, r) for r in refs}, value + worth, places + bool(refs), pence + more)
            for keys, value, places, pence in found
            for refs, worth, more in own_choices(b, terms)
            if pence + more <= terms.budget_pence
        ]
    asked = {(b.ref, m.ref): (m.measure, b.region, m.requested_pence) for b in bids for m in b.lines}

    def keeps(keys) -> bool:
        by_type = {t: sum(asked[k][2] for k in keys if asked[k][0] == t) for t in terms.type_caps_pence}
        by_region = {r: sum(asked[k][2] for k in keys if asked[k][1] == r) for r in terms.floors_pence}
        return all(by_type[t] <= c for t, c in terms.type_caps_pence.items()) and all(
            by_region[r] >= f for r, f in terms.floors_pence.items()
        )

    return [choice for choice in found if keeps(choice[0])]
