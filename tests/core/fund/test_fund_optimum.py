"""The optimum against enumeration on random small rounds, and what holds for all rounds."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund_oracle import enumerate_choices
from reassure.errors import RuleError
from reassure.fund.allocation import allocate, greedy
from reassure.fund.bids import Line, ScoredBid, Terms, bids_problems, keys
from reassure.fund.changes import lowest_score
from reassure.fund.explanations import UNFUNDED_CODES, is_proven, line_reasons, regret
from reassure.fund.optimum import Model, draw_number, totals
from reassure.fund.run_check import Claimed, check_run

GAPS = ("door", "entry", "light")
AMOUNTS = (60_000, 100_000, 150_000, 150_000, 200_000, 240_000)
"""Few amounts, so that minimum, cap and budget are met to the penny again and again."""


def small_round(seed: int) -> tuple[tuple[ScoredBid, ...], Terms]:
    """Up to 5 bids with up to 3 lines; ties, alternatives, needs, caps, type caps and floors among them."""
    rng = random.Random(seed)
    bids = []
    for i in range(rng.randint(1, 5)):
        n = rng.randint(1, 3)
        lines = []
        for j in range(n):
            pence = rng.choice(AMOUNTS)
            closes = tuple((g, rng.choice((0, 3, 5, 10))) for g in rng.sample(GAPS, rng.randint(1, 2)))
            other = f"L{rng.randrange(j)}" if j else ""
            how = rng.random()
            lines.append(
                Line(
                    f"L{j}",
                    rng.choice(("door", "cctv")),
                    pence,
                    pence,
                    closes,
                    0,
                    other if how < 0.25 else "",
                    other if how > 0.8 else "",
                )
            )
        bids.append(
            ScoredBid(
                f"B{i}",
                f"P{i}",
                rng.choice(("North", "South")),
                "unknown",
                rng.choice((390, 400, 500, 500, 700)),
                rng.choice((3, 4, 8)),
                rng.choice((0, 0, 200_000)),
                tuple((g, rng.randint(0, 4)) for g in GAPS),
                tuple(lines),
            )
        )
    asked = sum(line.requested_pence for b in bids for line in b.lines)
    terms = Terms(
        budget_pence=rng.choice((asked, asked * 2 // 3, asked // 2, 400_000)),
        cap_pence=rng.choice((None, 350_000, 400_000)),
        min_award_pence=rng.choice((0, 100_000, 150_000)),
        threshold_tenths=400,
        min_evidence_x2=4,
        type_caps_pence={"cctv": 300_000} if rng.random() < 0.3 else {},
        floors_pence={"North": 100_000} if rng.random() < 0.15 else {},
    )
    return tuple(bids), terms


def draw(keys, seed: str) -> int:
    return sum(draw_number(seed, *key) for key in keys)


def best_of(choices, seed: str):
    """The best choice by all four levels, from the enumeration alone."""
    return max(choices, key=lambda c: (c[1], c[2], -c[3], draw(c[0], seed)), default=None)


@pytest.mark.slow
def test_300_small_rounds_equal_enumeration_on_all_levels() -> None:
    """On 300 and more random rounds the solver's choice is the enumeration's, on value, places, money and draw."""
    n_solved = 0
    for seed in range(340):
        bids, terms = small_round(seed)
        expected = best_of(enumerate_choices(bids, terms), f"s{seed}")
        if expected is None:
            with pytest.raises(RuleError):
                Model(bids, terms, f"s{seed}").solve()
            continue
        best = Model(bids, terms, f"s{seed}").solve()
        assert (best.value, best.n_places, best.spent_pence) == expected[1:], seed
        assert best.draw == draw(expected[0], f"s{seed}"), seed
        assert best.chosen == expected[0], seed
        assert best.proven
        n_solved += 1
    assert n_solved >= 300


@pytest.mark.slow
def test_every_code_is_true_and_every_line_has_one() -> None:
    """On 120 random rounds each unfunded line has a code that is proven; ties are those that enumeration finds."""
    seen = set()
    for seed in range(120):
        bids, terms = small_round(seed)
        choices = enumerate_choices(bids, terms)
        if not choices:
            continue
        run = allocate(bids, terms, "t")
        optima = [c[0] for c in choices if c[1] == run.best.value]
        reasons = line_reasons(run, Model(run.bids, terms, "t"))
        assert set(reasons) == set(keys(bids))
        for (ref, line), reason in reasons.items():
            bid = next(b for b in bids if b.ref == ref)
            varies = any((ref, line) in o for o in optima) and not all((ref, line) in o for o in optima)
            seen.update(reason.codes)
            if reason.is_funded:
                assert reason.codes == (("TIE",) if varies else ("ALL_OPTIMA",)), (seed, ref, line)
                continue
            assert list(reason.codes) == sorted(reason.codes, key=UNFUNDED_CODES.index)
            for code in reason.codes:
                if code == "TIE":
                    assert varies, (seed, ref, line)
                elif code == "FLOOR":
                    assert terms.floors_pence
                else:
                    assert is_proven(code, bid, bid.line(line), bids, terms, run.best.chosen), (seed, ref, line, code)
            if reason.codes == ("BUDGET",):
                assert not varies, (seed, ref, line)
    assert {"BELOW_THRESHOLD", "EVIDENCE_LOW", "CAP_PLACE", "MIN_AWARD", "ALTERNATIVE", "NEEDS_OTHER"} <= seen
    assert {"GAP_CLOSED", "TIE", "BUDGET", "TYPE_CAP", "ALL_OPTIMA"} <= seen


def test_a_tie_is_said_to_be_one() -> None:
    """Two bids alike in everything and money for one: the draw decides, both say so, and neither choice costs need."""
    line = Line("L", "door", 200_000, 200_000, (("door", 8),))
    twins = [ScoredBid(ref, f"P{ref}", "N", "unknown", 600, 8, 0, (("door", 3),), (line,)) for ref in "AB"]
    terms = Terms(300_000, None, 100_000, 400, 4)
    run, model = allocate(twins, terms, "s"), Model(twins, terms, "s")
    winner = max("AB", key=lambda ref: draw_number("s", ref, "L"))

    assert run.best.chosen == {(winner, "L")}
    assert {r.codes for r in line_reasons(run, model).values()} == {("TIE",)}
    assert regret(run, model, ("A", "L")) == regret(run, model, ("B", "L")) == 0


seeds = st.integers(0, 10**6)


@given(seeds, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_changes_nothing(seed: int, rng: random.Random) -> None:
    """The same bids in another order, with lines in another order, give the same choice."""
    bids, terms = small_round(seed)
    terms = replace(terms, floors_pence={})
    mixed = [replace(b, lines=tuple(rng.sample(b.lines, len(b.lines)))) for b in rng.sample(bids, len(bids))]

    assert Model(mixed, terms, "s").solve() == Model(bids, terms, "s").solve()


@given(seeds, st.sampled_from([1, 100, 10_000, 60_000, 150_000]))
@settings(max_examples=40)
def test_more_money_never_meets_less_need(seed: int, more: int) -> None:
    """With a larger budget the optimum is at least as large; floors are absolute, so they do not grow with it."""
    bids, terms = small_round(seed)
    terms = replace(terms, floors_pence={})
    richer = replace(terms, budget_pence=terms.budget_pence + more)

    assert Model(bids, richer, "s").solve(n_levels=1).value >= Model(bids, terms, "s").solve(n_levels=1).value


@given(seeds)
@settings(max_examples=40)
def test_removing_an_unfunded_bid_changes_nothing(seed: int) -> None:
    """A bid that gets nothing can be taken away without changing anybody's award."""
    bids, terms = small_round(seed)
    terms = replace(terms, floors_pence={})
    best = Model(bids, terms, "s").solve()
    funded = {ref for ref, _ in best.chosen}
    for bid in bids:
        if bid.ref not in funded:
            rest = [b for b in bids if b.ref != bid.ref]
            assert Model(rest, terms, "s").solve().chosen == best.chosen


