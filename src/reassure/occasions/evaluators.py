"""What each kind of rule says about one day at one place: a table of kinds, so that a new one is one row.

Rules: for every kind, what can be wrong with it, on which dates it may speak, and the starts it gives on a
date. Starts are UTC instants; a start belongs to London's civil date on which it falls, so the isha of one day
may be an occasion of the next. Elsewhere: which rule stands (`precedence`), from start to sitting (`sittings`).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from reassure.errors import InputError, Problem
from reassure.geo import distance_m
from reassure.occasions.festivals import computed_candidates
from reassure.occasions.hijri import HIJRI_EVENTS
from reassure.occasions.osm_times import osm_starts, osm_text_problems
from reassure.occasions.prayer import ANCHORS, prayer_times
from reassure.occasions.seasons import Seasons, in_season, season_problems
from reassure.occasions.sun import nightfall, sunset
from reassure.occasions.values import (
    LEAST_SHARE,
    LONGEST,
    Announcement,
    Computed,
    Confirmed,
    DateCandidate,
    Festival,
    OneOff,
    OsmText,
    Recurrence,
    TableRow,
    Weekly,
    date_note,
)
from reassure.periods import london_date, london_instant, london_wall
from reassure.places.place import AUTHORITIES, Place

NEAR_DAYS = 7
"""Candidates without a year that lie this near each other are dates of one occurrence."""

ROUTE_REACH_M = 30_000.0
"""An outdoor occasion starts and ends within this distance of its place (our choice)."""

_NIGHTFALL = re.compile(r"nightfall\((\d{1,2}(?:\.\d{1,3})?)\)", re.ASCII)
_EVENING_ANCHORS = ("maghrib", "isha", "sunset", "nightfall")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """
    Dates that rules name and others work out.

    Parameters
    ----------
    candidates
        Candidate dates by (event, authority); an authority of "" serves places without one. They stand over those
        that a calendar of ours computes.
    first, last
        The civil dates that are asked for.
    announced
        What was announced, by the ref of each place that it is for.
    """

    seasons: Seasons = field(default_factory=dict)
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]] = field(default_factory=dict)
    first: date = date(2026, 1, 1)
    last: date = date(2026, 12, 31)
    announced: Mapping[str, tuple[Announcement, ...]] = field(default_factory=dict)

    def dates_of(self, when: Festival, place: Place | None = None) -> tuple[DateCandidate, ...]:
        """The candidate dates of an event for a place; without a place, those of every authority it may follow."""
        if given := when.dates or self.candidates.get((when.event, when.authority)):
            return given
        if place is not None:
            authority = when.authority or (place.authority if when.event in HIJRI_EVENTS else "")
            said = self.announced.get(place.ref, ())
            return computed_candidates(when.event, authority, self.first, self.last, said)
        if when.event in HIJRI_EVENTS:
            said = tuple(sorted({a for held in self.announced.values() for a in held}, key=repr))
            asked = [(authority, said) for authority in ((when.authority,) if when.authority else AUTHORITIES)]
            asked += [(authority, ()) for authority, _ in asked]
        else:
            asked = [(when.authority, ())]
        found = [computed_candidates(when.event, by, self.first, self.last, words) for by, words in asked]
        return tuple(dict.fromkeys(candidate for held in found for candidate in held))


class Start(NamedTuple):
    """One start that a rule gives: UTC instants; `ends_at` is None where the length decides."""

    starts_at: datetime
    ends_at: datetime | None = None
    share: float = 1.0
    authority: str = ""
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """
    How one kind of rule is read.

    Parameters
    ----------
    problems
        Every fault of the rule's `when`.
    dates
        The dates on which it may speak, or None for a rule that is asked every day.
    starts
        The starts on a civil date at a place.
    """

    problems: Callable[[Any, Calendar], list[Problem]]
    dates: Callable[[Any, Calendar], Iterable[date] | None]
    starts: Callable[[Any, Place, date, Calendar], list[Start]]


def _weekly_problems(when: Weekly, calendar: Calendar) -> list[Problem]:
    return [
        *_day_problems(when.days),
        *_clock_problems("local_time", when.local_time),
        *season_problems(when.season, calendar.seasons),
    ]


def _weekly_starts(when: Weekly, _place: Place, on: date, calendar: Calendar) -> list[Start]:
    if on.weekday() in when.days and in_season(when.season, on, calendar.seasons):
        return [Start(london_instant(on, when.local_time))]
    return []


def _computed_problems(when: Computed, calendar: Calendar) -> list[Problem]:
    found = _day_problems(when.days)
    if when.anchor not in (*ANCHORS, "asr_hanafi", "sunset") and not _NIGHTFALL.fullmatch(when.anchor):
        expected = ", ".join(ANCHORS) + ", asr_hanafi, sunset or nightfall(DEGREES)"
        found.append(Problem("anchor", when.anchor, expected))
    if not abs(when.offset_min) <= 12 * 60:
        found.append(Problem("offset_min", str(when.offset_min), "-720 to 720"))
    if not 1 <= when.round_to_min <= 60:
        found.append(Problem("round_to_min", str(when.round_to_min), "1 to 60"))
    for column, at in (("not_before", when.not_before), ("not_after", when.not_after)):
        found += _clock_problems(column, at) if at is not None else []
    if when.not_before and when.not_after and not found and when.not_after < when.not_before:
        found.append(Problem("not_after", f"{when.not_after:%H:%M}", f"{when.not_before:%H:%M} or later"))
    return [*found, *season_problems(when.season, calendar.seasons)]


def _computed_starts(when: Computed, place: Place, on: date, calendar: Calendar) -> list[Start]:
    runs_on = when.anchor.startswith(_EVENING_ANCHORS) and _may_pass_midnight(when, place, on - DAY)
    found = []
    for day in (on - DAY, on) if runs_on else (on,):
        if day.weekday() in when.days and in_season(when.season, day, calendar.seasons):
            start = _computed_start(when, place, day)
            if london_date(start) == on:
                found.append(Start(start))
    return found


def _may_pass_midnight(when: Computed, place: Place, day: date) -> bool:
    """Whether an evening's start may fall on the next date; isha of the region says, with an hour to spare."""
    if when.anchor.startswith("nightfall"):
        return True
    spare_min = _isha_to_midnight_min(round(place.point.lat_deg), round(place.point.lon_deg), day)
    return when.offset_min + when.round_to_min + 60 >= spare_min


