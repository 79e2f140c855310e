"""When a place gathers if nobody has said so: the tradition's usual times, marked as not checked (confidence D).

Rules: which default a place has by its faiths and profile, on which days, and between which bounds the true
start may lie. All times are planning assumptions of ours, replaced as places answer; their grounds stand in
docs/rooms/occasions.md. Daily prayers have no default: they are expanded only where a place gives its timetable.
Elsewhere: minutes of arrival, length and dispersal (`keys`), what beats a default (`precedence`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from reassure.geo import Point
from reassure.occasions.jewish import lighting
from reassure.occasions.prayer import prayer_times_near
from reassure.occasions.sittings import sitting_at
from reassure.occasions.values import Sitting
from reassure.periods import is_bst, london_instant
from reassure.places.place import Place

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6

DEFAULT_SOURCE = "tradition-default"
"""`source_ref` of every occasion made by a default."""

AFTER_DHUHR = timedelta(minutes=5)
"""Jumu'ah never starts earlier than this after dhuhr begins."""

SHABBAT_LATEST = time(20)
"""Some communities bring Shabbat in at 20:00 in summer, however late the sun sets."""


@dataclass(frozen=True, slots=True)
class Default:
    """
    A kind of occasion that a tradition has on certain days.

    Parameters
    ----------
    sittings
        Congregations on a day at a position, by time.
    is_local
        Whether they depend on the position; if not, one answer serves every place.
    """

    key: str
    falls_on: Callable[[date], bool]
    sittings: Callable[[date, Point], tuple[Sitting, ...]]
    is_local: bool = False


def defaults_of(place: Place) -> tuple[Default, ...]:
    """The defaults of a place by its faiths and profile, in the order of the table; empty for profile `none`."""
    return _defaults(place.faiths, place.profile)


@lru_cache(maxsize=1024)
def _defaults(faiths: frozenset[str], profile: str) -> tuple[Default, ...]:
    if profile == "none":
        return ()
    found = [default for faith, default in _BY_FAITH if faith in faiths]
    if profile == "saturday":
        found = [_SATURDAY, *(default for default in found if default not in _SUNDAYS)]
    return tuple(dict.fromkeys(found))


def _weekly(weekday: int) -> Callable[[date], bool]:
    return lambda on: on.weekday() == weekday


def _at(key: str, *times: tuple[time, time, time]) -> Callable[[date, Point], tuple[Sitting, ...]]:
    """Congregations at fixed wall-clock times, each given as start, earliest, latest."""

    @lru_cache(maxsize=4096)
    def on_day(on: date) -> tuple[Sitting, ...]:
        return tuple(_bounded(key, *(london_instant(on, at) for at in bounds)) for bounds in times)

    return lambda on, _point: on_day(on)


def _bounded(key: str, start: datetime, earliest: datetime, latest: datetime) -> Sitting:
    return sitting_at(key, start, earliest=earliest, latest=latest)


def _jumuah(on: date, point: Point) -> tuple[Sitting, ...]:
    """12:45 in winter, 13:30 in summer; start and bounds move back where dhuhr begins too late for them."""
    times = (time(13, 30), time(13, 10), time(14)) if is_bst(on) else (time(12, 45), time(12, 15), time(13, 30))
    first = prayer_times_near(point.lat_deg, point.lon_deg, on).dhuhr + AFTER_DHUHR
    start, earliest, latest = (max(london_instant(on, at), first) for at in times)
    return (_bounded("jumuah", start, earliest, latest),)


def _shabbat_eve(on: date, point: Point) -> tuple[Sitting, ...]:
    """At lighting, or at 20:00 where that is earlier."""
    start = min(lighting(point.lat_deg, point.lon_deg, on), london_instant(on, SHABBAT_LATEST))
    return (_bounded("shabbat_eve", start, start - timedelta(minutes=15), start + timedelta(minutes=30)),)


_SATURDAY = Default("saturday_main", _weekly(SATURDAY), _at("saturday_main", (time(10, 30), time(9, 30), time(11, 30))))
_SUNDAY_MAIN = Default("sunday_main", _weekly(SUNDAY), _at("sunday_main", (time(10, 30), time(9), time(11, 30))))
_DIWAN = Default("sunday_diwan", _weekly(SUNDAY), _at("sunday_diwan", (time(11), time(10), time(12))))
_GATHERING = Default("sunday_gathering", _weekly(SUNDAY), _at("sunday_gathering", (time(11), time(10), time(12, 30))))
_SUNDAYS = (_SUNDAY_MAIN, _DIWAN, _GATHERING)

_BY_FAITH: tuple[tuple[str, Default], ...] = (
    ("muslim", Default("jumuah", _weekly(FRIDAY), _jumuah, is_local=True)),
    ("jewish", Default("shabbat_eve", _weekly(FRIDAY), _shabbat_eve, is_local=True)),
    (
        "jewish",
        Default(
            "shabbat_morning",
            _weekly(SATURDAY),
            _at("shabbat_morning", (time(9, 30), time(9), time(10, 15))),
        ),
    ),
    ("christian", _SUNDAY_MAIN),
    (
        "christian",
        Default(
            "christmas_eve",
            lambda on: (on.month, on.day) == (12, 24),
            _at("christmas_eve", (time(16),) * 3, (time(23, 30),) * 3),
        ),
    ),
    ("sikh", _DIWAN),
    ("hindu", _GATHERING),
    ("buddhist", _GATHERING),
)
