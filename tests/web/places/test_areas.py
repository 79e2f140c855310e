"""Police areas, and who may look into which."""

import pytest
from django.core.management import CommandError, call_command

from reassure.files.demo_area import demo_area
from reassure.files.demo_inputs import input_files
from reassure_web.places.models import Area, Place
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


def test_districts_and_postcodes_are_loaded_by_command(person, bring_in, tmp_path):
    """A place is put into its area by its district, and checked against where its postcode is."""
    districts, postcodes = tmp_path / "lad.csv", tmp_path / "postcodes.csv"
    districts.write_text("lad_code,pfa_code\nE08000025,E23000014\n")
    postcodes.write_text(
        "postcode,lat,lon,pq,lad_code\nB11 1AA,52.46420,-1.87280,10,E08000025\nB11 1AB,52.4650,-1.8730,10,E08000025\n"
    )

    call_command("load_districts", str(districts))
    call_command("load_postcodes", str(postcodes))
    bring_in(
        person("planner", refs=["E23000014"]),
        b"ref,name,lat,lon,lad_code,postcode\n"
        b"near,Near,52.46421,-1.87281,E08000025,b11 1aa\n"
        b"far,Far,52.50,-1.87,E08000025,B11 1AA\n"
        b"new,New,52.46,-1.87,E08000025,B11 9ZZ\n",
        "list.csv",
    )

    rows = {row.ref: row for row in Place.objects.all()}
    assert {row.area_code for row in rows.values()} == {"E23000014"}
    assert rows["near"].postcode == "B11 1AA"
    assert "point_far_from_postcode" not in rows["near"].doubts
    assert "point_far_from_postcode" in rows["far"].doubts
    assert "postcode_unknown" in rows["new"].doubts


def test_a_list_that_is_none_is_refused_in_words(db, tmp_path):
    """The command names file, line and what was expected, and nothing is lost."""
    file = tmp_path / "x.csv"
    file.write_text("postcode,lat,lon,pq,lad_code\nB11 1AA,north,-1.87,10,E08000025\n")

    with pytest.raises(CommandError, match="row 2: the row cannot be read"):
        call_command("load_postcodes", str(file))
