"""When people gather at a place: sittings, occasions, and the rules they are made from.

An occasion speaks of a place and a time, never of a person: no titles of events, names, counts or
pictures are kept. Instants are aware and in UTC; wall clock stands only in rules (`local_time`).
Elsewhere: how rules become occasions (`expand`), the tradition defaults (`defaults`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reassure.errors import InputError, Problem
from reassure.geo import Point

CONFIDENCES = {
    "A": "confirmed by the place for this date",
    "B": "the place's own timetable",
    "C": "someone else's word",
    "D": "tradition default, not checked",
}
RANK_CONFIDENCE = {1: "A", 2: "B", 3: "B", 4: "C", 5: "D"}
"""Which confidence an occasion has by the rank of the rule that made it."""

STATUSES = ("forecast", "announced", "confirmed", "cancelled")
SAME_OCCASION_GAP = timedelta(minutes=30)
"""Sittings of one key whose presence is at most this far apart are one occasion (our choice)."""
LONGEST = timedelta(hours=24)
LEAST_SHARE = 0.05
"""A candidate date less likely than this makes no occasion."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """
    One congregation: `arrive_from <= starts_at < ends_at <= gone_by`, all aware UTC instants.

    `earliest` and `latest` bound the start where it is not published; they are shown and never move it.
    """

    arrive_from: datetime
    starts_at: datetime
    ends_at: datetime
    gone_by: datetime
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """
    People gather at one place: one or more sittings, by time.

    Parameters
    ----------
    ref
        `place_ref:key:YYYY-MM-DD:n`; the same inputs give the same refs, so that visits stay attached.
    on
        Civil date in London of the first start.
    date_share
        How likely this date is, 0 to 1; candidates of one event and place sum to 1. It never shrinks a plan:
        on either candidate day the whole community may come.
    band
        Attendance band as the trustees gave it for this kind of occasion; empty when they did not.
    route
        Where an outdoor occasion goes, first point first; empty for one at the building.
    rank
        Rank of the rule behind it, 1 (the place's word for this date) to 5 (tradition default).
    notes
        What a planner should know, such as "sources differ".
    """

    ref: str
    place_ref: str
    key: str
    on: date
    sittings: tuple[Sitting, ...]
    date_share: float = 1.0
    authority: str = ""
    band: str = ""
    is_outdoor: bool = False
    route: tuple[Point, ...] = ()
    source_ref: str = ""
    observed_on: date | None = None
    confidence: str = "D"
    status: str = "forecast"
    replaces: tuple[str, ...] = ()
    rank: int = 5
    notes: tuple[str, ...] = ()

    @property
    def arrive_from(self) -> datetime:
        """First arrival."""
        return self.sittings[0].arrive_from

    @property
    def starts_at(self) -> datetime:
        """First start."""
        return self.sittings[0].starts_at

    @property
    def gone_by(self) -> datetime:
        """When the last people have left."""
        return max(s.gone_by for s in self.sittings)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every week on `days` (0 Monday to 6 Sunday) at a wall-clock time, all year or in a season."""

    days: tuple[int, ...]
    local_time: time
    season: str = ""
    """Empty, `bst`, `gmt`, `2026-09-01/2026-12-18`, or a name in the `seasons` that the caller of `expand` gives."""


@dataclass(frozen=True, slots=True)
class Computed:
    """On `days` at an anchor of the sun plus an offset, rounded up to whole `round_to_min`, inside wall-clock caps."""

    days: tuple[int, ...]
    anchor: str
    """fajr, sunrise, dhuhr, asr, maghrib, isha, sunset or nightfall(DEGREES)."""
    offset_min: int = 0
    round_to_min: int = 1
    not_before: time | None = None
    not_after: time | None = None
    season: str = ""


@dataclass(frozen=True, slots=True)
class Festival:
    """
    On the candidate dates of an event, as `authority` has them, at wall-clock times.

    Every candidate becomes an occasion with its share. Muslim, Jewish and Christian dates are known; those of other
    events stand in `dates`, or are given to `expand` as `candidates`.
    """

    event: str
    local_times: tuple[time, ...]
    authority: str = ""
    dates: "tuple[DateCandidate, ...]" = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a published timetable."""

    on: date
    local_time: time


@dataclass(frozen=True, slots=True)
class OneOff:
    """
    Entered by the place for one date, in wall clock (without a zone); several of one key and day are its sittings.

    Parameters
    ----------
    is_cancelled
        The key does not take place on the date of `starts_local`; it stays visible with its own times, and
        with these only where no rule gives any.
    said_at
        Instant of the word. A later word of the place for the same key and date stands over an earlier one;
        None is earlier than any instant.
    """

    starts_local: datetime
    ends_local: datetime
    is_cancelled: bool = False
    is_outdoor: bool = False
    route: tuple[Point, ...] = ()
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The place's word that a key takes place on a date at the times the rules give; undoes an earlier cancellation."""

    on: date
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OsmText:
    """The raw `service_times` text of OpenStreetMap (opening-hours syntax with points), on `days` alone if any."""

    raw: str
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Instants (start, end), aware UTC, of an event in a calendar feed; repeats are already written out."""

    ics_uid: str
    instants: tuple[tuple[datetime, datetime], ...]


When = Weekly | Computed | Festival | TableRow | OneOff | Confirmed | OsmText | Recurrence


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What someone says about when a place gathers.

    Parameters
    ----------
    rank
        1 word of the place for a date, 2 published table row, 3 the place's rule, 4 text of others, 5 default.
    length_min, arrive_min, disperse_min
        From start to end, from the first arrival to the start, from the end until all have left, minutes;
        None takes the default of the key (`keys`).
    valid_from, valid_to
        First and last civil date on which the rule speaks.
    replaces
        Keys that do not take place on a day on which this rule gives an occasion.
    """

    place_ref: str
    key: str
    when: When
    rank: int
    source_ref: str
    observed_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    length_min: int | None = None
    band: str = ""
    replaces: tuple[str, ...] = ()
    arrive_min: int | None = None
    disperse_min: int | None = None


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date on which an event may fall; the shares of one place and event sum to 1."""

    on: date
    share: float
    authority: str = ""
    year: int = 0
    """Which occurrence it belongs to, in the calendar's own count; 0: those within 7 days of each other."""


def date_note(candidates: Iterable[DateCandidate]) -> str:
    """What to say of a date that is not settled: "date not settled: 30 March or 31 March"; empty for one date."""
    dates = sorted({c.on for c in candidates if c.share >= LEAST_SHARE})
    if len(dates) < 2:
        return ""
    return "date not settled: " + " or ".join(f"{on.day} {on:%B}" for on in dates)


@dataclass(frozen=True, slots=True)
class FestivalDay:
    """
    A candidate date of an event of a tradition.

    Parameters
    ----------
    on
        The first full day; with `begins` "sunset_before" it starts at sunset the evening before, else by day.
    authority
        Whose calendar gives it; several that agree are joined by "and".
    share
        0 to 1; those of one tradition, event, authority group and year sum to 1.
    year
        Which occurrence it belongs to, in the calendar's own count.
    reviewed_by, reviewed_on
        The person who signed a reviewed row and when; empty for what is computed, and until somebody has.
    """

    event: str
    name: str
    tradition: str
    on: date
    begins: str = "day"
    authority: str = ""
    share: float = 1.0
    year: int = 0
    source: str = ""
    reviewed_by: str = ""
    reviewed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What an authority, or a place by its `ref`, said about the date of an event."""

    authority: str
    event: str
    hijri_year: int
    on: date
    announced_at: datetime
    source_ref: str
    weekday_said: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time at an occasion in which a visit may start: kind, first and last start, both allowed."""

    kind: str
    earliest: datetime
    latest: datetime


def one_or_two(sittings: Iterable[Sitting]) -> list[tuple[Sitting, ...]]:
    """Group sittings of one key and day, by time, into occasions: presence at most 30 minutes apart is one."""
    groups: list[list[Sitting]] = []
    for sitting in sorted(sittings, key=lambda s: (s.arrive_from, s.starts_at, s.ends_at)):
        if groups and sitting.arrive_from - max(s.gone_by for s in groups[-1]) <= SAME_OCCASION_GAP:
            groups[-1].append(sitting)
        else:
            groups.append([sitting])
    return [tuple(group) for group in groups]


def visit_windows(occasion: Occasion) -> tuple[Window, ...]:
    """
    When a visit to an occasion may start, by kind, as planned times have it.

    Returns
    -------
    tuple[Window, ...]
        `arrival`, `during`, `dispersal`, one more `dispersal` for each change-over between two sittings,
        and `around` twice: 30 minutes before the first arrival and after the last departure.
    """
    first, last = occasion.sittings[0], occasion.sittings[-1]
    half_hour = timedelta(minutes=30)
    windows = [
        Window("around", occasion.arrive_from - half_hour, occasion.arrive_from),
        Window("arrival", first.arrive_from, first.starts_at),
        Window("during", first.starts_at, last.ends_at),
    ]
    windows += [Window("dispersal", start, end) for start, end in change_overs(occasion)]
    windows += [
        Window("dispersal", last.ends_at, occasion.gone_by),
        Window("around", occasion.gone_by, occasion.gone_by + half_hour),
    ]
    return tuple(windows)


def change_overs(occasion: Occasion) -> tuple[tuple[datetime, datetime], ...]:
    """When one congregation meets the next at the door: next first arrival to previous last departure."""
    pairs = zip(occasion.sittings, occasion.sittings[1:], strict=False)
    return tuple((b.arrive_from, max(a.gone_by, b.arrive_from)) for a, b in pairs)


def busy(occasion: Occasion) -> tuple[tuple[datetime, datetime], ...]:
    """When the street is fullest: first arrival to start, every change-over, last end to gone."""
    first, last = occasion.sittings[0], occasion.sittings[-1]
    return (
        (first.arrive_from, first.starts_at),
        *change_overs(occasion),
        (last.ends_at, occasion.gone_by),
    )


def sitting_problems(sitting: Sitting) -> list[Problem]:
    """Every reason why these times cannot be a congregation; empty when they can."""
    times = {
        name: getattr(sitting, name)
        for name in ("arrive_from", "starts_at", "ends_at", "gone_by", "earliest", "latest")
    }
    naive = [
        Problem(name, value.isoformat(), "an instant with a UTC offset")
        for name, value in times.items()
        if value.tzinfo is None
    ]
    if naive:
        return naive
    found = []
    if sitting.arrive_from > sitting.starts_at:
        found.append(Problem("arrive_from", sitting.arrive_from.isoformat(), "at or before starts_at"))
    if sitting.ends_at <= sitting.starts_at:
        found.append(Problem("ends_at", sitting.ends_at.isoformat(), "after starts_at"))
    if sitting.gone_by < sitting.ends_at:
        found.append(Problem("gone_by", sitting.gone_by.isoformat(), "at or after ends_at"))
    if sitting.gone_by - sitting.arrive_from > LONGEST:
        found.append(Problem("gone_by", sitting.gone_by.isoformat(), "at most 24 h after arrive_from"))
    if not sitting.earliest <= sitting.starts_at <= sitting.latest:
        found.append(Problem("starts_at", sitting.starts_at.isoformat(), "between earliest and latest"))
    return found


def checked_sitting(sitting: Sitting) -> Sitting:
    """The sitting itself; `InputError` with every fault when it has any."""
    if found := sitting_problems(sitting):
        raise InputError(found)
    return sitting
