"""When a round takes bids, and days that count for deadlines.

Rules: what a printed end such as "23:59" means; months counted back with the end of the month clamped; working
days of England and Wales. Windows are half-open: an instant at `ends_at` is too late.
Source: docs/rooms/fund.md.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from reassure.errors import InputError, Problem
from reassure.periods import LONDON, parse_date, parse_local_time

_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}))?")
WALL_EXPECTED = "a day in London such as 2018-08-10, or a day and time such as 2018-08-10T17:00"


def window_start(text: str, column: str = "opens") -> datetime:
    """
    The instant from which bids are taken, UTC; a bare date starts at midnight in London.

    Raises
    ------
    InputError
        The text is no day or day and time, or the clock never shows that time.

    Examples
    --------
    >>> window_start("2018-06-08").isoformat()
    '2018-06-07T23:00:00+00:00'
    """
    on, at = _wall(text, column)
    return _instants(on, at or time(0), text, column)[0]


def window_end(text: str, column: str = "closes") -> datetime:
    """
    The first instant that is too late, UTC.

    "23:59" means until the next minute, any other time means that time, a bare date runs to the end of its day.
    A time that the clock shows twice is the later of the two; one that it never shows is an `InputError`.

    Examples
    --------
    >>> window_end("2018-08-10T23:59").isoformat(), window_end("2016-09-20T17:00").isoformat()
    ('2018-08-10T23:00:00+00:00', '2016-09-20T16:00:00+00:00')
    >>> window_end("2026-10-25T01:30").isoformat()
    '2026-10-25T01:30:00+00:00'
    """
    on, at = _wall(text, column)
    if at is None:
        return _instants(on + timedelta(days=1), time(0), text, column)[0]
    end = _instants(on, at, text, column)[1]
    return end + timedelta(minutes=1) if at == time(23, 59) else end


def _wall(text: str, column: str) -> tuple[date, time | None]:
    found = _WALL.fullmatch(text.strip())
    if not found:
        raise InputError([Problem(column, text, WALL_EXPECTED)])
    return parse_date(found[1], column), parse_local_time(found[2], column) if found[2] else None


def _instants(on: date, at: time, text: str, column: str) -> tuple[datetime, datetime]:
    """The first and the last instant at which London's clock shows this; the same but in autumn's hour."""
    wall = datetime.combine(on, at, tzinfo=LONDON)
    first, last = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(LONDON).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise InputError([Problem(column, text, "a time that London's clock shows: it skips this one in spring")])
    return first, last


def civil_day(instant: datetime) -> date:
    """The day in London on which an instant falls."""
    return instant.astimezone(LONDON).date()


def add_months(day: date, months: int) -> date:
    """
    The day `months` later (earlier when negative), the end of the month clamped.

    Examples
    --------
    >>> add_months(date(2024, 2, 29), -24), add_months(date(2018, 8, 10), -24)
    (datetime.date(2022, 2, 28), datetime.date(2016, 8, 10))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise InputError([Problem("months", str(months), "a number of months that stays between the years 1 and 9999")])


_EXTRA_HOLIDAYS = frozenset({date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)})
_MOVED_HOLIDAYS = frozenset({date(2020, 5, 4), date(2022, 5, 30)})
"""One-off bank holidays of England and Wales since 2016, and the Mondays they replaced (gov.uk/bank-holidays)."""


def _easter(year: int) -> date:
    """Easter Sunday, Gregorian (Butcher's method, Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    m = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _monday(on_or_after: date) -> date:
    return on_or_after + timedelta(days=-on_or_after.weekday() % 7)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """
    The bank holidays of England and Wales in a year, those that fall on a weekend moved to the next free day.

    Examples
    --------
    >>> [d.isoformat() for d in sorted(bank_holidays(2026))][:4]
    ['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-04']
    """
    easter = _easter(year)
    days = {easter - timedelta(days=2), easter + timedelta(days=1)}
    days |= {_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25))}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() >= 5 or day in days:
            day += timedelta(days=1)
        days.add(day)
    return frozenset((days | {d for d in _EXTRA_HOLIDAYS if d.year == year}) - _MOVED_HOLIDAYS)


def is_working_day(day: date) -> bool:
    """Monday to Friday, no bank holiday of England and Wales."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def add_working_days(day: date, working_days: int) -> date:
    """
    The day that is so many working days after `day`, which itself is not counted.

    Examples
    --------
    >>> add_working_days(date(2026, 4, 2), 1)   # Maundy Thursday: Good Friday and Easter Monday do not count
    datetime.date(2026, 4, 7)
    """
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first`, up to and including `last`; 0 when `last` is not later."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))
