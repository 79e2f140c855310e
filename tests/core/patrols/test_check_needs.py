"""The checker at the edges of need: when a declaration holds, when people gather, which model it knows."""

from collections.abc import Callable
from typing import Any

import pytest

from sound_plan import DAY, Plan, occasion, row, sign, sound_plan, t, texts


def faults_after(*changes: Callable[[Plan], Any]) -> list[str]:
    plan = sound_plan()
    for change in changes:
        change(plan)
    return texts(sign(plan))


def declared(**fields: str) -> Callable[[Plan], Any]:
    return lambda p: p["inputs"]["declarations"][0].update(fields)


@pytest.mark.parametrize(
    ("fields", "subject", "holds"),
    [
        # strictly between start and end, at the first start of the occasion: Jumu'ah at 12:45
        ({"starts_at": t("12:44:59")}, "m1 at occasion", True),
        ({"starts_at": t("12:45:00")}, "m1 at occasion", False),
        ({"expires_at": t("12:45:01")}, "m1 at occasion", True),
        ({"expires_at": t("12:45:00")}, "m1 at occasion", False),
        # a place without an occasion: at any time of the planning window, 10:00 to 17:00
        ({"starts_at": t("16:59:59")}, "c1 without", True),
        ({"starts_at": t("17:00:00")}, "c1 without", False),
        ({"expires_at": t("10:00:01")}, "c1 without", True),
        ({"expires_at": t("10:00:00")}, "c1 without", False),
    ],
)
def test_a_declaration_holds_strictly_between_its_start_and_its_end(
    fields: dict[str, str], subject: str, holds: bool
) -> None:
    """A declaration adds need to what starts after it begins and before it ends, to the second."""
    faults = [f for f in faults_after(declared(**fields)) if f.startswith(f"need of {subject}")]

    assert (faults == []) is holds


def late_talk(*sittings: tuple[str, str, str, str]) -> Callable[[Plan], Any]:
    """The talk that nobody visits, at other times."""
    return lambda p: row(p, "occasions", place_ref="late").update(
        sittings=occasion("late", "isha_talk", *sittings)["sittings"]
    )


@pytest.mark.parametrize(
    ("sittings", "is_held"),
    [
        ([("17:00", "17:30", "18:00", "18:15")], False),  # people come as the last shift ends
        ([("16:59:59", "17:30", "18:00", "18:15")], True),
        ([("08:00", "08:30", "09:30", "10:00")], False),  # the last leave as the first shift starts
        ([("08:00", "08:30", "09:30", "10:00:01")], True),
    ],
)
def test_people_gather_in_the_window_when_they_overlap_it(sittings: Any, is_held: bool) -> None:
    """An occasion that only touches the planning window gives no points for attendance; one that overlaps it does."""
    faults = faults_after(late_talk(*sittings))

    assert any("attendance is 0; expected 18, for 75 people" in fault for fault in faults) is is_held


@pytest.mark.parametrize(
    "sittings",
    [
        [("19:30", "20:00", "20:30", "20:45"), ("21:15", "21:30", "22:00", "22:15")],  # 30 min apart
        [("19:30", "20:00", "20:30", "20:45"), ("19:30", "20:05", "20:30", "20:45")],  # two at once
        [("20:00", "20:00", "20:30", "20:30")],  # nobody comes early, all leave at once
    ],
)
def test_sittings_may_touch_their_limits(sittings: Any) -> None:
    """Half an hour between two sittings, two at once, and no time to come or go are all fine."""
    assert faults_after(late_talk(*sittings)) == []


def other_model(p: Plan) -> None:
    p["inputs"]["need_model"]["version"] = "2"


def seven_for_all_faiths(p: Plan) -> None:
    """c1 gets 7 of 20 for "all faiths" and so 32 points."""
    row(p, "needs", place_ref="c1").update(points=32)
    row(p, "needs", place_ref="c1")["parts"].update(declared=7)
    row(p, "options", ref="c1#any_time-1").update(prize=3_200)
    p["totals"]["prize"] = p["certificate"]["value"] = 18_000


def test_constants_of_another_model_are_left_to_it() -> None:
    """Another model may count attendance and "all faiths" otherwise; the house model may not."""
    assert faults_after(other_model, seven_for_all_faiths) == []
    assert any("declared is 7; expected 6, for all_faiths" in fault for fault in faults_after(seven_for_all_faiths))
    assert faults_after(other_model, lambda p: row(p, "needs", place_ref="m3").update(n_expected=600)) == []


def test_named_is_the_whole_weight_in_every_model() -> None:
    """Whatever the model, a named place gets the whole weight of the declared part."""
    faults = faults_after(
        other_model,
        lambda p: row(p, "needs", place_ref="m3").update(points=52),
        lambda p: row(p, "needs", place_ref="m3")["parts"].update(declared=19),
    )

    assert any("declared is 19; expected 20, for named" in fault for fault in faults)


@pytest.mark.parametrize(("ref", "gate", "presence"), [("g1", "opted_out", "welcome"), ("out", "closed", "none")])
def test_opted_out_and_presence_none_are_one_thing(ref: str, gate: str, presence: str) -> None:
    """The gate is opted out exactly where presence is none."""
    faults = faults_after(lambda p: row(p, "needs", place_ref=ref).update(gate=gate))

    assert any(f"the gate is {gate} and presence is {presence}; expected opted_out" in fault for fault in faults)


def test_a_place_that_stands_twice_is_refused() -> None:
    """Each place stands once."""
    faults = faults_after(lambda p: p["places"].insert(6, row(p, "places", ref="m1")))

    assert any("m1 stands twice in places" in fault for fault in faults)


def test_an_option_needs_a_need() -> None:
    """An option for which there is no need is refused."""
    faults = faults_after(lambda p: p["needs"].remove(row(p, "needs", place_ref="m3")))

    assert any(f"option m3:jumuah:{DAY}:1#arrival-1: there is no need for it" in fault for fault in faults)


def test_a_place_cannot_be_hidden_by_leaving_out_its_options() -> None:
    """No window is refused as a reason where a shift has time, whether the plan lists the options or not."""
    faults = faults_after(
        lambda p: p.update(options=[o for o in p["options"] if o["place_ref"] != "m3"]),
        lambda p: row(p, "unvisited", place_ref="m3").update(reason="no_window"),
    )

    assert [f for f in faults if "m3" in f] == [
        f"unvisited: Generated m3 (m3) at m3:jumuah:{DAY}:1: the reason is no_window; "
        "expected another, since a shift has time for it."
    ]


@pytest.mark.parametrize(
    ("sitting", "has_time"),
    [
        # visits may start 30 min before people come: a stay of 12 min from 16:48 ends with the last shift, 17:00
        (("17:18:00", "17:30", "18:00", "18:15"), True),
        (("17:18:01", "17:30", "18:00", "18:15"), False),
        # and until 30 min after they have left: 10:00, when the first shift starts
        (("08:00", "08:30", "09:00", "09:30:00"), True),
        (("08:00", "08:30", "09:00", "09:29:59"), False),
    ],
)
def test_no_window_is_judged_to_the_second(sitting: tuple[str, str, str, str], has_time: bool) -> None:
    """An occasion is outside every shift when no stay that may start there ends inside a shift."""
    faults = faults_after(late_talk(sitting))

    assert any("the reason is no_window; expected another" in fault for fault in faults) is has_time
