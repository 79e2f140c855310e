"""Invented bids to try the fund's rules on; every name, place and amount is generated and says so.

Rules: one seed gives one set of bids. Costs, gaps and scores have the spread of the published averages (2018-19:
22 of 46 mosque bids funded with 375,413, a mean of 17,064.23), no more than that. Elsewhere: whole rounds with
their events (`fund_demo`).
"""

import random
from collections.abc import Sequence

from reassure.fund.bids import Line, ScoredBid, requested_pence
from reassure.fund.schemes import Scheme

REGIONS = (
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "Wales",
    "West Midlands",
    "Yorkshire and The Humber",
)
FAITHS = (("christian", 45), ("muslim", 30), ("sikh", 9), ("hindu", 9), ("buddhist", 4), ("other", 3))

_CLOSES: dict[str, tuple[tuple[str, int, int], ...]] = {
    "cctv": (("detect", 5, 8), ("light", 0, 3)),
    "fence": (("perimeter", 6, 9),),
    "gate": (("perimeter", 3, 6),),
    "door": (("door", 6, 10), ("entry", 0, 3)),
    "locks": (("door", 4, 7), ("window", 0, 5)),
    "glazing": (("window", 5, 9),),
    "alarm": (("detect", 1, 3),),
    "entry_control": (("entry", 5, 8),),
    "intercom": (("entry", 4, 7), ("door", 0, 2)),
    "lighting": (("light", 6, 9),),
    "mailbox": (("door", 1, 3),),
}
_MEAN_POUNDS = {
    "cctv": 9_000,
    "fence": 14_000,
    "gate": 6_000,
    "door": 5_500,
    "locks": 1_600,
    "glazing": 4_000,
    "alarm": 2_500,
    "entry_control": 4_200,
    "intercom": 2_800,
    "lighting": 3_500,
    "mailbox": 900,
}
"""What the measures are invented to do and to cost; ours."""


def demo_bids(scheme: Scheme, *, seed: int, n_bids: int, n_lines: int) -> tuple[ScoredBid, ...]:
    """
    Invented bids with scores, gaps and measure lines.

    Parameters
    ----------
    n_lines
        Lines of all bids together, 1 to 4 for each; about one bid in twelve offers two lines as alternatives,
        about as many have a line that needs another.
    """
    rng = random.Random(f"fund|{seed}|{n_bids}|{n_lines}")
    counts = [1] * n_bids
    free = [i for i in range(n_bids) for _ in range(3)]
    for i in rng.sample(free, min(len(free), max(0, n_lines - n_bids))):
        counts[i] += 1
    return tuple(_bid(rng, scheme, f"B{i + 1:04d}", n) for i, n in enumerate(counts))


def _bid(rng: random.Random, scheme: Scheme, ref: str, n_lines: int) -> ScoredBid:
    measures = rng.sample(sorted(_CLOSES), n_lines)
    gaps = {gap: rng.choice((1, 2, 2, 3, 3, 4)) for m in measures for gap, _, high in _CLOSES[m] if high >= 3}
    lines: list[Line] = []
    for n, measure in enumerate(measures, 1):
        cost = round(_MEAN_POUNDS[measure] * rng.lognormvariate(0, 0.5)) * 100 + rng.choice((0, 0, 0, 50, 99))
        cost = min(cost, scheme.project_ceiling_pence or cost)
        closes = tuple(sorted((gap, k) for gap, low, high in _CLOSES[measure] if (k := rng.randint(low, high))))
        lines.append(Line(f"{ref}-{n}", measure, cost, requested_pence(cost, 0, scheme), closes))
    if n_lines > 1 and rng.random() < 0.16:
        lines[1] = _tied(lines[1], rng.choice(("alternative_of", "needs")), lines[0].ref)
    cap = scheme.cap_pence or 0
    return ScoredBid(
        ref=ref,
        place_ref=f"demo-place-{ref[1:]}",
        region=rng.choice(REGIONS),
        faith=rng.choices([f for f, _ in FAITHS], [w for _, w in FAITHS])[0],
        tenths=5 * round(min(980, max(150, rng.gauss(520, 130))) / 5),
        evidence_x2=rng.choice((2, 3, 4, 4, 5, 6, 6, 7, 8, 9)),
        cap_used_pence=rng.choice((cap // 2, cap * 4 // 5)) if cap and rng.random() < 0.06 else 0,
        gaps=tuple(sorted(gaps.items())),
        lines=tuple(lines),
    )


def _tied(line: Line, how: str, other: str) -> Line:
    return Line(
        line.ref,
        line.measure,
        line.cost_pence,
        line.requested_pence,
        line.closes,
        alternative_of=other if how == "alternative_of" else "",
        needs=other if how == "needs" else "",
    )


def n_lines_of(bids: Sequence[ScoredBid]) -> int:
    """How many lines a set of bids has."""
    return sum(len(bid.lines) for bid in bids)
