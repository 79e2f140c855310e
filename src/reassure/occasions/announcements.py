"""What an authority or a place announced about a date, and what is wrong with it.

Rules: the weekday said must be the date's own; two announcements of one speaker with different dates are a problem
and both stay until a person decides; an announcement settles a date even if it was no candidate, but not one far from
the calendar. Elsewhere: what an announcement does to the shares (`hijri`).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from reassure.errors import InputError, Problem
from reassure.occasions.hijri import HIJRI_EVENTS, hijri_years, umm_al_qura
from reassure.occasions.values import Announcement, Confirmed, OneOff, Rule

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EIDS = ("eid_al_fitr", "eid_al_adha")
FARTHEST = timedelta(days=3)
"""An announced date lies at most this far from the Umm al-Qura date (our choice)."""


def weekday_problem(on: date, weekday_said: str, column: str = "on") -> Problem | None:
    """
    What does not fit between a date and the weekday said with it; names the dates that may be meant.

    Examples
    --------
    >>> weekday_problem(date(2023, 4, 19), "Friday").text
    'on is Friday 19 April 2023; expected Wednesday 19 April or Friday 21 April.'
    """
    if not weekday_said or weekday_said.strip().casefold() == WEEKDAYS[on.weekday()].casefold():
        return None
    said = f"{weekday_said.strip()} {on.day} {on:%B %Y}"
    weekday = next((n for n, name in enumerate(WEEKDAYS) if name.casefold() == weekday_said.strip().casefold()), None)
    if weekday is None:
        return Problem(column, said, "a day of the week in English, such as " + WEEKDAYS[on.weekday()])
    step = (weekday - on.weekday()) % 7
    meant = on + timedelta(days=step if step <= 3 else step - 7)
    return Problem(column, said, f"{on:%A} {on.day} {on:%B} or {meant:%A} {meant.day} {meant:%B}")


def announcement_problems(announcement: Announcement) -> list[Problem]:
    """Every reason why an announcement cannot be used; empty when it can."""
    found = []
    if announcement.event not in HIJRI_EVENTS:
        found.append(Problem("event", announcement.event, "one of " + ", ".join(HIJRI_EVENTS)))
    if announcement.announced_at.tzinfo is None:
        found.append(Problem("announced_at", announcement.announced_at.isoformat(), "an instant with a UTC offset"))
    if (problem := weekday_problem(announcement.on, announcement.weekday_said)) is not None:
        found.append(problem)
    if not found:
        try:
            usual = umm_al_qura(announcement.event, announcement.hijri_year)
        except InputError as error:
            return list(error.problems)
        if abs(announcement.on - usual) > FARTHEST:
            expected = f"a date near {usual.isoformat()}, the Umm al-Qura date of {announcement.hijri_year}"
            found.append(Problem("on", announcement.on.isoformat(), expected))
    return found


def contradictions(announcements: Iterable[Announcement]) -> list[Problem]:
    """Where one speaker gave two dates for one event of a year; nothing is decided, both dates stay."""
    held: dict[tuple[str, str, int], set[date]] = defaultdict(set)
    for said in announcements:
        held[(said.authority, said.event, said.hijri_year)].add(said.on)
    return [
        Problem(
            "on",
            "",
            "a person to decide between them",
            says=f"{authority} announced {HIJRI_EVENTS[event].name} {year} for "
            + " and for ".join(on.isoformat() for on in sorted(dates)),
        )
        for (authority, event, year), dates in sorted(held.items())
        if len(dates) > 1
    ]


def checked_announcements(announcements: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """The announcements themselves; `InputError` with every fault of every one. Contradictions are no fault here."""
    held = tuple(announcements)
    if found := [problem for said in held for problem in announcement_problems(said)]:
        raise InputError(found)
    return held


def announced_by_words(rules: Iterable[Rule]) -> tuple[Announcement, ...]:
    """What places said of an Eid by giving its prayer on a date: that settles the date for them."""
    found = []
    for rule in rules:
        when = rule.when
        if rule.key != "eid_prayer" or not isinstance(when, OneOff | Confirmed):
            continue
        if isinstance(when, OneOff) and when.is_cancelled:
            continue
        on = when.on if isinstance(when, Confirmed) else when.starts_local.date()
        said_at = when.said_at or datetime.min.replace(tzinfo=UTC)
        found += [
            Announcement(rule.place_ref, event, year, on, said_at, rule.source_ref)
            for event in EIDS
            for year in hijri_years(on, on)
            if abs(umm_al_qura(event, year) - on) <= FARTHEST
        ]
    return tuple(dict.fromkeys(found))
