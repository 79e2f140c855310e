"""Near repeat: the oracle values of threats.md section 5, and a brute-force second method for the search."""

from datetime import date, timedelta
from math import nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.geo import Point, distance_m, great_circle_m
from reassure.places.place import Place
from reassure.threats.incidents import Incident
from reassure.threats.near_repeat import Decay, near_incidents, near_repeat, weight

ON = date(2019, 3, 15)
METRES_A_DEGREE = 111_195.08
"""Along a meridian on a sphere of 6,371,008.8 m: 2 pi R / 360."""


def north(metres: float, ref: str = "P1", faith: str = "sikh") -> Place:
    return Place(ref, faiths=frozenset({faith}), point=Point(52.0 + metres / METRES_A_DEGREE, -1.0))


def damage(days: int = 0, **known: object) -> Incident:
    usual: dict[str, object] = {"point": Point(52.0, -1.0), "family": "damage", "origin": "victim"}
    return Incident("I1", **{**usual, **known}, ended_on=ON - timedelta(days=days))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metres", "days", "expected"),
    [(0, 0, 1.0), (500, 14, 0.183940), (3_218, 0, 0.001603), (3_219, 0, None), (0, 84, 0.015625), (0, 85, None)],
)
def test_a_window_broken_is_felt_as_the_table_says(metres: float, days: int, expected: float | None) -> None:
    """Severity 1: 1.0 at once and here, 0.183940 at 500 m and 14 days, 0.001603 at 3,218 m, not listed at 3,219 m."""
    found = near_repeat(damage(days), [north(metres)], on=ON)

    if expected is None:
        assert found == ()
    else:
        ((ref, distance, felt),) = found
        assert (ref, felt) == ("P1", pytest.approx(expected, abs=5e-7))
        assert distance == pytest.approx(metres, abs=0.01)


def test_every_faith_is_alike_and_the_heaviest_stands_first() -> None:
    """Places are sorted by weight, equal weights by ref; the faith of a place does not matter."""
    places = [north(400, "P3", "muslim"), north(100, "P2", "jewish"), north(400, "P1", "christian")]

    found = near_repeat(damage(), places, on=ON)

    assert [ref for ref, _, _ in found] == ["P2", "P1", "P3"]
    assert found[1][2] == found[2][2]


def test_a_linked_place_stands_at_nought_metres_wherever_the_report_puts_it() -> None:
    """The link counts at the place; its neighbours see the incident at its own point."""
    places = [north(0, "P1"), north(900, "P2")]

    rows = near_repeat(damage(place_ref="P2"), places, on=ON)
    found = {ref: (round(metres), round(felt, 6)) for ref, metres, felt in rows}

    assert found == {"P2": (0, 1.0), "P1": (0, 1.0)}


def test_an_incident_without_a_point_is_felt_from_its_place() -> None:
    """Where only the place is known, neighbours count from there; a place that is not known is felt nowhere."""
    places = [north(0, "P1"), north(500, "P2")]

    felt = {ref: metres for ref, metres, _ in near_repeat(damage(place_ref="P1", point=None), places, on=ON)}

    assert felt == {"P1": 0.0, "P2": pytest.approx(500, abs=0.01)}
    assert near_repeat(damage(place_ref="P9", point=None), places, on=ON) == ()


@pytest.mark.parametrize("known", [{"origin": "officer_on_visit"}, {"status": "withdrawn"}, {"days": -1}])
def test_what_does_not_count_is_felt_nowhere(known: dict[str, object]) -> None:
    """Origins that do not count, withdrawn records and incidents after the day give no place."""
    assert near_repeat(damage(**known), [north(0)], on=ON) == ()  # type: ignore[arg-type]
    assert near_incidents([damage(**known)], [north(0)], on=ON) == {}  # type: ignore[arg-type]


def test_a_place_without_a_position_feels_only_what_is_linked_to_it() -> None:
    """A place whose position is not known does not break the search, and its own incidents count."""
    lost = Place("P0", point=Point(nan, nan))

    assert near_repeat(damage(place_ref="P0"), [lost, north(0)], on=ON)[0][:2] == ("P0", 0.0)
    assert [ref for ref, _, _ in near_repeat(damage(), [lost, north(0)], on=ON)] == ["P1"]


@pytest.mark.parametrize("lat_deg", [49.1, 53.0, 60.9])
def test_the_search_misses_no_place_that_brute_force_finds(lat_deg: float) -> None:
    """Against every pair measured: 300 places, 60 incidents, from Scilly to Shetland; and by another formula."""
    rng = Random(7)
    places = [
        Place(f"P{i:03}", point=Point(lat_deg + rng.uniform(-0.06, 0.06), -1 + rng.uniform(-0.12, 0.12)))
        for i in range(300)
    ]
    incidents = [
        Incident(
            f"I{i}", "damage", "victim", ON - timedelta(days=i), point=Point(lat_deg + rng.uniform(-0.06, 0.06), -1.0)
        )
        for i in range(60)
    ]

    found = near_incidents(incidents, places, on=ON)

    pairs = {
        (p.ref, (ON - i.ended_on).days): distance_m(p.point, i.point) for p in places for i in incidents if i.point
    }
    expected = {pair: metres for pair, metres in pairs.items() if metres <= 3_218.688}
    assert {(ref, near.days): near.distance_m for ref, nears in found.items() for near in nears} == expected
    by_great_circle = {
        (p.ref, (ON - i.ended_on).days)
        for p in places
        for i in incidents
        if i.point and great_circle_m(p.point, i.point) <= 3_218.0
    }
    assert by_great_circle <= set(expected)
    assert len(expected) > 1_000


@given(st.floats(0, 5_000), st.floats(0, 5_000), st.integers(0, 100), st.integers(0, 100))
def test_weights_fall_with_distance_and_age(a_m: float, b_m: float, a_days: int, b_days: int) -> None:
    """Farther or older never weighs more, and nothing weighs more than its severity."""
    near, far = sorted((a_m, b_m))
    young, old = sorted((a_days, b_days))

    assert 0 <= weight(2, far, young) <= weight(2, near, young) <= 2
    assert weight(2, near, old) <= weight(2, near, young)


def test_another_decay_changes_reach_and_weight() -> None:
    """A model may set its own reach: at 400 m a place 500 m away is not listed."""
    assert near_repeat(damage(), [north(500)], on=ON, decay=Decay(reach_m=400.0)) == ()
