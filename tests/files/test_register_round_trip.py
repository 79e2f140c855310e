"""What we write we read back: our own CSV, facts and sources, and GeoJSON for passing on."""

import csv
import io
import json
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.faiths import CODES
from reassure.files.geojson import register_geojson
from reassure.files.register import Register, read_register
from reassure.files.register_csv import register_bytes, write_register
from reassure.geo import Point
from reassure.places.place import PRESENCES, PROFILES, SETTINGS, STATUSES, Fact, Place, place_problems
from reassure.places.sources import osm_source, settled
from reassure.provenance import Source

AUGUST = date(2026, 8, 1)
SOURCES = (
    osm_source("osm_2026-08", AUGUST),
    Source("visits", 'Visits | and, "quotes"', "not stated", "", None, "https://example.org", is_share_alike=False),
)

NAMES = st.one_of(
    st.sampled_from(
        ["=cmd", "'=cmd", "''@x", "-St Mary", "+44", "'tis", 'The "Ark", Zion', "St Mary; St John", "Αγία"]
    ),
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="|"), min_size=1, max_size=30),
).map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
DAYS = st.dates(date(2020, 1, 1), date(2026, 1, 1))
POINTS = st.tuples(st.floats(49, 61), st.floats(-9, 2))
VALUES = {
    "name": NAMES,
    "address": NAMES,
    "faiths": st.frozensets(st.sampled_from([code for code in CODES if code != "unknown"])),
    "point": st.tuples(st.floats(49, 61), st.floats(-9, 2), st.sampled_from([10.0, 30.0, 5.5])),
    "status": st.sampled_from(STATUSES),
    "setting": st.sampled_from(SETTINGS),
    "profile": st.sampled_from(PROFILES),
    "size_m2": st.floats(1, 1e5),
    "valid_from": DAYS,
    "nearest_postcode": st.sampled_from(["B11 1AA", "EC1A 1BB"]),
    "lad_code": st.sampled_from(["E08000025", "W06000001"]),
    "area_code": st.sampled_from(["E23000014", "N-PSNI"]),
}
FACTS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda field: st.builds(
        Fact,
        field=st.just(field),
        value=VALUES[field],
        source_ref=st.sampled_from(["osm_2026-08", "visits"]),
        rank=st.sampled_from([1, 5]),  # few, so that several facts share source, rank and day
        observed_on=st.sampled_from([AUGUST, date(2026, 9, 1)]),
        recorded_by=st.sampled_from(["", "", "", "u1"]),
        recorded_at=st.sampled_from([None, None, None, datetime(2026, 8, 1, 5, 10, tzinfo=UTC)]),
    )
)


