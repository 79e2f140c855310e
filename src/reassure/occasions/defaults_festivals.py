"""The usual times on the great days of the year: Eids, Ramadan nights, Yom Kippur, Christmas and Easter.

Rules: on which days, how likely, and when people come. Eid and Ramadan have a share on each candidate date until it is
announced; Eid does not replace Jumu'ah. Christmas Day and Easter Day take the times of a church's Sundays and replace
them; Yom Kippur and Kol Nidre replace those of Shabbat. Lengths are ours.
Elsewhere: the weekly defaults (`defaults`), the dates (`hijri`, `jewish_days`, `christian`).
"""

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import lru_cache

from reassure.geo import Point
from reassure.occasions.announcements import EIDS
from reassure.occasions.christian import easter_day
from reassure.occasions.defaults import (
    SUNDAY_TIMES,
    SURE,
    Day,
    Default,
    Whom,
    at_clock,
    bounded,
    weekly_defaults,
)
from reassure.occasions.hijri import FIRST_DATE, LAST_DATE, candidates_between, ramadan_night_share
from reassure.occasions.jewish import holy_day_end, lighting
from reassure.occasions.jewish_days import yom_kippur
from reassure.occasions.prayer import prayer_times_near
from reassure.occasions.sittings import sitting_at
from reassure.occasions.values import LEAST_SHARE, DateCandidate, Sitting, date_note
from reassure.periods import london_instant, london_wall
from reassure.places.place import Place

DAY = timedelta(days=1)
SHABBAT = ("shabbat_eve", "shabbat_morning")
TARAWEEH_LATEST = timedelta(minutes=75)
"""Until when after isha begins taraweeh may start."""
EID_TIMES = (time(8), time(9))
EID_BOUNDS = (time(6, 30), time(10, 30))
YOM_KIPPUR_STARTS = time(9, 30)
CHRISTMAS_OF_ORTHODOX = ((12, 25), (1, 7))
EDGE = timedelta(days=400)
"""So near the ends of the Hijri tables no Muslim festival is given."""


def defaults_of(place: Place, whom: Whom | None = None) -> tuple[Default, ...]:
    """The defaults of a place by its faiths, profile and authority, weekly ones first; empty for profile `none`."""
    is_muslim = "muslim" in place.faiths
    return _defaults(place.faiths, place.profile, (whom or Whom(place.authority)) if is_muslim else None)


@lru_cache(maxsize=4096)
def _defaults(faiths: frozenset[str], profile: str, whom: Whom | None) -> tuple[Default, ...]:
    if profile == "none":
        return ()
    found = weekly_defaults(faiths, profile)
    if whom is not None:
        found += _muslim(whom)
    if "jewish" in faiths:
        found += _JEWISH
    if "christian" in faiths:
        found += _ORTHODOX if profile == "orthodox" else _WESTERN
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1024)
def _muslim(whom: Whom) -> tuple[Default, ...]:
    return (
        Default("eid_prayer", _eid_day(whom), _eid),
        Default("taraweeh", _taraweeh_day(whom), _taraweeh(whom), is_local=True),
    )


def _eid_day(whom: Whom) -> Callable[[date], Day | None]:
    @lru_cache(maxsize=4096)
    def day(on: date) -> Day | None:
        if not FIRST_DATE + EDGE <= on <= LAST_DATE - EDGE:
            return None
        for event in EIDS:
            held = candidates_between(event, on, on, whom.authority, whom.announced)
            found = next((c for c in held if c.on == on and c.share >= LEAST_SHARE), None)
            if found is not None:
                return _day_of(found, held, event, whom)
        return None

    return day


def _day_of(found: DateCandidate, held: tuple[DateCandidate, ...], event: str, whom: Whom) -> Day:
    said = [a for a in whom.announced if (a.event, a.hijri_year) == (event, found.year)]
    note = date_note([c for c in held if c.year == found.year])
    if said:
        who = " and ".join(sorted({a.source_ref or a.authority for a in said}))
        note = f"announcements differ: {note}" if note else f"date announced by {who}"
    return Day(found.share, whom.authority, "announced" if said else "forecast", note)


