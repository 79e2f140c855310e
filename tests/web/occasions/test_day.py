"""Who gathers on a day: by hour and place, how sure, and what was looked at."""

from datetime import date, time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reassure.occasions.values import Announcement as Said
from reassure_web.audit.models import AuditEntry
from reassure_web.occasions.models import Announcement
from reassure_web.occasions.queries import area_announcements, area_occasions, area_rules
from reassure_web.places.models import Alias, Place
from web.conftest import NOW
from web.occasions.records import rule
from web.places.records import area, counted, place

SUNDAY, FRIDAY = date(2026, 11, 29), date(2026, 11, 27)


def test_a_rule_of_the_place_stands_over_the_usual_time(db):
    """A church that says 09:30 is there at 09:30 with confidence B, not at the usual 10:30 with D."""
    rule("P1", at=time(9, 30))

    found = area_occasions("DEMO-01", SUNDAY, SUNDAY)

    assert [(o.starts_at.hour, o.starts_at.minute, o.confidence) for o in found] == [(9, 30, "B")]


def test_closed_and_merged_places_have_no_occasion_of_their_own(db):
    """Only open places that stand gather; rules of a record that was merged speak for the one that stands."""
    place("P1")
    place("P2", status="closed")
    rule("P3", at=time(8))
    Place.objects.filter(ref="P3").update(is_standing=False)
    Alias.objects.create(absorbed="P3", kept="P1", decided_at=NOW)

    assert [r.place_ref for r in area_rules("DEMO-01")] == ["P1"]
    assert [(o.place_ref, o.starts_at.hour) for o in area_occasions("DEMO-01", SUNDAY, SUNDAY)] == [("P1", 8)]


def test_texts_that_were_read_become_rules_of_others(db):
    """Opening-hours text of OpenStreetMap is somebody else's word (C); a text that waits for a person is none."""
    place("P1", times="Su 08:00, 11:15")
    Place.objects.update(times_state="read")
    place("P2", times="Sundays at ten", name="Another Chapel")

    found = area_occasions("DEMO-01", SUNDAY, SUNDAY)

    assert {(o.place_ref, o.confidence) for o in found} == {("P1", "C"), ("P2", "D")}


def test_announcements_come_oldest_first(db):
    """What authorities said is read as the rules take it."""
    Announcement.objects.create(
        authority="saudi", event="eid_al_fitr", hijri_year=1448, on=date(2027, 3, 9), announced_at=NOW, source_ref="x"
    )

    assert area_announcements() == (Said("saudi", "eid_al_fitr", 1448, date(2027, 3, 9), NOW, "x"),)


def test_the_page_shows_hours_places_confidence_and_what_was_looked_at(signed_in, register):
    """A Friday of the demo area: hours add up in picture and table, each place with how sure."""
    response = signed_in("planner").get(f"/occasions/demo/{FRIDAY}/")

    page = response.context["page"]
    assert page.n == page.n_day == len(area_occasions("DEMO-01", FRIDAY, FRIDAY))
    assert sum(hour.n for hour in page.hours) == sum(page.counts)
    assert "Jumu&#x27;ah" in response.text
    assert "D: usual time, not checked" in response.text
    assert "open places" in response.text
    assert response.text.count("<rect") >= len(page.hours)


def test_an_hour_narrows_the_places_to_those_with_people_present(signed_in, db):
    """10:30 to 11:35 with 20 minutes before and 30 after: present at 11:00, not at 08:00."""
    place()
    planner = signed_in("planner")

    assert len(planner.get(f"/occasions/demo/{SUNDAY}/?hour=11").context["page"].lines) == 1
    response = planner.get(f"/occasions/demo/{SUNDAY}/?hour=8")
    assert "Nobody is present in that hour." in response.text


def test_an_empty_day_says_what_was_looked_at(signed_in, db):
    """No occasion: how many places were looked at, and why there is none."""
    place()

    text = signed_in("planner").get("/occasions/demo/2026-12-01/").text

    assert "No occasion known" in text
    assert "1 open places" in text


def test_an_empty_register_is_told_apart_from_an_empty_day(signed_in, db):
    """Without places there is nothing to look at; the way to a file is shown."""
    area()

    assert "has no open place" in signed_in("planner").get("/occasions/demo/2026-12-01/").text


def test_candidate_dates_say_how_likely_they_are(signed_in, db):
    """Eid al-Fitr 1448 is not settled: each candidate day says so, and its share stands beside it."""
    place("P1", faiths=frozenset({"muslim"}), name="Demo Mosque")

    shown = [
        text
        for day in ("2027-03-08", "2027-03-09", "2027-03-10", "2027-03-11")
        if "likely on this day" in (text := signed_in("planner").get(f"/occasions/demo/{day}/").text)
    ]

    assert len(shown) >= 2
    assert all("not settled" in text for text in shown)


def test_today_opens_the_day_of_london(signed_in, db):
    """The short address leads to today's page."""
    area()

    response = signed_in("planner").get("/occasions/demo/")

    assert response.status_code == 302
    assert response["Location"].startswith("/occasions/demo/20")


def test_a_date_that_does_not_exist_is_not_found(signed_in, db):
    """The thirtieth of February has no page."""
    area()

    assert signed_in("planner").get("/occasions/demo/2026-02-30/").status_code == 404


def test_a_day_costs_as_many_queries_for_one_place_as_for_all(signed_in, register):
    """12 queries at most, whatever the register holds."""
    planner = signed_in("planner")
    with CaptureQueriesContext(connection) as full:
        planner.get(f"/occasions/demo/{FRIDAY}/")
    Place.objects.exclude(ref=Place.objects.first().ref).delete()
    with CaptureQueriesContext(connection) as one:
        planner.get(f"/occasions/demo/{FRIDAY}/")

    assert len(counted(full)) == len(counted(one)) <= 12


def test_looking_leaves_an_entry(signed_in, db):
    """The day, the hour and the number of rows stand in the audit."""
    place()
    signed_in("planner").get(f"/occasions/demo/{SUNDAY}/?hour=11")

    assert AuditEntry.objects.latest("number").subject == "occasions:DEMO-01/2026-11-29?hour=11&page=1 rows:1"


def test_announcements_are_loaded_by_command_and_settle_a_date(signed_in, db, tmp_path, capsys):
    """What an authority said settles the date for the mosques that follow it; a second load adds nothing."""
    file = tmp_path / "said.csv"
    file.write_text(
        "authority,event,hijri_year,on,announced_at,source\n"
        "saudi,eid_al_fitr,1448,2027-03-10,2027-03-08T18:00+00:00,agency\n"
    )
    place("P1", faiths=frozenset({"muslim"}), name="Demo Mosque", authority="saudi")

    call_command("load_announcements", str(file))
    call_command("load_announcements", str(file))

    assert capsys.readouterr().out.splitlines() == ["1 announcements are new.", "0 announcements are new."]
    eids = [o for o in area_occasions("DEMO-01", date(2027, 3, 7), date(2027, 3, 12)) if o.key == "eid_prayer"]
    assert [(o.on, o.date_share, o.status) for o in eids] == [(date(2027, 3, 10), 1.0, "announced")]


def test_announcements_with_a_slip_are_refused_whole(db, tmp_path):
    """An unknown event is named by row; nothing is taken."""
    file = tmp_path / "said.csv"
    file.write_text(
        "authority,event,hijri_year,on,announced_at,source\nsaudi,new_year,1448,2027-03-10,2027-03-08T18:00+00:00,x\n"
    )

    with pytest.raises(CommandError, match="row 2: event is new_year"):
        call_command("load_announcements", str(file))
    assert not Announcement.objects.exists()
