"""Why places are not visited: each reason on a day made for it, and the words worked out by hand."""

import pytest

from patrol_day import at, need, occasion, place, unit
from reassure.patrols.problem import VisitLock, build_problem
from reassure.patrols.reasons import REASONS, shortfall_document, unvisited, unvisited_rows
from reassure.patrols.search import plan_patrols
from reassure.patrols.shortfall import extra_time, shortfall, visits_that_fit
from reassure.patrols.travel import travel_matrices


def day(places, needs, occasions, units, iterations=300, **options):
    """A problem, its plan, and what is not visited."""
    problem = build_problem(
        places=places, needs=needs, occasions=occasions, units=units, matrices=travel_matrices, **options
    )
    plan = plan_patrols(problem, iterations=iterations)
    found = unvisited(
        problem,
        plan,
        places=places,
        needs=needs,
        occasions=occasions,
        window_starts_at=min(u.starts_at for u in units),
        callsigns={u.ref: u.callsign for u in units},
    )
    return problem, plan, found


def test_the_reasons_stand_in_the_order_of_the_rule():
    """The first reason that holds is given, in this order."""
    assert REASONS == (
        "opted_out",
        "gate_closed",
        "other_occasion",
        "no_window",
        "skill",
        "unreachable",
        "barred",
        "outweighed",
    )


ONE_REASON = {
    "opted_out": {"needs": [need("A", 0, gate="opted_out")]},
    "gate_closed": {"needs": [need("A", 0, gate="closed")]},
    "no_window": {"occasions": [occasion("A", "19:30")]},
    "skill": {"skills": {"A": "Urdu"}},
    "unreachable": {"places": [place("A", 150)]},
    "barred": {"barred": ["A"]},
}


@pytest.mark.parametrize("reason", ONE_REASON)
def test_each_reason_before_a_trade_off(reason):
    """A place alone with one car is visited but for the one thing that is changed."""
    plain = {"places": [place("A", 2)], "needs": [need("A", 60)], "occasions": [occasion("A")], "units": [unit("1")]}
    _, _, nothing = day(**plain)

    _, plan, found = day(**{**plain, **ONE_REASON[reason]})

    assert nothing == ()
    assert [len(route.stops) for route in plan.routes] == [0]
    assert [(u.place_ref, u.reason, u.change) for u in found] == [("A", reason, "")]
    assert found[0].name == "Generated A"


def test_an_earlier_reason_goes_before_a_later_one():
    """A barred place that is out of reach too is out of reach; one that opted out has opted out whatever else."""
    places, occasions, units = [place("A", 150)], [occasion("A")], [unit("1")]

    _, _, far = day(places, [need("A", 60)], occasions, units, barred=["A"])
    _, _, out = day(places, [need("A", 0, gate="opted_out")], occasions, units, barred=["A"])

    assert [u.reason for u in (*far, *out)] == ["unreachable", "opted_out"]


def test_a_place_visited_at_its_other_occasion_says_where_and_when():
    """Of two occasions the one with more need is visited; the other names that visit."""
    places, needs = [place("A", 2)], [need("A", 60), need("A", 40, 2)]
    occasions = [occasion("A", "11:45"), occasion("A", "13:30", 2)]

    _, plan, found = day(places, needs, occasions, [unit("1")])

    assert [(u.occasion_ref[-1], u.reason) for u in found] == [("2", "other_occasion")]
    start = plan.routes[0].stops[0].start_s
    clock = f"{11 + start // 3600:02d}:{start % 3600 // 60:02d}"
    assert found[0].text == f"The place is visited at another occasion that day, at {clock} by Car 1."


def test_unreachable_says_by_how_many_minutes():
    """150 km north is 5 h 3 min by car: there at 16:03, 98 min after the last start of a visit, 14:25."""
    # 150 km x 1.35 x 3,600/40,233.6 = 18,119.2, rounded up and 60 s more is 5 h 3 min; a day until 23:00 lacks nothing
    needs, occasions = [need("A", 60)], [occasion("A", "13:00")]

    _, _, found = day([place("A", 150)], needs, occasions, [unit("1", ends="23:00")])

    assert found[0].text == "No unit can be there in time even if it did nothing else; Car 1 misses by 98 min."


