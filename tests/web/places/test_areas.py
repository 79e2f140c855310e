"""Police areas, and who may look into which."""

from django.core.management import call_command

from reassure.files.demo_area import demo_area
from reassure.files.demo_inputs import input_files
from reassure_web.places.models import Area
from reassure_web.places.queries import area_map, areas_visible_to
from web.conftest import NOW


def test_the_areas_of_the_united_kingdom_are_there_from_the_start(db):
    """45 police areas have a row before anybody loads anything; none has an outline."""
    assert Area.objects.count() == 45
    assert Area.objects.get(slug="west-midlands").code == "E23000014"
    assert not area_map()


def test_outlines_are_loaded_by_command(db, tmp_path):
    """`load-areas` gives the demo area a row, a readable address and its outline, and says how many."""
    file = tmp_path / "areas.geojson"
    file.write_bytes(input_files(demo_area(seed=1))["areas.geojson"])

    call_command("load_areas", str(file))
    call_command("load_areas", str(file))

    area = Area.objects.get(code="DEMO-01")
    assert area.slug == "demo-area-generated"
    assert len(area_map()) == 1


def test_a_planner_sees_the_own_area_and_a_coordinator_all(person):
    """Scope is the grant's: an area for a planner, the nation for a coordinator, nothing for an outsider."""
    Area.objects.create(code="DEMO-01", slug="demo", name="Demo area")

    assert [a.code for a in areas_visible_to(person("planner"), NOW)] == ["DEMO-01"]
    assert areas_visible_to(person("coordinator"), NOW).count() == 46
    assert not areas_visible_to(person("outsider"), NOW)
