"""What the certificate says, against sums done by hand."""

import numpy as np

from reassure.patrols.bound import bound, share
from reassure.patrols.bound_capacity import capacity_bound
from reassure.patrols.problem import Option, PatrolProblem, Shift
from reassure.patrols.search import plan_patrols
from reassure.patrols.search_model import make_model

MINUTE_S = 60


def half_hour(n_places: int, n_units: int) -> PatrolProblem:
    """Places that gather in the same 30 minutes, stays of 12, one minute apart, ten points each; shifts of 3 hours."""
    n = n_places + 1
    matrix = np.full((n, n), MINUTE_S, dtype=np.int32)
    np.fill_diagonal(matrix, 0)
    opens_s, closes_s = 60 * MINUTE_S, 90 * MINUTE_S
    return PatrolProblem(
        tuple(f"P{i}" for i in range(n_places)),
        tuple(range(n_places)),
        tuple(Option(i, i, "arrival", "o", opens_s, closes_s, 12 * MINUTE_S, 1000) for i in range(n_places)),
        tuple(Shift(f"U{u}", "car", n_places, n_places, 0, 180 * MINUTE_S) for u in range(n_units)),
        {"car": matrix},
    )


def test_the_capacity_counts_what_fits_the_half_hour():
    """42 minutes hold floor(43/13) = 3 visits of 12 with a minute between: two units earn 60 of 100 points at most."""
    assert capacity_bound(make_model(half_hour(10, 2))) == 6_000


def test_the_certificate_says_value_and_bound():
    """Three visits a unit fit, the plan makes them, and the sentence says that no plan earns more."""
    problem = half_hour(10, 2)

    found = bound(problem, plan_patrols(problem, iterations=2_000))

    assert (found.value, found.bound, found.gap, found.converged) == (6_000, 6_000, 0.0, True)
    assert found.text == "This plan earns 60 of at most 60 points (100.0 %)"


def test_a_share_is_never_rounded_up_to_what_was_not_reached():
    """1,504 of 1,524 points are 98.68 %, shown as 98.6; one hundredth short of all is not all."""
    assert share(150_400, 152_400) == "98.6"
    assert share(152_399, 152_400) == "99.9"


def test_far_from_the_plan_no_bound_is_claimed():
    """A plan that visits nobody, with no round of pricing, is too far from its bound for the bound to say anything."""
    problem = half_hour(10, 2)

    found = bound(problem, plan_patrols(problem, iterations=0), rounds=0)

    assert found.bound is None
    assert found.as_document() is None
    assert found.text == "No useful bound was found for this size"


def test_the_same_rounds_give_the_same_certificate():
    """Problem, plan and rounds decide the certificate."""
    problem = half_hour(8, 2)
    plan = plan_patrols(problem, iterations=0)

    assert bound(problem, plan, rounds=3) == bound(problem, plan, rounds=3)
