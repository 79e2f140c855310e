"""Civil dates and wall clock of Europe/London, and the instants they stand for.

Rules: a wall-clock time that does not exist moves forward by the gap; one that exists twice is the first.
Instants are aware and in UTC; arithmetic is done on instants only, because subtracting two aware values
of one zone ignores the clock change.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from reassure.errors import InputError, Problem

LONDON = ZoneInfo("Europe/London")

_NEXT_DAY_HOUR = 22
"""Before this hour UTC London has the same date: its clock was never behind UTC, and 2 hours ahead at most (1941)."""


@lru_cache(maxsize=4096)
def london_instant(on: date, at: time) -> datetime:
    """
    The instant, in UTC, of a wall-clock time in London.

    Examples
    --------
    >>> london_instant(date(2026, 3, 29), time(1, 30)).isoformat()   # does not exist: 02:30 BST
    '2026-03-29T01:30:00+00:00'
    >>> london_instant(date(2026, 10, 25), time(1, 30)).isoformat()  # exists twice: the first
    '2026-10-25T00:30:00+00:00'
    """
    return datetime.combine(on, at, tzinfo=LONDON).replace(fold=0).astimezone(UTC)


def london_wall(instant: datetime) -> datetime:
    """An instant as London's wall clock shows it (aware)."""
    return instant.astimezone(LONDON)


def london_date(instant: datetime) -> date:
    """
    The civil date in London on which an instant falls.

    Examples
    --------
    >>> london_date(datetime(2026, 6, 21, 23, 18, tzinfo=UTC)).isoformat()
    '2026-06-22'
    """
    if instant.tzinfo is UTC and instant.hour < _NEXT_DAY_HOUR:
        return instant.date()
    return london_wall(instant).date()


@lru_cache(maxsize=4096)
def is_bst(on: date) -> bool:
    """Whether British Summer Time is in force at noon of that day."""
    offset = datetime.combine(on, time(12), tzinfo=LONDON).utcoffset()
    return offset == timedelta(hours=1)


def aware_utc(value: datetime, column: str) -> datetime:
    """The instant in UTC; `InputError` for a value without a zone."""
    if value.tzinfo is None:
        raise InputError([Problem(column, value.isoformat(), "an instant with a UTC offset, such as +00:00")])
    return value.astimezone(UTC)


def parse_instant(text: str, column: str) -> datetime:
    """
    An ISO 8601 instant with offset, in UTC; `InputError` says which column and what was expected.

    Examples
    --------
    >>> parse_instant("2026-11-27T11:00+01:00", "starts_at").isoformat()
    '2026-11-27T10:00:00+00:00'
    """
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError([Problem(column, text, "an instant such as 2026-11-27T11:00+00:00")]) from None
    return aware_utc(value, column)


def parse_date(text: str, column: str) -> date:
    """An ISO 8601 date; `InputError` says which column and what was expected."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError([Problem(column, text, "a date such as 2026-11-27")]) from None


_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def parse_local_time(text: str, column: str) -> time:
    """
    A wall-clock time of 24 hours; `InputError` says which column and what was expected.

    Examples
    --------
    >>> parse_local_time("13:15", "local_time")
    datetime.time(13, 15)
    >>> parse_local_time("25:00", "local_time")
    Traceback (most recent call last):
    reassure.errors.InputError: local_time is 25:00; expected 00:00 to 23:59.
    """
    if not (found := _CLOCK.fullmatch(text.strip())):
        raise InputError([Problem(column, text, "00:00 to 23:59")])
    return time(int(found[1]), int(found[2]))
