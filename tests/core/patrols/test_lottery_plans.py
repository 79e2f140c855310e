"""The draw of whole plans: floors, value, entropy, what an observer can guess, and starts inside their slack."""

from dataclasses import replace
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from reassure.patrols.faults import problem_faults
from reassure.patrols.lottery import LotteryTerms, Salt, draw_plan, drawn_number, next_stop_share, slot_repeat_share
from reassure.patrols.lottery_pool import Pool, Sampled, sample
from reassure.patrols.lottery_shifts import shifted_plan
from reassure.patrols.lottery_weights import MILLION, Weights, entropy_bits, most_value, weigh
from reassure.patrols.problem import Option, PatrolProblem, Plan, Route, Shift, Stop
from reassure.patrols.search import plan_patrols
from tiny_problems import plan_faults, tiny_problem

TERMS = LotteryTerms("D-7", "DEMO-01", "2026-11-27", Salt("sealed"))


def road(n_places=24, n_units=2, hours=3, must=()):
    """Places along a road, two minutes from one to the next, more than the units have time for."""
    n = n_places
    travel = np.array([[120 * abs(a - b) for b in range(n + 1)] for a in range(n + 1)], dtype=np.int32)
    options = [Option(i, i, "any_time", "", 0, hours * 3_600, 720, 2_000 + 137 * (7 * i % 24)) for i in range(n)]
    shifts = [Shift(f"U{k}", "car", n, n, 0, hours * 3_600) for k in range(n_units)]
    refs = tuple(f"P{i}" for i in range(n))
    return PatrolProblem(refs, tuple(range(n)), tuple(options), tuple(shifts), {"car": travel}, must=frozenset(must))


@pytest.fixture(scope="module")
def drawn_road():
    """The road, its best plan found, and the pool that is drawn from."""
    problem = road(must=(0,))
    best = plan_patrols(problem, iterations=20_000)
    return problem, best, sample(problem, best, seed=1, floor_chance=0.1, loss_share=0.03)


def test_a_short_search_has_a_short_draw(drawn_road):
    """After 2,000 iterations a plan is looked at every 4 steps, after 20,000 every 40: a tenth of the steps."""
    problem, best, _ = drawn_road
    brief = replace(best, search={**best.search, "iterations": 2_000})

    found = sample(problem, brief, seed=1, floor_chance=0.0, loss_share=0.03)

    # 9 bisections of 4 + 12 looks, 4 to warm up, at most 640 to fill the pool: 788 looks
    assert (9 * 16 + 4 + 80) * 4 <= found.n_steps <= 788 * 4


# --- weights -------------------------------------------------------------------------------------------------------


def test_without_a_binding_condition_every_plan_is_equally_likely():
    """Four plans of equal value that all visit the same place: a quarter each, two bits."""
    found = weigh(np.array([100] * 4), np.ones((4, 1), dtype=bool), np.array([0.1]), 97.0)

    assert found.millionths.tolist() == [250_000] * 4
    assert entropy_bits(found.millionths) == pytest.approx(2.0)


def test_a_floor_gives_a_rare_plan_its_chance():
    """Ten plans, one visits the second place: at a floor of 0.30 it has 0.30 and the others share the rest evenly."""
    visits = np.zeros((10, 2), dtype=bool)
    visits[:, 0], visits[0, 1] = True, True

    found = weigh(np.array([100] * 10), visits, np.array([0.1, 0.3]), 90.0)

    assert found.millionths[0] == pytest.approx(300_000, abs=150)
    assert found.millionths[1:].tolist() == pytest.approx([700_000 / 9] * 9, abs=20)


