"""Changing a plan on the day: the worked example of 20 units, and what holds for every change."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassure.patrols.problem import Option, PatrolProblem, Plan, Route, Shift, Stop
from reassure.patrols.replan import Change, approver, most_changes, n_changed, replan
from reassure.patrols.replan_reading import idle_route
from reassure.patrols.search import plan_patrols
from tiny_problems import plan_faults

N_UNITS, N_EACH = 20, 6
AT_S = 1_000


def town(n_units: int = N_UNITS, n_each: int = N_EACH, n_spare: int = 0) -> PatrolProblem:
    """Each unit has its own base amid its own places, a minute apart; other bases are ten minutes away."""
    n = n_units * n_each
    area = [i // n_each for i in range(n)] + list(range(n_units))
    travel = np.array([[60 if a == b else 600 for b in area] for a in area], dtype=np.int32)
    np.fill_diagonal(travel, 0)
    options = [Option(i, i, "any_time", "", 0, 20_000, 720, 3_000 + 10 * (i % 7)) for i in range(n)]
    shifts = [Shift(f"U{i:02}", "car", n + i, n + i, 0, n_each * 780 + 60 + 780 * n_spare) for i in range(n_units)]
    return PatrolProblem(
        tuple(f"P{i}" for i in range(n)), tuple(range(n)), tuple(options), tuple(shifts), {"car": travel}
    )


@pytest.fixture(scope="module")
def full_town():
    """20 units that make 6 visits each, without room for one more."""
    problem = town()
    return problem, plan_patrols(problem, iterations=20_000)


def test_of_108_visits_bronze_may_change_21():
    """Two of 20 units with 6 visits each are lost: 12 orphaned, 108 surviving, 21 may change, 22 need Silver."""
    assert most_changes(108) == 21
    assert [approver(n, 108) for n in (0, 21, 22)] == ["bronze", "bronze", "silver"]


def test_two_lost_units_of_twenty(full_town):
    """The counts of the worked example; with no room for the orphans nothing else changes."""
    problem, plan = full_town
    assert [len(route.stops) for route in plan.routes] == [N_EACH] * N_UNITS

    found = replan(problem, plan, Change(0, lost=frozenset({3, 11})))

    assert (found.n_surviving, found.most_changed, found.n_orphaned) == (108, 21, 12)
    assert found.n_changed <= 21
    assert not found.plan.routes[3].stops
    assert plan_faults(problem, found.plan) == []


def test_room_left_goes_to_the_orphans():
    """Where every unit has time for two more visits from afar, orphans find other units and nothing is dropped."""
    problem = town(n_units=6, n_each=4, n_spare=4)
    plan = plan_patrols(problem, iterations=20_000)

    found = replan(problem, plan, Change(0, lost=frozenset({0})))

    assert plan.prize == found.plan.prize
    assert found.n_orphaned == 4
    assert found.n_changed <= found.most_changed == 4


def test_nothing_changed_leaves_the_plan_as_it_is(full_town):
    """Without a change the very plan comes back."""
    problem, plan = full_town

    assert replan(problem, plan, Change(AT_S)).plan is plan


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 5), st.integers(0, 4_000), st.sampled_from([0.0, 0.1, 0.2, 1.0]), st.integers(0, 23))
def test_what_has_happened_stays_and_few_visits_change(lost, at_s, share, cancelled):
    """
    Frozen visits keep unit and start, a lost unit starts nothing more, cancelled places get no visit, the limit holds.
    """
    problem = town(n_units=6, n_each=4, n_spare=2)
    plan = plan_patrols(problem, iterations=3_000)
    change = Change(at_s, lost=frozenset({lost}), cancelled=frozenset({cancelled}))

    found = replan(problem, plan, change, most_changed_share=share)

    assert plan_faults(problem, found.plan) == []
    assert found.n_changed <= found.most_changed
    for before, after in zip(plan.routes, found.plan.routes, strict=True):
        is_lost = before.shift == lost
        frozen = [s for s in before.stops if s.start_s <= at_s + (0 if is_lost else 1_800)]
        if not is_lost and any(s.option == cancelled and s.start_s > at_s for s in frozen):
            frozen = [s for s in frozen if s.start_s <= at_s]
        assert [(s.option, s.start_s) for s in after.stops[: len(frozen)]] == [(s.option, s.start_s) for s in frozen]
        assert not is_lost or len(after.stops) == len(frozen)
        new = after.stops[len(frozen) :]
        assert all(s.option != cancelled and s.start_s >= at_s for s in new)
        assert all(a.end_s <= b.start_s for a, b in pairwise(after.stops))


def test_a_start_may_move_by_fifteen_minutes():
    """15 minutes is no change, a second more is; so are another unit and a visit that falls away."""
    before = {(i, 0): (0, 5_000) for i in range(5)}
    after = {(0, 0): (0, 5_900), (1, 0): (0, 5_901), (2, 0): (1, 5_000), (3, 0): (0, 4_100)}

    assert n_changed(before, after) == 3


def test_an_added_unit_takes_what_was_left_out():
    """A unit that comes at noon makes visits that nobody made, and changes nobody else's."""
    problem = town(n_units=3, n_each=4)
    fewer = replace(problem, shifts=problem.shifts[:2])
    plan = plan_patrols(fewer, iterations=6_000)
    plan = replace(plan, routes=(*plan.routes, idle_route(problem, 2)))
    found = replan(problem, plan, Change(0, n_added=1), most_changed_share=0.0)

    assert len(found.plan.routes[2].stops) == 4
    assert found.n_changed == 0


def test_visits_within_thirty_minutes_are_not_changed():
    """
    A visit in 25 minutes stays although its unit could make a must-visit that a lost one left; in 35 it does not.
    """
    travel = np.full((4, 4), 60, dtype=np.int32)
    np.fill_diagonal(travel, 0)
    for starts_s, stays in ((1_000 + 1_500, True), (1_000 + 2_100, False)):
        options = [
            Option(0, 0, "arrival", "", starts_s, starts_s, 720, 3_000),
            Option(1, 1, "arrival", "", starts_s + 200, starts_s + 200, 720, 3_000),
        ]
        shifts = tuple(Shift(f"U{i}", "car", 2 + i, 2 + i, 0, 6_000) for i in range(2))
        problem = PatrolProblem(("P0", "P1"), (0, 1), tuple(options), shifts, {"car": travel}, must=frozenset({1}))
        routes = tuple(
            Route(
                i, (Stop(i, o.earliest_s, o.earliest_s, o.earliest_s + 720),), (), o.earliest_s - 60, o.earliest_s + 780
            )
            for i, o in enumerate(options)
        )

        found = replan(problem, Plan(routes, 1, 6_000, 240), Change(1_000, lost=frozenset({1})), most_changed_share=1.0)

        assert [stop.option for stop in found.plan.routes[0].stops] == ([0] if stays else [1])
