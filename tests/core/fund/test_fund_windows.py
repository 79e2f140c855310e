"""When a round takes bids: instants of the specification, around both clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.fund.windows import (
    add_months,
    add_working_days,
    bank_holidays,
    is_working_day,
    window_end,
    window_start,
    working_days_between,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-08-10T23:59", "2018-08-10T23:00:00+00:00"),  # until the next minute, British Summer Time
        ("2016-09-20T17:00", "2016-09-20T16:00:00+00:00"),  # 17:00 means 17:00
        ("2022-07-28", "2022-07-28T23:00:00+00:00"),  # a bare date runs to the end of its day
        ("2025-12-08", "2025-12-09T00:00:00+00:00"),  # the same in winter
        ("2026-10-25T01:30", "2026-10-25T01:30:00+00:00"),  # happens twice: the later
        ("2026-03-28T23:59", "2026-03-29T00:00:00+00:00"),  # the night before the clock goes forward
    ],
)
def test_a_printed_end_means_one_instant(text: str, expected: str) -> None:
    """A printed end stands for one instant, and that instant is too late."""
    assert window_end(text).isoformat() == expected


def test_an_end_the_clock_skips_is_refused() -> None:
    """29 March 2026 01:30 does not exist, so no round can be published that ends then."""
    with pytest.raises(InputError, match=r"closes is 2026-03-29T01:30; expected a time that London's clock shows"):
        window_end("2026-03-29T01:30")
    with pytest.raises(InputError):
        window_start("2026-03-29T01:30")


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-02-30", "2026-01-01T24:00", "2026-01-01T1:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """A window takes a day, or a day and a time of 24 hours."""
    with pytest.raises(InputError, match="expected"):
        window_end(text)


def test_clocks_in_hours_run_in_utc() -> None:
    """24 hours after noon of 24 October 2026 is 11:00 by the clock: the autumn day has 25 hours."""
    noon_bst = datetime(2026, 10, 24, 11, tzinfo=UTC)

    assert (noon_bst + timedelta(hours=24)).isoformat() == "2026-10-25T11:00:00+00:00"
    assert window_start("2026-10-25T11:00") == noon_bst + timedelta(hours=24)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2018, 8, 10), date(2016, 8, 10)),
        (date(2024, 2, 29), date(2022, 2, 28)),  # clamped to the end of the month
        (date(2026, 1, 31), date(2024, 1, 31)),
    ],
)
def test_two_years_back(day: date, expected: date) -> None:
    """24 months back is the same day, or the last of its month."""
    assert add_months(day, -24) == expected


def test_bank_holidays_of_2022_and_2026() -> None:
    """The published bank holidays of England and Wales (gov.uk/bank-holidays): 2022 with its extra days, 2026."""
    of_2022 = "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"
    of_2026 = "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"

    assert " ".join(f"{d:%m-%d}" for d in sorted(bank_holidays(2022))) == of_2022
    assert " ".join(f"{d:%m-%d}" for d in sorted(bank_holidays(2026))) == of_2026


@given(st.dates(date(2016, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_working_days_count_back(day: date, n: int) -> None:
    """So many working days later is a working day, and so many lie between."""
    later = add_working_days(day, n)

    assert is_working_day(later)
    assert working_days_between(day, later) == n