def test_the_value_kept_by_two_plans_by_hand():
    """Values 100 and 90, at least 98 on average: the better one has 0.8, the other 0.2."""
    found = weigh(np.array([100, 90]), np.ones((2, 1), dtype=bool), np.zeros(1), 98.0)

    assert found.millionths.tolist() == pytest.approx([800_000, 200_000], abs=2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_weights_agree_with_a_general_solver(seed):
    """On random pools the entropy is that of SciPy's constrained solver, and floors and value are kept."""
    rng = np.random.default_rng(seed)
    values = rng.integers(900, 1_000, 8)
    visits = rng.random((8, 4)) < 0.5
    visits[0], visits[1] = True, False
    floors, least = np.full(4, 0.35), float(values.mean())
    found = weigh(values, visits, floors, least)
    general = minimize(
        lambda w: float((w * np.log(np.maximum(w, 1e-12))).sum()),
        np.full(8, 1 / 8),
        bounds=[(0, 1)] * 8,
        constraints=[
            {"type": "eq", "fun": lambda w: w.sum() - 1},
            {"type": "ineq", "fun": lambda w: (w @ values - least) / 1_000},
            {"type": "ineq", "fun": lambda w: w @ visits - floors},
        ],
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    if not general.success:
        return
    shares = found.millionths / MILLION
    assert (shares @ visits >= floors).all()
    assert shares @ values >= least - 0.01
    assert entropy_bits(found.millionths) == pytest.approx(-general.fun / np.log(2), abs=5e-3)


def test_the_price_of_a_floor_by_hand():
    """Best plan 100, and the only one that visits the second place 60: a floor of 0.25 leaves 90."""
    visits = np.array([[True, False], [True, True]])

    assert most_value(np.array([100, 60]), visits, np.array([0.25, 0.25])) == pytest.approx(90)


# --- what is reported ----------------------------------------------------------------------------------------------


def two_plans(weights):
    """One unit goes to A then B in the first plan, to A then C in the second."""
    problem = road(3, 1)
    plans = [
        Plan(
            (
                Route(
                    0, tuple(Stop(o, 60 + k * 900, 60 + k * 900, 780 + k * 900) for k, o in enumerate(order)), (), 0, 0
                ),
            ),
            0,
            1,
            1,
        )
        for order in ((0, 1), (0, 2))
    ]
    pool = Pool(problem, plans)
    return problem, Sampled(pool, Weights(np.array(weights), 0.0, np.zeros(3)), np.zeros(3), 0.1, 0, 0)


def test_how_often_the_next_stop_is_foretold():
    """The first stop is certain, the second is guessed 7 times of 10: (1 + 0.7)/2 of all journeys."""
    assert next_stop_share(*two_plans([700_000, 300_000])) == pytest.approx(0.85)
    assert next_stop_share(*two_plans([MILLION, 0])) == 1.0


def test_same_place_and_same_ten_minutes_three_times():
    """Chances 1, 0.5 and 0.5 of one slot each: (1 + 1/8 + 1/8)/3."""
    problem, sampled = two_plans([500_000, 500_000])

    assert slot_repeat_share(problem, sampled, [0, 1, 2]) == pytest.approx((1 + 0.125 + 0.125) / 3)


def test_chances_floors_and_value_of_a_road(drawn_road):
    """Every place has the floor, the must-visit is certain, about 3 % of the value is given up, no plan is sure."""
    problem, best, sampled = drawn_road
    report = draw_plan(problem, best, TERMS, seed=1).report

    assert len(sampled.pool.plans) >= 80
    assert sampled.chances.min() >= 0.1
    assert sampled.chances[0] == 1.0
    assert report["below_floor"] == []
    assert 0.955 <= report["expected"] / report["best"] <= 1.0
    assert report["worst"] <= report["expected"] <= report["best"] == best.prize
    assert report["effective_plans"] > 20
    assert report["next_stop_share"] < 0.9
    assert report["floor_price"] + report["unpredictability_price"] == pytest.approx(
        1 - report["expected"] / report["best"], abs=2e-4
    )
    assert report["entropy_bits"] == pytest.approx(log2(report["effective_plans"]), abs=0.02)


def test_every_plan_of_the_pool_can_be_driven(drawn_road):
    """Each plan that can be drawn keeps shifts, windows and the must-visit."""
    problem, _, sampled = drawn_road

    assert all(plan_faults(problem, plan) == [] and plan.n_must_served == 1 for plan in sampled.pool.plans)


def test_the_draw_is_one_of_the_pool_and_repeats(drawn_road):
    """The same salt draws the same plan; other salts draw others; visits are those of a plan of the pool."""
    problem, best, sampled = drawn_road
    pool = {tuple(tuple(s.option for s in r.stops) for r in plan.routes) for plan in sampled.pool.plans}

    one, two = (draw_plan(problem, best, TERMS, seed=1) for _ in range(2))
    others = {drawn_number(sampled.weights.millionths.tolist(), f"{n}") for n in range(50)}

    assert one == two
    assert tuple(tuple(s.option for s in r.stops) for r in one.plan.routes) in pool
    assert plan_faults(problem, one.plan) == []
    assert len(others) > 10


def test_plans_are_drawn_as_often_as_their_weights():
    """Over 3,000 seeds a plan of weight 0.3 comes up within four standard errors of 0.3."""
    share = sum(drawn_number([300_000, 700_000], str(n)) == 0 for n in range(3_000)) / 3_000

    assert abs(share - 0.3) <= 4 * (0.3 * 0.7 / 3_000) ** 0.5


def test_the_commitment_is_the_hash_of_the_salt(drawn_road):
    """SHA-256 of "sealed"; the salt itself is nowhere in the report."""
    problem, best, _ = drawn_road
    report = draw_plan(problem, best, TERMS, seed=1).report

    assert report["commitment"].startswith("c9d0036bed67")
    assert '"sealed"' not in repr(report)
    assert not report["is_rehearsal"]
    assert draw_plan(problem, best, replace(TERMS, salt=Salt("x", is_rehearsal=True)), seed=1).report["is_rehearsal"]


# --- starts --------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(10_000, 10_000_000), st.text(max_size=4))
def test_shifted_starts_keep_everything(seed, salt):
    """On any problem the shifted plan has the same visits in the same order, never earlier, and no new fault."""
    problem = tiny_problem(seed)
    if problem_faults(problem):
        return
    problem = replace(problem, locks=())
    plan = plan_patrols(problem, iterations=100)

    moved = shifted_plan(problem, plan, salt)

    assert plan_faults(problem, moved) == plan_faults(problem, plan)
    for before, after in zip(plan.routes, moved.routes, strict=True):
        assert [s.option for s in after.stops] == [s.option for s in before.stops]
        assert all(a.start_s >= b.start_s for a, b in zip(after.stops, before.stops, strict=True))


def test_starts_do_move():
    """A unit with a free hour leaves at different minutes for different seeds, within half an hour."""
    problem = road(2, 1)
    plan = plan_patrols(problem, iterations=200)
    first = plan.routes[0].stops[0].start_s
    starts = {shifted_plan(problem, plan, str(n)).routes[0].stops[0].start_s - first for n in range(40)}

    assert len(starts) > 10
    assert max(starts) <= 1_800
