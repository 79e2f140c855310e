"""Cells of times and weekdays as people write them, with what they may have meant where they slip.

Rules: times are 24 hours with a colon; an afternoon without PM, a point for a colon and a time outside the hours of its
kind are named with what they may stand for, never changed. Weekdays are words of three letters or more, ranges, lists.
"""

import re
from datetime import time

from reassure.errors import InputError, Problem
from reassure.occasions.keys import KEYS, Key
from reassure.periods import parse_local_time

SOME_DAYS = {"daily": tuple(range(7)), "weekdays": tuple(range(5)), "weekends": (5, 6)}
DAYS_EXPECTED = "days such as Fri, Mon-Thu, Sat;Sun or daily"
_POINT = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})")
_SHORT = re.compile(r"([0-9]):([0-5][0-9])")
_SUFFIX = re.compile(r"([0-9]{1,2})(?:[.:]([0-5][0-9]))?\s*([ap])\.?m\.?", re.IGNORECASE)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def clock_of(
    text: str, code: str, found: list[Problem], *, column: str = "local_time", hours: tuple[int, int] | None = None
) -> time | None:
    """
    The wall-clock time of a cell; None with a problem in `found` where it cannot be read or cannot be meant.

    Parameters
    ----------
    code
        The kind of occasion, whose hours it has to lie in; any time for a kind that is not known.
    hours
        Hours that stand over those of the kind, half-open.
    """
    try:
        at = parse_local_time("0" + text if _SHORT.fullmatch(text) else text, column)
    except InputError:
        found.append(Problem(column, text, _meant(text, code)))
        return None
    kind = KEYS.get(code)
    if hours is not None:
        kind = Key(code, code, hours=hours)
    if kind is not None and not kind.may_start_at(at):
        low, high = kind.hours
        expected = f"{low:02d}:00 to {(high - 1) % 24:02d}:59 for {kind.words}"
        afternoon = time(at.hour + 12, at.minute) if at.hour < 12 else at
        if at.hour < 12 and kind.may_start_at(afternoon):
            expected += f", perhaps {afternoon:%H:%M}"
        found.append(Problem(column, text, expected))
        return None
    return at


def _meant(text: str, code: str) -> str:
    """What to expect of a time that cannot be read, with the times it may stand for where that can be said."""
    if found := _SUFFIX.fullmatch(text):
        hour, minute = int(found[1]), int(found[2] or 0)
        if 1 <= hour <= 12:
            hour = hour % 12 + (12 if found[3].casefold() == "p" else 0)
            return f"24 hours, such as {hour:02d}:{minute:02d}"
    if found := _POINT.fullmatch(text):
        hour, minute = int(found[1]), int(found[2].ljust(2, "0"))
        if hour < 24 and minute < 60:
            kind = KEYS.get(code)
            hours = [hour, hour + 12] if hour < 12 else [hour]
            times = [time(h, minute) for h in hours]
            times = [at for at in times if kind is None or kind.may_start_at(at)] or times
            return "hours and minutes with a colon, such as " + " or ".join(f"{at:%H:%M}" for at in times)
    return "00:00 to 23:59"


def days_of(text: str, found: list[Problem]) -> tuple[int, ...]:
    """Days of the week, 0 Monday, in order: words of three letters or more, ranges with a hyphen, lists."""
    days: set[int] = set()
    for part in re.split(r"[;,\s]+", text.strip()) if text else ():
        if part.casefold() in SOME_DAYS:
            days.update(SOME_DAYS[part.casefold()])
            continue
        ends = [_weekday(word) for word in part.split("-")]
        if len(ends) > 2 or None in ends:
            found.append(Problem("days", text, DAYS_EXPECTED))
            return ()
        first, last = int(ends[0] or 0), int(ends[-1] or 0)
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return tuple(sorted(days))


def _weekday(word: str) -> int | None:
    word = word.casefold()
    if len(word) < 3:
        return None
    plural = word.removesuffix("s") if len(word) > 6 else word
    return next((n for n, name in enumerate(WEEKDAYS) if name.casefold().startswith((word, plural))), None)