def _eid(on: date, _point: Point) -> tuple[Sitting, ...]:
    earliest, latest = (london_instant(on, at) for at in EID_BOUNDS)
    return tuple(bounded("eid_prayer", london_instant(on, at), earliest, latest) for at in EID_TIMES)


def _taraweeh_day(whom: Whom) -> Callable[[date], Day | None]:
    @lru_cache(maxsize=4096)
    def day(on: date) -> Day | None:
        if not FIRST_DATE + EDGE <= on <= LAST_DATE - EDGE:
            return None
        nights = [ramadan_night_share(evening, whom.authority, whom.announced) for evening in (on, on - DAY)]
        share = next((share for share in nights if share >= LEAST_SHARE), 0.0)
        if not share:
            return None
        note = "" if share == 1 else "the first and last night of Ramadan are not settled"
        return Day(share, whom.authority, "forecast", note)

    return day


def _taraweeh(whom: Whom) -> Callable[[date, Point], tuple[Sitting, ...]]:
    """At isha of the evening; what begins after midnight belongs to the next date."""

    def sittings(on: date, point: Point) -> tuple[Sitting, ...]:
        nights = [
            evening
            for evening in (on - DAY, on)
            if ramadan_night_share(evening, whom.authority, whom.announced) >= LEAST_SHARE
        ]
        begins = [prayer_times_near(point.lat_deg, point.lon_deg, evening).isha for evening in nights]
        return tuple(
            bounded("taraweeh", isha, isha, isha + TARAWEEH_LATEST) for isha in begins if london_wall(isha).date() == on
        )

    return sittings


def _kol_nidre_day(on: date) -> Day | None:
    return SURE if yom_kippur((on + DAY).year) == on + DAY else None


def _kol_nidre(on: date, point: Point) -> tuple[Sitting, ...]:
    start = lighting(point.lat_deg, point.lon_deg, on)
    return (bounded("kol_nidre", start, start - timedelta(minutes=15), start + timedelta(minutes=30)),)


def _yom_kippur(on: date, point: Point) -> tuple[Sitting, ...]:
    start, end = london_instant(on, YOM_KIPPUR_STARTS), holy_day_end(point.lat_deg, point.lon_deg, on)
    early, late = (london_instant(on, at) for at in (time(9), time(10, 15)))
    return (sitting_at("yom_kippur", start, end, earliest=early, latest=late),)


def _easter_day(*, is_orthodox: bool) -> Callable[[date], Day | None]:
    return lambda on: SURE if on.weekday() == 6 and easter_day(on.year, is_orthodox=is_orthodox) == on else None


def _orthodox_christmas(on: date) -> Day | None:
    if (on.month, on.day) not in CHRISTMAS_OF_ORTHODOX:
        return None
    year = on.year if on.month == 12 else on.year - 1
    note = date_note([DateCandidate(date(year, 12, 25), 0.5), DateCandidate(date(year + 1, 1, 7), 0.5)])
    return Day(0.5, "orthodox", "forecast", note)


def _dated(month: int, day: int) -> Callable[[date], Day | None]:
    return lambda on: SURE if (on.month, on.day) == (month, day) else None


_JEWISH = (
    Default("kol_nidre", _kol_nidre_day, _kol_nidre, is_local=True, replaces=SHABBAT),
    Default(
        "yom_kippur",
        lambda on: SURE if yom_kippur(on.year) == on else None,
        _yom_kippur,
        is_local=True,
        replaces=SHABBAT,
    ),
)
_CHRISTMAS_EVE = Default(
    "christmas_eve", _dated(12, 24), at_clock("christmas_eve", (time(16),) * 3, (time(23, 30),) * 3)
)


def _as_sundays(key: str, day: Callable[[date], Day | None]) -> Default:
    return Default(key, day, at_clock(key, SUNDAY_TIMES), replaces=("sunday_main",), times_of="sunday_main")


_WESTERN = (
    _CHRISTMAS_EVE,
    _as_sundays("christmas_day", _dated(12, 25)),
    _as_sundays("easter_day", _easter_day(is_orthodox=False)),
)
_ORTHODOX = (
    _CHRISTMAS_EVE,
    _as_sundays("christmas_day", _orthodox_christmas),
    _as_sundays("easter_day", _easter_day(is_orthodox=True)),
)
