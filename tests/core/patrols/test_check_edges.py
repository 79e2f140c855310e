"""The checker at the edges: the last second that is right, and the first that is not, of shifts, windows and breaks."""

from collections.abc import Callable
from typing import Any

import pytest

from sound_plan import DAY, U2, U3, Plan, row, sign, sound_plan, t, texts, unvisited

Change = Callable[[Plan], Any]


def found(*changes: Change) -> list[str]:
    """What the checker says of the plan made by hand after some changes."""
    plan = sound_plan()
    for change in changes:
        change(plan)
    return texts(sign(plan))


def shift_ends(clock: str) -> Change:
    """Car 2's shift, the last of the day, ends at this time; it started at 15:00."""
    h, m, s = (int(x) for x in clock.split(":"))
    length = h * 3600 + m * 60 + s - 15 * 3600

    def change(p: Plan) -> None:
        p["units"][U2]["ends_at"] = p["window"]["ends_at"] = t(clock)
        row(p, "options", ref="c1#any_time-1")["latest_start"] = t(clock)
        p["totals"]["shift_s"] = 16_200 + 7_200 + length

    return change


def car_2(start: str, stop_start: str, end: str, back: str, wait_s: int) -> Change:
    """Car 2 leaves so that it arrives at s1 195 s later, starts, ends, and is back 135 s after that."""

    def change(p: Plan) -> None:
        route = p["routes"][U2]
        h, m, s = (int(x) for x in start.split(":"))
        arrive = h * 3600 + m * 60 + s + 195
        route["leave"] = t(start)
        route["stops"][0].update(
            arrive=t(f"{arrive // 3600}:{arrive // 60 % 60:02d}:{arrive % 60:02d}"),
            start=t(stop_start),
            end=t(end),
            wait_s=wait_s,
        )
        route["back"]["arrive"] = t(back)
        p["totals"]["wait_s"] = 721 + wait_s

    return change


def pause(window: tuple[str, str, int], after: int, start: str, end: str) -> Change:
    """Car 2 is owed a break, and takes it so."""

    def change(p: Plan) -> None:
        earliest, latest, minutes = window
        p["units"][U2]["breaks"] = [{"earliest_start": t(earliest), "latest_start": t(latest), "minutes": minutes}]
        p["routes"][U2]["breaks"] = [{"break": 0, "after_stop": after, "start": t(start), "end": t(end)}]
        p["totals"]["break_s"] = 1_800 + minutes * 60

    return change


