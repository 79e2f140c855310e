"""Calendar feeds of places: repeats at the wall clock, exceptions, faults; titles are never kept."""

from datetime import date, timedelta

import pytest

from reassure.errors import InputError
from reassure.files.ics_feed import Feed, key_of_title, read_feed
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.periods import london_wall
from reassure.places.place import Place

CHURCH = Place("c", "Demo Church", faiths=frozenset({"christian"}), point=Point(52.4862, -1.8904))
FIRST, LAST = date(2026, 10, 1), date(2026, 11, 30)


def _ics(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//demo//EN\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def _read(*events: str, first: date = FIRST, last: date = LAST) -> Feed:
    return read_feed(_ics(*events), "feed.ics", place_ref="c", first=first, last=last)


def _starts(feed: Feed) -> list[str]:
    return [f"{london_wall(a):%d %b %H:%M}" for rule in feed.rules for a, _ in rule.when.instants]  # type: ignore[union-attr]


SUNDAYS = """UID:sunday
DTSTART;TZID=Europe/London:20261004T103000
DTEND;TZID=Europe/London:20261004T113000
RRULE:FREQ=WEEKLY
SUMMARY:Holy Communion"""


def test_repeats_keep_the_wall_clock_across_the_clock_change() -> None:
    """10:30 every Sunday is 10:30 before and after 25 October 2026, and 09:30Z and 10:30Z in UTC."""
    feed = _read(SUNDAYS, last=date(2026, 11, 1))

    assert _starts(feed) == [f"{day} 10:30" for day in ("04 Oct", "11 Oct", "18 Oct", "25 Oct", "01 Nov")]
    assert [a.hour for a, _ in feed.rules[0].when.instants] == [9, 9, 9, 10, 10]  # type: ignore[union-attr]


def test_a_repeat_that_began_years_ago_is_written_out() -> None:
    """A weekly event since 2015 gives the Sundays asked for and no others."""
    feed = _read(SUNDAYS.replace("20261004", "20150104"), last=date(2026, 10, 12))

    assert _starts(feed) == ["04 Oct 10:30", "11 Oct 10:30"]


def test_exceptions_and_single_changes_are_kept() -> None:
    """EXDATE takes the 11th away, RECURRENCE-ID moves the 18th to 09:00, and a cancelled 25th is no occasion."""
    moved = """UID:sunday
RECURRENCE-ID;TZID=Europe/London:20261018T103000
DTSTART;TZID=Europe/London:20261018T090000
DTEND;TZID=Europe/London:20261018T100000
SUMMARY:Holy Communion"""
    off = moved.replace("20261018", "20261025").replace("100000", "113000") + "\nSTATUS:CANCELLED"
    feed = _read(SUNDAYS + "\nEXDATE;TZID=Europe/London:20261011T103000", moved, off, last=date(2026, 11, 1))

    assert _starts(feed) == ["04 Oct 10:30", "18 Oct 09:00", "01 Nov 10:30"]


def test_a_faulty_single_change_does_not_bring_the_old_time_back() -> None:
    """The 18th is changed to an end before its start: a problem, and no service at the old time either."""
    faulty = """UID:sunday
RECURRENCE-ID;TZID=Europe/London:20261018T103000
DTSTART;TZID=Europe/London:20261018T090000
DTEND;TZID=Europe/London:20261018T080000
SUMMARY:Holy Communion"""
    feed = _read(SUNDAYS, faulty, last=date(2026, 10, 25))

    assert [p.column for p in feed.problems] == ["DTEND"]
    assert _starts(feed) == ["04 Oct 10:30", "11 Oct 10:30", "25 Oct 10:30"]


def test_a_time_without_a_zone_is_londons() -> None:
    """Floating 10:30 on 4 October is 09:30Z; a UTC time is itself."""
    feed = _read(
        "UID:a\nDTSTART:20261004T103000\nDTEND:20261004T113000\nSUMMARY:Mass",
        "UID:b\nDTSTART:20261011T103000Z\nDTEND:20261011T113000Z\nSUMMARY:Mass",
    )

    assert _starts(feed) == ["04 Oct 10:30", "11 Oct 11:30"]


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("DTSTART;TZID=Mars/Olympus:20261004T103000\nSUMMARY:Mass", "TZID is Mars/Olympus"),
        ("DTSTART;VALUE=DATE:20261004\nSUMMARY:Boiler", "DTSTART is 2026-10-04; expected hours"),
        ("DTSTART:20261004T103000\nDTEND:20261005T103100\nSUMMARY:Vigil", "expected at most 24 h after DTSTART"),
        ("DTSTART:20261004T103000\nDTEND:20261004T100000\nSUMMARY:Mass", "expected after DTSTART"),
        ("DTSTART:20261004T103000\nDTEND;VALUE=DATE:20261005\nSUMMARY:Mass", "as DTSTART has"),
        ("DTSTART:20261004T103000\nRRULE:FREQ=SECONDLY\nSUMMARY:Mass", "RRULE is SECONDLY"),
        ("SUMMARY:Mass", "DTSTART is missing"),
    ],
)
def test_what_cannot_be_an_occasion_is_a_problem(event: str, says: str) -> None:
    """Each fault is named with the number of its event; the good events stay."""
    feed = _read(SUNDAYS, f"UID:x\n{event}", last=date(2026, 10, 5))

    (problem,) = feed.problems
    assert problem.text.startswith("feed.ics, event 2: ")
    assert says in problem.text
    assert _starts(feed) == ["04 Oct 10:30"]


