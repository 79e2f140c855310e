"""How the checker works out journeys, and who could have been where."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.patrols.check import what_was_checked
from sound_plan import U1, U2, U3, Plan, row, sign, sound_plan, t, texts


def vector_seconds(a: tuple[float, float], b: tuple[float, float], kmh: float) -> float:
    """Seconds from the angle between two unit vectors: another formula than the haversine of the checker."""

    def vector(lat_deg: float, lon_deg: float) -> tuple[float, float, float]:
        lat, lon = math.radians(lat_deg), math.radians(lon_deg)
        return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))

    u, v = vector(*a), vector(*b)
    cross = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
    angle = math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(u, v, strict=True)))
    return angle * 6_371_008.8 * 1.35 / (kmh / 3.6)


@given(
    kind=st.sampled_from([("car", 25 * 1.609344), ("cycle", 15.0), ("foot", 4.8)]),
    lat_deg=st.floats(52.45, 52.60),
    lon_deg=st.floats(-2.0, -1.8),
    error_s=st.sampled_from([-1, 0, 1]),
)
def test_every_journey_is_worked_out_again_to_the_second(
    kind: tuple[str, float], lat_deg: float, lon_deg: float, error_s: int
) -> None:
    """A journey between any two points is accepted at the right second and refused one beside it."""
    name, kmh = kind
    plan = sound_plan()
    exact = vector_seconds((52.50, -1.9), (lat_deg, lon_deg), kmh)
    if abs(exact - round(exact)) < 1e-3:
        return  # the two formulas may round to neighbouring seconds here
    seconds = math.ceil(exact) + error_s
    plan["units"][U3].update(kind=name, end_base=[lat_deg, lon_deg], ends_at=t("16:59:59"))
    plan["routes"][U3]["back"] = {"arrive": clock(12 * 3600 + seconds), "travel_s": seconds}
    plan["totals"].update(travel_s=1_587 + seconds, shift_s=30_600 + 10_799)

    found = [text for text in texts(sign(plan)) if "way back" in text and "said to take" in text]

    assert bool(found) is (error_s != 0)


def clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return t(f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}")


def server_plan(legs: Iterable[list[Any]] = ()) -> Plan:
    """The plan as a routing server might have had it: the same journeys, given as legs."""
    plan = sound_plan()
    plan["inputs"]["travel"] = {
        "source": "osrm:http://localhost:5000",
        "is_recomputable": False,
        "legs": [
            ["car", "base:U1", "m1", 195, ""],
            ["car", "m1", "m2", 195, ""],
            ["car", "m2", "c1", 329, ""],
            ["car", "c1", "end:U1", 538, ""],
            ["car", "base:U2", "s1", 195, ""],
            ["car", "s1", "end:U2", 135, ""],
            ["foot", "base:U3", "end:U3", 0, ""],
            *legs,
        ],
    }
    return plan


def test_travel_that_a_server_gave_is_taken_as_given_and_said_so() -> None:
    """Journeys of a routing server are accepted as they are, and the summary says so."""
    plan = sign(server_plan())

    assert texts(plan) == []
    assert any("travel taken as given by osrm:http://localhost:5000" in line for line in what_was_checked(plan))


def test_a_server_may_give_other_seconds_than_the_great_circle() -> None:
    """A journey of the server that takes longer than the great circle is the one that the route has to keep."""
    plan = server_plan()
    plan["inputs"]["travel"]["legs"][5][3] = 600

    assert any("is said to take 135 s; expected 600 s, as the routing server gave it" in x for x in texts(sign(plan)))

    plan["routes"][U2]["back"].update(arrive=t("15:52:00"), travel_s=600)
    plan["totals"]["travel_s"] = 1_587 + 465
    assert texts(sign(plan)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda legs: legs.pop(1), "no journey from m1 to m2 by car is given"),
        (lambda legs: legs.append(["car", "m1", "m2", 195, ""]), "the journey m1 to m2 by car stands twice"),
        (lambda legs: legs.append(["car", "m1", "m9", 195, ""]), "a journey goes from m1 to m9 by car"),
        # m1 to far is 1 degree, 111.195 km: 112.654 km/h along the straight line take 3,553 s.
        (lambda legs: legs.append(["car", "m1", "far", 3_552, ""]), "is said to take 3552 s; expected at least 3553 s"),
        (lambda legs: legs[1].__setitem__(4, "default"), "travel_flag is empty; expected a flag"),
    ],
)
def test_the_journeys_of_a_server_have_to_fit_the_plan(change: Callable[[list[Any]], Any], expected: str) -> None:
    """A server's journeys are complete, stand once, join places of the plan, outrun nobody; defaults are flagged."""
    plan = server_plan()
    change(plan["inputs"]["travel"]["legs"])

    assert any(expected in text for text in texts(sign(plan))), texts(sign(plan))


