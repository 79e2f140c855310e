"""A generated roster is one that could be planned with, the same for the same inputs, and says what it is."""

from collections import Counter
from datetime import date, time, timedelta
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.geo import Point, great_circle_m
from reassure.occasions.values import Occasion, Sitting
from reassure.patrols.roster import MAX_UNITS, PATTERNS, generated_roster
from reassure.patrols.units import unit_problems
from reassure.periods import london_instant, london_wall
from reassure.places.place import Place

FRIDAY = date(2026, 11, 27)


def places(*positions: tuple[float, float]) -> list[Place]:
    return [Place(ref=f"p{i}", point=Point(*position)) for i, position in enumerate(positions)]


def occasion(place_ref: str, on: date, arrive: time, minutes: int) -> Occasion:
    """People gather from `arrive` for so many minutes."""
    arrive_from = london_instant(on, arrive)
    start, gone = arrive_from + timedelta(minutes=1), arrive_from + timedelta(minutes=minutes)
    sitting = Sitting(arrive_from, start, gone - timedelta(minutes=1), gone, start, start)
    return Occasion(ref=f"{place_ref}:x:{on}:1", place_ref=place_ref, key="x", on=on, sittings=(sitting,))


BY_DAY = ("07:00-15:00", "08:00-16:00", "10:00-18:00", "12:00-20:00", "14:00-22:00")
CITY = [(52.40 + 0.01 * i, -2.0 + 0.015 * j) for i in range(12) for j in range(12)]


@given(
    n=st.integers(1, 60),
    seed=st.integers(0, 99),
    on=st.sampled_from([FRIDAY, date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)]),
    hour=st.integers(0, 23),
)
def test_every_roster_can_be_planned_with(n: int, seed: int, on: date, hour: int) -> None:
    """On any day, clock changes among them, each unit is sound: break in the shift, base in the country, refs once."""
    units = generated_roster(places(*CITY), [occasion("p0", on, time(hour), 60)], on=on, n=n, seed=seed)

    assert len(units) == n
    assert [p.text for unit in units for p in unit_problems(unit, dwell_min=12)] == []
    assert len({unit.ref for unit in units}) == n
    assert all(unit.callsign.startswith("Generated ") for unit in units)
    assert all(london_wall(unit.starts_at).date() == on for unit in units)


def test_the_same_inputs_give_the_same_roster_in_any_order_of_places() -> None:
    """The roster depends on places, occasions, day, number and seed, not on the order of the places."""
    given_places = places(*CITY)
    mixed = given_places[:]
    Random(4).shuffle(mixed)

    one = generated_roster(given_places, [], on=FRIDAY, n=30, seed=7)

    assert generated_roster(mixed, [], on=FRIDAY, n=30, seed=7) == one
    assert generated_roster(given_places, [], on=FRIDAY, n=30, seed=8) != one


def test_bases_stand_in_the_middle_of_far_apart_groups() -> None:
    """Two towns 70 km apart with 6 and 2 places: a base in the middle of each, units as places, none without."""
    east = [(52.50, 1.00), (52.50, 1.02), (52.52, 1.00), (52.52, 1.02), (52.51, 1.01), (52.51, 1.01)]
    west = [(52.50, 0.00), (52.52, 0.00)]

    units = generated_roster(places(*east, *west), [], on=FRIDAY, n=8)

    # one unit each first, then 6 more as 6 : 2 is 4.5 and 1.5; the first of the two equal remainders, the west, gains
    assert Counter(unit.base for unit in units) == {Point(52.51, 0.0): 3, Point(52.51, 1.01): 5}


def test_there_are_no_more_bases_than_points() -> None:
    """Places that all stand at one point have one base there, however many units."""
    units = generated_roster(places(*[(52.5, -1.9)] * 5), [], on=FRIDAY, n=20)

    assert {unit.base for unit in units} == {Point(52.5, -1.9)}


def test_bases_are_spread_over_the_area() -> None:
    """In an even grid of 13 by 12 km no two of five bases are nearer than 2 km."""
    units = generated_roster(places(*CITY), [], on=FRIDAY, n=20)
    bases = {unit.base for unit in units}

    assert len(bases) == 5
    assert min(great_circle_m(a, b) for a, b in combinations(bases, 2)) > 2_000


def test_some_walk_or_cycle_only_where_places_stand_close() -> None:
    """A dense town has units on foot and cycling beside its cars; scattered places have cars only."""
    dense = places(*[(52.5 + 0.001 * i, -1.9) for i in range(20)])
    scattered = places(*[(52.0 + 0.2 * i, -1.9) for i in range(8)])

    kinds = Counter(unit.kind for unit in generated_roster(dense, [], on=FRIDAY, n=4))

    assert kinds == {"car": 2, "foot": 1, "cycle": 1}
    assert {unit.kind for unit in generated_roster(scattered, [], on=FRIDAY, n=32)} == {"car"}


@pytest.mark.parametrize(
    ("on", "arrive", "minutes", "expected"),
    [
        # 12:15 to 13:40 lies in four of the patterns by day
        (FRIDAY, time(12, 15), 85, set(BY_DAY[:4])),
        (FRIDAY, time(20, 30), 60, {"14:00-22:00"}),
        (date(2027, 12, 24), time(23, 10), 110, {"22:00-06:00"}),  # midnight mass
        (
            date(2026, 6, 27),
            time(6, 0),
            720,
            set(BY_DAY),
        ),
    ],
)
def test_shifts_are_those_in_which_people_gather(on: date, arrive: time, minutes: int, expected: set[str]) -> None:
    """Only shifts that hold an occasion whole are used; where none does, every shift by day."""
    units = generated_roster(places(*CITY), [occasion("p0", on, arrive, minutes)], on=on, n=20)

    assert {f"{london_wall(u.starts_at):%H:%M}-{london_wall(u.ends_at):%H:%M}" for u in units} == expected


def test_a_night_shift_over_the_clock_change_keeps_its_wall_clock() -> None:
    """22:00 to 06:00 in the night in which the clocks go forward is 7 hours, and 9 when they go back."""
    lengths = {
        on: {u.ends_at - u.starts_at for u in generated_roster(places(*CITY), [late], on=on, n=3)}
        for on in (date(2026, 3, 28), date(2026, 10, 24))
        for late in [occasion("p0", on, time(23, 0), 60)]
    }

    assert lengths == {date(2026, 3, 28): {timedelta(hours=7)}, date(2026, 10, 24): {timedelta(hours=9)}}


def test_shifts_are_shared_out_as_the_occasions_are() -> None:
    """Nine occasions in the evening and three by day: three quarters of the units come late."""
    by_day = [occasion(f"p{i}", FRIDAY, time(7, 0), 50) for i in range(3)]  # lies in the first pattern alone
    evening = [occasion(f"p{i + 3}", FRIDAY, time(21, 0), 50) for i in range(9)]

    units = generated_roster(places(*CITY), [*by_day, *evening], on=FRIDAY, n=12)

    assert Counter(london_wall(unit.starts_at).hour for unit in units) == {7: 3, 14: 9}
    assert PATTERNS[0][0] == time(7)


def test_what_cannot_be_made_is_refused_at_once() -> None:
    """No places and an impossible number of units are told together."""
    with pytest.raises(InputError) as refused:
        generated_roster([], [], on=FRIDAY, n=MAX_UNITS + 1)

    assert [p.text for p in refused.value.problems] == [
        "n is 2001; expected 1 to 2,000 units.",
        "there are no places to put bases among; expected at least one place.",
    ]
