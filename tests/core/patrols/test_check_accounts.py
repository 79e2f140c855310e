"""The checker refuses each fault planted in needs, options, who is visited, reasons and sums."""

from collections.abc import Callable
from typing import Any

import pytest

from sound_plan import DAY, U3, Plan, row, sign, sound_plan, stop, t, texts, unvisited


def drop(plan: Plan, table: str, **keys: Any) -> None:
    plan[table].remove(row(plan, table, **keys))


# --- planted faults: one a rule; each plan is signed again, so that the rule and not the digest finds it ------


def under_ten_minutes(p: Plan) -> None:
    for o in p["options"]:
        if o["place_ref"] == "m1":
            o["dwell_min"] = 9


def opted_out_place(p: Plan) -> None:
    row(p, "places", ref="m1")["presence"] = "none"


def barred_place(p: Plan) -> None:
    row(p, "places", ref="m1")["barred"] = True


def duplicate_visit(p: Plan) -> None:
    again = stop("m1", f"m1:jumuah:{DAY}:1#dispersal-1", ("13:17:00", "13:17:00", "13:29:00"), 60, 0)
    p["routes"][U3].update(leave=t("13:16:00"), stops=[again], back={"arrive": t("13:29:00"), "travel_s": 0})


def second_visit_without_a_first(p: Plan) -> None:
    row(p, "options", ref=f"m1:jumuah:{DAY}:1#arrival-1").update(is_second=True, prize=2120)


def window_that_is_too_wide(p: Plan) -> None:
    row(p, "options", ref=f"s1:shabbat_eve:{DAY}:1#arrival-1")["earliest_start"] = t("15:20")


def missing_must_visit(p: Plan) -> None:
    row(p, "places", ref="m3")["must"] = True
    row(p, "unvisited", place_ref="m3")["is_must"] = True


def shortfall_not_stated(p: Plan) -> None:
    missing_must_visit(p)
    p["inputs"]["allow_shortfall"] = True


def shortfall_about_another_place(p: Plan) -> None:
    shortfall_not_stated(p)
    p["totals"]["n_must"] = 2
    p["shortfall"] = {
        "n_must": 2,
        "n_served": 1,
        "fits_at_most": 1,
        "missing_unit_min": 20,
        "unmet": ["m2"],
        "text": "",
    }


def shortfall_without_reason(p: Plan) -> None:
    p["shortfall"] = {"n_must": 1, "n_served": 0, "fits_at_most": 1, "missing_unit_min": 0, "unmet": [], "text": ""}


def bound_below_the_must_visits_served(p: Plan) -> None:
    shortfall_about_another_place(p)
    p["shortfall"].update(unmet=["m3"], fits_at_most=0)


def wrong_total(p: Plan) -> None:
    p["totals"]["travel_s"] = 1_586


def wrong_number_of_places(p: Plan) -> None:
    p["inputs"]["n_places"] = 13


def wrong_prize(p: Plan) -> None:
    row(p, "options", ref=f"m1:jumuah:{DAY}:1#arrival-1")["prize"] = 5_400


def parts_that_do_not_add_up(p: Plan) -> None:
    row(p, "needs", place_ref="m3")["parts"]["gap"] = 6


def part_above_its_weight(p: Plan) -> None:
    need = row(p, "needs", place_ref="c1")
    need["parts"].update(gap=11, incidents=11)


def weights_that_do_not_sum_to_100(p: Plan) -> None:
    p["inputs"]["need_model"]["weights"]["request"] = 12


def wrong_attendance(p: Plan) -> None:
    need = row(p, "needs", place_ref="s1")
    need["n_expected"] = 35


def named_though_only_engaged(p: Plan) -> None:
    row(p, "needs", place_ref="s1")["declaration_match"] = "named"


def declared_points_without_a_declaration(p: Plan) -> None:
    p["inputs"]["declarations"][0]["expires_at"] = t("12:45")


def declaration_for_another_area(p: Plan) -> None:
    p["inputs"]["declarations"][0]["areas"] = ["E23000015"]


