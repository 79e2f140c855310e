"""Occasions as CSV, JSON and iCalendar: what stands in the files, and the way back."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.files.occasions_csv import COLUMNS, occasions_csv
from reassure.files.occasions_ics import occasions_ics, read_occasions_ics
from reassure.files.occasions_json import occasion_object, occasion_of_object, occasions_json
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.occasions.values import Occasion, OneOff, Rule, Weekly
from reassure.places.place import Place

FRIDAY = date(2026, 11, 27)
MADE_AT = datetime(2026, 11, 25, 5, 10, tzinfo=UTC)
MOSQUE = Place("m", "Demo Mosque, East; Hall", faiths=frozenset({"muslim"}), point=Point(52.4862, -1.8904))
SYNAGOGUE = Place("j", "=Demo Synagogue", faiths=frozenset({"jewish"}), point=Point(52.48, -1.9))
PLACES = {place.ref: place for place in (MOSQUE, SYNAGOGUE)}
CREDIT = ("© Demo contributors",)


def _occasions(*rules: Rule, on: date = FRIDAY) -> list[Occasion]:
    return list(expand(PLACES.values(), rules, on, on))


def _sittings() -> tuple[Rule, ...]:
    return tuple(Rule("m", "jumuah", Weekly((4,), at), 3, "site") for at in (time(13), time(13, 45)))


def _kirtan() -> Rule:
    route = (Point(52.4862, -1.8904), Point(52.49, -1.89))
    when = OneOff(datetime(2026, 6, 5, 22), datetime(2026, 6, 6, 1), is_outdoor=True, route=route)  # noqa: DTZ001 - wall clock
    return Rule("m", "procession", when, 1, "trustee", replaces=("study",))


def test_the_uid_of_an_event_is_the_ref_of_the_occasion() -> None:
    """A calendar program finds an occasion again by its ref; times are in UTC, words name kind and place."""
    feed = icalendar.Calendar.from_ical(occasions_ics(_occasions(*_sittings()), PLACES, made_at=MADE_AT))

    events = {str(event["uid"]): event for event in feed.walk("VEVENT")}

    assert events.keys() == {"m:jumuah:2026-11-27:1", "j:shabbat_eve:2026-11-27:1"}
    jumuah = events["m:jumuah:2026-11-27:1"]
    assert str(jumuah["summary"]) == "Jumu'ah: Demo Mosque, East; Hall"
    assert jumuah["dtstart"].dt == datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    assert jumuah["dtend"].dt == datetime(2026, 11, 27, 14, 15, tzinfo=UTC)
    assert "Starts 13:00 and 13:45. People arrive from 12:30 and have left by 14:40." in str(jumuah["description"])
    assert "Change-over 13:15 to 13:55." in str(jumuah["description"])
    assert "How sure: the place's own timetable." in str(jumuah["description"])


def test_a_feed_reads_back_to_the_same_occasions() -> None:
    """Sittings, route, share, notes and rank survive; a cancelled one stays and says so."""
    off = OneOff(datetime(2026, 6, 5, 13, 30), datetime(2026, 6, 5, 14), is_cancelled=True)  # noqa: DTZ001 - wall clock
    held = _occasions(_kirtan(), Rule("m", "jumuah", off, 1, "trustee"), on=date(2026, 6, 5))
    held = [replace(o, date_share=0.525, authority="unknown", notes=("date not settled",)) for o in held]

    data = occasions_ics(held, PLACES, made_at=MADE_AT, attributions=CREDIT)

    assert read_occasions_ics(data, "feed.ics") == tuple(held)
    assert b"STATUS:CANCELLED" in data
    assert "© Demo contributors".encode() in data
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


@given(
    on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    share=st.floats(0, 1),
    notes=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30), max_size=3).map(tuple),
    status=st.sampled_from(["forecast", "announced", "confirmed", "cancelled"]),
    source=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
)
def test_any_occasion_survives_the_way_to_icalendar_and_back(
    on: date, share: float, notes: tuple[str, ...], status: str, source: str
) -> None:
    """Whatever day, share, note and source: the same occasion comes back."""
    rule = Rule("m", "other", Weekly((on.weekday(),), time(1, 30)), 3, "s")
    (made,) = expand([replace(MOSQUE, faiths=frozenset())], [rule], on, on)
    held = replace(made, date_share=share, notes=notes, status=status, source_ref=source)

    assert read_occasions_ics(occasions_ics([held], PLACES, made_at=MADE_AT), "feed.ics") == (held,)


def test_bands_are_never_written() -> None:
    """What trustees said of attendance stands in no file that is passed on."""
    held = [replace(o, band="1,000-1,499") for o in _occasions()]

    files = [
        occasions_ics(held, PLACES, made_at=MADE_AT).decode(),
        occasions_csv(held, PLACES),
        occasions_json(held, PLACES, first=FRIDAY, last=FRIDAY, digests={}, attributions=()),
    ]

    assert not any("1,000" in text or "band" in text for text in files)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no calendar", "feed.ics: cannot be read as iCalendar"),
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "feed.ics, event 1: X-REASSURE-OCCASION is missing; expected an event that Reassure wrote.",
        ),
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nX-REASSURE-OCCASION:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "feed.ics, event 1: sittings is missing; expected a value.",
        ),
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nX-REASSURE-OCCASION:[1]\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "feed.ics, event 1: X-REASSURE-OCCASION is [1]; expected a JSON object.",
        ),
    ],
)
def test_a_feed_of_others_is_refused(data: bytes, says: str) -> None:
    """What we did not write is named, event by event."""
    with pytest.raises(InputError) as caught:
        read_occasions_ics(data, "feed.ics")

    assert says in str(caught.value)


def test_an_event_that_was_moved_by_hand_is_refused() -> None:
    """Start and our own field must agree: a calendar program may have moved the event."""
    data = occasions_ics(_occasions(), PLACES, made_at=MADE_AT).replace(
        b"DTSTART:20261127T124500Z", b"DTSTART:20261127T134500Z"
    )

    with pytest.raises(InputError, match="DTSTART is 2026-11-27 13:45:00"):
        read_occasions_ics(data, "feed.ics")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"date_share": 1.5}, "date_share is 1.5; expected 0 to 1."),
        ({"confidence": "E"}, "confidence is E; expected one of A, B, C, D."),
        ({"status": "maybe"}, "status is maybe"),
        ({"rank": 0}, "rank is 0; expected 1 to 5."),
        ({"key": "mass"}, "key is mass"),
        ({"sittings": []}, "sittings is missing"),
        ({"route": 3}, "occasion is {"),
    ],
)
def test_faulty_objects_are_refused(change: dict[str, object], says: str) -> None:
    """A field outside its values is named."""
    with pytest.raises(InputError) as caught:
        occasion_of_object(occasion_object(_occasions()[0]) | change)

    assert says in str(caught.value)


def test_an_instant_without_a_zone_is_refused() -> None:
    """Instants carry their offset."""
    value = occasion_object(_occasions()[0])
    value["sittings"][0]["starts_at"] = "2026-11-27T12:45:00"

    with pytest.raises(InputError, match="starts_at is 2026-11-27T12:45:00; expected an instant with a UTC offset"):
        occasion_of_object(value)


def test_the_table_shows_local_times_and_runs_nothing() -> None:
    """CSV cells show London's clock; a name that a spreadsheet would run gets an apostrophe."""
    rows = list(csv.DictReader(io.StringIO(occasions_csv(_occasions(*_sittings()), PLACES, attributions=CREDIT))))

    assert tuple(rows[0]) == COLUMNS
    assert [(r["place"], r["starts"], r["gone_by"]) for r in rows] == [
        ("Demo Mosque, East; Hall", "2026-11-27 13:00; 2026-11-27 13:45", "2026-11-27 14:40"),
        ("'=Demo Synagogue", "2026-11-27 15:45", "2026-11-27 16:50"),
    ]
    assert [(r["confidence"], r["how_sure"]) for r in rows] == [
        ("B", "the place's own timetable"),
        ("D", "tradition default, not checked"),
    ]
    assert {r["attribution"] for r in rows} == {"© Demo contributors"}