ALLOWED: list[tuple[str, tuple[Change, ...]]] = [
    ("back at the very end of the shift", (shift_ends("15:44:15"),)),
    ("leaves at the very start of the shift", (car_2("15:00:00", "15:30:00", "15:42:00", "15:44:15", 1_605),)),
    ("starts at the last moment of the window", (car_2("15:41:45", "15:45:00", "15:57:00", "15:59:15", 0),)),
    (
        "a break at the base from shift start until it leaves",
        (pause(("15:00", "15:00", 20), -1, "15:00:00", "15:20:00"),),
    ),
    (
        "a break that starts when the visit ends",
        (
            pause(("15:42", "15:42", 10), 0, "15:42:00", "15:52:00"),
            lambda p: p["routes"][U2]["back"].update(arrive=t("15:54:15")),
        ),
    ),
    ("a break that ends with the shift", (pause(("16:40", "16:40", 20), 1, "16:40:00", "17:00:00"),)),
    ("a break that starts when the unit is back", (pause(("15:44:15", "16:00", 20), 1, "15:44:15", "16:04:15"),)),
    (
        "a stay of ten minutes",
        (
            lambda p: [o.update(dwell_min=10) for o in p["options"] if o["place_ref"] == "s1"],
            car_2("15:20:00", "15:30:00", "15:40:00", "15:42:15", 405),
            lambda p: p["totals"].update(dwell_s=2_760),
        ),
    ),
    (
        "a shift of 24 hours",
        (
            lambda p: p["units"][U3].update(ends_at="2026-11-28T12:00:00+00:00"),
            lambda p: p["window"].update(ends_at="2026-11-28T12:00:00+00:00"),
            lambda p: row(p, "options", ref="c1#any_time-1").update(latest_start="2026-11-28T12:00:00+00:00"),
            lambda p: p["totals"].update(shift_s=16_200 + 7_200 + 86_400),
            # its long shift now holds the late talk and opens its gate: 18 points for 75 people more
            lambda p: row(p, "needs", place_ref="late").update(points=63),
            lambda p: row(p, "needs", place_ref="late")["parts"].update(attendance=18),
            lambda p: row(p, "unvisited", place_ref="late").update(points=63, reason="outweighed"),
            lambda p: p["options"].append(
                {**row(p, "options", ref="c1#any_time-1"), **_late_option("arrival", "19:30", "20:00", 6_300)}
            ),
        ),
    ),
    ("a plan without a name for a place", (lambda p: row(p, "places", ref="m3").update(name=""),)),
    ("a certificate that is not there", (lambda p: p.update(certificate=None),)),
    ("a bound that the plan reaches", (lambda p: p["certificate"].update(bound=17_900),)),
    ("a bound that is not whole", (lambda p: p["certificate"].update(bound=17_900.5),)),
    ("a lower revision that says nothing", (lambda p: p["inputs"]["declarations"].insert(0, _silent(p, 0)),)),
    (
        "an all-day place that wants visits outside only",
        (lambda p: row(p, "places", ref="c1").update(presence="outside_only"),),
    ),
]


def _late_option(kind: str, earliest: str, latest: str, prize: int) -> dict[str, Any]:
    return {
        "ref": f"late:isha_talk:{DAY}:1#{kind}-1",
        "place_ref": "late",
        "occasion_ref": f"late:isha_talk:{DAY}:1",
        "kind": kind,
        "earliest_start": t(earliest),
        "latest_start": t(latest),
        "prize": prize,
    }


def _silent(p: Plan, revision: int) -> dict[str, Any]:
    return {**p["inputs"]["declarations"][0], "revision": revision, "faiths_named": [], "is_all_faiths": False}


@pytest.mark.parametrize(("what", "changes"), ALLOWED, ids=[what for what, _ in ALLOWED])
def test_the_last_moment_that_is_right_is_accepted(what: str, changes: tuple[Change, ...]) -> None:
    """Limits are allowed themselves: windows, shifts, breaks and stays hold their ends."""
    assert found(*changes) == []


def _off(p: Plan) -> dict[str, Any]:
    arrival = row(p, "options", ref=f"m3:jumuah:{DAY}:1#arrival-1")
    ref = f"off:jumuah:{DAY}:1"
    return {**arrival, "ref": f"{ref}#arrival-1", "place_ref": "off", "occasion_ref": ref}


def _of_closed_gate(p: Plan) -> dict[str, Any]:
    return {**row(p, "options", ref="c1#any_time-1"), "ref": "g1#any_time-1", "place_ref": "g1", "prize": 0}


def _stated_shortfall(p: Plan, **wrong: Any) -> None:
    row(p, "places", ref="m3")["must"] = row(p, "unvisited", place_ref="m3")["is_must"] = True
    p["inputs"]["allow_shortfall"] = True
    p["totals"]["n_must"] = 2
    p["shortfall"] = {"n_must": 2, "n_served": 1, "fits_at_most": 1, "unmet": ["m3"], **wrong}


