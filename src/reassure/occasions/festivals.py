"""The festivals of a tradition over a stretch of dates, from its calendar or from reviewed rows.

Rules: one row a candidate date, with its share; the shares of one event of a year sum to 1. Muslim dates come from
`hijri`, Jewish ones from `jewish_days`, Christian ones from `christian`. What differs by school and place (Hindu,
Sikh, Jain and Buddhist days) is never computed: it comes from reviewed rows, and a year without a row is a gap that
is listed, not filled. Elsewhere: when people come (`defaults`), the file of rows (`reassure.files.festival_days`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from reassure.errors import InputError, Problem
from reassure.occasions.christian import christian_days
from reassure.occasions.hijri import HIJRI_EVENTS, candidates_between
from reassure.occasions.jewish_days import jewish_days
from reassure.occasions.values import LEAST_SHARE, Announcement, DateCandidate, FestivalDay

YEAR = timedelta(days=366)

REVIEWED_EVENTS: dict[str, str] = {
    "maha_shivaratri": "Maha Shivaratri",
    "holi": "Holi",
    "ram_navami": "Ram Navami",
    "raksha_bandhan": "Raksha Bandhan",
    "janmashtami": "Janmashtami",
    "ganesh_chaturthi": "Ganesh Chaturthi",
    "navaratri": "Navaratri",
    "dussehra": "Dussehra",
    "diwali": "Diwali",
    "vaisakhi": "Vaisakhi",
    "guru_arjan_martyrdom": "Martyrdom of Guru Arjan",
    "bandi_chhor": "Bandi Chhor Divas",
    "guru_nanak_gurpurab": "Guru Nanak Gurpurab",
    "guru_tegh_bahadur_martyrdom": "Martyrdom of Guru Tegh Bahadur",
    "guru_gobind_singh_gurpurab": "Guru Gobind Singh Gurpurab",
    "parinirvana": "Parinirvana Day",
    "vesak": "Vesak",
    "mahavir_jayanti": "Mahavir Jayanti",
}
"""Events that only reviewed rows give, by code."""

EVENTS_OF: dict[str, tuple[str, ...]] = {
    "hindu": tuple(list(REVIEWED_EVENTS)[:9]),
    "sikh": tuple(list(REVIEWED_EVENTS)[9:15]),
    "buddhist": ("parinirvana", "vesak"),
    "jain": ("mahavir_jayanti", "diwali"),
}
"""Which events a tradition has that only reviewed rows give."""

COMPUTED_EVENTS: tuple[str, ...] = (
    *HIJRI_EVENTS,
    *dict.fromkeys(day.event for day in jewish_days(date(2026, 1, 1), date(2026, 12, 31))),
    *dict.fromkeys(day.event for day in christian_days(date(2026, 1, 1), date(2026, 12, 31))),
)
"""Events whose dates a calendar of ours computes, by code."""

COMPUTED = ("muslim", "jewish", "christian")
TRADITIONS = (*COMPUTED, *EVENTS_OF)
"""Every tradition whose festivals can be listed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A year for which an event of a tradition has no reviewed row."""

    tradition: str
    event: str
    year: int


def festival_days(
    tradition: str,
    first: date,
    last: date,
    *,
    authority: str = "unknown",
    rows: Iterable[FestivalDay] = (),
    announced: Sequence[Announcement] = (),
) -> list[FestivalDay]:
    """
    Every candidate date of a tradition's festivals from `first` to `last`, both inside.

    Parameters
    ----------
    authority
        Whom a Muslim place follows (`hijri.AUTHORITIES`); of no effect elsewhere.
    rows
        Reviewed rows; those of other traditions are passed over.

    Returns
    -------
    list[FestivalDay]
        By date, then event. Candidates with a share under 0.05 are left out.

    Raises
    ------
    InputError
        No such tradition or authority, `last` before `first`, a Hijri date outside 1924 to 2077.
    """
    if tradition not in TRADITIONS:
        raise InputError([Problem("tradition", tradition, "one of " + ", ".join(TRADITIONS))])
    if last < first:
        raise InputError([Problem("to", last.isoformat(), f"on or after {first.isoformat()}")])
    if tradition == "muslim":
        held = muslim_days(first, last, authority, tuple(announced))
    elif tradition in COMPUTED:
        held = _COMPUTED_DAYS[tradition](first, last)
    else:
        held = [row for row in rows if row.tradition == tradition]
    held = [day for day in held if first <= day.on <= last and day.share >= LEAST_SHARE]
    return sorted(held, key=lambda day: (day.on, day.event, day.authority))


def muslim_days(
    first: date, last: date, authority: str = "unknown", announced: tuple[Announcement, ...] = ()
) -> list[FestivalDay]:
    """The candidate dates of the Muslim year; whole years, so some may lie outside the stretch."""
    return [
        FestivalDay(
            event,
            held.name,
            "muslim",
            c.on,
            begins="sunset_before",
            authority=authority,
            share=c.share,
            year=c.year,
            source="Umm al-Qura (hijridate) and shares of docs/rooms/occasions.md",
        )
        for event, held in HIJRI_EVENTS.items()
        for c in candidates_between(event, first, last, authority, announced)
    ]


_COMPUTED_DAYS: dict[str, Callable[[date, date], list[FestivalDay]]] = {
    "jewish": jewish_days,
    "christian": christian_days,
}


@lru_cache(maxsize=1024)
def computed_candidates(
    event: str, authority: str, first: date, last: date, announced: tuple[Announcement, ...] = ()
) -> tuple[DateCandidate, ...]:
    """
    Candidate dates of an event that is computed, near a stretch of dates; empty for any other event.

    Parameters
    ----------
    authority
        Of `hijri.AUTHORITIES` for Muslim events, "western" or "orthodox" for Christian ones; "" is unknown or western.
    """
    if event in HIJRI_EVENTS:
        return candidates_between(event, first, last, authority or "unknown", announced)
    since, until = first - YEAR, last + YEAR
    rite = authority or "western"
    days = [day for day in jewish_days(since, until) if day.event == event]
    days += [day for day in christian_days(since, until) if day.event == event and day.authority == rite]
    found = {DateCandidate(day.on, day.share, day.authority, day.year) for day in days}
    return tuple(sorted(found, key=lambda c: c.on))


def candidates_of(rows: Iterable[FestivalDay]) -> dict[tuple[str, str], tuple[DateCandidate, ...]]:
    """Candidate dates by (event, authority) as rules of the kind `Festival` need them; authority "" is all of them."""
    held: dict[tuple[str, str], dict[tuple[int, date], DateCandidate]] = {}
    for day in rows:
        slot = held.setdefault((day.event, ""), {})
        slot[(day.year, day.on)] = DateCandidate(day.on, day.share, day.authority, day.year)
    return {key: tuple(sorted(days.values(), key=lambda c: c.on)) for key, days in held.items()}


def gaps(tradition: str, years: Iterable[int], rows: Iterable[FestivalDay]) -> list[Gap]:
    """The years for which an event of a tradition has no reviewed row; none for a tradition that is computed."""
    known = {(row.event, row.year) for row in rows if row.tradition == tradition}
    return [
        Gap(tradition, event, year)
        for year in years
        for event in EVENTS_OF.get(tradition, ())
        if (event, year) not in known
    ]


def row_problems(rows: Sequence[FestivalDay]) -> list[Problem]:
    """What is wrong with reviewed rows as a whole: shares of an event of a year that do not sum to 1, a date twice."""
    sums: dict[tuple[str, str, int], float] = {}
    seen: set[tuple[str, str, int, date]] = set()
    found = []
    for row in rows:
        key = (row.tradition, row.event, row.year)
        if (*key, row.on) in seen:
            found.append(Problem("on", row.on.isoformat(), f"each date of {row.event} {row.year} once"))
        seen.add((*key, row.on))
        sums[key] = sums.get(key, 0.0) + row.share
    found += [
        Problem("share", f"{total:g}", f"shares of {event} {year} ({tradition}) that sum to 1")
        for (tradition, event, year), total in sums.items()
        if abs(total - 1) > 1e-9
    ]
    return found
