"""When the events of the Muslim year fall: candidate dates until somebody announces.

Rules: a date begins at sunset the evening before. The Umm al-Qura date of an event, the shares of the candidate
dates by whom a place follows and by how well the crescent could be seen, and what an announcement makes of them.
Shares are ours and not calibrated (one split year is sourced); they never shrink a plan. Whom a place follows is
the trustees' choice and is never guessed from a label. The arithmetic calendar is not used: of 15 dates really
kept by one mosque it hit 5, Umm al-Qura 13. Elsewhere: the classes (`crescents`), slips (`announcements`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hijridate import Hijri

from reassure.errors import InputError, Problem
from reassure.occasions.crescents import CRESCENT_CLASSES
from reassure.occasions.values import Announcement, DateCandidate
from reassure.places.place import AUTHORITIES

FIRST_HIJRI_YEAR, LAST_HIJRI_YEAR = 1343, 1500
"""Of the Umm al-Qura tables that hijridate (MIT) holds."""
FIRST_DATE, LAST_DATE = date(1924, 8, 1), date(2077, 11, 16)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HijriEvent:
    """An event by its month and day; the crescent that decides it is that of the month's first evening."""

    name: str
    month: int
    day: int


HIJRI_EVENTS: dict[str, HijriEvent] = {
    "islamic_new_year": HijriEvent("Islamic New Year", 1, 1),
    "ashura": HijriEvent("Ashura", 1, 10),
    "mawlid": HijriEvent("Mawlid", 3, 12),
    "ramadan": HijriEvent("Ramadan 1", 9, 1),
    "eid_al_fitr": HijriEvent("Eid al-Fitr", 10, 1),
    "eid_al_adha": HijriEvent("Eid al-Adha", 12, 10),
}
"""Events by code, in the order of the year."""

_ON_U: dict[str, dict[str, float]] = {
    "saudi": dict.fromkeys("ABCDEF", 0.95),
    "turkey": dict.fromkeys("ABCDEF", 0.95),
    "local_sighting": {"A": 0.9, "B": 0.9, "C": 0.5, "D": 0.5, "E": 0.1, "F": 0.1},
}
_ON_U["unknown"] = {c: (_ON_U["saudi"][c] + _ON_U["local_sighting"][c]) / 2 for c in "ABCDEF"}
_NO_CLASS = "C"
"""Where no class has been reviewed, nobody can say: the split is that of a crescent in doubt."""


def umm_al_qura(event: str, hijri_year: int) -> date:
    """
    The civil date of an event by the Umm al-Qura calendar.

    Raises
    ------
    InputError
        No such event, or a year outside 1343 to 1500.

    Examples
    --------
    >>> umm_al_qura("eid_al_fitr", 1446)
    datetime.date(2025, 3, 30)
    """
    found = []
    if event not in HIJRI_EVENTS:
        found.append(Problem("event", event, "one of " + ", ".join(HIJRI_EVENTS)))
    if not FIRST_HIJRI_YEAR <= hijri_year <= LAST_HIJRI_YEAR:
        found.append(Problem("hijri_year", str(hijri_year), f"{FIRST_HIJRI_YEAR} to {LAST_HIJRI_YEAR}"))
    if found:
        raise InputError(found)
    held = HIJRI_EVENTS[event]
    return _gregorian(hijri_year, held.month, held.day)


@lru_cache(maxsize=16384)
def _gregorian(year: int, month: int, day: int) -> date:
    found = Hijri(year, month, day, validate=False).to_gregorian()
    return date(found.year, found.month, found.day)


def hijri_years(first: date, last: date) -> range:
    """
    The Hijri years that a stretch of civil dates touches, with one more on either side.

    Raises
    ------
    InputError
        A date outside 1 August 1924 to 16 November 2077.
    """
    found = [
        Problem(column, on.isoformat(), f"{FIRST_DATE.isoformat()} to {LAST_DATE.isoformat()}")
        for column, on in (("from", first), ("to", last))
        if not FIRST_DATE <= on <= LAST_DATE
    ]
    if found:
        raise InputError(found)
    year = [int((on.toordinal() - date(622, 7, 19).toordinal()) / 354.367) + 1 for on in (first, last)]
    return range(max(FIRST_HIJRI_YEAR, year[0] - 1), min(LAST_HIJRI_YEAR, year[1] + 1) + 1)


