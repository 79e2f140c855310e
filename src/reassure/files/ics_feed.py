"""Calendar feeds (RFC 5545) that places publish, as rules of rank 4.

Rules: repeats are written out at the wall clock, with their exceptions and single changes; times without a zone are
London's; a feed is written out 400 days ahead at most. What cannot be an occasion is a problem: a zone that nobody
knows, over 24 hours, an end before its start, a repeat faster than daily. The title of an event chooses its kind by a
list of words and is then dropped: it may name a couple or the dead. Whole days have no hours and give no occasion.
The readers are icalendar (BSD-2) and recurring-ical-events (LGPL-3, unmodified).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import available_timezones

import icalendar
import recurring_ical_events

from reassure.errors import InputError, Problem
from reassure.occasions.keys import KEYS
from reassure.occasions.values import LONGEST, Recurrence, Rule
from reassure.periods import LONDON, london_wall

MAX_AHEAD_DAYS = 400
MAX_EVENTS = 5_000
MAX_BYTES = 5 * 2**20
RANK_OF_OTHERS = 4
_TOO_FAST = {"SECONDLY", "MINUTELY", "HOURLY"}

WORDS: tuple[tuple[str, str], ...] = (
    (r"jum+u?['’]?a?h?|jummah|jumma|friday prayers?|khutbah", "jumuah"),
    (r"tara[wv]ee?h|tara[wv]ih", "taraweeh"),
    (r"eid", "eid_prayer"),
    (r"kol nidre", "kol_nidre"),
    (r"yom kippur", "yom_kippur"),
    (r"kabbalat shabbat|shabbat eve|erev shabbat|friday night service", "shabbat_eve"),
    (r"shabbat|shacharit", "shabbat_morning"),
    (r"nagar kirtan", "nagar_kirtan"),
    (r"di[wv]an", "sunday_diwan"),
    (r"christmas eve|midnight mass|carol service", "christmas_eve"),
    (r"procession", "procession"),
    (r"evensong|evening prayer|evening service|vespers|compline", "evening_service"),
    (r"prayer meeting|vigil", "prayer_meeting"),
    (r"bible study|study|class|classes|lesson|shiur|madras+ah?|sunday school", "study"),
    (r"langar|lunch|meal|breakfast|coffee morning|food ?bank|community kitchen", "community_meal"),
    (r"youth|scouts?|guides|brownies|cubs|messy church", "youth_group"),
    (r"open day|open doors", "open_day"),
    (r"mass|eucharist|holy communion|communion|worship|liturgy|service|sunday prayers?|puja|arti|aarti", "service"),
)
"""Words of a title, whole and in any case, and the kind they choose; the first that fits."""
_WORDS = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), code) for words, code in WORDS)
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Feed:
    """
    What a calendar gives.

    Parameters
    ----------
    rules
        One for each event and kind, in order; titles are not kept.
    problems
        Every event that cannot be used, by its number in the file.
    n_unknown
        Events whose title has no word that chooses a kind: no occasion, for a person to look at.
    n_without_hours
        Whole days of a known kind.
    """

    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]
    n_unknown: int = 0
    n_without_hours: int = 0


def key_of_title(title: str, weekday: int) -> str:
    """
    The kind of occasion that a title speaks of, on a weekday (0 Monday); empty when no word says so.

    Examples
    --------
    >>> key_of_title("Parish Mass", 6), key_of_title("Parish Mass", 2), key_of_title("Boiler inspection", 2)
    ('sunday_main', 'weekday_service', '')
    """
    code = next((code for words, code in _WORDS if words.search(title)), "")
    if code == "service":
        return "sunday_main" if weekday == _SUNDAY else "weekday_service"
    if code == "sunday_diwan" and weekday != _SUNDAY:
        return "service"
    return code


def read_feed(data: bytes, file: str, *, place_ref: str, first: date, last: date) -> Feed:
    """
    The rules of a place's calendar from `first` to `last`, both inside.

    Parameters
    ----------
    last
        At most 400 days after `first`.

    Raises
    ------
    InputError
        No calendar, too large, a range too long, over 5,000 events.
    """
    if not first <= last <= first + timedelta(days=MAX_AHEAD_DAYS):
        expected = f"{first.isoformat()} or up to {MAX_AHEAD_DAYS} days later"
        raise InputError([Problem("to", last.isoformat(), expected)])
    calendar = _calendar(data, file)
    problems: list[Problem] = []
    good = icalendar.Calendar()
    for component in calendar.subcomponents:
        if component.name != "VEVENT":
            good.add_component(component)
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        found = _event_problems(event)
        where = f"{file}, event {number}"
        problems += [Problem(p.column, p.value, p.expected, file=where, says=p.says) for p in found]
        if not found:
            good.add_component(event)
        elif "RECURRENCE-ID" in event and "DTSTART" in event:
            good.add_component(_taken_away(event))
    held: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    n_unknown = n_without_hours = 0
    for event in _written_out(good, first, last, file):
        starts = event["DTSTART"].dt
        key = key_of_title(str(event.get("SUMMARY", "")), starts.weekday())
        if not key:
            n_unknown += 1
        elif not isinstance(starts, datetime):
            n_without_hours += 1
        else:
            begins, ends = _instant(starts), _instant(_end(event))
            if ends == begins:
                ends = begins + timedelta(minutes=KEYS[key].length_min)
            if london_wall(begins).date() >= first:
                held.setdefault((str(event.get("UID", "")), key), []).append((begins, ends))
    rules = tuple(
        Rule(place_ref, key, Recurrence(uid, tuple(sorted(set(pairs)))), RANK_OF_OTHERS, file)
        for (uid, key), pairs in sorted(held.items())
    )
    return Feed(rules, tuple(problems), n_unknown, n_without_hours)


def _calendar(data: bytes, file: str) -> icalendar.Calendar:
    if len(data) > MAX_BYTES:
        says = f"the file has {len(data):,} bytes"
        raise InputError([Problem("", "", f"at most {MAX_BYTES:,} bytes", file=file, says=says)])
    try:
        return icalendar.Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError) as error:
        says = f"cannot be read as iCalendar ({str(error)[:80]})"
        raise InputError([Problem("", "", "an iCalendar file", file=file, says=says)]) from None


def _event_problems(event: Any) -> list[Problem]:
    """Why an event cannot be an occasion; its title is never shown."""
    starts = event.get("DTSTART")
    if starts is None or not hasattr(starts, "dt"):
        return [Problem("DTSTART", "", "a date and time")]
    found = [
        Problem("TZID", str(zone), "a zone of the IANA list, such as Europe/London")
        for column in ("DTSTART", "DTEND", "RECURRENCE-ID")
        if (value := event.get(column)) is not None
        and (zone := value.params.get("TZID")) is not None
        and zone not in available_timezones()
        and getattr(value.dt, "tzinfo", None) is None
    ]
    rules = event.get("RRULE")
    found += [
        Problem("RRULE", speed, "a repeat by day, week, month or year")
        for rule in (rules if isinstance(rules, list) else [rules] if rules else [])
        if (speed := str(next(iter(rule.get("FREQ", [""])), ""))) in _TOO_FAST
    ]
    if found:
        return found
    if not isinstance(starts.dt, datetime):
        weekday = starts.dt.weekday()
        if not key_of_title(str(event.get("SUMMARY", "")), weekday):
            return [Problem("DTSTART", starts.dt.isoformat(), "hours, or a title that says which kind of day it is")]
        return []
    ends = _end(event)
    if not isinstance(ends, datetime):
        return [Problem("DTEND", ends.isoformat(), "a date and time, as DTSTART has")]
    begins, finishes = _instant(starts.dt), _instant(ends)
    if finishes < begins:
        found.append(Problem("DTEND", ends.isoformat(), "after DTSTART"))
    elif finishes - begins > LONGEST:
        found.append(Problem("DTEND", ends.isoformat(), "at most 24 h after DTSTART"))
    return found


def _taken_away(event: Any) -> Any:
    """A single change that cannot be used: the date it changes no longer stands as the series has it."""
    gone = icalendar.Event()
    for column in ("UID", "RECURRENCE-ID"):
        gone[column] = event[column]
    gone["DTSTART"] = event["RECURRENCE-ID"]
    gone.add("STATUS", "CANCELLED")
    return gone


def _written_out(calendar: icalendar.Calendar, first: date, last: date, file: str) -> Iterator[Any]:
    """Every event on its dates, without those that are cancelled; a zone's wall clock is kept by the library."""
    since = datetime.combine(first, time(0), tzinfo=LONDON)
    until = datetime.combine(last + timedelta(days=1), time(0), tzinfo=LONDON)
    try:
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        events = takewhile(lambda event: _instant(event["DTSTART"].dt) < until, query.after(since))
        for number, event in enumerate(events):
            if number >= MAX_EVENTS:
                says = f"the calendar has over {MAX_EVENTS:,} events in this time"
                raise InputError([Problem("", "", "fewer events", file=file, says=says)])
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                yield event
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        says = f"its repeats cannot be written out ({type(error).__name__})"
        raise InputError([Problem("RRULE", "", "repeats by RFC 5545", file=file, says=says)]) from None


def _end(event: Any) -> Any:
    """The end of an event: DTEND, or DTSTART and DURATION, or the start itself where none is given."""
    if (ends := event.get("DTEND")) is not None:
        return ends.dt
    starts = event["DTSTART"].dt
    if (lasts := event.get("DURATION")) is not None:
        return starts + lasts.dt
    return starts


def _instant(value: date | datetime) -> datetime:
    """In UTC; a time without a zone is London's, a date its midnight."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    return (value if value.tzinfo is not None else value.replace(tzinfo=LONDON)).astimezone(UTC)
