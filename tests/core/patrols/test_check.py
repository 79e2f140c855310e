"""The checker accepts a plan worked out by hand and refuses each fault planted in a route."""

from collections.abc import Callable

import pytest

from sound_plan import DAY, U1, U2, U3, Plan, row, sign, sound_plan, t, texts


def test_a_plan_made_by_hand_is_accepted() -> None:
    """A plan whose every number was worked out on paper has no fault."""
    assert texts(sound_plan()) == []


# --- planted faults: one a rule; each plan is signed again, so that the rule and not the digest finds it ------


def late(p: Plan) -> None:
    first = p["routes"][U2]
    first["leave"] = t("15:40:00")
    first["stops"][0].update(arrive=t("15:43:15"), start=t("15:45:01"), end=t("15:57:01"), wait_s=106)
    first["back"]["arrive"] = t("15:59:16")
    p["totals"]["wait_s"] = 721 + 106


def overlap(p: Plan) -> None:
    second = p["routes"][U1]["stops"][1]
    second.update(arrive=t("12:20:00"), start=t("12:20:00"), end=t("12:32:00"))


def short_dwell(p: Plan) -> None:
    p["routes"][U1]["stops"][0]["end"] = t("12:24:15")


def skipped_break(p: Plan) -> None:
    p["routes"][U1]["breaks"] = []


def moved_break(p: Plan) -> None:
    p["routes"][U1]["breaks"][0].update(start=t("14:00:01"), end=t("14:30:01"))


def shortened_break(p: Plan) -> None:
    p["routes"][U1]["breaks"][0]["end"] = t("13:44:00")


def break_during_a_visit(p: Plan) -> None:
    p["routes"][U1]["breaks"][0].update(start=t("13:05:00"), end=t("13:35:00"))


def break_twice(p: Plan) -> None:
    p["routes"][U1]["breaks"].append({**p["routes"][U1]["breaks"][0], "start": t("13:46"), "end": t("14:16")})


def wrong_skill(p: Plan) -> None:
    row(p, "options", ref=f"s1:shabbat_eve:{DAY}:1#arrival-1")["skill"] = "hebrew"


def impossible_travel(p: Plan) -> None:
    p["routes"][U1]["stops"][2].update(travel_s=120, arrive=t("12:44:30"), wait_s=930)


def journey_that_takes_too_long(p: Plan) -> None:
    p["routes"][U2]["back"].update(travel_s=136, arrive=t("15:44:16"))


def outside_the_window(p: Plan) -> None:
    p["routes"][U1]["leave"] = t("12:11:59")
    p["routes"][U1]["stops"][0].update(arrive=t("12:14:59"), start=t("12:14:59"), end=t("12:26:59"))


def option_of_another_place(p: Plan) -> None:
    p["routes"][U1]["stops"][0]["option"] = f"m3:jumuah:{DAY}:1#arrival-1"


def unknown_option(p: Plan) -> None:
    p["routes"][U1]["stops"][0]["option"] = "m1#never"


def unknown_place(p: Plan) -> None:
    p["routes"][U1]["stops"][0]["place_ref"] = "m9"


def lock_broken_by_time(p: Plan) -> None:
    p["locks"] = [{"place_ref": "m1", "unit_ref": "U1", "start": t("12:20")}]


def lock_broken_by_unit(p: Plan) -> None:
    p["locks"] = [{"place_ref": "m1", "unit_ref": "U2", "start": None}]


def lock_on_a_place_that_is_not_visited(p: Plan) -> None:
    p["locks"] = [{"place_ref": "m3", "unit_ref": None, "start": None}]


def unknown_unit(p: Plan) -> None:
    p["routes"][U3]["unit_ref"] = "U9"


def two_routes_of_one_unit(p: Plan) -> None:
    p["routes"].append(p["routes"][U3])


def leaves_before_the_shift(p: Plan) -> None:
    p["routes"][U3].update(leave=t("11:59:59"), back={"arrive": t("11:59:59"), "travel_s": 0})


def back_after_the_shift(p: Plan) -> None:
    p["units"][U2]["ends_at"] = t("15:44:00")
    p["window"]["ends_at"] = t("15:44:00")


def wrong_planning_window(p: Plan) -> None:
    p["window"]["ends_at"] = t("18:00")


def wrong_wait(p: Plan) -> None:
    p["routes"][U1]["stops"][2]["wait_s"] = 720


def starts_before_arriving(p: Plan) -> None:
    p["routes"][U1]["stops"][1].update(start=t("12:30:00"), end=t("12:42:00"))


