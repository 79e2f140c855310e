"""Attendance bands: nine of them, their figures, and the median where there is none."""

from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.places.attendance import BANDS, estimates, lower_median, n_expected_of


def test_bands_have_the_published_figures() -> None:
    """The nine bands and figures of need.md section 2, in order."""
    assert list(BANDS.items()) == [
        ("1-19", 10),
        ("20-49", 35),
        ("50-99", 75),
        ("100-199", 150),
        ("200-399", 300),
        ("400-799", 600),
        ("800-999", 900),
        ("1000-1499", 1_250),
        ("1500+", 1_500),
    ]


@pytest.mark.parametrize("text", ["1,000-1,499", "1000–1499", " 1000-1499 "])
def test_bands_may_be_written_as_people_write_them(text: str) -> None:
    """Commas in thousands and a dash between the ends are the same band."""
    assert n_expected_of(text) == 1_250


@pytest.mark.parametrize("text", ["", "75", "1-20", "1500", "many"])
def test_no_other_band_is_taken(text: str) -> None:
    """A count, or a band with other edges, is refused with the nine that there are."""
    with pytest.raises(InputError, match=r"band is .* expected one of 1-19, 20-49"):
        n_expected_of(text)


@given(st.lists(st.sampled_from(sorted(BANDS.values())), min_size=1))
def test_the_lower_median_is_that_of_the_standard_library(figures: list[int]) -> None:
    """The middle one, of two the lower."""
    assert lower_median(figures) == median_low(figures)


def test_a_median_of_nothing_is_refused() -> None:
    """There is no middle of nothing."""
    with pytest.raises(InputError):
        lower_median([])


def test_an_area_needs_five_figures_of_its_own() -> None:
    """Five in one area make its median; four do not; places without an area count for the nation only."""
    given_figures = [*[("A", 10)] * 5, *[("B", 600)] * 4, *[("", 1_500)] * 6]

    assert estimates(given_figures) == {"": 600, "A": 10}
    assert estimates([]) == {"": 75}
