"""The list of places: filters, pages, scope, map, export."""

import csv
import io
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reassure_web.audit.models import AuditEntry
from reassure_web.places.models import Place, SourceNote
from web.places.records import area, counted, place


def test_a_list_says_how_many_and_as_of_when(signed_in, register):
    """120 places, this page 50 of them, with the words that the register is incomplete."""
    response = signed_in("planner").get("/places/")

    assert "120 places as of" in response.text
    assert "This register is incomplete." in response.text
    assert "Page 1 of 3." in response.text
    assert "page=2" in response.text


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("faith=jewish", Place.objects.filter(faiths__contains=" jewish ")),
        ("status=closed", Place.objects.filter(status="closed")),
        ("doubt=unnamed", Place.objects.filter(name="")),
        ("text=hospital", Place.objects.filter(name__icontains="hospital")),
        ("text=masjid+hospital&faith=christian", Place.objects.none()),
        ("area=demo", Place.objects.all()),
        ("area=other", Place.objects.none()),
        ("faith=jedi", Place.objects.none()),
        ("text=%00", Place.objects.all()),
    ],
)
def test_filters_stand_in_the_address(signed_in, register, query, n):
    """Each filter narrows the list; together they narrow it further; what nobody knows narrows to nothing."""
    response = signed_in("planner").get(f"/places/?{query}")

    expected = n.count()
    assert response.context["page"].n == expected
    assert ("No place matches" in response.text) == (expected == 0)


def test_a_search_finds_a_mosque_by_another_word_for_it(signed_in, db):
    """Masjid and mosque, accents and case are one to the search, as they are to the pairs."""
    place("P1", name="Jāmi Masjid")

    assert signed_in("planner").get("/places/?text=jami+MOSQUE").context["page"].n == 1


def test_pages_beyond_the_last_show_the_last(signed_in, register):
    """A page number from an old link is no fault."""
    assert signed_in("planner").get("/places/?page=999").context["page"].number == 3
    assert signed_in("planner").get("/places/?page=-1").context["page"].number == 1


def test_a_coordinator_sees_areas_and_then_places(signed_in, register):
    """Over the nation the list and the map show areas, never places; an area opens its places."""
    coordinator = signed_in("coordinator")

    assert coordinator.get("/places/").context["page"].counts == [(area(), 120)]
    assert not coordinator.get("/places/").context["page"].rows
    assert all(f["geometry"]["type"] != "Point" for f in coordinator.get("/places/map.geojson").json()["features"])
    assert len(coordinator.get("/places/?area=demo").context["page"].rows) == 50


def test_a_trustee_sees_the_own_place_alone(signed_in, db):
    """One place in the list, and another is not found."""
    place("P1")
    place("P2", name="Another")
    trustee = signed_in("trustee")

    assert [row.ref for row in trustee.get("/places/").context["page"].rows] == ["P1"]
    assert trustee.get("/places/P1/").status_code == 200
    assert trustee.get("/places/P2/").status_code == 404


def test_an_officer_is_led_to_the_card_and_not_to_a_list(signed_in, db):
    """No link to a page that would be refused."""
    text = signed_in("officer").get("/").text

    assert 'href="/card/"' in text
    assert 'href="/places/"' not in text


def test_an_empty_register_says_what_to_do(signed_in, db):
    """A planner is shown the way to a file, others who can bring one in."""
    area()

    assert "Bring in a file" in signed_in("planner").get("/places/").text
    assert "A planner of the force can bring in a file." in signed_in("commander").get("/places/").text


def test_the_map_holds_every_place_of_the_filter(signed_in, register):
    """GeoJSON with name, kind in words, link, and the credit of the source that these places come from."""
    found = signed_in("planner").get("/places/map.geojson?status=closed").json()

    points = [f for f in found["features"] if f["geometry"]["type"] == "Point"]
    assert len(points) == Place.objects.filter(status="closed").count() == 1
    assert points[0]["properties"]["kind"] == "closed"
    assert found["attribution"] == "Generated demo data; it describes no real place, person or event"


def test_a_source_is_credited_only_where_a_place_comes_from_it(signed_in, db):
    """OpenStreetMap where a place is of OpenStreetMap, whatever else is loaded; a ref inside another is another."""
    for ref, words in (("osm", "© OpenStreetMap"), ("osm_2025", "© of 2025"), ("list", "A list")):
        SourceNote.objects.create(ref=ref, title=ref, licence="", attribution=words)
    place("P1", source_refs=("list",))
    place("P2", name="Second Chapel", source_refs=("osm_2025",))
    planner = signed_in("planner")

    assert planner.get("/places/map.geojson").json()["attribution"] == "A list © of 2025"
    assert planner.get("/places/map.geojson?text=second").json()["attribution"] == "© of 2025"
    page = planner.get("/places/?text=second").text
    assert "© of 2025" in page
    assert "© OpenStreetMap" not in page


def test_an_export_asks_why_and_escapes_formulas(signed_in, db):
    """Nothing leaves without a reason; a name that a spreadsheet would run comes out as text; the audit has it."""
    place("P1", name="=1+1 Chapel")
    planner = signed_in("planner")

    assert planner.post("/places/export/", {"reason": ""}).status_code == 422
    response = planner.post("/places/export/?faith=christian", {"reason": "Mutual aid"})

    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["name"] for row in rows] == ["'=1+1 Chapel"]
    assert response["Content-Disposition"].startswith('attachment; filename="places-official-')
    entry = AuditEntry.objects.get(outcome="exported")
    assert (entry.reason, entry.subject) == ("Mutual aid", "places.csv:?faith=christian rows:1")


def test_what_a_place_says_of_itself_is_never_exported(signed_in, db):
    """Presence, bands and authority stay here."""
    place("P1", presence="none", bands=(("service", "50-99"),), authority="saudi")

    text = signed_in("planner").post("/places/export/", {"reason": "x"}).text

    assert "50-99" not in text
    assert "saudi" not in text


def test_a_page_costs_as_many_queries_for_ten_places_as_for_all(signed_in, register):
    """12 queries at most, whatever the list holds."""
    planner = signed_in("planner")
    with CaptureQueriesContext(connection) as few:
        planner.get("/places/?faith=jewish")
    with CaptureQueriesContext(connection) as many:
        planner.get("/places/")

    assert len(counted(few)) == len(counted(many)) <= 12


def test_a_page_is_fast(signed_in, register):
    """A page of the list in under 200 ms of the processor."""
    planner = signed_in("planner")
    planner.get("/places/")
    began = time.process_time()
    planner.get("/places/?page=2")

    assert time.process_time() - began < 0.2


def test_looking_leaves_an_entry(signed_in, register):
    """A page of a list leaves its query and number of rows."""
    planner = signed_in("planner")
    planner.get("/places/?faith=sikh&page=1")

    entry = AuditEntry.objects.filter(outcome="listed").latest("number")
    assert entry.subject.startswith("places:?faith=sikh&page=1 rows:")
    assert timezone.now() - entry.at < timedelta(minutes=1)