def test_a_title_chooses_the_kind_and_is_then_dropped() -> None:
    """ "Requiem Mass for a neighbour" is a weekday service; its title stands in no rule, problem or occasion."""
    person = "Zebedee"
    feed = _read(
        f"UID:a\nDTSTART:20261007T110000\nDTEND:20261007T120000\nSUMMARY:Requiem Mass {person}",
        f"UID:b\nDTSTART:20261007T140000\nDTEND:20261007T100000\nSUMMARY:Mass {person}",
    )
    held = list(expand([CHURCH], feed.rules, FIRST, date(2026, 10, 9)))

    weekday = [o for o in held if o.key == "weekday_service"]
    assert [(o.confidence, o.source_ref) for o in weekday] == [("C", "feed.ics")]
    assert person not in repr((feed, held))


@pytest.mark.parametrize(
    ("title", "weekday", "key"),
    [
        ("Jumu'ah", 4, "jumuah"),
        ("Friday prayers (second)", 4, "jumuah"),
        ("Parish Eucharist", 6, "sunday_main"),
        ("Choral Evensong", 6, "evening_service"),
        ("Bible Study", 2, "study"),
        ("Massage for beginners", 2, ""),  # a word inside a word chooses nothing
        ("PCC meeting", 2, ""),
        ("Sunday Diwan", 6, "sunday_diwan"),
        ("Yom Kippur", 0, "yom_kippur"),
    ],
)
def test_words_choose_kinds(title: str, weekday: int, key: str) -> None:
    """Whole words of a title choose the kind; a title without any chooses none."""
    assert key_of_title(title, weekday) == key


def test_what_is_not_known_is_counted_and_not_guessed() -> None:
    """An event without a known word and a whole day of a known kind give no rule; both are counted."""
    feed = _read(
        "UID:a\nDTSTART:20261007T110000\nDTEND:20261007T120000\nSUMMARY:Boiler inspection",
        "UID:b\nDTSTART;VALUE=DATE:20261008\nSUMMARY:Eid",
    )

    assert (feed.rules, feed.problems, feed.n_unknown, feed.n_without_hours) == ((), (), 1, 1)


def test_an_event_without_an_end_has_the_length_of_its_kind() -> None:
    """Mass at 10:30 without DTEND lasts the 65 minutes of a Sunday service; DURATION is its own length."""
    feed = _read(
        "UID:a\nDTSTART:20261004T103000\nSUMMARY:Mass", "UID:b\nDTSTART:20261011T103000\nDURATION:PT2H\nSUMMARY:Mass"
    )

    lengths = [(b - a) // timedelta(minutes=1) for rule in feed.rules for a, b in rule.when.instants]  # type: ignore[union-attr]
    assert lengths == [65, 120]


def test_reading_twice_gives_the_same_refs() -> None:
    """The same calendar read again gives the same occasions with the same refs."""
    twice = [list(expand([CHURCH], _read(SUNDAYS).rules, FIRST, LAST)) for _ in range(2)]

    assert twice[0] == twice[1]
    assert len({o.ref for o in twice[0]}) == len(twice[0])


@pytest.mark.parametrize("days", [-1, 401])
def test_a_feed_is_written_out_400_days_ahead_at_most(days: int) -> None:
    """A range that runs backwards or over 400 days is refused."""
    with pytest.raises(InputError, match="up to 400 days later"):
        _read(SUNDAYS, last=FIRST + timedelta(days=days))


@pytest.mark.parametrize("data", [b"", b"no calendar", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"\xff\xfe\x00"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    """An empty, torn or binary file is one problem that names the file."""
    with pytest.raises(InputError, match=r"feed\.ics"):
        read_feed(data, "feed.ics", place_ref="c", first=FIRST, last=LAST)


def test_a_calendar_of_too_many_events_is_refused() -> None:
    """20 events that repeat every day for 400 days are over 5,000: refused, not written out for ever."""
    daily = [
        f"UID:{n}\nDTSTART:20261001T100000\nDTEND:20261001T103000\nRRULE:FREQ=DAILY\nSUMMARY:Mass" for n in range(20)
    ]
    with pytest.raises(InputError, match="over 5,000 events"):
        _read(*daily, last=FIRST + timedelta(days=400))
