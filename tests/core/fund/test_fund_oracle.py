"""The worked round: set, value, regrets, codes, budgets, reserve and override, by solver and by enumeration."""

from dataclasses import replace

import pytest

from fund_oracle import BIDS, OPTIMUM, SEED, TERMS, enumerate_choices
from reassure.errors import RuleError
from reassure.fund.allocation import Override, allocate, by_score
from reassure.fund.bids import need_met
from reassure.fund.changes import budget_for_line, lowest_score, score_for_line
from reassure.fund.explanations import is_proven, line_reasons, override_price, regret
from reassure.fund.optimum import Model, totals
from reassure.fund.sensitivity import stability


@pytest.fixture(scope="module")
def run():
    return allocate(BIDS, TERMS, SEED)


@pytest.fixture(scope="module")
def model():
    return Model(BIDS, TERMS, SEED)


def test_525_choices_have_one_best() -> None:
    """Enumeration, which knows nothing of the solver: 525 choices, one best, 81,970, 5 places, 29,800 pounds."""
    choices = enumerate_choices(BIDS, TERMS)
    best = [c for c in choices if c[1] == max(v for _, v, _, _ in choices)]

    assert len(choices) == 525
    assert [({line for _, line in c[0]}, *c[1:]) for c in best] == [(OPTIMUM, 81_970, 5, 2_980_000)]


def test_the_solver_finds_and_proves_it(run) -> None:
    """The run funds those lines, is proven, and the checker finds nothing and no padding."""
    assert {line for _, line in run.best.chosen} == OPTIMUM
    assert (run.best.value, run.best.n_places, run.best.spent_pence) == (81_970, 5, 2_980_000)
    assert run.best.proven
    assert run.may_confirm
    assert run.checked.padding == ()


def test_need_met_by_bid(run) -> None:
    """A 30,315, B 10,240, C 17,430, D 11,700, E 12,285, F nothing."""
    by_bid = {b.ref: need_met(b, [line for ref, line in run.best.chosen if ref == b.ref]) for b in BIDS}

    assert by_bid == {"A": 30_315, "B": 10_240, "C": 17_430, "D": 11_700, "E": 12_285, "F": 0}


def test_bounds_and_comparisons(run) -> None:
    """Lines in parts 82,485 at 1.4222 a pound; greedy 79,480 with C2 for C3; ranking whole bids 46,560."""
    ranked = by_score(BIDS, TERMS)

    assert round(run.relaxed_value, 6) == 82_485
    assert round(run.shadow_price, 4) == 1.4222
    assert run.greedy_value == 79_480
    assert {line for _, line in run.greedy} == OPTIMUM - {"C3"} | {"C2"}
    assert {line for _, line in ranked} == {"C1", "C3", "D1", "D2"}
    assert totals(BIDS, ranked, SEED)[0] == 46_560


@pytest.mark.parametrize(
    ("budget", "value", "funded", "unfunded"),
    [
        (2_500_000, 73_780, "", ""),
        (2_880_000, 79_480, "E1 E2", ""),
        (2_940_000, 79_925, "B1", "E1 E2 E3"),  # more money, and E drops out
        (3_000_000, 81_970, "E1 E2", "E3"),
        (3_280_000, 83_575, "E3", ""),
        (4_220_000, 96_305, "B1", ""),
        (7_420_000, 126_425, "A3 C1", ""),
    ],
)
def test_optimum_by_budget(model, budget: int, value: int, funded: str, unfunded: str) -> None:
    """The optimum at each budget, by solver and by enumeration; more money can drop a bid, never the value."""
    best = model.solve(budget_pence=budget)
    lines = {line for _, line in best.chosen}

    assert best.value == value == max(c[1] for c in enumerate_choices(BIDS, replace(TERMS, budget_pence=budget)))
    assert set(funded.split()) <= lines
    assert not set(unfunded.split()) & lines


@pytest.mark.parametrize(
    ("line", "cost", "code"),
    [
        ("E3", 6_145, "BUDGET"),
        ("A3", 8_230, "BUDGET"),
        ("C1", 22_525, "BUDGET"),
        ("B1", 2_045, "CAP_PLACE"),
        ("C2", 2_490, "ALTERNATIVE"),
    ],
)
def test_regrets_and_codes(run, model, line: str, cost: int, code: str) -> None:
    """Each unfunded line has its regret, by solver and enumeration, and its leading code is proven."""
    key = (line[0], line)
    with_line = max(c[1] for c in enumerate_choices(BIDS, TERMS) if key in c[0])
    bid = next(b for b in BIDS if b.ref == line[0])

    assert regret(run, model, key) == cost == 81_970 - with_line
    assert line_reasons(run, model)[key].codes[0] == code
    assert is_proven(code, bid, bid.line(line), BIDS, TERMS, run.best.chosen)