def crescent_class(event: str, hijri_year: int) -> str:
    """The reviewed class, A to F, of the crescent that decides an event; empty where nobody has reviewed one."""
    return CRESCENT_CLASSES.get((hijri_year, HIJRI_EVENTS[event].month), "")


@lru_cache(maxsize=16384)
def candidates(
    event: str, hijri_year: int, authority: str = "unknown", announced: tuple[Announcement, ...] = ()
) -> tuple[DateCandidate, ...]:
    """
    The dates on which an event may fall for a place that follows an authority; shares sum to 1.

    Parameters
    ----------
    announced
        What was announced; only what this authority said of this event and year is used. One date has the
        share 1, even if it was no candidate; several stay, with equal shares, until a person decides.

    Returns
    -------
    tuple[DateCandidate, ...]
        By date. `authority` is that of the place, or of the announcement that settled it.

    Examples
    --------
    >>> [(c.on.day, c.share) for c in candidates("eid_al_fitr", 1446, "local_sighting")]
    [(30, 0.1), (31, 0.9)]
    """
    if authority not in AUTHORITIES:
        raise InputError([Problem("authority", authority, "one of " + ", ".join(AUTHORITIES))])
    first = umm_al_qura(event, hijri_year)
    said = {a.on for a in announced if (a.event, a.hijri_year) == (event, hijri_year)}
    if said:
        return tuple(DateCandidate(on, 1 / len(said), authority, hijri_year) for on in sorted(said))
    on_u = _ON_U[authority][crescent_class(event, hijri_year) or _NO_CLASS]
    return (
        DateCandidate(first, on_u, authority, hijri_year),
        DateCandidate(first + DAY, round(1 - on_u, 9), authority, hijri_year),
    )


def candidates_between(
    event: str, first: date, last: date, authority: str = "unknown", announced: tuple[Announcement, ...] = ()
) -> tuple[DateCandidate, ...]:
    """The candidates of every year whose dates may touch a stretch of civil dates, by date; whole years only."""
    return tuple(
        candidate for year in hijri_years(first, last) for candidate in candidates(event, year, authority, announced)
    )


def announcements_for(
    authority: str, place_ref: str, announcements: Iterable[Announcement]
) -> tuple[Announcement, ...]:
    """What settles the dates of one place: its own words, for an event of a year, before those of its authority."""
    own = [a for a in announcements if a.authority == place_ref]
    spoken = {(a.event, a.hijri_year) for a in own}
    others = [a for a in announcements if a.authority == authority and (a.event, a.hijri_year) not in spoken]
    return tuple(sorted((*own, *others), key=lambda a: (a.event, a.hijri_year, a.on, a.announced_at)))


@lru_cache(maxsize=4096)
def ramadan_night_share(evening: date, authority: str = "unknown", announced: tuple[Announcement, ...] = ()) -> float:
    """
    How likely the evening of a civil date is a night of Ramadan: from the eve of its first day to the eve of its last.

    Examples
    --------
    >>> from datetime import date
    >>> [ramadan_night_share(date(2025, 2, day), "saudi") for day in (27, 28)]
    [0.0, 0.95]
    """
    day = evening + DAY
    for year in hijri_years(evening, day):
        starts = candidates("ramadan", year, authority, announced)
        ends = candidates("eid_al_fitr", year, authority, announced)
        if starts[0].on <= day < ends[-1].on:
            begun = sum(c.share for c in starts if c.on <= day)
            return min(begun, sum(c.share for c in ends if c.on > day))
    return 0.0


def ramadans(first: date, last: date) -> tuple[tuple[date, date], ...]:
    """First and last civil date of Ramadan by Umm al-Qura, for each year that touches a stretch of dates."""
    return tuple(
        (umm_al_qura("ramadan", year), umm_al_qura("eid_al_fitr", year) - DAY) for year in hijri_years(first, last)
    )