@lru_cache(maxsize=4096)
def _isha_to_midnight_min(lat_deg: int, lon_deg: int, day: date) -> float:
    """Minutes from isha at a whole degree, at most 25 min from a place's own (2026), to midnight."""
    spare = london_instant(day + DAY, time(0)) - prayer_times(lat_deg, lon_deg, day).isha
    return spare.total_seconds() / 60


def _computed_start(when: Computed, place: Place, day: date) -> datetime:
    start = _anchor(when.anchor, place, day) + timedelta(minutes=when.offset_min)
    start = _rounded_up(start, when.round_to_min)
    if when.not_before is not None:
        start = max(start, london_instant(day, when.not_before))
    if when.not_after is not None:
        start = min(start, london_instant(day, when.not_after))
    return start


def _anchor(anchor: str, place: Place, day: date) -> datetime:
    lat_deg, lon_deg = place.point.lat_deg, place.point.lon_deg
    if begins := ANCHORS.get(anchor):
        return begins(prayer_times(lat_deg, lon_deg, day))
    if anchor == "asr_hanafi":
        return prayer_times(lat_deg, lon_deg, day, asr="hanafi").asr
    if found := _NIGHTFALL.fullmatch(anchor):
        return nightfall(lat_deg, lon_deg, day, float(found[1]))
    return sunset(lat_deg, lon_deg, day)


def _rounded_up(instant: datetime, to_min: int) -> datetime:
    """Up to whole `to_min` minutes of the hour; London's offset is whole hours, so UTC rounds as the wall clock."""
    minutes = instant.minute % to_min
    if not (minutes or instant.second or instant.microsecond):
        return instant
    up = instant + timedelta(0, -instant.second, -instant.microsecond, minutes=to_min - minutes)
    return up if 60 % to_min == 0 else min(up, instant.replace(minute=0, second=0, microsecond=0) + DAY / 24)