def exercise_that_counts(p: Plan) -> None:
    p["inputs"]["declarations"][0]["status"] = "exercise"


def gate_closed_at_an_occasion(p: Plan) -> None:
    need = row(p, "needs", place_ref="m3")
    need.update(gate="closed", points=0, parts=dict.fromkeys(need["parts"], 0))


def option_for_another_places_occasion(p: Plan) -> None:
    row(p, "options", ref=f"m3:jumuah:{DAY}:1#during-1")["occasion_ref"] = f"m1:jumuah:{DAY}:1"


def occasion_not_accounted_for(p: Plan) -> None:
    drop(p, "unvisited", place_ref="m3")


def place_without_occasion_not_accounted_for(p: Plan) -> None:
    drop(p, "unvisited", place_ref="g1")


def two_reasons(p: Plan) -> None:
    p["unvisited"].append(unvisited("m3", "jumuah", 53, "unreachable"))


def visited_and_unvisited(p: Plan) -> None:
    p["unvisited"].append(unvisited("m1", "jumuah", 53, "outweighed"))


def cancelled_occasion_visited(p: Plan) -> None:
    row(p, "occasions", place_ref="m1")["status"] = "cancelled"


def cancelled_occasion_in_the_needs(p: Plan) -> None:
    row(p, "needs", place_ref="off")["occasion_ref"] = f"off:jumuah:{DAY}:1"


def bound_below_the_value(p: Plan) -> None:
    p["certificate"]["bound"] = 17_899


def value_of_another_plan(p: Plan) -> None:
    p["certificate"]["value"] = 18_000


