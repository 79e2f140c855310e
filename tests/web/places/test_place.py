"""One place: what is shown, corrected, closed and reported."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reassure_web.audit.models import AuditEntry
from reassure_web.places.models import Place, PlaceVersion, Report
from reassure_web.places.queries_register import area_places
from web.places.conftest import FILES
from web.places.records import counted, place

WORD = {"rank": "2", "source": "Visit of an adviser", "observed_on": "2026-11-20", "reason": "Seen at the door"}


def typed(client, ref="P1", **changes):
    """The form of a place as a browser would send it, with changes over it."""
    form = client.get(f"/places/{ref}/edit/").context["form"]
    return {name: value for name, value in form.initial.items() if value is not None} | WORD | changes


def test_a_page_shows_each_field_with_its_source_and_day(signed_in, register):
    """Name, faith and position with whose word it is and since when; tabs say who can fill them."""
    ref = Place.objects.exclude(name="").first().ref

    text = signed_in("planner").get(f"/places/{ref}/").text

    assert "(another open list" in text or "(open list" in text
    for heading in ("Summary", "Times", "Visits", "History"):
        assert f">{heading}</h2>" in text


def test_a_correction_stands_and_keeps_the_old_value(signed_in, db):
    """The new name shows, the old one stands in the history with who, why and on whose word."""
    place()
    planner = signed_in("planner")

    response = planner.post("/places/P1/edit/", typed(planner, name="New Chapel"), follow=True)

    assert "Saved." in response.text
    assert "New Chapel" in response.text
    assert "Name: Demo Chapel → New Chapel" in response.text
    version = PlaceVersion.objects.get()
    assert (version.ended_by, version.source, version.reason) == (planner.user, WORD["source"], WORD["reason"])
    assert AuditEntry.objects.filter(action="place.change", subject="place:P1", outcome="done").count() == 1


def test_only_what_was_typed_over_becomes_a_word(signed_in, db):
    """Fields that nobody touched get no new source."""
    place()
    planner = signed_in("planner")

    planner.post("/places/P1/edit/", typed(planner, name="New Chapel"))

    assert {fact.field for fact in Place.objects.get().facts().facts} == {"name"}


def test_nothing_typed_is_lost_by_an_error(signed_in, db):
    """A latitude of 91 is told at its field; the other fields keep what was typed."""
    place()
    planner = signed_in("planner")

    response = planner.post("/places/P1/edit/", typed(planner, name="New Chapel", lat_deg="91"))

    assert response.status_code == 422
    assert "lat_deg is 91.0; expected 49 to 61." in response.text
    assert 'value="New Chapel"' in response.text
    assert Place.objects.get().name == "Demo Chapel"


def test_a_word_of_less_weight_is_kept_and_said_to_be_overruled(signed_in, db):
    """The place itself said one name, a list says another: the list's is kept and does not stand."""
    place()
    planner = signed_in("planner")
    planner.post("/places/P1/edit/", typed(planner, name="Own Name", rank="1"))

    response = planner.post("/places/P1/edit/", typed(planner, name="List Name", rank="3"), follow=True)

    assert "a word of more weight still stands: name" in response.text
    assert Place.objects.get().name == "Own Name"


def test_the_later_of_two_people_sees_both_versions(signed_in, db):
    """409 with what the other changed, who and when, and what was typed; saving again keeps both changes."""
    place()
    first, second = signed_in("planner"), signed_in("adviser")
    mine = typed(second, address="2 Example Street")
    first.post("/places/P1/edit/", typed(first, name="New Chapel"))

    response = second.post("/places/P1/edit/", mine)

    assert response.status_code == 409
    assert "Name: Demo Chapel → New Chapel" in response.text
    assert "Address: 2 Example Street" in response.text
    assert str(first.user) in response.text
    again = response.context["form"].initial | {"reason": "again"}
    second.post("/places/P1/edit/", {k: v for k, v in again.items() if v is not None})
    row = Place.objects.get()
    assert (row.name, row.facts().address, row.version) == ("New Chapel", "2 Example Street", 3)


