"""What the checker accepts: second visits, breaks at the base, locks that are kept, stated shortfalls."""

from itertools import product

from sound_plan import DAY, U2, U3, option, row, sign, sound_plan, stop, t, texts, unvisited


def test_a_second_visit_is_allowed_by_its_own_option_and_earns_two_fifths() -> None:
    """An option may be for a second visit, at 0.4 of the prize: 53 points x 90 % x 0.4 = 1,908."""
    plan = sound_plan()
    plan["options"].append(
        option("m1", "jumuah", "dispersal", ("13:15", "13:40"), 1_908, 1, is_second=True)
        | {"ref": f"m1:jumuah:{DAY}:1#dispersal-second-1"}
    )
    # Foot 3 stands at the coordinates of m1: 60 s into the place, nothing on the way back.
    plan["routes"][U3].update(
        leave=t("13:16:00"),
        stops=[stop("m1", f"m1:jumuah:{DAY}:1#dispersal-second-1", ("13:17:00", "13:17:00", "13:29:00"), 60, 0)],
        back={"arrive": t("13:29:00"), "travel_s": 0},
    )
    plan["totals"].update(prize=19_808, n_visits=5, travel_s=1_647, dwell_s=3_600)
    plan["certificate"].update(value=19_808)

    assert texts(sign(plan)) == []


def test_a_break_may_be_taken_at_the_base_before_leaving_and_after_coming_back() -> None:
    """A break is taken at the start base before the first journey, or at the end base after the last."""
    before, after = sound_plan(), sound_plan()
    for plan, index, (start, end) in ((before, -1, ("15:00:00", "15:20:00")), (after, 1, ("15:44:15", "16:04:15"))):
        plan["units"][U2]["breaks"] = [{"earliest_start": t("15:00"), "latest_start": t("16:00"), "minutes": 20}]
        plan["routes"][U2]["breaks"] = [{"break": 0, "after_stop": index, "start": t(start), "end": t(end)}]
        plan["totals"]["break_s"] = 3_000

    assert texts(sign(before)) == []
    assert texts(sign(after)) == []


def test_a_break_at_the_end_base_is_not_taken_on_the_way() -> None:
    """A break at the end base starts when the unit is back, not a second before."""
    plan = sound_plan()
    plan["units"][U2]["breaks"] = [{"earliest_start": t("15:00"), "latest_start": t("16:00"), "minutes": 20}]
    plan["routes"][U2]["breaks"] = [{"break": 0, "after_stop": 1, "start": t("15:44:14"), "end": t("16:04:14")}]

    assert any("at the end base, before the unit is there" in text for text in texts(sign(plan)))


def test_a_lock_that_is_kept_is_accepted() -> None:
    """A visit fixed to unit and time, to unit, or to neither is kept when it is in the plan so."""
    plan = sound_plan()
    plan["locks"] = [
        {"place_ref": "m1", "unit_ref": unit_ref, "start": start}
        for unit_ref, start in product(("U1", None), (t("12:15:15"), None))
    ]

    assert texts(sign(plan)) == []


def test_a_stated_shortfall_is_accepted() -> None:
    """A must-visit without a visit is accepted where shortfalls are allowed and this one is stated."""
    plan = sound_plan()
    row(plan, "places", ref="m3")["must"] = True
    row(plan, "unvisited", place_ref="m3")["is_must"] = True
    plan["inputs"]["allow_shortfall"] = True
    plan["totals"]["n_must"] = 2
    plan["shortfall"] = {"n_must": 2, "n_served": 1, "fits_at_most": 1, "missing_unit_min": 20, "unmet": ["m3"]}

    assert texts(sign(plan)) == []


def test_a_lottery_plan_may_earn_less_than_the_best() -> None:
    """With a lottery the certificate speaks of the best plan, of which the drawn one may fall short."""
    plan = sound_plan()
    plan["certificate"].update(value=18_400)
    plan["lottery"] = {"loss": 0.027}

    assert texts(sign(plan)) == []


def test_a_place_visited_at_one_occasion_has_that_as_the_reason_for_the_other() -> None:
    """The second occasion of a place that is visited has the reason other_occasion, and no later one."""
    plan = sound_plan()
    second = {**row(plan, "occasions", place_ref="m1"), "ref": f"m1:jumuah:{DAY}:2"}
    plan["occasions"].insert(4, second)
    plan["needs"].insert(6, {**row(plan, "needs", place_ref="m1"), "occasion_ref": second["ref"]})
    plan["inputs"]["n_occasions"] = 10
    answer = {**unvisited("m1", "jumuah", 53, "other_occasion"), "occasion_ref": second["ref"]}
    plan["unvisited"].append(answer)

    assert texts(sign(plan)) == []

    answer["reason"] = "outweighed"
    assert any("the reason is outweighed; expected other_occasion" in text for text in texts(sign(plan)))