def says_opted_out_though_welcome(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["reason"] = "opted_out"


def says_gate_closed_though_open(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["reason"] = "gate_closed"


def says_no_window_though_a_shift_fits(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["reason"] = "no_window"


def says_skill_though_none_is_asked(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["reason"] = "skill"


def says_unreachable_though_reachable(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["reason"] = "unreachable"


def says_barred_though_free(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["reason"] = "barred"


def says_outweighed_though_out_of_reach(p: Plan) -> None:
    row(p, "unvisited", place_ref="far")["reason"] = "outweighed"


def says_outweighed_though_opted_out(p: Plan) -> None:
    row(p, "unvisited", place_ref="out")["reason"] = "outweighed"


def says_other_occasion_though_never_visited(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["reason"] = "other_occasion"


def points_that_are_not_the_needs(p: Plan) -> None:
    row(p, "unvisited", place_ref="m3")["points"] = 54


def sittings_out_of_order(p: Plan) -> None:
    row(p, "occasions", place_ref="m2")["sittings"].reverse()


def ref_twice(p: Plan) -> None:
    p["options"].append(row(p, "options", ref=f"m3:jumuah:{DAY}:1#during-1"))


def secret_marking(p: Plan) -> None:
    p["marking"] = "SECRET"


FAULTS: list[tuple[Callable[[Plan], None], str]] = [
    (under_ten_minutes, f"option m1:jumuah:{DAY}:1#arrival-1: the stay is 9 min; expected at least 10 min"),
    (opted_out_place, "unit U1 visits Generated m1 (m1), which has opted out; expected no visit"),
    (barred_place, "unit U1 visits Generated m1 (m1), which is barred; expected no visit"),
    (duplicate_visit, "Generated m1 (m1) has 2 visits; expected one"),
    (second_visit_without_a_first, "Generated m1 (m1) has a second visit without a first"),
    (window_that_is_too_wide, "a visit may start 27 Nov 15:20:00 UTC to 27 Nov 15:45:00 UTC; expected 27 Nov 15:30:00"),
    (missing_must_visit, "must-visit Generated m3 (m3) is not in the plan; expected a visit, or allow_shortfall"),
    (shortfall_not_stated, "1 must-visits are not in the plan (m3) and shortfall is null"),
    (shortfall_about_another_place, "the shortfall is wrong about m2, m3"),
    (shortfall_without_reason, "every must-visit is in the plan and a shortfall is stated"),
    (bound_below_the_must_visits_served, "at most 0 must-visits are said to fit and 1 are in the plan"),
    (wrong_total, "the total travel_s is 1586; expected 1587"),
    (wrong_number_of_places, "n_places is 13; expected 12"),
    (wrong_prize, "the prize is 5400; expected 5300, 53 points x 100 %"),
    (parts_that_do_not_add_up, "the parts add up to 54; expected 53, the points"),
    (part_above_its_weight, "gap is 11; expected at most 10, its weight"),
    (weights_that_do_not_sum_to_100, "weights sum to 102; expected 100"),
    (wrong_attendance, "attendance is 18; expected 15, for 35 people"),
    (named_though_only_engaged, "need of s1 at occasion s1:shabbat_eve:2026-11-27:1: declaration_match is named"),
    (
        declared_points_without_a_declaration,
        "need of m1 at occasion m1:jumuah:2026-11-27:1: declared is 20; expected 0",
    ),
    (declaration_for_another_area, "declaration_match is named; expected none"),
    (exercise_that_counts, "declaration_match is named; expected none"),
    (gate_closed_at_an_occasion, "the gate is closed; expected open, since people gather in the planning window"),
    (option_for_another_places_occasion, f"m1:jumuah:{DAY}:1 is no occasion of m3"),
    (occasion_not_accounted_for, f"Generated m3 (m3) at m3:jumuah:{DAY}:1 has neither a visit nor a reason"),
    (place_without_occasion_not_accounted_for, "Generated g1 (g1) has neither a visit nor a reason"),
    (two_reasons, f"Generated m3 (m3) at m3:jumuah:{DAY}:1 stands twice; expected one first reason each"),
    (visited_and_unvisited, f"Generated m1 (m1) at m1:jumuah:{DAY}:1 has a visit; expected only those without"),
    (cancelled_occasion_visited, f"unit U1 visits Generated m1 (m1) for m1:jumuah:{DAY}:1, which is cancelled"),
    (cancelled_occasion_in_the_needs, f"there is a need of off at occasion off:jumuah:{DAY}:1"),
    (bound_below_the_value, "the bound is 17899 and the value 17900"),
    (value_of_another_plan, "the value is 18000; expected 17900"),
    (says_opted_out_though_welcome, "the reason is opted_out; expected a reason that is true of it"),
    (says_gate_closed_though_open, "the reason is gate_closed; expected a reason that is true of it"),
    (says_no_window_though_a_shift_fits, "the reason is no_window; expected another, since a shift has time for it"),
    (says_skill_though_none_is_asked, "the reason is skill; expected another, since no visit there asks for a skill"),
    (says_unreachable_though_reachable, "the reason is unreachable; expected outweighed"),
    (says_barred_though_free, "the reason is barred; expected another, since the place is not barred"),
    (says_outweighed_though_out_of_reach, "the reason is outweighed; expected no_window, skill or unreachable"),
    (says_outweighed_though_opted_out, "the reason is outweighed; expected opted_out"),
    (says_other_occasion_though_never_visited, "the reason is other_occasion; expected a reason that is true of it"),
    (points_that_are_not_the_needs, "points are 54; expected 53, its need"),
    (sittings_out_of_order, f"occasion m2:jumuah:{DAY}:1: sitting 2 begins 27 Nov 12:15:00 UTC"),
    (ref_twice, f"m3:jumuah:{DAY}:1#during-1 stands twice in options"),
    (secret_marking, "the plan is marked 'SECRET'; expected OFFICIAL or OFFICIAL-SENSITIVE"),
]


@pytest.mark.parametrize(("plant", "expected"), FAULTS, ids=[plant.__name__ for plant, _ in FAULTS])
def test_a_planted_fault_in_the_accounts_is_refused(plant: Callable[[Plan], None], expected: str) -> None:
    """Each rule finds the fault planted against it, and names who, what is said and what was expected."""
    plan = sound_plan()
    plant(plan)

    found = texts(sign(plan))

    assert any(expected in text for text in found), found
    assert not any("digest" in text for text in found)