@given(seeds, st.integers(1, 300))
@settings(max_examples=40)
def test_a_higher_score_keeps_a_funded_bid_funded(seed: int, more: int) -> None:
    """Raising a funded bid's score, all else equal, never loses its award."""
    bids, terms = small_round(seed)
    terms = replace(terms, floors_pence={})
    best = Model(bids, terms, "s").solve()
    for ref in {ref for ref, _ in best.chosen}:
        raised = [replace(b, tenths=min(1000, b.tenths + more)) if b.ref == ref else b for b in bids]
        assert ref in {r for r, _ in Model(raised, terms, "s").solve().chosen}


@given(seeds)
@settings(max_examples=40)
def test_greedy_keeps_to_the_terms_and_never_beats_the_optimum(seed: int) -> None:
    """The greedy choice passes the checker's rules (floors apart) and is worth no more than the optimum."""
    bids, terms = small_round(seed)
    terms = replace(terms, floors_pence={})
    chosen = greedy(bids, terms)
    value, places, spent, _ = totals(bids, chosen, "s")

    assert check_run(bids, terms, chosen, Claimed(value, places, spent, value, True)).problems == ()
    assert value <= Model(bids, terms, "s").solve(n_levels=1).value


@given(seeds)
@settings(max_examples=15)
def test_the_lowest_score_is_where_funding_starts(seed: int) -> None:
    """At the lowest score found a bid is funded, a tenth below it is not (bisection against trying)."""
    bids, terms = small_round(seed)
    run = allocate(bids, replace(terms, floors_pence={}), "s")
    change = lowest_score(run, bids[0].ref)

    def is_funded(tenths: int) -> bool:
        moved = [replace(b, tenths=tenths) if b.ref == bids[0].ref else b for b in bids]
        return any(ref == bids[0].ref for ref, _ in Model(moved, run.terms, "s").solve().chosen)

    if change.found is None:
        assert not is_funded(1000)
    else:
        assert is_funded(change.found)
        assert not is_funded(change.found - 1)