def two_rivals():
    """Two places 60 km apart with one window at the same time: one car can be at one of them."""
    places = [place("A", 30), place("B", -30)]
    needs = [need("A", 79), need("B", 41)]
    occasions = [occasion("A"), occasion("B")]
    return places, needs, occasions


def test_outweighed_names_what_would_have_to_go():
    """The place with 41 points would fit if the one with 79 were dropped; a second car would serve it for nothing."""
    places, needs, occasions = two_rivals()

    _, _, found = day(places, needs, occasions, [unit("1", "11:00", "14:20")])

    assert [(u.place_ref, u.reason) for u in found] == [("B", "outweighed")]
    assert found[0].text.startswith("Would fit Car 1 at ")
    assert found[0].text.endswith(" if it dropped Generated A (79): 41 points for 79.")


def test_the_smallest_change_is_worked_out_and_is_enough():
    """A at 12:45, 49 min to B, 12 min there, 24 min back to base is 14:22:30: 58 min after a shift that ends 13:25."""
    # 24 km: 32,400 m of road, 2,900 s (2,899.1 rounded up) + 60; 12 km back: 1,450 s (1,449.5 rounded up)
    # 12:45 + 720 s + 2,960 s = 13:46:20, dispersal; + 720 s + 1,450 s = 14:22:30
    places = [place("A", 12), place("B", -12)]
    needs, occasions = [need("A", 79), need("B", 41)], [occasion("A"), occasion("B")]

    far = unit("2", "12:18", "15:00", km_north=200, kind="foot")  # keeps the planning window open, reaches nobody
    _, _, short = day(places, needs, occasions, [unit("1", "12:18", "13:25"), far])
    _, _, enough = day(places, needs, occasions, [unit("1", "12:18", "14:23"), far])

    assert [u.change for u in short] == ["Car 1 on shift 58 min longer, or one more unit."]
    assert enough == ()


def test_a_wider_window_is_named_where_it_is_the_smaller_change():
    """With the morning free, B before A needs a start at 11:47:30: a window that opens 28 min before 12:15."""
    # A has to start by 13:25 - 24:10 - 12:00 = 12:48:50; B 2,960 s + 720 s before that
    places = [place("A", 12), place("B", -12)]
    needs, occasions = [need("A", 79), need("B", 41)], [occasion("A"), occasion("B")]

    _, _, short = day(places, needs, occasions, [unit("1", "11:00", "13:25")])

    assert [u.change for u in short] == ["A window 28 min wider, for Car 1, or one more unit."]


def test_must_visits_are_never_offered_for_dropping():
    """What a place with need would displace is never a must-visit; then no swap is named."""
    places, needs, occasions = two_rivals()

    _, _, found = day(places, needs, occasions, [unit("1", "11:00", "14:20")], must=["B"])

    assert [(u.place_ref, u.is_must) for u in found] == [("A", False)]
    assert found[0].text == "The units' time goes to visits with more need; no swap for a few visits makes room."


