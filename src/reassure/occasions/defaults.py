"""When a place gathers if nobody has said so: the tradition's usual times, marked as not checked (confidence D).

Rules: which default a place has by its faiths, profile and authority, on which days and how likely, and between
which bounds the true start may lie. All times are planning assumptions of ours, replaced as places answer; their
grounds stand in docs/rooms/occasions.md. Daily prayers have no default: they are expanded only where a place gives
its timetable; a festival without a row in that table is a date on the calendar and no occasion.
Elsewhere: the days of festivals (`defaults_festivals`), minutes (`keys`), what beats a default (`precedence`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from reassure.geo import Point
from reassure.occasions.jewish import lighting
from reassure.occasions.prayer import dhuhr_near
from reassure.occasions.sittings import sitting_at
from reassure.occasions.values import Announcement, Sitting
from reassure.periods import is_bst, london_instant

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6

DEFAULT_SOURCE = "tradition-default"
"""`source_ref` of every occasion made by a default."""

AFTER_DHUHR = timedelta(minutes=5)
"""Jumu'ah never starts earlier than this after dhuhr begins."""

SHABBAT_LATEST = time(20)
"""Some communities bring Shabbat in at 20:00 in summer, however late the sun sets."""


@dataclass(frozen=True, slots=True)
class Day:
    """How an occasion stands on a day: how likely the date is, by whom, and what a planner should know."""

    share: float = 1.0
    authority: str = ""
    status: str = "forecast"
    note: str = ""


SURE = Day()


@dataclass(frozen=True, slots=True)
class Default:
    """
    A kind of occasion that a tradition has on certain days.

    Parameters
    ----------
    day
        How it stands on a civil date; None where it does not fall on it.
    sittings
        Congregations on a day at a position, by time.
    is_local
        Whether they depend on the position; if not, one answer serves every place.
    replaces
        Kinds that do not take place on a day on which this one does.
    times_of
        The kind whose times at a place, where the place has said them, stand over the usual ones.
    """

    key: str
    day: Callable[[date], Day | None]
    sittings: Callable[[date, Point], tuple[Sitting, ...]]
    is_local: bool = False
    replaces: tuple[str, ...] = ()
    times_of: str = ""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a place follows for the dates of the Muslim year, and what was announced for it."""

    authority: str = "unknown"
    announced: tuple[Announcement, ...] = ()


def weekly(weekday: int) -> Callable[[date], Day | None]:
    """Every week on a weekday, 0 Monday."""
    return lambda on: SURE if on.weekday() == weekday else None


def at_clock(key: str, *times: tuple[time, time, time]) -> Callable[[date, Point], tuple[Sitting, ...]]:
    """Congregations at fixed wall-clock times, each given as start, earliest, latest."""

    @lru_cache(maxsize=4096)
    def on_day(on: date) -> tuple[Sitting, ...]:
        return tuple(bounded(key, *(london_instant(on, at) for at in bounds)) for bounds in times)

    return lambda on, _point: on_day(on)


def bounded(key: str, start: datetime, earliest: datetime, latest: datetime) -> Sitting:
    """A congregation whose start nobody has published."""
    return sitting_at(key, start, earliest=earliest, latest=latest)


def _jumuah(on: date, point: Point) -> tuple[Sitting, ...]:
    """12:45 in winter, 13:30 in summer; start and bounds move back where dhuhr begins too late for them."""
    return _jumuah_after(on, dhuhr_near(point.lat_deg, point.lon_deg, on) + AFTER_DHUHR)


@lru_cache(maxsize=4096)
def _jumuah_after(on: date, first: datetime) -> tuple[Sitting, ...]:
    times = (time(13, 30), time(13, 10), time(14)) if is_bst(on) else (time(12, 45), time(12, 15), time(13, 30))
    start, earliest, latest = (max(london_instant(on, at), first) for at in times)
    return (bounded("jumuah", start, earliest, latest),)


def _shabbat_eve(on: date, point: Point) -> tuple[Sitting, ...]:
    """At lighting, or at 20:00 where that is earlier."""
    start = min(lighting(point.lat_deg, point.lon_deg, on), london_instant(on, SHABBAT_LATEST))
    return (bounded("shabbat_eve", start, start - timedelta(minutes=15), start + timedelta(minutes=30)),)


SUNDAY_TIMES = (time(10, 30), time(9), time(11, 30))
"""Start of a Christian Sunday service, and between which bounds it lies."""

_SATURDAY = Default(
    "saturday_main", weekly(SATURDAY), at_clock("saturday_main", (time(10, 30), time(9, 30), time(11, 30)))
)
_SUNDAY_MAIN = Default("sunday_main", weekly(SUNDAY), at_clock("sunday_main", SUNDAY_TIMES))
_DIWAN = Default("sunday_diwan", weekly(SUNDAY), at_clock("sunday_diwan", (time(11), time(10), time(12))))
_GATHERING = Default(
    "sunday_gathering", weekly(SUNDAY), at_clock("sunday_gathering", (time(11), time(10), time(12, 30)))
)
_SHABBAT_MORNING = Default(
    "shabbat_morning", weekly(SATURDAY), at_clock("shabbat_morning", (time(9, 30), time(9), time(10, 15)))
)
SUNDAYS = (_SUNDAY_MAIN, _DIWAN, _GATHERING)

WEEKLY_BY_FAITH: tuple[tuple[str, Default], ...] = (
    ("muslim", Default("jumuah", weekly(FRIDAY), _jumuah, is_local=True)),
    ("jewish", Default("shabbat_eve", weekly(FRIDAY), _shabbat_eve, is_local=True)),
    ("jewish", _SHABBAT_MORNING),
    ("christian", _SUNDAY_MAIN),
    ("sikh", _DIWAN),
    ("hindu", _GATHERING),
    ("buddhist", _GATHERING),
)
"""What each tradition has every week."""


def weekly_defaults(faiths: frozenset[str], profile: str) -> list[Default]:
    """The weekly defaults of faiths, in the order of the table; profile `saturday` moves those of Sunday."""
    found = [default for faith, default in WEEKLY_BY_FAITH if faith in faiths]
    if profile == "saturday":
        found = [_SATURDAY, *(default for default in found if default not in SUNDAYS)]
    return found
