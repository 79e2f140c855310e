"""How a day becomes a planning problem: options by hand, order, locks, and what is refused."""

from datetime import timedelta

import pytest

from patrol_day import at, need, occasion, place, unit
from reassure.errors import InputError, RuleError
from reassure.patrols.problem import Lock, VisitLock, build_problem, planning_window
from reassure.patrols.travel import travel_matrices


def build(places, needs, occasions=(), units=None, **options):
    return build_problem(
        places=places,
        needs=needs,
        occasions=occasions,
        units=[unit("1")] if units is None else units,
        matrices=travel_matrices,
        **options,
    )


def test_the_planning_window_runs_from_first_start_to_last_end():
    """Three shifts, the first from 10:30, the last until 16:00."""
    units = [unit("1"), unit("2", "10:30", "12:00"), unit("3", "12:00", "16:00")]

    assert planning_window(units) == (at("10:30"), at("16:00"))


def test_an_occasion_gives_its_windows_as_options():
    """Jumu'ah at 13:15, 60 points, window from 11:00: five options with the seconds and prizes worked out by hand."""
    problem = build([place("A")], [need("A", 60)], [occasion("A")])

    # 11:00 is second 0, so 12:15 is 4,500; around pays 50 %, arrival 100 %, during 70 %, dispersal 90 %
    assert [(o.kind, o.earliest_s, o.latest_s, o.prize) for o in problem.options] == [
        ("around", 4_500, 6_300, 3_000),
        ("arrival", 6_300, 8_100, 6_000),
        ("during", 8_100, 9_900, 4_200),
        ("dispersal", 9_900, 11_400, 5_400),
        ("around", 11_400, 13_200, 3_000),
    ]
    assert {(o.site, o.group, o.dwell_s, o.occasion_ref) for o in problem.options} == {
        (0, 0, 720, "A:jumuah:2026-11-27:1")
    }


def test_a_gate_opened_without_an_occasion_gives_any_time():
    """A request alone lets a visit start at any time of the planning window."""
    problem = build([place("A")], [need("A", 31, has_occasion=False)])

    assert [(o.kind, o.occasion_ref, o.earliest_s, o.latest_s, o.prize) for o in problem.options] == [
        ("any_time", "", 0, 14_400, 3_100)
    ]


@pytest.mark.parametrize(
    ("needs", "occasions"),
    [
        ([need("A", 0, gate="closed")], [occasion("A")]),
        ([need("A", 50, gate="opted_out")], [occasion("A")]),
        ([need("A", 50)], [occasion("A", status="cancelled")]),
        ([need("A", 50)], [occasion("A", "19:00")]),
        ([need("B", 50)], [occasion("B")]),  # a place that is not in the area
    ],
)
def test_what_cannot_be_visited_gives_no_option(needs, occasions):
    """Closed gates, opt-outs, cancelled occasions and windows outside every shift leave nothing to plan."""
    problem = build([place("A")], needs, occasions)

    assert problem.options == ()
    assert problem.site_refs == ()


def test_options_that_miss_the_planning_window_are_left_out():
    """Jumu'ah at 15:00 with shifts until 15:00 leaves what can end by then: before arrival, and the arrival itself."""
    problem = build([place("A")], [need("A", 60)], [occasion("A", "15:00")])

    assert [o.kind for o in problem.options] == ["around", "arrival"]


def test_windows_that_overlap_the_planning_window_stay_whole():
    """Shifts from 13:00 keep an arrival that began 12:45 (900 s earlier) and drop what was over by 12:45."""
    problem = build([place("A")], [need("A", 60)], [occasion("A")], [unit("1", "13:00", "17:00")])

    assert [(o.kind, o.earliest_s, o.latest_s) for o in problem.options][:2] == [
        ("arrival", -900, 900),
        ("during", 900, 2_700),
    ]
    assert len(problem.options) == 4


def test_the_order_of_the_input_changes_nothing():
    """Sites stand by their refs and options by time, however places, needs and occasions were given."""
    places = [place(ref, i) for i, ref in enumerate("CAB")]
    needs = [need(ref, 40 + i) for i, ref in enumerate("CAB")]
    occasions = [occasion(ref) for ref in "CAB"]

    one = build(places, needs, occasions)
    two = build(places[::-1], needs[::-1], occasions[::-1])

    assert one.site_refs == two.site_refs == ("A", "B", "C")
    assert one.options == two.options
    assert one.travel["car"].tolist() == two.travel["car"].tolist()


def test_all_occasions_of_a_place_exclude_each_other():
    """Two occasions of one place are options of one group, so that it is visited once."""
    problem = build(
        [place("A")], [need("A", 60), need("A", 40, 2)], [occasion("A", "11:45"), occasion("A", "13:30", 2)]
    )

    assert {o.group for o in problem.options} == {0}
    assert len({o.occasion_ref for o in problem.options}) == 2