@st.composite
def places(draw: st.DrawFn) -> Place:
    point = Point(*draw(POINTS))
    place = Place(
        ref=draw(st.from_regex(r"[a-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)),
        name=draw(st.one_of(st.just(""), NAMES)),
        other_names=tuple(dict.fromkeys(draw(st.lists(NAMES.filter(bool), max_size=2)))),
        faiths=draw(VALUES["faiths"]),
        point=point,
        precision_m=draw(st.sampled_from([10.0, 30.0, 12.5])),
        entrances=draw(st.sampled_from([(), (("main", point), ("step-free", Point(52.0, -1.0)))])),
        postcode=draw(st.sampled_from(["", "B11 1AA"])),
        presence=draw(st.sampled_from(PRESENCES)),
        bands=draw(st.sampled_from([(), (("friday", "L"), ("sunday", "S"))])),
        external_ids=draw(st.sampled_from([(), (("osm", "node/1"),), (("charity", "7"), ("osm", "way/1"))])),
        flags=draw(st.sampled_from([(), ("not_seen", "same_id")])),
    )
    return settled(place, draw(st.lists(FACTS, max_size=6)))


@given(places())
def test_a_place_survives_our_own_file(tmp_path_factory: pytest.TempPathFactory, place: Place) -> None:
    """Every field and every fact of a place is read back from the register that we write, and writes the same bytes."""
    path = tmp_path_factory.mktemp("r") / "register.csv"
    if place_problems(place):
        return
    write_register(path, [place], SOURCES)

    register = read_register(path, with_facts=True)

    assert [problem.text for problem in register.problems] == []
    (back,) = register.places
    flags = set(back.flags) - {"maybe_closed", "no_services_expected"}  # said by the name, again at every reading
    assert set(place.flags) - {"maybe_closed", "no_services_expected"} == flags
    for field in Place.__dataclass_fields__:
        if field != "flags":
            assert getattr(back, field) == getattr(place, field), field
    assert {source.ref for source in register.sources} == set(place.source_refs)
    assert all(source in SOURCES for source in register.sources)


def test_facts_that_do_not_stand_keep_their_place_and_value(tmp_path: Path) -> None:
    """One source's overruled name and standing address are read back in the order of facts, after the better name."""
    facts = [
        Fact("name", "Ours", "visits", 2, AUGUST),
        Fact("name", "Theirs", "osm_2026-08", 5, AUGUST),
        Fact("name", "Theirs2", "osm_2026-08", 5, AUGUST),
        Fact("address", "1 High Street", "osm_2026-08", 5, AUGUST),
    ]
    place = settled(Place("a", point=Point(52.48, -1.9)), facts)
    path = tmp_path / "register.csv"
    write_register(path, [place], SOURCES)

    (back,) = read_register(path, with_facts=True).places

    assert back == place
    assert [fact.value for fact in back.facts] == ["Theirs", "Theirs2", "1 High Street", "Ours"]


@pytest.mark.slow
def test_the_open_register_survives_our_own_file(open_register: Register, tmp_path: Path) -> None:
    """All 37,757 places with their facts and sources are read back equal, and written again to the same bytes."""
    path = tmp_path / "register.csv"
    write_register(path, open_register.places, open_register.sources)

    back = read_register(path, with_facts=True)

    assert back.problems == ()
    assert back.dropped == ()
    assert back.places == tuple(sorted(open_register.places, key=lambda place: place.ref))
    assert back.sources == open_register.sources
    assert register_bytes(back.places, back.sources) == path.read_bytes()


def test_reading_without_facts_gives_the_same_places(tmp_path: Path) -> None:
    """Facts are there when they are asked for; everything else is the same either way."""
    place = settled(Place("a", point=Point(52.48, -1.9)), [Fact("name", "A", "osm_2026-08", 5, AUGUST)])
    path = tmp_path / "register.csv"
    write_register(path, [place], SOURCES)

    (bare,) = read_register(path).places

    assert (bare.ref, bare.name, bare.point, bare.facts) == ("a", "A", place.point, ())


def test_rows_carry_licence_and_date_of_their_sources(tmp_path: Path) -> None:
    """Each row names its sources and licences; attribution and date stand in the first row of a source."""
    facts = [Fact("name", "A", "osm_2026-08", 5, AUGUST)]
    two = [settled(Place(ref, point=Point(52.48, -1.9)), facts) for ref in ("a", "b")]

    rows = list(csv.DictReader(io.StringIO(register_bytes(two, SOURCES).decode())))

    assert [row["sources"] for row in rows] == ["osm_2026-08", "osm_2026-08"]
    assert [row["licence"] for row in rows] == ["ODbL 1.0", "ODbL 1.0"]
    assert json.loads(rows[0]["source_details"])[0]["attribution"].startswith("© OpenStreetMap contributors")
    assert json.loads(rows[0]["source_details"])[0]["retrieved_on"] == "2026-08-01"
    assert rows[1]["source_details"] == ""


def test_a_lost_row_of_details_leaves_the_source_named(tmp_path: Path) -> None:
    """Where the row with a source's details was deleted, the source is kept by its name, its licence not stated."""
    facts = [Fact("name", "A", "osm_2026-08", 5, AUGUST)]
    two = [settled(Place(ref, point=Point(52.48, -1.9)), facts) for ref in ("a", "b")]
    header, _first, second = register_bytes(two, SOURCES).decode().splitlines()
    path = tmp_path / "register.csv"
    path.write_text(f"{header}\n{second}\n", encoding="utf-8")

    register = read_register(path, with_facts=True)

    assert [(source.ref, source.licence) for source in register.sources] == [("osm_2026-08", "not stated")]


def test_the_own_word_of_a_place_is_not_passed_on() -> None:
    """A register for passing on has no presence, bands, entrances or facts of trustees; the working file has them."""
    place = settled(
        Place("a", point=Point(52.48, -1.9), presence="none", bands=(("friday", "L"),)),
        [Fact("name", "Ours", "visits", 1, AUGUST), Fact("name", "Theirs", "osm_2026-08", 5, AUGUST)],
    )

    working = register_bytes([place], SOURCES).decode()
    passed_on = register_bytes([place], SOURCES, for_passing_on=True).decode()
    features = register_geojson([place], SOURCES).decode()

    assert "friday=L" in working
    assert "Ours" in working
    for text in (passed_on, features):
        assert not any(word in text for word in ("friday", "Ours", "presence", "bands"))
        assert "Theirs" in text
        assert "© OpenStreetMap contributors, ODbL 1.0" in text


def test_geojson_is_read_back(tmp_path: Path) -> None:
    """What is written as GeoJSON is read as the same places; the whole is under the share-alike licence."""
    place = Place(
        "a", "A", faiths=frozenset({"hindu", "sikh"}), point=Point(52.48, -1.9), external_ids=(("osm", "way/1"),)
    )
    path = tmp_path / "register.geojson"
    path.write_bytes(register_geojson([place], SOURCES))

    (back,) = read_register(path).places

    assert back == place
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["licence"] == "ODbL 1.0"
    assert document["sources"][0]["retrieved_on"] == "2026-08-01"


def test_a_polygon_gives_its_middle_and_its_footprint(tmp_path: Path) -> None:
    """A house of 0.001 by 0.001 degrees at 52 N is 111.195 m by 111.195 m x cos 52 = 7,612 m2."""
    ring = [[-1.0, 52.0], [-0.999, 52.0], [-0.999, 52.001], [-1.0, 52.001], [-1.0, 52.0]]
    feature = {
        "type": "Feature",
        "id": "way/7",
        "properties": {"name": "Hall", "religion": "jain", "congregation": "120"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "list.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")

    register = read_register(path)

    (place,) = register.places
    assert (place.ref, place.point, place.faiths) == ("osm-way-7", Point(52.0005, -0.9995), frozenset({"other"}))
    assert place.size_m2 == pytest.approx(7_612, abs=2)
    assert register.dropped == ("congregation",)


OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" version="1" lat="52.0" lon="-1.0"/><node id="2" version="1" lat="52.0" lon="-0.999"/>
<node id="3" version="1" lat="52.001" lon="-0.999"/><node id="4" version="1" lat="52.001" lon="-1.0"/>
<node id="9" version="1" lat="52.5" lon="-1.5"><tag k="amenity" v="place_of_worship"/><tag k="name" v="Zion"/>
  <tag k="religion" v="multifaith"/><tag k="alt_name" v="Sion;Old Zion"/><tag k="disused:amenity" v="yes"/>
  <tag k="contact:phone" v="1"/><tag k="denomination" v="baptist"/></node>
<way id="5" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<way id="6" version="1"><nd ref="1"/><nd ref="77"/><tag k="amenity" v="place_of_worship"/></way>
<relation id="8" version="1"><member type="way" ref="5" role="outer"/><tag k="type" v="multipolygon"/>
  <tag k="amenity" v="place_of_worship"/><tag k="religion" v="sikh"/><tag k="addr:housenumber" v="4"/>
  <tag k="addr:street" v="High Street"/><tag k="addr:postcode" v="B11 1AA"/></relation>
<relation id="10" version="1"><tag k="type" v="building"/><tag k="amenity" v="place_of_worship"/></relation>
</osm>"""


def test_openstreetmap_xml_is_read(tmp_path: Path) -> None:
    """A node, and a multipolygon as an area; a way without its nodes and a relation without outline are skipped."""
    path = tmp_path / "town-2026-05-01.osm"
    path.write_text(OSM, encoding="utf-8")

    register = read_register(path, with_facts=True)

    node, area = register.places
    assert (node.ref, node.name, node.other_names) == ("osm-node-9", "Zion", ("Sion", "Old Zion"))
    assert (node.faiths, node.status, node.flags, node.precision_m) == (frozenset(), "closed", ("maybe_closed",), 10.0)
    assert (area.ref, area.faiths, area.point) == ("osm-relation-8", frozenset({"sikh"}), Point(52.0005, -0.9995))
    assert (area.address, area.postcode, area.precision_m) == ("4 High Street", "B11 1AA", 30.0)
    assert area.size_m2 == pytest.approx(7_612, abs=2)
    assert register.skipped == ("way/6: its nodes are not in the file", "relation/10: it has no outline")
    assert register.sources[0].retrieved_on == date(2026, 5, 1)
    assert {fact.observed_on for fact in node.facts} == {date(2026, 5, 1)}
