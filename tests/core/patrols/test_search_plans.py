"""What every plan keeps, whatever the problem: feasible, repeatable, the same under other names."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.patrols.faults import problem_faults
from reassure.patrols.problem import Limit, Lock, Option, PatrolProblem, Shift
from reassure.patrols.search import Progress, default_iterations, iterations_in, plan_patrols
from tiny_problems import plan_faults, tiny_problem


def worth(plan):
    return (plan.n_must_served, plan.prize, -plan.travel_s)


def city(seed, n_sites=60, n_shifts=6, n_windows=2):
    """A made-up town: places on a plane, `n_windows` windows each, units from two bases, a break for every second."""
    rng = Random(seed)
    points = [(rng.uniform(0, 3000), rng.uniform(0, 3000)) for _ in range(n_sites + 2)]
    matrix = np.array([[round(np.hypot(a[0] - b[0], a[1] - b[1])) for b in points] for a in points], dtype=np.int32)
    options = []
    for site in range(n_sites):
        for w in range(n_windows):
            start = rng.randint(0, 10_000) + 4_000 * w
            prize = rng.randint(1, 100) * 100
            options.append(Option(site, site, "arrival", f"o{site}-{w}", start, start + 1_800, 720, prize))
    shifts = tuple(
        Shift(
            f"U{i}",
            "car",
            n_sites + i % 2,
            n_sites + i % 2,
            0,
            16_000,
            ((6_000, 9_000, 1_800),) if i % 2 else (),
        )
        for i in range(n_shifts)
    )
    return PatrolProblem(
        tuple(f"P{i}" for i in range(n_sites)), tuple(range(n_sites)), tuple(options), shifts, {"car": matrix}
    )


@settings(max_examples=60)
@given(st.integers(10_000, 10_000_000))
def test_every_route_can_be_driven(seed):
    """On any problem every route keeps its shift, breaks, windows, skills and locks, second by second."""
    problem = tiny_problem(seed)
    if problem_faults(problem):
        return
    problem = replace(problem, locks=())

    plan = plan_patrols(problem, iterations=200)

    assert plan_faults(problem, plan) == []


def test_every_route_of_a_town_can_be_driven():
    """With 60 places, two windows each, six units and breaks, the plan is feasible and much better than nothing."""
    problem = city(1)

    plan = plan_patrols(problem, iterations=4_000)

    assert plan_faults(problem, plan) == []
    assert sum(len(route.stops) for route in plan.routes) > 30


def test_same_seed_same_plan():
    """The same problem, seed and iterations give the same plan; the record says which they were."""
    problem = city(2)

    one, two = (plan_patrols(problem, seed=7, iterations=2_000) for _ in range(2))

    assert one == two
    assert dict(one.search) == {"seed": 7, "iterations": 2_000, "restarts": 1}


def test_workers_change_nothing():
    """Restarts give the same plan on one thread and on three."""
    problem = city(3)

    one, three = (plan_patrols(problem, iterations=800, restarts=3, workers=n) for n in (1, 3))

    assert one == three


def renamed(problem, seed):
    """The same problem with sites, options and shifts in another order and under other names."""
    rng = Random(seed)
    n = len(problem.site_refs)
    new_of = list(range(n))
    rng.shuffle(new_of)
    order = list(range(len(problem.options)))
    rng.shuffle(order)
    shifts = list(problem.shifts)
    rng.shuffle(shifts)
    old_of = [new_of.index(i) for i in range(n)]
    travel = {}
    for kind, matrix in problem.travel.items():
        nodes = old_of + list(range(n, len(matrix)))
        travel[kind] = matrix[np.ix_(nodes, nodes)].copy()
    options = [problem.options[i] for i in order]
    return PatrolProblem(
        tuple(f"Q{i}" for i in range(n)),
        tuple(range(n)),
        tuple(
            replace(o, site=new_of[o.site], group=new_of[o.group], occasion_ref=f"x{i}") for i, o in enumerate(options)
        ),
        tuple(replace(s, unit_ref=f"W{i}") for i, s in enumerate(shifts)),
        travel,
        frozenset(new_of[g] for g in problem.must),
    )


@pytest.mark.parametrize("seed", range(5))
def test_names_and_order_change_nothing(seed):
    """Renaming and reordering places, options and units leaves what the plan is worth exactly as it was."""
    problem = replace(city(4), must=frozenset({3, 17}))

    plain = plan_patrols(problem, iterations=1_000)
    other = plan_patrols(renamed(problem, seed), iterations=1_000)

    assert worth(other) == worth(plain)


def test_must_visits_come_before_any_prize():
    """A must-visit worth nothing is served although it costs the unit all its other visits."""
    matrix = np.array([[0, 10, 900, 10], [10, 0, 900, 10], [900, 900, 0, 900], [10, 10, 900, 0]], dtype=np.int32)
    options = tuple(
        Option(site, site, "any_time", "", 0, 3_000, 600, prize) for site, prize in enumerate((5_000, 5_000, 0))
    )
    problem = PatrolProblem(
        ("A", "B", "C"), (0, 1, 2), options, (Shift("U", "car", 3, 3, 0, 2_400),), {"car": matrix}, frozenset({2})
    )

    plan = plan_patrols(problem, iterations=500)

    assert worth(plan) == (1, 0, -1_800)


def test_a_route_that_only_works_by_way_of_a_place_can_still_be_given_up():
    """Straight to the end base takes too long for the break there; without visits the break goes before leaving."""
    # by way of A: 5 + 10 + 5 = 20, break from 20; straight: 60, after the break's latest start of 30
    matrix = np.array([[0, 30, 5], [5, 0, 60], [30, 30, 0]], dtype=np.int32)
    problem = PatrolProblem(
        ("A",),
        (0,),
        (Option(0, 0, "arrival", "o", 0, 20, 10, 500),),
        (Shift("U", "car", 1, 2, 0, 100, ((10, 30, 10),)),),
        {"car": matrix},
    )

    plan = plan_patrols(problem, iterations=2_000)

    assert plan_faults(problem, plan) == []
    assert worth(plan) == (0, 500, -10)


def test_shared_limits_hold():
    """Where all routes share a budget, the dearest that fits is taken: 6,000 + 3,000 for 5 of 5, by hand."""
    matrix = np.array([[0 if i == j else 60 for j in range(5)] for i in range(5)], dtype=np.int32)
    prizes = (6_000, 5_000, 3_000, 1_000)
    options = tuple(Option(i, i, "any_time", "", 0, 9_000, 600, prize) for i, prize in enumerate(prizes))
    problem = PatrolProblem(
        ("A", "B", "C", "D"),
        (0, 1, 2, 3),
        options,
        (Shift("U", "car", 4, 4, 0, 9_000), Shift("V", "car", 4, 4, 0, 9_000)),
        {"car": matrix},
        limits=(Limit(5, ((0, 3), (1, 3), (2, 2), (3, 1))),),
    )

    plan = plan_patrols(problem, iterations=500)

    assert plan.prize == 9_000
    assert plan_faults(problem, plan) == []


def twice(**change):
    """One place that may be visited twice, 100 s from the base of one unit: 5,000 for the first visit, 2,000 more."""
    matrix = np.array([[0, 100], [100, 0]], dtype=np.int32)
    options = tuple(Option(0, group, "any_time", "", 0, 9_000, 600, prize) for group, prize in ((0, 5_000), (1, 2_000)))
    problem = PatrolProblem(("A",), (0, 0), options, (Shift("U", "car", 1, 1, 0, 9_000),), {"car": matrix})
    return replace(problem, **change)


@pytest.mark.parametrize(
    ("barred", "prize"),
    [
        (frozenset(), 7_000),
        (frozenset({1}), 5_000),
        (frozenset({0}), 0),  # nobody goes a second time without a first
    ],
)
def test_no_second_visit_where_the_first_is_barred(barred, prize):
    """Barring the first visit to a place leaves nothing to do there; barring the second leaves the first."""
    plan = plan_patrols(twice(barred=barred), iterations=200)

    assert worth(plan) == (0, prize, -200 if prize else 0)


def test_a_stopped_search_keeps_its_best():
    """Stopping ends the search with the best so far, and the record gives what was used of the budget."""
    seen: list[Progress] = []
    problem = city(5)

    plan = plan_patrols(problem, iterations=4_000, stop=lambda: len(seen) >= 3, progress=seen.append)

    assert plan_faults(problem, plan) == []
    assert [p.iterations for p in seen] == [100, 200, 300]
    assert plan.search["iterations"] == 300
    assert plan.search["budget"] == 4_000
    assert plan.prize >= seen[-1].prize > 0
    again = plan_patrols(problem, iterations=300, budget=4_000)
    assert again == plan


def test_a_time_limit_becomes_iterations_by_the_clock_that_is_given():
    """On a clock that goes a second each time it is asked, the budget follows from the seconds and nothing else."""
    ticks = iter(range(10_000))

    # the first try of 64 steps takes 1 s of 20, more than a fortieth: 64 x 20 x 0.85
    assert iterations_in(city(5), 20, lambda: float(next(ticks))) == 1_088


def test_progress_never_falls():
    """Progress reports the share of the budget and a best value that only rises."""
    seen: list[Progress] = []

    plan_patrols(city(6), iterations=2_000, progress=seen.append)

    assert [p.share for p in seen] == sorted(p.share for p in seen)
    assert seen[-1].share == 1.0
    assert [p.prize for p in seen] == sorted(p.prize for p in seen)


def test_nothing_to_visit_gives_an_empty_plan():
    """Without options every unit stays at its base and still takes its breaks."""
    problem = replace(city(7), options=())

    plan = plan_patrols(problem, iterations=100)

    assert worth(plan) == (0, 0, 0)
    assert plan_faults(problem, plan) == []
    assert [len(route.stops) for route in plan.routes] == [0] * 6


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"shifts": ()}, "there are no units"),
        ({"travel": {}}, "no matrix for car"),
        ({"travel": {"car": np.full((62, 62), -1, dtype=np.int32)}}, "0 or more seconds"),
        ({"travel": {"car": np.ones((62, 62), dtype=np.int32)}}, "from a node to itself"),
        ({"travel": {"car": np.zeros((62, 62))}}, "whole seconds"),
        ({"travel": {"car": np.zeros((9, 9), dtype=np.int32)}}, "at least 62 nodes"),
        ({"locks": (Lock(1, 0), Lock(1, 1))}, "one lock a place"),
        ({"locks": (Lock(1, 0, -50),)}, "inside a window"),
        ({"barred": frozenset({1}), "locks": (Lock(1, 0),)}, "not barred"),
    ],
)
def test_problems_that_cannot_be_planned_are_refused(change, says):
    """No units, broken matrices and locks that clash are refused before any search."""
    with pytest.raises(InputError, match=says):
        plan_patrols(replace(city(8), **change), iterations=10)


def test_two_locks_that_one_unit_cannot_keep_are_refused():
    """One unit cannot start two visits within one stay."""
    problem = city(9)
    first = problem.options[0]
    other = replace(problem.options[2], earliest_s=first.earliest_s, latest_s=first.latest_s)
    options = (first, problem.options[1], other, *problem.options[3:])
    locks = (Lock(0, 2, first.earliest_s), Lock(1, 2, first.earliest_s + 60))

    with pytest.raises(InputError, match="the two clash"):
        plan_patrols(replace(problem, options=options, locks=locks), iterations=10)


def test_default_budget_follows_the_size():
    """The default budget grows with the places that can be visited, between its least and most."""
    assert default_iterations(city(1, n_sites=3)) == 20_000
    assert default_iterations(city(1, n_sites=60)) == 90_000
    assert default_iterations(city(1, n_sites=1_000)) == 400_000
