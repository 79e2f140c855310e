"""Candidate dates of the Muslim year: Umm al-Qura, shares by authority and crescent, announcements."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.occasions.announcements import announcement_problems, contradictions, weekday_problem
from reassure.occasions.crescents import CRESCENT_CLASSES
from reassure.occasions.hijri import (
    HIJRI_EVENTS,
    announcements_for,
    candidates,
    candidates_between,
    crescent_class,
    ramadan_night_share,
    umm_al_qura,
)
from reassure.occasions.values import Announcement
from reassure.places.place import AUTHORITIES


def _said(authority: str, on: date, **changes: object) -> Announcement:
    values = {
        "authority": authority,
        "event": "eid_al_fitr",
        "hijri_year": 1446,
        "on": on,
        "announced_at": datetime(2025, 3, 29, 20, tzinfo=UTC),
        "source_ref": "site",
    } | changes
    return Announcement(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("authority", "shares"),
    [
        ("saudi", [0.95, 0.05]),
        ("turkey", [0.95, 0.05]),
        ("local_sighting", [0.10, 0.90]),  # class F at Rabat: not seen on the evening of 29 March 2025
        ("unknown", [0.525, 0.475]),  # the mean of the two
    ],
)
def test_eid_of_1446_has_the_stated_shares(authority: str, shares: list[float]) -> None:
    """Eid al-Fitr 1446 is 30 or 31 March 2025, with the shares that the rules work out by hand."""
    held = candidates("eid_al_fitr", 1446, authority)

    assert [c.on for c in held] == [date(2025, 3, 30), date(2025, 3, 31)]
    assert [c.share for c in held] == pytest.approx(shares, abs=1e-9)


def test_ramadan_of_1444_was_not_split() -> None:
    """The crescent before Ramadan 1444 was easily seen (class A): local sighting keeps 23 March 2023 at 0.90."""
    assert crescent_class("ramadan", 1444) == "A"
    assert [(c.on.day, c.share) for c in candidates("ramadan", 1444, "local_sighting")] == [(23, 0.9), (24, 0.1)]


def test_every_event_of_2016_to_2035_has_a_reviewed_class() -> None:
    """No month that opens an event between 2016 and 2035 lacks a row, and every class is A to F."""
    months = {event.month for event in HIJRI_EVENTS.values()}
    first_day = {1: "islamic_new_year", 3: "mawlid", 9: "ramadan", 10: "eid_al_fitr", 12: "eid_al_adha"}
    for year in range(1437, 1459):
        for month in months:
            event = first_day[month]
            opens = umm_al_qura(event, year) - timedelta(days=HIJRI_EVENTS[event].day - 1)
            if 2016 <= opens.year <= 2035:
                assert CRESCENT_CLASSES[(year, month)] in "ABCDEF", (year, month)


def test_a_year_without_a_class_is_split_in_the_middle() -> None:
    """Where no crescent was reviewed (1470), local sighting has half on either day."""
    assert crescent_class("eid_al_fitr", 1470) == ""
    assert [c.share for c in candidates("eid_al_fitr", 1470, "local_sighting")] == [0.5, 0.5]


@given(
    event=st.sampled_from(sorted(HIJRI_EVENTS)),
    year=st.integers(1343, 1500),
    authority=st.sampled_from(AUTHORITIES),
    days=st.lists(st.integers(-2, 3), max_size=3),
)
def test_shares_of_an_event_sum_to_one(event: str, year: int, authority: str, days: list[int]) -> None:
    """Whatever was announced, the shares of one event of a year sum to 1; after one announcement one is 1."""
    first = umm_al_qura(event, year)
    said = tuple(_said(authority, first + timedelta(days=n), event=event, hijri_year=year) for n in days)

    held = candidates(event, year, authority, said)

    assert math.isclose(sum(c.share for c in held), 1, abs_tol=1e-9)
    assert [c.on for c in held] == sorted({c.on for c in held})
    if len(set(days)) == 1:
        assert [(c.on, c.share) for c in held] == [(first + timedelta(days=days[0]), 1)]


def test_an_announcement_settles_even_a_day_that_was_no_candidate() -> None:
    """Announced for 1 April 2025, that is the only date left, although nobody had expected it."""
    held = candidates("eid_al_fitr", 1446, "unknown", (_said("unknown", date(2025, 4, 1)),))

    assert [(c.on, c.share) for c in held] == [(date(2025, 4, 1), 1.0)]


def test_a_place_stands_over_its_authority_and_others_do_not_count() -> None:
    """What a place announced itself beats its authority; what another authority said is nothing to it."""
    saudi, local, own = (
        _said(by, date(2025, 3, day)) for by, day in (("saudi", 30), ("local_sighting", 31), ("m1", 31))
    )

    assert announcements_for("saudi", "m1", [saudi, local, own]) == (own,)
    assert announcements_for("saudi", "m2", [saudi, local, own]) == (saudi,)
    assert announcements_for("unknown", "m3", [saudi, local, own]) == ()


def test_two_dates_of_one_speaker_both_stay_until_a_person_decides() -> None:
    """Two announcements of one authority with different dates are a problem, and each date keeps its half."""
    said = (_said("saudi", date(2025, 3, 30)), _said("saudi", date(2025, 3, 31)))

    (problem,) = contradictions(said)

    assert "2025-03-30 and for 2025-03-31" in problem.text
    assert [c.share for c in candidates("eid_al_fitr", 1446, "saudi", said)] == [0.5, 0.5]


def test_a_weekday_that_is_not_the_dates_names_both_that_may_be_meant() -> None:
    """ "Friday 19 April 2023" was a Wednesday: the problem names the 19th and the 21st, and nothing is taken."""
    problem = weekday_problem(date(2023, 4, 19), "Friday")

    assert problem is not None
    assert problem.text == "on is Friday 19 April 2023; expected Wednesday 19 April or Friday 21 April."
    assert weekday_problem(date(2023, 4, 21), "friday ") is None
    earlier = weekday_problem(date(2023, 4, 21), "Wednesday")
    assert earlier is not None
    assert earlier.expected == "Friday 21 April or Wednesday 19 April"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"event": "easter"}, "event is easter"),
        ({"weekday_said": "Tuesday"}, "Tuesday 31 March 2025"),
        ({"weekday_said": "Eidday"}, "a day of the week in English"),
        ({"on": date(2025, 4, 20)}, "a date near 2025-03-30"),
        ({"hijri_year": 1501}, "1343 to 1500"),
        ({"announced_at": datetime(2025, 3, 29, 20)}, "an instant with a UTC offset"),  # noqa: DTZ001
    ],
)
def test_announcements_that_cannot_be_used_say_why(changes: dict[str, object], says: str) -> None:
    """An unknown event, a wrong weekday, a date far from the calendar, a year or instant out of range are named."""
    found = announcement_problems(_said("saudi", changes.pop("on", date(2025, 3, 31)), **changes))  # type: ignore[arg-type]

    assert says in " ".join(problem.text for problem in found)


@pytest.mark.parametrize(("event", "year"), [("ramadan", 1342), ("ramadan", 1501), ("easter", 1446)])
def test_outside_the_tables_nothing_is_computed(event: str, year: int) -> None:
    """Umm al-Qura reaches from 1343 to 1500; another year or event is refused."""
    with pytest.raises(InputError):
        umm_al_qura(event, year)


@pytest.mark.parametrize("on", [date(1924, 7, 31), date(2077, 11, 17)])
def test_dates_outside_the_tables_are_refused(on: date) -> None:
    """A civil date before August 1924 or after November 2077 has no Hijri candidates."""
    with pytest.raises(InputError, match="1924-08-01 to 2077-11-16"):
        candidates_between("ramadan", on, on)


def test_the_nights_of_ramadan_have_a_share_at_both_ends() -> None:
    """
    Ramadan 1446 for an unknown authority: 1 March 0.725 (class C), so its eve has that share; every night is sure from
    1 to 28 March; the eve of 30 March is a night only if Eid is the 31st.
    """
    shares = {on: ramadan_night_share(on) for on in (date(2025, 2, 27) + timedelta(days=n) for n in range(33))}

    assert crescent_class("ramadan", 1446) == "C"
    assert [shares[date(2025, 2, day)] for day in (27, 28)] == pytest.approx([0, 0.725])
    assert all(shares[date(2025, 3, day)] == 1 for day in range(1, 29))
    assert [shares[date(2025, 3, day)] for day in (29, 30)] == pytest.approx([0.475, 0])


@given(on=st.dates(date(1930, 1, 1), date(2070, 12, 31)), authority=st.sampled_from(AUTHORITIES))
def test_a_candidate_is_found_from_its_own_date(on: date, authority: str) -> None:
    """Asking for a stretch of dates finds every candidate in it that asking for a longer stretch finds."""
    last = on + timedelta(days=5)
    for event in HIJRI_EVENTS:
        near = {c for c in candidates_between(event, on, last, authority) if on <= c.on <= last}
        far = candidates_between(event, on - timedelta(days=800), last + timedelta(days=800), authority)

        assert near == {c for c in far if on <= c.on <= last}