@pytest.mark.slow
@given(seeds)
@settings(max_examples=60)
def test_the_checker_sees_any_choice_that_is_not_allowed(seed: int) -> None:
    """For every set of lines of a small round, the checker and the enumeration agree whether it is allowed."""
    bids, terms = small_round(seed)
    bids = bids[:3]
    allowed = {c[0] for c in enumerate_choices(bids, terms)}
    rng = random.Random(seed)
    every = keys(bids)
    for _ in range(25):
        some = frozenset(k for k in every if rng.random() < 0.5)
        value, places, spent, _ = totals(bids, some, "s")
        checked = check_run(bids, terms, some, Claimed(value, places, spent, value, True))
        assert checked.is_clean == (some in allowed)


@pytest.mark.parametrize("field", ["value", "n_places", "spent_pence"])
def test_the_checker_sees_a_total_that_is_off_by_one(field: str) -> None:
    """A total that differs by one, a bound a whole unit away, or a run that says it is not proven: not clean."""
    bids, terms = small_round(7)
    best = Model(bids, terms, "s").solve()
    right = Claimed(best.value, best.n_places, best.spent_pence, best.bounds[0], True)

    assert check_run(bids, terms, best.chosen, right).is_clean
    for step in (-1, 1):
        wrong = replace(right, **{field: getattr(right, field) + step})
        assert not check_run(bids, terms, best.chosen, wrong).is_clean
    assert not check_run(bids, terms, best.chosen, replace(right, bound=best.value + 1.0)).is_clean
    assert not check_run(bids, terms, best.chosen, replace(right, proven=False)).is_clean
    assert not check_run(bids, terms, best.chosen | {("B0", "nowhere")}, right).is_clean


def test_the_draw_is_the_published_formula() -> None:
    """1 + first four bytes of SHA-256("oracle|A|A1") mod 10^6: the digest as sha256sum prints it."""
    assert draw_number("oracle", "A", "A1") == 1 + 0xE89CFD63 % 10**6


def test_faults_of_a_set_of_bids_are_all_named() -> None:
    """A bid or place twice, a line twice, an unknown gap, a circle of needs: every fault is named."""
    line = Line("L", "door", 100, 100, (("door", 11),), needs="M")
    other = Line("M", "door", 100, 100, (("roof", 1),), needs="L", alternative_of="X")
    bid = ScoredBid("B", "P", "", "", 500, 8, 0, (("door", 5),), (line, other, other))
    text = " ".join(p.text for p in bids_problems([bid, replace(bid, lines=(Line("Z", "door", 0, 0, ()),))]))

    for part in ("bid_ref is B", "P has bids B, B", "line_ref is M", "door=5", "door=11", "roof=1", "X;", "circle"):
        assert part in text
    assert "cost_pence is 0" in text