def test_a_second_visit_earns_four_tenths():
    """Where second visits are allowed each option has a twin in a second group for 0.4 of its prize."""
    problem = build([place("A")], [need("A", 60)], [occasion("A")], allows_second=True)

    assert problem.group_sites == (0, 0)
    assert [o.prize for o in problem.options if o.group == 1] == [1_200, 2_400, 1_680, 2_160, 1_200]


def test_bases_stand_behind_the_places_once_each():
    """Two units of one base share its node; an end base of its own is another."""
    units = [unit("1"), unit("2"), unit("3", km_north=5)]

    problem = build([place("A", 2)], [need("A", 60)], [occasion("A")], units)

    assert [(s.start_node, s.end_node) for s in problem.shifts] == [(1, 1), (1, 1), (2, 2)]
    assert problem.travel["car"].shape == (3, 3)


def test_breaks_become_seconds_in_their_order():
    """A break from 12:00 to 12:30 of 30 minutes is (3600, 5400, 1800) when the window opens at 11:00."""
    units = [unit("1", breaks=[("14:00", "14:05", 10), ("12:00", "12:30", 30)])]

    (shift,) = build([place("A")], [need("A", 60)], [occasion("A")], units).shifts

    assert shift.breaks == ((3_600, 5_400, 1_800), (10_800, 11_100, 600))


def test_musts_bars_and_locks_are_groups_and_seconds():
    """Refs and instants become indices and seconds; a must without any option stays, so that it is missed by name."""
    problem = build(
        [place("A"), place("B"), place("C")],
        [need("A", 60), need("B", 50)],
        [occasion("A"), occasion("B")],
        must=["A", "C", "elsewhere"],
        barred=["B"],
        locks=[VisitLock("A", "1", at("12:50"))],
    )

    assert problem.site_refs == ("A", "B", "C")
    assert (problem.must, problem.barred) == ({0, 2}, {1})
    assert problem.locks == (Lock(0, 0, 6_600),)


def test_skills_asked_for_stand_on_the_options():
    """What a place asks of the unit is on each of its options."""
    problem = build([place("A")], [need("A", 60)], [occasion("A")], skills={"A": "Urdu"})

    assert {o.skill for o in problem.options} == {"Urdu"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"units": []}, "there are no units"),
        ({"units": [unit("1", ends="11:05")]}, "unit 1: ends_at"),
        ({"units": [unit("1"), unit("1")]}, "each unit once"),
        ({"units": [unit("1", breaks=[("14:50", "14:55", 30)])]}, "a break inside the shift"),
        ({"dwell_min": 9}, "dwell_min is 9; expected at least 10, or a reason"),
        ({"dwell_min": 0, "dwell_reason": "none"}, "dwell_min is 0"),
        ({"locks": [VisitLock("Z")]}, "lock is Z; expected a place that can be visited"),
        ({"locks": [VisitLock("A", "9")]}, "lock is 9; expected a unit of the roster"),
    ],
)
def test_inputs_that_cannot_be_are_refused(options, says):
    """Units, stays and locks that cannot be planned are named before anything is worked out."""
    with pytest.raises(InputError, match=says):
        build([place("A")], [need("A", 60)], [occasion("A")], **options)


def test_all_faults_of_units_and_locks_come_at_once():
    """A short stay, a shift that ends before it starts and an unknown lock are three sentences of one error."""
    with pytest.raises(InputError) as caught:
        build(
            [place("A")],
            [need("A", 60)],
            [occasion("A")],
            [unit("1"), unit("2", "14:00", "12:00")],
            dwell_min=5,
            locks=[VisitLock("Z")],
        )

    assert [p.column for p in caught.value.problems] == ["dwell_min", "unit 2: ends_at", "lock"]


def test_a_shorter_stay_needs_a_reason():
    """Five minutes are allowed where somebody says why."""
    problem = build([place("A")], [need("A", 60)], [occasion("A")], dwell_min=5, dwell_reason="road closed after noon")

    assert {o.dwell_s for o in problem.options} == {300}


def test_more_options_than_a_plan_takes_are_refused_with_advice():
    """1,251 places with four kinds of visit each are over 5,000; the error says what to do."""
    places = [place(f"P{i:04d}") for i in range(1_251)]
    needs = [need(p.ref, 50) for p in places]
    occasions = [occasion(p.ref) for p in places]

    with pytest.raises(RuleError, match=r"5,004 ways to make a visit; expected at most 5,000 a plan\. Split"):
        build(places, needs, occasions)
    assert len(build(places[:1_250], needs, occasions).options) == 6_250  # the two windows of `around` count as one way


def test_a_window_across_the_clock_change_counts_true_seconds():
    """From 00:30 BST to 02:30 GMT on 25 October 2026 the any-time window is three hours long."""
    start = at("00:00").replace(month=10, day=24, hour=23, minute=30)
    night = unit("1")
    night = type(night)("1", "N1", "car", 2, night.base, start, start + timedelta(hours=3))

    problem = build([place("A")], [need("A", 20, has_occasion=False)], units=[night])

    assert problem.options[0].latest_s == 10_800
