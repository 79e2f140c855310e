"""Service times as OpenStreetMap has them: opening-hours syntax with points, such as "Su 09:30, 11:00".

Rules: which text is read and which is refused (plain English is never guessed), how a lone point gets a length, the
starts on a day at a position, and which kind of occasion a text speaks of by weekday. The parser is opening-hours-py
(MIT or Apache-2.0). It refuses points, and without coordinates and time zone its sunset is 19:00 all year, silently:
both are always given here. `opening_hours` of a church are visiting times and are never read.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from reassure.errors import InputError, Problem
from reassure.occasions.values import OsmText, Rule
from reassure.periods import LONDON
from reassure.places.place import Place

MAX_CHARACTERS = 500
_SUN = r"(?:sunrise|sunset|dawn|dusk)"
_TIME = rf"(?:\(\s*{_SUN}\s*[+-]\s*\d{{1,2}}:\d{{2}}\s*\)|{_SUN}|\d{{1,2}}:\d{{2}})"
_SPAN = re.compile(rf"(?P<first>{_TIME})(?P<rest>\s*-\s*{_TIME}|\s*\+)?")
_DAYS = {"mo", "tu", "we", "th", "fr", "sa", "su", "ph", "sh", "day", "days", "week", "easter"}
_MONTHS = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
_WORDS = _DAYS | _MONTHS | {"off", "closed", "open", "sunrise", "sunset", "dawn", "dusk"}
_QUOTED = re.compile(r'"[^"]*"')
DAY = timedelta(days=1)
POINT_MIN = 1
"""A lone point is read as one minute, so that services one after the other stay apart; its kind gives the length."""

_BY_WEEKDAY: dict[str, dict[int, str]] = {
    "muslim": {4: "jumuah"},
    "jewish": {4: "shabbat_eve", 5: "shabbat_morning"},
    "christian": {6: "sunday_main"},
    "sikh": {6: "sunday_diwan"},
    "hindu": {6: "sunday_gathering"},
    "buddhist": {6: "sunday_gathering"},
}
_OTHER_DAYS = "weekday_service"


def with_lengths(raw: str, length_min: int) -> str:
    """
    The text with a length for every lone point, as the parser needs it.

    Examples
    --------
    >>> with_lengths("Mo-Fr 12:15;Sa 10:00;Su 09:30, 11:00, 12:30-13:00", 60)
    'Mo-Fr 12:15-13:15;Sa 10:00-11:00;Su 09:30-10:30, 11:00-12:00, 12:30-13:00'
    >>> with_lengths("Fr (sunset-00:15)", 60)
    'Fr (sunset-00:15)-(sunset+00:45)'
    """

    def span(found: re.Match[str]) -> str:
        first, rest = found["first"], (found["rest"] or "").strip()
        return found[0] if rest.startswith("-") else f"{first}-{_later(first, length_min)}"

    parts = re.split(r'("[^"]*")', raw)
    return "".join(part if part.startswith('"') else _SPAN.sub(span, part) for part in parts)


def _later(point: str, minutes: int) -> str:
    """A clock time, over 24:00 where it passes midnight, or a time of the sun, some minutes on."""
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})", point):
        hours, rest = divmod(int(found[1]) * 60 + int(found[2]) + minutes, 60)
        return f"{hours:02d}:{rest:02d}"
    found = re.fullmatch(rf"\(\s*({_SUN})\s*([+-])\s*(\d{{1,2}}):(\d{{2}})\s*\)|({_SUN})", point)
    if found is None:
        return point
    sun = found[1] or found[5]
    offset = (int(found[3]) * 60 + int(found[4])) * (1 if found[2] == "+" else -1) if found[1] else 0
    hours, rest = divmod(abs(offset + minutes), 60)
    return f"({sun}{'+' if offset + minutes >= 0 else '-'}{hours:02d}:{rest:02d})"


def osm_text_problems(raw: str) -> list[Problem]:
    """Why a text cannot be read; empty when it can."""
    expected = "opening hours of OpenStreetMap with days and times, such as Su 09:30, 11:00"
    plain = _QUOTED.sub("", raw)
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", plain)}
    is_known = bool(raw.strip()) and len(raw) <= MAX_CHARACTERS and words <= _WORDS and _SPAN.search(plain)
    if not is_known:
        return [Problem("service_times", raw, expected)]
    try:
        _parsed(raw, 51.5, -0.1)
    except InputError:
        return [Problem("service_times", raw, expected)]
    return []


@lru_cache(maxsize=8192)
def _parsed(raw: str, lat_deg: float, lon_deg: float) -> OpeningHours:
    """The parsed text at a position, always with coordinates and time zone."""
    text = with_lengths(raw, POINT_MIN)
    if not validate(text):
        raise InputError([Problem("service_times", raw, "opening hours of OpenStreetMap")])
    return OpeningHours(text, timezone=LONDON, country="GB", coords=(lat_deg, lon_deg), auto_country=False)


def osm_starts(raw: str, place: Place, on: date) -> list[tuple[datetime, datetime | None]]:
    """
    Start and end, aware instants, of what a text gives on a civil date at a place; no end where it gave a point.
    """
    hours = _parsed(raw, place.point.lat_deg, place.point.lon_deg)
    since = datetime.combine(on - DAY, time(0), tzinfo=LONDON)
    until = datetime.combine(on + DAY + DAY, time(0), tzinfo=LONDON)
    found: list[tuple[datetime, datetime | None]] = []
    for starts, ends, state, *_ in hours.intervals(since, until):
        if state == State.OPEN and starts.date() == on:
            is_point = ends - starts == timedelta(minutes=POINT_MIN)
            found.append((starts, None if is_point else ends))
    return found


def osm_rules(place: Place, raw: str, source_ref: str, observed_on: date | None = None) -> list[Rule]:
    """
    The rules of rank 4 that a text makes: one for each kind of occasion, by weekday and tradition.

    Raises
    ------
    InputError
        The text cannot be read; it stays as it is, for a person.
    """
    if problems := osm_text_problems(raw):
        raise InputError(problems)
    by_day: dict[str, list[int]] = {}
    for day in range(7):
        by_day.setdefault(_key(place, day), []).append(day)
    return [Rule(place.ref, key, OsmText(raw, tuple(days)), 4, source_ref, observed_on) for key, days in by_day.items()]


def _key(place: Place, weekday: int) -> str:
    if place.profile == "saturday" and weekday == 5:
        return "saturday_main"
    found = (held[weekday] for faith, held in _BY_WEEKDAY.items() if faith in place.faiths and weekday in held)
    return next(found, _OTHER_DAYS if "christian" in place.faiths else "service")