def test_a_journey_that_the_server_could_not_answer_is_worked_out_again() -> None:
    """A flagged journey has to be the great circle's, and its visit carries the flag."""
    plan = server_plan()
    plan["inputs"]["travel"]["legs"][1] = ["car", "m1", "m2", 195, "default"]
    plan["routes"][U1]["stops"][1]["travel_flag"] = "default"

    assert texts(sign(plan)) == []

    plan["inputs"]["travel"]["legs"][1][3] = 190
    plan["routes"][U1]["stops"][1].update(travel_s=190)
    assert any("is said to take 190 s; expected 195 s, 1.1 km" in text for text in texts(sign(plan)))


def reach_plan(shift: tuple[str, str], pause: tuple[str, str, int] | None, lat_deg: float) -> Plan:
    """Only Foot 3 could reach m3: a shift, perhaps a break, and m3 so many degrees north of its base at 52.50."""
    plan = sound_plan()
    for unit in plan["units"][:2]:
        unit["base"] = unit["end_base"] = [49.5, -1.9]
    plan["units"][U3].update(starts_at=t(shift[0]), ends_at=t(shift[1]), kind="car")
    if pause:
        plan["units"][U3]["breaks"] = [
            {"earliest_start": t(pause[0]), "latest_start": t(pause[1]), "minutes": pause[2]}
        ]
    row(plan, "places", ref="m3")["lat_deg"] = 52.50 + lat_deg
    return plan


def reason_faults(plan: Plan, reason: str) -> list[str]:
    row(plan, "unvisited", place_ref="m3")["reason"] = reason
    return [text for text in texts(sign(plan)) if "m3:jumuah" in text and "the reason is" in text]


@pytest.mark.parametrize(
    ("shift", "pause", "is_reachable"),
    [
        # 0.1 degree is 1,343.18 s: 1,404 s there with the stop, 1,344 s back; a visit of 720 s: 3,468 s in all.
        # The last start is 14:10:00 ("around"), so leaving by 13:46:36 is in time.
        (("13:46:36", "15:00:00"), None, True),
        (("13:46:37", "15:00:00"), None, False),
        (("13:46:36", "14:44:24"), None, True),  # back at 14:44:24 to the second
        (("13:46:36", "14:44:23"), None, False),
        # a break of 30 min that has to start by 13:46 comes before leaving: then it is too late
        (("13:46:00", "16:00:00"), ("13:46:00", "13:46:00", 30), False),
        # one that may start at 14:22 is taken at the place, after the visit
        (("13:46:36", "16:00:00"), ("14:22:00", "14:22:00", 30), True),
        # one at 14:10 would interrupt the visit, at 14:00 the journey
        (("13:46:36", "16:00:00"), ("14:10:01", "14:21:59", 30), False),
        # one that may wait until the unit is back
        (("13:46:36", "16:00:00"), ("14:44:24", "14:50:00", 30), True),
    ],
)
def test_unreachable_is_judged_to_the_second(
    shift: tuple[str, str], pause: tuple[str, str, int] | None, is_reachable: bool
) -> None:
    """A place is out of reach when no unit could make the visit, take its breaks and be back in its shift."""
    assert bool(reason_faults(reach_plan(shift, pause, 0.1), "unreachable")) is is_reachable


def test_outweighed_needs_a_unit_that_could_have_gone() -> None:
    """The reason outweighed is refused where nobody could have gone anyhow."""
    assert reason_faults(reach_plan(("13:46:36", "14:44:24"), None, 0.1), "outweighed") == []
    assert reason_faults(reach_plan(("13:46:37", "14:44:25"), None, 0.1), "outweighed")


def test_skill_is_the_reason_only_where_nobody_on_shift_has_it() -> None:
    """The reason skill is refused when a unit on shift in the window has the skill."""
    plan = sound_plan()
    plan["units"][U3]["skills"] = ["urdu"]

    assert any("tongue" in x and "since a unit on shift has the skill" in x for x in texts(sign(plan)))

    plan["units"][U3]["skills"] = []
    plan["units"][U2]["skills"] = ["urdu"]  # its shift starts at 15:00, after the last window
    assert texts(sign(plan)) == []