REFUSED: list[tuple[str, tuple[Change, ...]]] = [
    ("Car 2 (U2) is back 27 Nov 15:44:15 UTC; expected 27 Nov 15:44:14 UTC or earlier", (shift_ends("15:44:14"),)),
    (
        "Car 2 (U2) leaves the base 27 Nov 14:59:59 UTC",
        (car_2("14:59:59", "15:30:00", "15:42:00", "15:44:15", 1_606),),
    ),
    (
        "Car 2 (U2) takes a break 27 Nov 14:59:59 UTC; expected 27 Nov 15:00:00 UTC or later",
        (pause(("14:59", "15:00", 20), -1, "14:59:59", "15:19:59"),),
    ),
    (
        "Car 2 (U2) has a break at the base until 27 Nov 15:20:01 UTC; expected 27 Nov 15:20:00 UTC or earlier",
        (pause(("15:00", "15:01", 20), -1, "15:00:01", "15:20:01"),),
    ),
    (
        "Car 2 (U2) has a break until 27 Nov 17:00:01 UTC; expected 27 Nov 17:00:00 UTC or earlier",
        (pause(("16:40", "16:41", 20), 1, "16:40:01", "17:00:01"),),
    ),
    (
        "Car 2 (U2): break 1 starts from 27 Nov 16:40:00 UTC to 27 Nov 16:41:00 UTC; expected a break inside the shift",
        (pause(("16:40", "16:41", 20), 1, "16:40:00", "17:00:00"),),
    ),
    (
        "Car 2 (U2): break 1 starts from 27 Nov 14:59:00 UTC to 27 Nov 15:00:00 UTC; expected a break inside the shift",
        (pause(("14:59", "15:00", 20), -1, "15:00:00", "15:20:00"),),
    ),
    (
        "Car 2 (U2): break 1 is after stop 3; expected -1 to 1",
        (pause(("16:00", "16:10", 20), 2, "16:00:00", "16:20:00"),),
    ),
    (
        "Car 2 (U2): break 2 is taken; expected one of the unit's 1 breaks",
        (
            pause(("16:00", "16:10", 20), 1, "16:00:00", "16:20:00"),
            lambda p: p["routes"][U2]["breaks"].append(
                {"break": 1, "after_stop": 1, "start": t("16:30"), "end": t("16:40")}
            ),
        ),
    ),
    (
        "Car 2 (U2): break 2 starts 27 Nov 16:19:59 UTC; expected 27 Nov 16:20:00 UTC or later, when break 1 ends",
        (
            pause(("16:00", "16:10", 20), 1, "16:00:00", "16:20:00"),
            lambda p: p["units"][U2]["breaks"].append({**p["units"][U2]["breaks"][0], "latest_start": t("16:30")}),
            lambda p: p["routes"][U2]["breaks"].append(
                {"break": 1, "after_stop": 1, "start": t("16:19:59"), "end": t("16:39:59")}
            ),
        ),
    ),
    (
        "arrives 27 Nov 15:23:16 UTC; expected 27 Nov 15:23:15 UTC, 195 s after leaving the base at 27 Nov 15:20",
        (lambda p: p["routes"][U2]["stops"][0].update(arrive=t("15:23:16"), wait_s=404),),
    ),
    (
        "the visit ends 27 Nov 15:43:00 UTC; expected 27 Nov 15:42:00 UTC, 12 min after its start",
        (lambda p: p["routes"][U2]["stops"][0].update(end=t("15:43:00")),),
    ),
    ("the plan has no units; expected at least one", (lambda p: p.update(units=[], routes=[]),)),
    (
        "the planning window starts 27 Nov 09:00:00 UTC; expected 27 Nov 10:00:00 UTC, the first shift's start",
        (lambda p: p["window"].update(starts_at=t("09:00")),),
    ),
    ("Foot 3 (U3) goes by horse; expected foot, cycle or car", (lambda p: p["units"][U3].update(kind="horse"),)),
    (
        "Foot 3 (U3): the shift is from 27 Nov 12:00:00 UTC to 28 Nov 12:00:01 UTC; expected an end after its start",
        (lambda p: p["units"][U3].update(ends_at="2026-11-28T12:00:01+00:00"),),
    ),
    (
        "Foot 3 (U3): the shift is from 27 Nov 12:00:00 UTC to 27 Nov 12:00:00 UTC; expected an end after its start",
        (lambda p: p["units"][U3].update(ends_at=t("12:00")),),
    ),
    ("the routes are in another order than the units", (lambda p: p["routes"].reverse(),)),
    ("unit U3 stands twice; expected each unit once", (lambda p: p["units"].append(p["units"][U3]),)),
    ("unit U3 has no route; expected one route a unit", (lambda p: p["routes"].pop(),)),
    (
        "a visit to m9 is locked to unit any; expected a place and a unit of the plan",
        (lambda p: p.update(locks=[{"place_ref": "m9", "unit_ref": None, "start": None}]),),
    ),
    (
        "a visit to m1 is locked to unit U9; expected a place and a unit of the plan",
        (lambda p: p.update(locks=[{"place_ref": "m1", "unit_ref": "U9", "start": None}]),),
    ),
    (
        "travel is reckoned with seconds_per_stop 59; expected 60",
        (lambda p: p["inputs"]["travel"].update(seconds_per_stop=59),),
    ),
    (
        "place b1 stands after c1; expected the order of the refs",
        (lambda p: p["places"].insert(1, p["places"].pop(0)),),
    ),
    (
        "Generated m3 (m3): presence is maybe; expected welcome, outside_only or none",
        (lambda p: row(p, "places", ref="m3").update(presence="maybe"),),
    ),
    ("n_occasions is 10; expected 9, as many as the plan lists", (lambda p: p["inputs"].update(n_occasions=10),)),
    (
        f"occasion m3:jumuah:{DAY}:1 is at m9; expected a place of the plan",
        (lambda p: row(p, "occasions", place_ref="m3").update(place_ref="m9"),),
    ),
    (
        f"occasion m3:jumuah:{DAY}:x is at m3, jumuah, {DAY}; expected a ref m3:jumuah:{DAY}:1 or higher",
        (lambda p: row(p, "occasions", place_ref="m3").update(ref=f"m3:jumuah:{DAY}:x"),),
    ),
    (
        f"occasion m3:jumuah:{DAY}:1: the times of sitting 1 do not rise",
        (lambda p: row(p, "occasions", place_ref="m3")["sittings"][0].update(ends_at=t("12:45")),),
    ),
    (
        f"occasion m2:jumuah:{DAY}:1: sitting 2 begins 27 Nov 14:10:01 UTC; expected sittings by time, at most 30 min",
        (lambda p: row(p, "occasions", place_ref="m2")["sittings"][1].update(arrive_from=t("14:10:01")),),
    ),
    (
        "weights are of attendance, declared, gap, incidents, recency, wishes",
        (
            lambda p: p["inputs"]["need_model"]["weights"].update(
                wishes=p["inputs"]["need_model"]["weights"].pop("request")
            ),
        ),
    ),
    (
        "need of m3 at occasion m3:jumuah:2026-11-27:1: parts are attendance, declared, gap, incidents, recency,",
        (
            lambda p: row(p, "needs", place_ref="m3")["parts"].update(
                wishes=row(p, "needs", place_ref="m3")["parts"].pop("request")
            ),
        ),
    ),
    (
        "the need of g1 without an occasion stands twice",
        (lambda p: p["needs"].append(row(p, "needs", place_ref="g1")),),
    ),
    ("there is no need of g1 without an occasion", (lambda p: p["needs"].remove(row(p, "needs", place_ref="g1")),)),
    (
        "need of g1 without an occasion: the gate is closed and points are 7; expected 0",
        (lambda p: row(p, "needs", place_ref="g1").update(points=7),),
    ),
    (
        "need of c1 without an occasion: attendance is 3; expected 0, for 0 people",
        (
            lambda p: row(p, "needs", place_ref="c1").update(points=34),
            lambda p: row(p, "needs", place_ref="c1")["parts"].update(attendance=3),
        ),
    ),
    (
        f"option s1:shabbat_eve:{DAY}:1#during-1: the kind is before; expected arrival",
        (lambda p: row(p, "options", ref=f"s1:shabbat_eve:{DAY}:1#during-1").update(kind="before"),),
    ),
    (
        "option c1#any_time-1: the kind is around and occasion_ref is empty; expected any_time without an occasion",
        (lambda p: row(p, "options", ref="c1#any_time-1").update(kind="around"),),
    ),
    (
        f"option s1:shabbat_eve:{DAY}:1#during-1: the kind is any_time and occasion_ref is s1:shabbat_eve:{DAY}:1",
        (lambda p: row(p, "options", ref=f"s1:shabbat_eve:{DAY}:1#during-1").update(kind="any_time"),),
    ),
    (
        "option c1#any_time-1: a visit may start 27 Nov 10:00:00 UTC to 27 Nov 16:59:59 UTC; expected",
        (lambda p: row(p, "options", ref="c1#any_time-1").update(latest_start=t("16:59:59")),),
    ),
    (
        f"option off:jumuah:{DAY}:1#arrival-1: off:jumuah:{DAY}:1 is cancelled",
        (lambda p: p["options"].append(_off(p)),),
    ),
    ("option g1#any_time-1: the gate of its need is closed", (lambda p: p["options"].append(_of_closed_gate(p)),)),
    ("unvisited: m9 is not of this plan", (lambda p: p["unvisited"].append(unvisited("m9", "", 0, "gate_closed")),)),
    (
        "unvisited: Generated g1 (g1): the name is 'Another'; expected 'Generated g1'",
        (lambda p: row(p, "unvisited", place_ref="g1").update(name="Another"),),
    ),
    (
        "unvisited: Generated g1 (g1): is_must is True; expected False",
        (lambda p: row(p, "unvisited", place_ref="g1").update(is_must=True),),
    ),
    (
        "unvisited: Generated g1 (g1): the reason is tired; expected one of opted_out, gate_closed",
        (lambda p: row(p, "unvisited", place_ref="g1").update(reason="tired"),),
    ),
    (
        "the reason is outweighed; expected barred",
        (lambda p: row(p, "unvisited", place_ref="b1").update(reason="outweighed"),),
    ),
    ("certificate.bound is None; expected a number", (lambda p: p["certificate"].pop("bound"),)),
    ("certificate.bound is True; expected a number", (lambda p: p["certificate"].update(bound=True),)),
    (
        "the bound is 17899 and this plan earns 17900",
        (lambda p: p["certificate"].update(value=17_800, bound=17_899), lambda p: p.update(lottery={})),
    ),
    (
        "n_must is 3; expected 2",
        (lambda p: _stated_shortfall(p, n_must=3),),
    ),
    (
        "n_served is 2; expected 1",
        (lambda p: _stated_shortfall(p, n_served=2),),
    ),
    (
        "at most many must-visits are said to fit",
        (lambda p: _stated_shortfall(p, fits_at_most="many"),),
    ),
    (
        "must-visit Generated m3 (m3) is not in the plan",
        (_stated_shortfall, lambda p: p["inputs"].update(allow_shortfall=False)),
    ),
]


@pytest.mark.parametrize(("expected", "changes"), REFUSED, ids=[expected[:60] for expected, _ in REFUSED])
def test_the_first_moment_that_is_wrong_is_refused(expected: str, changes: tuple[Change, ...]) -> None:
    """One second, one unit or one word beyond what is allowed is refused by its own rule."""
    faults = found(*changes)

    assert any(expected in fault for fault in faults), faults


def test_every_total_is_added_up_again() -> None:
    """Each of the eleven totals is refused when it is one too many."""
    for name, value in sound_plan()["totals"].items():
        faults = found(lambda p, name=name: p["totals"].update({name: p["totals"][name] + 1}))
        assert f"the total {name} is {value + 1}; expected {value}, the sum over the plan." in faults


def test_an_unnamed_place_is_called_so() -> None:
    """A fault at a place without a name says so and gives its ref."""
    faults = found(lambda p: row(p, "places", ref="m1").update(name="", presence="none"))

    assert any("visits unnamed place (m1), which has opted out" in fault for fault in faults)