def _festival_problems(when: Festival, calendar: Calendar) -> list[Problem]:
    found = [problem for at in when.local_times for problem in _clock_problems("local_times", at)]
    if not when.local_times:
        found.append(Problem("local_times", "", "one time or more"))
    given = when.dates or calendar.candidates.get((when.event, when.authority))
    if given is not None:
        return [*found, *candidate_problems(when.event, given)]
    try:
        is_known = bool(calendar.dates_of(when))
    except InputError as error:
        return [*found, *error.problems]
    if not is_known:
        known = sorted({event for event, authority in calendar.candidates if authority == when.authority})
        expected = "one of " + ", ".join(known) if known else "an event whose dates were given"
        found.append(Problem("event", when.event, expected))
    return found


def candidate_problems(event: str, candidates: Iterable[DateCandidate]) -> list[Problem]:
    """What is wrong with shares: each lies in 0 to 1, and those of the dates of one year's event sum to 1."""
    found, sums = [], dict[date, float]()
    held = tuple(candidates)
    for candidate in held:
        if not 0 <= candidate.share <= 1:
            found.append(Problem("share", f"{candidate.share:g}", "0 to 1"))
        first = next(c for c in held if _is_same_event(c, candidate)).on
        sums[first] = sums.get(first, 0.0) + candidate.share
    found += [
        Problem("share", f"{total:g}", f"shares of {event} about {first.isoformat()} that sum to 1")
        for first, total in sums.items()
        if abs(total - 1) > 1e-9
    ]
    return found


def _is_same_event(a: DateCandidate, b: DateCandidate) -> bool:
    """Whether two candidates are dates of one occurrence of an event."""
    if a.year or b.year:
        return a.year == b.year
    return abs((a.on - b.on).days) <= NEAR_DAYS


def _festival_dates(when: Festival, calendar: Calendar) -> list[date]:
    return [c.on for c in calendar.dates_of(when) if c.share >= LEAST_SHARE]


def _festival_starts(when: Festival, place: Place, on: date, calendar: Calendar) -> list[Start]:
    held = calendar.dates_of(when, place)
    return [
        Start(
            london_instant(on, at),
            share=c.share,
            authority=c.authority or when.authority,
            note=date_note(other for other in held if _is_same_event(c, other)),
        )
        for c in held
        if c.on == on and c.share >= LEAST_SHARE
        for at in when.local_times
    ]


def _row_problems(when: TableRow, _calendar: Calendar) -> list[Problem]:
    return _clock_problems("local_time", when.local_time)


def _row_starts(when: TableRow, _place: Place, on: date, _calendar: Calendar) -> list[Start]:
    return [Start(london_instant(on, when.local_time))] if when.on == on else []


def _one_off_problems(when: OneOff, _calendar: Calendar) -> list[Problem]:
    found = [
        Problem(column, value.isoformat(), "London's wall clock, without an offset")
        for column, value in (("starts_local", when.starts_local), ("ends_local", when.ends_local))
        if value.tzinfo is not None
    ]
    if found:
        return found
    if when.ends_local <= when.starts_local and not when.is_cancelled:
        found.append(Problem("ends_local", when.ends_local.isoformat(), "after starts_local"))
    if when.ends_local - when.starts_local > LONGEST:
        found.append(Problem("ends_local", when.ends_local.isoformat(), "at most 24 h after starts_local"))
    if len(when.route) == 1:
        found.append(Problem("route", "1 point", "none, or 2 points or more"))
    if when.route and not when.is_outdoor:
        found.append(Problem("route", f"{len(when.route)} points", "no route unless the occasion is outdoors"))
    return [*found, *_said_problems(when.said_at)]


def route_problems(when: OneOff, place: Place) -> list[Problem]:
    """Both ends of a route lie within 30 km of the place."""
    ends = (("start", when.route[0]), ("end", when.route[-1])) if when.route else ()
    return [
        Problem(
            "route",
            f"{far_m / 1000:.0f} km",
            "within 30 km",
            says=f"the {end} of the route is {far_m / 1000:.0f} km from {place.title}",
        )
        for end, point in ends
        if not (far_m := distance_m(place.point, point)) <= ROUTE_REACH_M
    ]


