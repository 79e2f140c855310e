"""The bound against looking at every plan there is, on hundreds of tiny problems."""

from dataclasses import replace

import pytest

from reassure.patrols import bound_generation
from reassure.patrols.bound import bound, certify
from reassure.patrols.bound_plans import improve
from reassure.patrols.faults import problem_faults
from reassure.patrols.problem import PatrolProblem, Plan
from reassure.patrols.search import plan_patrols
from tiny_problems import best_value, plan_faults, tiny_problem

N_PROBLEMS = 300
N_BLOCKS = 6
ITERATIONS = 200


def cases(block: int) -> list[tuple[int, PatrolProblem, Plan, int]]:
    """Seed, problem, the search's plan for it and the prize of the best plan, of one block of the problems."""
    found = []
    for seed in range(block * N_PROBLEMS // N_BLOCKS, (block + 1) * N_PROBLEMS // N_BLOCKS):
        problem = tiny_problem(seed)
        best = best_value(problem)
        if best is None or problem_faults(problem) or not best.keeps_locks:
            continue
        plan = plan_patrols(problem, iterations=ITERATIONS)
        if plan.n_must_served == best.value[0]:
            found.append((seed, problem, plan, best.value[1]))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("block", range(N_BLOCKS))
def test_no_plan_of_a_tiny_problem_is_above_its_bound(block):
    """The bound is never less than the best plan, whenever the work stops, and where it converges it is close."""
    wrong = []
    n_tight = n_compared = 0
    for seed, problem, plan, most in cases(block):
        for rounds in (0, 2, None):
            found = bound(problem, replace(plan, prize=0), rounds=rounds)  # the plan's own value hides nothing
            if found.bound is not None and found.bound < most:
                wrong.append((seed, rounds, found.bound, most))
        found = bound(problem, plan)
        n_compared += 1
        n_tight += found.converged and found.bound == most

    assert wrong == []
    assert n_compared > 20
    assert n_tight >= 0.95 * n_compared


@pytest.mark.slow
@pytest.mark.parametrize("block", range(2))
def test_priced_routes_only_ever_better_a_plan(block):
    """A plan packed from priced routes can be driven, keeps what must be kept, and is worth no less."""
    wrong = []
    for seed, problem, plan, most in cases(block):
        better, found = certify(problem, plan)
        if found.columns and not problem.locks and not problem.must:
            idle = plan_patrols(problem, iterations=0)
            packed = improve(problem, idle, found.columns)
            faults = plan_faults(problem, packed)
            if faults or packed.prize < plan.prize:  # the plan's own routes are among the columns
                wrong.append((seed, "packed", packed.prize, faults))
        faults = plan_faults(problem, better)
        if faults or (better.n_must_served, better.prize) < (plan.n_must_served, plan.prize) or better.prize > most:
            wrong.append((seed, "better", faults))
        if found.value != better.prize or (found.bound is not None and found.bound < better.prize):
            wrong.append((seed, "certificate", found.text))

    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(2))
def test_what_takes_away_never_raises_the_bound(block):
    """Without its last unit, or with a place barred, a problem whose bound has converged has no greater bound."""
    wrong = []
    n_compared = 0
    for seed, problem, plan, _ in cases(block):
        found = bound(problem, plan)
        free = replace(problem, must=frozenset(), locks=())
        whole = bound(free, plan_patrols(free, iterations=ITERATIONS))
        at_place = {g for g, site in enumerate(free.group_sites) if site == free.options[0].site}
        lesser = [replace(free, barred=free.barred | at_place)]
        lesser += [replace(free, shifts=free.shifts[:-1])] if len(free.shifts) > 1 else []
        for less in lesser:
            limit = bound(less, plan_patrols(less, iterations=ITERATIONS)).bound
            n_compared += 1
            if limit is not None and whole.bound is not None and limit > whole.bound:
                wrong.append((seed, limit, whole.bound))
        if found.bound is not None and whole.bound is not None and found.bound > whole.bound:
            wrong.append((seed, "musts and locks", found.bound, whole.bound))

    assert wrong == []
    assert n_compared > 20


@pytest.mark.slow
@pytest.mark.parametrize("most_seeds", [6_000, 3])
def test_routes_near_the_bound_make_the_best_plan(most_seeds, monkeypatch):
    """From a plan without visits and a few steps of a search, whether its routes stay or most are forgotten."""
    monkeypatch.setattr(bound_generation, "MOST_SEEDS", most_seeds)
    wrong = []
    n_best = n_compared = 0
    for seed, problem, _, most in [*cases(0), *cases(1), *cases(2)]:
        if problem.must or problem.locks:
            continue
        met = []
        plan_patrols(problem, iterations=30, met=met)
        better, found = certify(problem, plan_patrols(problem, iterations=0), routes=met)
        if plan_faults(problem, better) or better.prize > most or (found.bound or most) < most:
            wrong.append((seed, better.prize, found.bound, most))
        n_compared += 1
        n_best += better.prize == most

    assert wrong == []
    assert n_compared > 20
    assert n_best >= 0.95 * n_compared