def test_every_need_without_a_visit_has_one_reason():
    """On a crowded day visited and unvisited rows together are all rows, each once, with the schema's fields."""
    places = [place(f"P{i:02d}", (i % 12) * 1.5) for i in range(40)]
    needs = [need(p.ref, 20 + (i * 37) % 60) for i, p in enumerate(places)]
    occasions = [occasion(p.ref, f"{12 + i % 2}:{(i * 7) % 60:02d}") for i, p in enumerate(places)]
    units = [unit("1", breaks=[("12:00", "13:30", 30)]), unit("2", km_north=9)]
    problem, plan, found = day(places, needs, occasions, units, iterations=2_000)

    rows = unvisited_rows(
        problem, plan, places=places, needs=needs, occasions=occasions, window_starts_at=units[0].starts_at
    )

    visited = {problem.options[s.option].occasion_ref for route in plan.routes for s in route.stops}
    assert sorted([*visited, *(u.occasion_ref for u in found)]) == sorted(n.occasion_ref for n in needs)
    assert 0 < len(visited) < len(needs)
    assert [row["occasion_ref"] for row in rows] == [u.occasion_ref for u in found]
    assert all(row["reason"] in REASONS and row["text"].endswith(".") for row in rows)
    assert {*rows[0]} == {"place_ref", "name", "occasion_ref", "points", "is_must", "reason", "text", "change"}


def test_the_bound_of_sixty_mosques_and_eight_units():
    """8 units of 150 min, stay 12, least travel 8: 7 visits each, 56 in all; 57 take one unit two minutes longer."""
    assert [visits_that_fit(150, 12, 8)] * 8 == [7] * 8
    assert extra_time([150] * 8, 12, 8, 56) == 0
    assert extra_time([150] * 8, 12, 8, 57) == 2  # 8 x 12 + 7 x 8 = 152
    assert extra_time([150] * 8, 12, 8, 60) == 8  # two minutes for each of four units
    assert extra_time([150] * 8, 12, 8, 66) == 8 * 2 + 2 * 20


@pytest.mark.parametrize(("time", "fits"), [(0, 0), (11, 0), (12, 1), (31, 1), (32, 2), (51, 2), (52, 3)])
def test_a_visit_takes_a_stay_and_a_journey_between_two(time, fits):
    """n visits of 12 min with 8 min between take 12, 32, 52 min."""
    assert visits_that_fit(time, 12, 8) == fits


def test_a_shortfall_names_each_must_that_is_missed():
    """Five musts at one time and one car: what fits, who is missed, what is lacking, by hand."""
    places = [place(ref, 4.0 * i) for i, ref in enumerate("ABCDE")]
    needs = [need(ref, 50, has_occasion=False) for ref in "ABCDE"]
    units = [unit("1", "11:00", "11:50")]

    problem, plan, _ = day(places, needs, [], units, must=list("ABCDE"))
    found = shortfall(problem, plan)
    document = shortfall_document(problem, plan, names={p.ref: p.title for p in places})

    # 4 km: 5,400 m of road, 484 s (483.18 rounded up) + 60 = 544 s; (3,000 + 544) / (720 + 544) = 2.8 -> 2
    # the third visit takes 3 x 720 + 2 x 544 = 3,248 s, 248 more; the fourth and fifth 1,264 each: 2,776 s = 47 min
    assert (found.n_must, found.fits_at_most, found.missing_unit_min) == (5, 2, 47)
    assert found.n_served == plan.n_must_served <= 2
    assert len(found.unmet) == 5 - found.n_served
    assert document["unmet"] == list(found.unmet)
    assert "These units fit at most 2: 3 visits short at the least." in document["text"]


def test_no_shortfall_when_every_must_is_served():
    """A plan that serves all must-visits has none."""
    problem, plan, _ = day([place("A", 2)], [need("A", 60)], [occasion("A")], [unit("1")], must=["A"])

    assert shortfall(problem, plan) is None
    assert shortfall_document(problem, plan) is None


def test_a_locked_visit_is_made_as_it_was_fixed():
    """A lock to unit and time is kept to the second, though another unit stands nearer."""
    places = [place("A", 10), place("B", 2)]
    needs = [need("A", 60), need("B", 50)]
    units = [unit("1", km_north=10), unit("2")]

    problem, plan, _ = day(
        places, needs, [occasion("A"), occasion("B")], units, locks=[VisitLock("A", "2", at("13:00"))]
    )

    (stop,) = [s for s in plan.routes[1].stops if problem.options[s.option].site == 0]
    assert stop.start_s == 7_200
