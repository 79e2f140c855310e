"""The visits as a calendar: read back with a calendar library, and as plain lines."""

from datetime import UTC, datetime

import icalendar
import pytest

from plan_documents import made_plan, plan_with_shortfall, plan_without_visits
from reassure.files.plain_text import plain
from reassure.files.plan_ics import plan_ics

PLANS = {"full": made_plan, "short": plan_with_shortfall, "empty": plan_without_visits}
every_plan = pytest.mark.parametrize("kind", PLANS)


def events(document):
    return icalendar.Calendar.from_ical(plan_ics(document)).walk("VEVENT")


@every_plan
def test_each_visit_is_an_event_with_its_times(kind):
    """Start and end are those of the plan, in UTC; the place and the call sign are named."""
    document = PLANS[kind]()
    names = {p["ref"]: plain(p["name"]) for p in document["places"]}
    found = {(str(e["X-REASSURE-PLACE"]), e["DTSTART"].dt, e["DTEND"].dt): e for e in events(document)}

    stops = [(route, stop) for route in document["routes"] for stop in route["stops"]]
    callsigns = {u["ref"]: u["callsign"] for u in document["units"]}
    assert len(found) == len(stops)
    for route, stop in stops:
        at = [datetime.fromisoformat(stop[name]) for name in ("start", "end")]
        event = found[(stop["place_ref"], *at)]
        assert names[stop["place_ref"]] in str(event["SUMMARY"])
        assert event["CATEGORIES"].cats == [callsigns[route["unit_ref"]]]
        assert event["DTSTART"].dt.utcoffset() == datetime.now(UTC).utcoffset()


@every_plan
def test_events_are_confidential_marked_and_tentative_until_approved(kind):
    """A calendar program hides them from others; an exercise says so in the title of each event."""
    document = PLANS[kind]()

    for event in events(document):
        assert event["CLASS"] == "CONFIDENTIAL"
        assert event["STATUS"] == "TENTATIVE"
        lines = str(event["DESCRIPTION"]).split("\n")
        assert lines[0] == f"{document['marking']} DRAFT"
        assert lines[-1] == document["marking"]
        assert str(event["SUMMARY"]).startswith("EXERCISE ") == (kind == "short")
    approved = {**document, "status": "approved"}
    assert {str(e["STATUS"]) for e in events(approved)} <= {"CONFIRMED"}


@every_plan
def test_the_same_plan_gives_the_same_calendar(kind):
    """DTSTAMP is when the plan says it was made, never now."""
    assert plan_ics(PLANS[kind]()) == plan_ics(PLANS[kind]())
    for event in events(PLANS[kind]()):
        assert event["DTSTAMP"].dt == datetime(2026, 11, 27, 5, 10, tzinfo=UTC)


def test_a_plan_without_a_date_of_making_is_stamped_with_its_first_hour():
    """The planning window of the generated plan opens at 09:00."""
    document = {**made_plan(), "created_at": None}

    assert {e["DTSTAMP"].dt for e in events(document)} == {datetime(2026, 11, 27, 9, tzinfo=UTC)}


def test_a_visit_keeps_its_identity_when_it_moves():
    """Another unit and another time for the same place update the event instead of adding one."""
    document = made_plan()
    before = {str(e["X-REASSURE-PLACE"]): str(e["UID"]) for e in events(document)}
    first, second = document["routes"][0], document["routes"][1]
    first["stops"], second["stops"] = second["stops"], first["stops"]
    first["breaks"] = second["breaks"] = []
    after = {str(e["X-REASSURE-PLACE"]): str(e["UID"]) for e in events(document)}

    assert before == after
    assert len(set(before.values())) == document["totals"]["n_visits"]


def test_lines_are_folded_and_text_cannot_start_a_property():
    """RFC 5545: CR LF, at most 75 octets a line; a name with a line feed and BEGIN:VEVENT stays a name."""
    document = made_plan()
    for place in document["places"]:
        place["name"] += "\r\nEND:VEVENT\r\nBEGIN:VALARM"
    data = plan_ics(document)

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert data.count(b"\r\nBEGIN:VEVENT\r\n") == document["totals"]["n_visits"]
    assert b"\r\nBEGIN:VALARM" not in data


def test_a_calendar_holds_no_points():
    """Calendars are shared: neither points nor sums leave with them."""
    document = made_plan()
    text = plan_ics(document).decode().replace("\r\n ", "")

    assert "points" not in text
    assert not [n for n in document["needs"] if n["points"] and n["explanation"] in text]
