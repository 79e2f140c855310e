"""Whole pence: the table of the specification, row by row, and what holds for all amounts."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.geo import Point, distance_m, geodesic_m
from reassure.money import parse_pounds, part_pence, pounds, with_sign


@pytest.mark.parametrize(
    ("cost", "part", "rest"),
    [
        (7_000_000, 5_600_000, 1_400_000),
        (7_000_001, 5_600_001, 1_400_000),
        (1_234_567, 987_654, 246_913),
        (899_999, 720_000, 179_999),
    ],
)
def test_eighty_per_cent_to_the_penny(cost: int, part: int, rest: int) -> None:
    """The fund's part is rounded up to a whole penny and the place bears the rest."""
    assert part_pence(cost, 8_000) == part
    assert cost - part_pence(cost, 8_000) == rest


@given(st.integers(0, 10**13), st.integers(0, 10_000))
def test_a_part_is_the_exact_fraction_rounded_up(amount: int, rate_bp: int) -> None:
    """A part equals the fraction in exact arithmetic, rounded up; never more than the whole."""
    part = part_pence(amount, rate_bp)

    assert part == ceil(Fraction(amount * rate_bp, 10_000))
    assert part * 10_000 <= amount * rate_bp + 9_999
    assert part <= amount


@given(st.integers(-(10**13), 10**13))
def test_pounds_read_back_to_the_same_pence(pence: int) -> None:
    """What is shown in pounds reads back as the same pence."""
    assert parse_pounds(pounds(pence), "x") == pence
    assert parse_pounds(with_sign(pence), "x") == pence


@pytest.mark.parametrize("text", ["", "1.5", "1,00", "1e3", "12.345", "abc", "٣", "999999999999999", "1 000"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Anything but pounds with two decimals is refused with what was expected."""
    with pytest.raises(InputError, match="expected"):
        parse_pounds(text, "cost")


def test_two_miles_are_measured_on_the_ellipsoid() -> None:
    """3,218.588 m and 3,218.785 m lie on either side of two miles; a sphere puts both inside (about 3,208 m)."""
    here = Point(52.4862, -1.8904)
    inside, outside = Point(52.4861905, -1.8430201), Point(52.4861905, -1.8430172)

    assert round(geodesic_m(here, inside), 3) == 3218.588
    assert round(geodesic_m(here, outside), 3) == 3218.785
    assert geodesic_m(here, inside) <= 2 * 1609.344 < geodesic_m(here, outside)
    assert distance_m(here, outside) < 3210  # the quick distance must not decide