def _one_off_starts(when: OneOff, _place: Place, on: date, _calendar: Calendar) -> list[Start]:
    if when.starts_local.date() != on or when.ends_local <= when.starts_local:
        return []
    return [Start(_instant(when.starts_local), _instant(when.ends_local))]


def _instant(local: datetime) -> datetime:
    return london_instant(local.date(), local.time())


def _confirmed_problems(when: Confirmed, _calendar: Calendar) -> list[Problem]:
    return _said_problems(when.said_at)


def _recurrence_problems(when: Recurrence, _calendar: Calendar) -> list[Problem]:
    found = []
    for starts_at, ends_at in when.instants:
        if starts_at.tzinfo is None or ends_at.tzinfo is None:
            found.append(Problem("instants", starts_at.isoformat(), "instants with a UTC offset"))
        elif not starts_at < ends_at <= starts_at + LONGEST:
            found.append(Problem("instants", ends_at.isoformat(), "after the start, at most 24 h later"))
    return found


def _recurrence_dates(when: Recurrence, _calendar: Calendar) -> set[date]:
    return {london_wall(starts_at).date() for starts_at, _ in when.instants}


def _recurrence_starts(when: Recurrence, _place: Place, on: date, _calendar: Calendar) -> list[Start]:
    return [Start(start, end) for start, end in when.instants if london_wall(start).date() == on]


def _osm_problems(when: OsmText, _calendar: Calendar) -> list[Problem]:
    return [*osm_text_problems(when.raw), *(_day_problems(when.days) if when.days else ())]


def _osm_starts(when: OsmText, place: Place, on: date, _calendar: Calendar) -> list[Start]:
    if when.days and on.weekday() not in when.days:
        return []
    return [
        Start(starts.astimezone(UTC), ends.astimezone(UTC) if ends and ends - starts <= LONGEST else None)
        for starts, ends in osm_starts(when.raw, place, on)
    ]


def _day_problems(days: tuple[int, ...]) -> list[Problem]:
    found = [Problem("days", str(day), "0 (Monday) to 6 (Sunday)") for day in days if not 0 <= day <= 6]
    return found or ([] if days else [Problem("days", "", "one day of the week or more")])


def _clock_problems(column: str, at: time) -> list[Problem]:
    if at.tzinfo is not None:
        return [Problem(column, at.isoformat(), "London's wall clock, without an offset")]
    return []


def _said_problems(said_at: datetime | None) -> list[Problem]:
    if said_at is not None and said_at.tzinfo is None:
        return [Problem("said_at", said_at.isoformat(), "an instant with a UTC offset")]
    return []


KINDS: dict[type, Kind] = {
    Weekly: Kind(_weekly_problems, lambda _when, _calendar: None, _weekly_starts),
    Computed: Kind(_computed_problems, lambda _when, _calendar: None, _computed_starts),
    Festival: Kind(_festival_problems, _festival_dates, _festival_starts),
    TableRow: Kind(_row_problems, lambda when, _calendar: (when.on,), _row_starts),
    OneOff: Kind(_one_off_problems, lambda when, _calendar: (when.starts_local.date(),), _one_off_starts),
    Confirmed: Kind(_confirmed_problems, lambda when, _calendar: (when.on,), lambda *_: []),
    OsmText: Kind(_osm_problems, lambda _when, _calendar: None, _osm_starts),
    Recurrence: Kind(_recurrence_problems, _recurrence_dates, _recurrence_starts),
}
"""Every kind of rule that can be expanded. A kind without a row here is refused, never skipped."""


def kind_of(when: object) -> Kind:
    """How a rule's `when` is read; `InputError` for a kind that is not read yet."""
    try:
        return KINDS[type(when)]
    except KeyError:
        name = type(when).__name__
        says = f"rules of the kind {name} are not read yet"
        raise InputError([Problem("when", name, "a rule of another kind", says=says)]) from None
