"""The search against looking at every plan there is, on hundreds of tiny problems."""

import pytest

from reassure.errors import InputError, RuleError
from reassure.patrols.faults import problem_faults
from reassure.patrols.search import plan_patrols
from tiny_problems import best_value, plan_faults, tiny_problem

N_PROBLEMS = 500
ITERATIONS = 3_000


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_search_finds_the_best_plan_of_tiny_problems(block):
    """On random problems of up to 7 options and 2 units the plan is worth what looking at all plans finds."""
    wrong = []
    n_compared = 0
    for seed in range(block * N_PROBLEMS // 10, (block + 1) * N_PROBLEMS // 10):
        problem = tiny_problem(seed)
        best = best_value(problem)
        if best is None or problem_faults(problem):
            with pytest.raises(InputError):
                plan_patrols(problem, iterations=10)
            continue
        if not best.keeps_locks:
            with pytest.raises(RuleError, match="locked visits"):
                plan_patrols(problem, iterations=ITERATIONS)
            continue

        plan = plan_patrols(problem, iterations=ITERATIONS)

        n_compared += 1
        value = (plan.n_must_served, plan.prize, -plan.travel_s)
        if value != best.value or plan_faults(problem, plan):
            wrong.append((seed, value, best.value, plan_faults(problem, plan)))
    assert wrong == []
    assert n_compared > N_PROBLEMS // 10 // 2
