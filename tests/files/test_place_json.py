"""A place kept as JSON comes back as it was."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.demo_area import demo_area
from reassure.files.place_json import place_object, place_of_object, settled_place_of_object
from reassure.files.register import read_register
from reassure.geo import Point
from reassure.places.place import Fact, Place
from reassure.places.sources import settled

REGISTER = (
    Path(os.environ.get("REASSURE_DATA", "../shared/data")) / "places_of_worship/places_of_worship_osm_2026-08.csv"
)
FULL = Place(
    ref="p-1",
    name="Demo Mosque",
    other_names=("مسجد المثال", "Demo Masjid"),
    faiths=frozenset({"muslim", "christian"}),
    point=Point(52.4862, -1.8904),
    precision_m=10.0,
    entrances=(("main", Point(52.4863, -1.8905)),),
    address="1 Example Street",
    postcode="B11 1AA",
    nearest_postcode="B11 1AB",
    area_code="E23000014",
    lad_code="E08000025",
    area_by="lad",
    setting="shared_building",
    profile="none",
    bands=(("jumuah", "200-399"),),
    size_m2=412.0,
    status="active",
    valid_from=date(2020, 1, 2),
    valid_to=date(2030, 3, 4),
    presence="outside_only",
    authority="saudi",
    external_ids=(("osm", "way/1"),),
    flags=("differs",),
    source_refs=("list",),
)


def there_and_back(place: Place) -> Place:
    return place_of_object(json.loads(json.dumps(place_object(place))))


def test_every_field_comes_back():
    """No field of a place is lost or changed by keeping it."""
    assert there_and_back(FULL) == FULL


def test_facts_that_do_not_stand_come_back_too():
    """Who said what, when and who wrote it down is kept, also where another word stands."""
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    place = settled(
        replace(FULL, flags=()),
        (
            Fact("name", "Demo Mosque", "door", 2, date(2026, 11, 20), "user:7", at),
            Fact("name", "Old Name", "osm_2026", 5, date(2026, 8, 1)),
            Fact("faiths", frozenset({"muslim", "christian"}), "osm_2026", 5, date(2026, 8, 1)),
            Fact("point", (52.4862, -1.8904, 10.0), "osm_2026", 5, date(2026, 8, 1)),
        ),
    )

    assert there_and_back(place) == place


def test_every_place_of_the_demo_area_comes_back():
    """Doubles, gaps, entrances and other scripts come back as they were."""
    for place in demo_area(seed=3).places:
        assert there_and_back(place) == place


def test_facts_that_somebody_spoiled_are_named():
    """A record whose facts cannot be read is refused, never half read."""
    spoiled = place_object(FULL) | {"facts": "no list"}

    with pytest.raises(InputError, match="facts is no list"):
        place_of_object(spoiled)


def test_a_place_is_settled_by_its_facts_and_reads_the_same_without_them():
    """Where somebody's word is newer than the columns, the word stands, whether or not the facts come along."""
    word = Fact("name", "New Name", "door", 1, date(2026, 11, 20))
    spoken = place_object(replace(FULL, facts=(word,)))

    assert settled_place_of_object(spoken) == replace(place_of_object(spoken), facts=())
    assert settled_place_of_object(spoken).name == "New Name"
    with pytest.raises(InputError, match="facts is no list"):
        settled_place_of_object(place_object(FULL) | {"facts": "no list"})
    for place in demo_area(seed=3).places:
        assert settled_place_of_object(place_object(place)) == replace(place, facts=())


@pytest.mark.slow
@pytest.mark.skipif(not REGISTER.exists(), reason="the open register is not here (REASSURE_DATA)")
def test_the_whole_open_register_comes_back():
    """All 37,757 places of the open register come back with their facts."""
    places = read_register(REGISTER, with_facts=True).places

    assert len(places) == 37_757
    assert all(there_and_back(place) == place for place in places)
    assert all(settled_place_of_object(place_object(place)) == replace(place, facts=()) for place in places)