def test_f_is_below_the_threshold_by_one_and_a_half(run, model) -> None:
    """F has 38.5 of 40.0: below the threshold, impossible to hold in, funded from 40.0 on."""
    assert line_reasons(run, model)["F", "F1"].codes[0] == "BELOW_THRESHOLD"
    with pytest.raises(RuleError, match="F/F1"):
        regret(run, model, ("F", "F1"))
    assert lowest_score(run, "F").found == 400


def test_funded_lines_are_in_every_optimum(run, model) -> None:
    """The optimum is unique, so every funded line says so."""
    reasons = line_reasons(run, model)

    assert all(reasons[key].codes == ("ALL_OPTIMA",) for key in run.best.chosen)


def test_what_would_have_changed_it(run) -> None:
    """B1 at 76.8 points or 33,400 pounds; E3 at no score, or at 32,800 pounds."""
    assert score_for_line(run, ("B", "B1")).found == 768
    assert budget_for_line(run, ("B", "B1")).found == 3_340_000
    assert score_for_line(run, ("E", "E3")).found is None
    assert budget_for_line(run, ("E", "E3")).found == 3_280_000


def test_skipping_scores_misses_none(run) -> None:
    """The score found for B1 by skipping is the first that enumeration finds, one by one from 75.0."""

    def is_funded(tenths: int) -> bool:
        bids = [replace(b, tenths=tenths) if b.ref == "B" else b for b in BIDS]
        best = max(enumerate_choices(bids, TERMS), key=lambda c: (c[1], c[2], -c[3]))
        return ("B", "B1") in best[0]

    assert (
        next(t for t in (*range(641, 750, 12), *range(750, 1001)) if is_funded(t))
        == score_for_line(run, ("B", "B1")).found
    )


def test_an_override_shows_its_price_first(run, model) -> None:
    """Forcing C1 in costs 22,525 (27.5 %) and drops B2, C3, E1, E2; the decided run carries it."""
    price = override_price(run, model, ("C", "C1"), is_in=True)
    forced = allocate(BIDS, TERMS, SEED, overrides=[Override(("C", "C1"), True, "the panel's reason", "chair")])

    assert (price.cost, round(price.share, 3)) == (22_525, 0.275)
    assert {line for _, line in price.leaves} == {"B2", "C3", "E1", "E2"}
    assert forced.override_cost == 22_525
    assert line_reasons(forced, model)["C", "C1"].codes[0] == "OVERRIDE_IN"
    assert line_reasons(forced, model)["B", "B2"].codes[0] == "BUDGET"


def test_holding_a_line_out_is_an_override_too(run, model) -> None:
    """B2 held out by the panel says so first, and its price is its regret."""
    forced = allocate(BIDS, TERMS, SEED, overrides=[Override(("B", "B2"), False, "the panel's reason", "chair")])

    assert line_reasons(forced, model)["B", "B2"].codes[0] == "OVERRIDE_OUT"
    assert forced.override_cost == regret(run, model, ("B", "B2")) == 2_045


def test_returned_money_goes_to_the_reserve(run) -> None:
    """C declines: with every other award held in, its money funds E3, which says so."""
    standing = frozenset(key for key in run.best.chosen if key[0] != "C")
    rest = [b for b in BIDS if b.ref != "C"]
    again = allocate(rest, TERMS, SEED, standing=standing)

    assert again.best.chosen == standing | {("E", "E3")}
    assert TERMS.budget_pence - totals(rest, standing, SEED)[2] == 520_000
    assert line_reasons(again, Model(rest, TERMS, SEED))["E", "E3"].codes[0] == "RESERVE_IN"


def test_stability_of_the_worked_round(run, model) -> None:
    """Without noise every line is as in the optimum; with noise shares lie between 0 and 1 and repeat by seed."""
    still = stability(run, sigma_tenths=0, n_draws=3)
    noisy = stability(run, sigma_tenths=40, n_draws=20)

    assert {key for key, share in still.shares.items() if share == 1} == run.best.chosen
    assert all(share in (0, 1) for share in still.shares.values())
    assert noisy == stability(run, sigma_tenths=40, n_draws=20)
    assert noisy.close_calls == tuple(k for k, s in sorted(noisy.shares.items()) if 0.1 <= s <= 0.9)
    assert [value for _, value in noisy.by_budget] == sorted(value for _, value in noisy.by_budget)
