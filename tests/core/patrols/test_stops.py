"""A planned visit keeps its reference through a re-plan."""

from datetime import UTC, datetime

from reassure.patrols.stops import planned_of_day, planned_visits, visit_ref


def at(clock: str) -> str:
    return f"2026-11-27T{clock}:00+00:00"


def plan(*rows: tuple[str, str, str]) -> dict:
    """A document with a route a unit; each row is (unit, place, start)."""
    units = dict.fromkeys(unit for unit, _, _ in rows)
    return {
        "routes": [
            {
                "unit_ref": unit,
                "stops": [{"place_ref": p, "start": at(s), "end": at(s[:3] + "59")} for u, p, s in rows if u == unit],
            }
            for unit in units
        ]
    }


def test_a_visit_keeps_its_reference_when_another_unit_makes_it_later() -> None:
    """What a unit recorded under the old plan belongs to the visit of the new one."""
    before = planned_visits(plan(("car-1", "P1", "12:00"), ("car-1", "P2", "13:00")))
    after = planned_visits(plan(("car-2", "P1", "14:30"), ("car-1", "P2", "13:00")))

    assert {v.ref for v in before} == {v.ref for v in after} == {visit_ref("P1"), visit_ref("P2")}
    assert [v.unit_ref for v in after] == ["car-2", "car-1"]
    assert after[0].starts_at == datetime(2026, 11, 27, 14, 30, tzinfo=UTC)


def test_two_visits_of_one_place_are_told_apart_by_their_order_in_time() -> None:
    """The earlier one is the first, whichever unit's route stands first."""
    visits = planned_visits(plan(("car-1", "P1", "18:00"), ("car-2", "P1", "12:00")))

    assert [v.ref for v in visits] == [visit_ref("P1", 1), visit_ref("P1", 0)]


def test_a_reference_does_not_name_the_place() -> None:
    """It stands in addresses, and addresses are kept in histories."""
    ref = visit_ref("osm-way-5551212")

    assert len(ref) == 12
    assert set(ref) <= set("0123456789abcdef")


def test_what_a_replan_dropped_was_still_asked_for() -> None:
    """A visit that fell out of the plan on the day ends as missed, not as never planned; one that moved counts once."""
    first = planned_visits(plan(("car-1", "P1", "12:00"), ("car-1", "P2", "13:00")))
    second = planned_visits(plan(("car-2", "P1", "12:30"), ("car-2", "P3", "15:00")))

    asked = {v.ref: v for v in planned_of_day([first, second])}

    assert set(asked) == {visit_ref("P1"), visit_ref("P2"), visit_ref("P3")}
    assert asked[visit_ref("P1")].unit_ref == "car-2"
    assert planned_of_day([]) == ()