def recomputation_switched_off(p: Plan) -> None:
    p["inputs"]["travel"]["is_recomputable"] = False


def shorter_detour(p: Plan) -> None:
    p["inputs"]["travel"]["detour"] = 1.2


def faster_cars(p: Plan) -> None:
    p["inputs"]["travel"]["speeds_kmh"]["car"] = 60.0


FAULTS: list[tuple[Callable[[Plan], None], str]] = [
    (
        late,
        "Car 2 (U2), stop 1 (Generated s1 (s1)): starts 27 Nov 15:45:01 UTC, too late; expected 27 Nov 15:45:00 UTC",
    ),
    (overlap, "Car 1 (U1), stop 2 (Generated m2 (m2)) overlaps what is before it: arrives 27 Nov 12:20:00 UTC"),
    (short_dwell, "stop 1 (Generated m1 (m1)): the visit lasts 540 s; expected at least 600 s"),
    (skipped_break, "Car 1 (U1): break 1 of 30 min is taken 0 times; expected each break once"),
    (
        moved_break,
        "Car 1 (U1): break 1 starts 27 Nov 14:00:01 UTC; expected 27 Nov 13:00:00 UTC to 27 Nov 14:00:00 UTC",
    ),
    (shortened_break, "Car 1 (U1): break 1 lasts 1740 s; expected 1800 s, taken whole"),
    (break_during_a_visit, "break 1 starts 27 Nov 13:05:00 UTC, before the visit of Car 1 (U1), stop 3"),
    (break_twice, "break 1 of 30 min is taken 2 times"),
    (wrong_skill, "asks for the skill hebrew; Car 2 has no skills; expected a unit with that skill"),
    (impossible_travel, "the journey from Generated m2 (m2) is said to take 120 s; expected 329 s, 2.2 km"),
    (journey_that_takes_too_long, "Car 2 (U2), way back: the journey from Generated s1 (s1) is said to take 136 s"),
    (outside_the_window, "starts 27 Nov 12:14:59 UTC, outside the window; expected 27 Nov 12:15:00 UTC or later"),
    (option_of_another_place, f"m3:jumuah:{DAY}:1#arrival-1 is an option of m3; expected an option of m1"),
    (unknown_option, "the option is m1#never; expected an option of the plan"),
    (unknown_place, "Car 1 (U1), stop 1 is at m9; expected a place of the plan"),
    (
        lock_broken_by_time,
        "Generated m1 (m1) has a locked visit that is not in the plan; expected a visit by unit U1 at",
    ),
    (lock_broken_by_unit, "Generated m1 (m1) has a locked visit that is not in the plan; expected a visit by unit U2"),
    (lock_on_a_place_that_is_not_visited, "Generated m3 (m3) has a locked visit that is not in the plan"),
    (unknown_unit, "a route is of unit U9; expected a unit of the plan"),
    (two_routes_of_one_unit, "unit U3 has a second route"),
    (leaves_before_the_shift, "Foot 3 (U3) leaves the base 27 Nov 11:59:59 UTC; expected 27 Nov 12:00:00 UTC or later"),
    (back_after_the_shift, "Car 2 (U2) is back 27 Nov 15:44:15 UTC; expected 27 Nov 15:44:00 UTC or earlier"),
    (wrong_planning_window, "the planning window ends 27 Nov 18:00:00 UTC; expected 27 Nov 17:00:00 UTC"),
    (wrong_wait, "waits 720 s; expected 721 s"),
    (
        starts_before_arriving,
        "starts 27 Nov 12:30:00 UTC; expected 27 Nov 12:30:30 UTC or later, when the unit arrives",
    ),
    (recomputation_switched_off, "travel is from great-circle and is_recomputable is False"),
    (shorter_detour, "travel is reckoned with detour 1.2; expected 1.35"),
    (faster_cars, "travel is reckoned with speeds_kmh.car 60.0; expected 40.2336"),
]


@pytest.mark.parametrize(("plant", "expected"), FAULTS, ids=[plant.__name__ for plant, _ in FAULTS])
def test_a_planted_fault_in_a_route_is_refused(plant: Callable[[Plan], None], expected: str) -> None:
    """Each rule finds the fault planted against it, and names who, what is said and what was expected."""
    plan = sound_plan()
    plant(plan)

    found = texts(sign(plan))

    assert any(expected in text for text in found), found
    assert not any("digest" in text for text in found)