def test_a_place_moved_into_another_area_is_refused(signed_in, areas, tmp_path):
    """A planner cannot push a place over the border; a mistake can be reported instead."""
    file = tmp_path / "areas.geojson"
    file.write_bytes(FILES["areas.geojson"])
    call_command("load_areas", str(file))
    place(area_code="DEMO-01", area_by="polygon")
    planner = signed_in("planner")

    response = planner.post("/places/P1/edit/", typed(planner, lat_deg="57.0", lon_deg="-4.0"))

    assert response.status_code == 422
    assert "a position in an area of yours" in response.text


def test_a_closed_place_is_no_longer_planned_for(signed_in, db):
    """From the day on it is no open place of its area; the page says so."""
    place()
    planner = signed_in("planner")
    version = planner.get("/places/P1/close/").context["form"].initial["version"]

    planner.post("/places/P1/close/", WORD | {"closed_on": "2026-11-20", "version": version})

    assert Place.objects.get().status == "closed"
    assert area_places("DEMO-01") == []


def test_presence_needs_the_word_of_the_place(signed_in, db):
    """An officer at the door cannot say which visits a place wants; the place can."""
    place()
    planner = signed_in("planner")

    response = planner.post("/places/P1/edit/", typed(planner, presence="none"))
    assert "only the place itself says which visits it wants" in response.text

    planner.post("/places/P1/edit/", typed(planner, presence="none", rank="1"))
    assert area_places("DEMO-01")[0].presence == "none"


def test_a_mistake_is_reported_and_settled(signed_in, db):
    """Anybody who sees a place can report; those who may change it see the report and settle it."""
    place()

    trustee = signed_in("trustee")
    trustee.post("/places/P1/report/", {"kind": "wrong", "says": "The name changed"})

    planner = signed_in("planner")
    assert "The name changed" in planner.get("/places/P1/").text
    assert "The name changed" in planner.get("/places/reports/").text
    report = Report.objects.get()
    planner.post(f"/places/P1/reports/{report.pk}/settle/")
    assert "Nothing is reported" in planner.get("/places/reports/").text


def test_something_wrong_has_to_be_said(signed_in, db):
    """ "Something is wrong" without a word helps nobody."""
    place()

    response = signed_in("trustee").post("/places/P1/report/", {"kind": "wrong", "says": " "})

    assert response.status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize("role", ["commander", "supervisor", "coordinator", "trustee"])
def test_readers_get_no_buttons_and_no_form(signed_in, db, role):
    """Who may only read is told who may change."""
    place()
    reader = signed_in(role)

    assert "/places/P1/edit/" not in reader.get("/places/P1/").text
    response = reader.get("/places/P1/edit/")
    assert response.status_code == 403
    assert "adviser, planner" in response.text


def test_a_page_costs_few_queries(signed_in, register):
    """12 queries at most to look at a place, the entry in the audit among them."""
    planner = signed_in("planner")
    ref = Place.objects.first().ref

    with CaptureQueriesContext(connection) as queries:
        planner.get(f"/places/{ref}/")

    assert len(counted(queries)) <= 12


def test_a_correction_costs_few_queries(signed_in, register):
    """10 queries at most to write, besides who somebody is and the entry in the audit."""
    planner = signed_in("planner")
    ref = Place.objects.first().ref
    form = typed(planner, ref, name="New name")

    with CaptureQueriesContext(connection) as queries:
        assert planner.post(f"/places/{ref}/edit/", form).status_code == 302

    own = [sql for sql in counted(queries) if "places_" in sql]
    assert 0 < len(own) <= 10


@pytest.mark.parametrize("ref", ["%00", "a%00b", "%2e%2e", "x" * 131, "a%20b", "%EF%BF%BF"])
def test_what_cannot_be_a_ref_is_no_place(signed_in, db, ref):
    """Characters that a database would stumble over never reach it."""
    place()

    assert signed_in("planner").get(f"/places/{ref}/").status_code == 404
    assert signed_in("planner").get(f"/occasions/places/{ref}/").status_code == 404