def test_the_document_counts_what_it_holds() -> None:
    """JSON holds the occasions, their places, counts by kind, digests of the inputs and the words of the licence."""
    text = occasions_json(
        _occasions(), PLACES, first=FRIDAY, last=FRIDAY, digests={"register": "ab"}, attributions=CREDIT
    )

    document = json.loads(text)

    assert document["counts"] == {"jumuah": 1, "shabbat_eve": 1}
    assert document["places"].keys() == {"m", "j"}
    assert (document["inputs"], document["attributions"]) == ({"register": "ab"}, ["© Demo contributors"])
    assert [occasion_of_object(value) for value in document["occasions"]] == _occasions()


def test_lines_of_a_feed_are_at_most_75_octets_and_escaped() -> None:
    """Long names in any script are folded without cutting a character; commas, semicolons and line ends are escaped."""
    name = "Εκκλησία; St Mary, the \\ Virgin " * 6
    place = Place("p", name, faiths=frozenset({"christian"}), point=Point(52.4862, -1.8904), address="1 Road\nTown")
    (occasion,) = expand([place], [], date(2026, 11, 29), date(2026, 11, 29))

    data = occasions_ics([occasion], {"p": place}, made_at=datetime(2026, 1, 1, tzinfo=UTC), name="Ω" * 60)

    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert str(event["SUMMARY"]) == f"Sunday service: {name}"
    assert str(event["LOCATION"]) == f"{name}, 1 Road\nTown"
    assert read_occasions_ics(data, "x") == (occasion,)
