"""The open register files as they are, with every defect that their PROVENANCE.md names.

Expected numbers are those of PROVENANCE.md, of counts_by_police_area.csv, and of the specification.
"""

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from reassure.files.register import Register, read_register

DOUBLED = {"node/2010691099", "node/4193826904", "way/103044268", "way/858976930"}


def _by_ref(register: Register) -> dict:
    return {place.ref: place for place in register.places}


def test_every_row_of_the_open_register_is_read(open_register: Register) -> None:
    """All 37,757 rows become places with 37,757 refs, and none is refused."""
    assert len(open_register.places) == 37_757
    assert len(_by_ref(open_register)) == 37_757
    assert open_register.problems == ()
    assert open_register.n_equal == 0


def test_faiths_are_counted_as_published(open_register: Register) -> None:
    """Every place lists one faith, as often as PROVENANCE.md says."""
    counts = Counter(faith for place in open_register.places for faith in place.faiths)

    assert counts == {
        "christian": 35_737, "muslim": 1_336, "jewish": 220, "sikh": 196, "hindu": 155, "buddhist": 113,
    }  # fmt: skip


def test_police_areas_and_faiths_add_up_as_published(open_register: Register, data_dir: Path) -> None:
    """The number of places of each faith in each of the 45 areas is that of the published table."""
    counts = Counter((place.area_code, faith) for place in open_register.places for faith in place.faiths)
    with (data_dir / "places_of_worship" / "counts_by_police_area.csv").open(encoding="utf-8") as stream:
        published = {
            (row["pfa_code"], column.casefold()): int(row[column])
            for row in csv.DictReader(stream)
            for column in ("Buddhist", "Christian", "Hindu", "Jewish", "Muslim", "Sikh")
        }

    assert len(published) == 45 * 6
    assert {key: counts[key] for key in published} == published
    assert sum(published.values()) == 37_757


def test_the_west_midlands_hold_1300_places(open_register: Register) -> None:
    """1,300 = 1,079 + 137 + 48 + 25 + 7 + 4 places lie in the area of West Midlands Police, by district."""
    own = [place for place in open_register.places if place.area_code == "E23000014"]
    counts = Counter(faith for place in own for faith in place.faiths)

    assert len(own) == 1_300
    assert counts == {"christian": 1_079, "muslim": 137, "sikh": 48, "hindu": 25, "buddhist": 7, "jewish": 4}
    assert {place.area_by for place in own} == {"lad"}
    assert {place.lad_code[:3] for place in own} == {"E08"}


def test_the_west_midlands_file_is_part_of_the_whole(open_register: Register, data_dir: Path) -> None:
    """The file of the West Midlands holds the same places as the open register does for that area."""
    part = read_register(data_dir / "places_of_worship" / "west_midlands_places_of_worship_osm_2026-08.csv")
    whole = {place.external_ids: place for place in open_register.places if place.area_code == "E23000014"}
    assert len(part.places) == 1_300

    for place in part.places:
        held = whole[place.external_ids] if len(place.faiths & whole[place.external_ids].faiths) else None
        if held is not None:
            assert (place.name, place.point, place.lad_code) == (held.name, held.point, held.lad_code)


def test_refs_come_from_openstreetmap_ids(open_register: Register) -> None:
    """A row without `ref` is named by its OpenStreetMap element, so that two runs agree."""
    places = _by_ref(open_register)

    assert places["osm-node-20695974"].name == "Jamie Mosque and Bangladesh Islamic Centre"
    assert places["osm-node-20695974"].external_ids == (("osm", "node/20695974"),)


def test_ids_that_stand_twice_under_two_faiths_are_both_kept(open_register: Register) -> None:
    """Four elements changed hands: both rows are kept, flagged, and their refs end with the faith."""
    flagged = [place for place in open_register.places if "same_id" in place.flags]
    places = _by_ref(open_register)

    assert {i for place in flagged for _, i in place.external_ids} == DOUBLED
    assert len(flagged) == 8
    assert places["osm-way-103044268-muslim"].name == "Masjid Esa Ibn Maryam"
    assert places["osm-way-103044268-christian"].name == "Trinity United Reform Church"
    assert "osm-way-103044268" not in places


def test_refs_of_doubled_ids_do_not_depend_on_the_order_of_rows(data_dir: Path, tmp_path: Path) -> None:
    """The file turned upside down gives the same refs to the same places."""
    source = data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv"
    header, *rows = source.read_text(encoding="utf-8").splitlines()
    few = [row for row in rows if any(i.split("/")[1] in row for i in DOUBLED)]
    (tmp_path / "a.csv").write_text("\n".join([header, *few]), encoding="utf-8")
    (tmp_path / "b.csv").write_text("\n".join([header, *reversed(few)]), encoding="utf-8")

    forwards, backwards = read_register(tmp_path / "a.csv"), read_register(tmp_path / "b.csv")

    assert len(forwards.places) == 8
    assert _by_ref(forwards) == _by_ref(backwards)


def test_unnamed_places_keep_an_empty_name(open_register: Register) -> None:
    """1,561 places have no name: 1,457 Christian, 65 Muslim, 27 Jewish and 12 others."""
    unnamed = [place for place in open_register.places if not place.name]
    counts = Counter(faith for place in unnamed for faith in place.faiths)

    assert len(unnamed) == 1_561
    assert (counts["christian"], counts["muslim"], counts["jewish"]) == (1_457, 65, 27)
    assert sum(counts.values()) - 1_457 - 65 - 27 == 12
    assert unnamed[0].title == "Unnamed place of worship"


def test_names_of_any_script_and_apostrophe_are_kept(open_register: Register) -> None:
    """A curly apostrophe and Greek letters come through; the longest name has 87 characters."""
    places = _by_ref(open_register)

    assert places["osm-node-2010691099-muslim"].name == "Al Ma\u2019rifah Academy"
    assert any(place.name == "Αγιου Ελεθεριου" for place in open_register.places)
    assert max(len(place.name) for place in open_register.places) == 87


def test_the_register_is_cut_in_the_north_and_west(open_register: Register) -> None:
    """No place lies north of 55.9 or west of 6.5: the file ends there and is not complete."""
    assert max(place.point.lat_deg for place in open_register.places) < 55.9
    assert min(place.point.lon_deg for place in open_register.places) > -6.5


def test_denominations_propose_a_profile_and_are_dropped(open_register: Register) -> None:
    """112 Adventist places rest on Saturday, 141 Orthodox are Christian, 120 names rule services out (1 mosque)."""
    profiles = Counter(place.profile for place in open_register.places)
    none = [place for place in open_register.places if place.profile == "none"]

    assert (profiles["saturday"], profiles["orthodox"], profiles["none"]) == (112, 141, 120)
    assert {f for p in open_register.places if p.profile in {"saturday", "orthodox"} for f in p.faiths} == {"christian"}
    assert sum("muslim" in place.faiths for place in none) == 1
    assert not hasattr(none[0], "denomination")
    assert all("no_services_expected" in place.flags for place in none)


def test_columns_that_nobody_knows_are_named(open_register: Register) -> None:
    """Columns without a use are named to the user, not taken in silence."""
    assert open_register.dropped == ("area_name", "source_tier", "pfa_name", "nearest_postcode_m")


def test_each_field_says_where_it_comes_from(open_register: Register) -> None:
    """Name and point are OpenStreetMap's, the nearest postcode is derived, the address is of the older file."""
    place = _by_ref(open_register)["osm-node-26756585"]
    said = {fact.field: fact for fact in place.facts}

    assert (said["name"].source_ref, said["name"].rank) == ("places_of_worship_osm_2026-08", 5)
    assert said["name"].observed_on == date(2026, 8, 1)
    assert said["point"].value == (51.43649, -0.19725, 10.0)
    assert (said["nearest_postcode"].source_ref, said["nearest_postcode"].rank) == ("code_point_open", 6)
    assert (said["address"].source_ref, said["address"].observed_on.year) == ("osm_2025", 2025)
    assert place.nearest_postcode == "SW19 8DT"
    assert place.postcode == "SW19 8DS"  # stated, and not the nearest one


def test_sources_carry_licence_attribution_and_date(open_register: Register) -> None:
    """The sources of the open register ask for both attributions, and the whole is share-alike."""
    words = {source.attribution for source in open_register.sources}

    assert "© OpenStreetMap contributors, ODbL 1.0 (openstreetmap.org/copyright)" in words
    assert any("Contains Royal Mail data © Royal Mail copyright and database right 2025" in w for w in words)
    assert {s.licence for s in open_register.sources if s.is_share_alike} == {"ODbL 1.0"}


def test_the_digest_is_that_of_the_file(open_register: Register, data_dir: Path) -> None:
    """The digest is the SHA-256 of the bytes of the file."""
    data = (data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv").read_bytes()

    assert open_register.digest == hashlib.sha256(data).hexdigest()


def test_a_file_without_ids_is_keyed_by_its_rows(data_dir: Path) -> None:
    """The 984 mosques of 2025 get 12 hex digits of the SHA-256 of `name|lat|lon`, and the faith that is given."""
    path = data_dir / "places_of_worship" / "mosques_uk_osm_2025-07_dedup.csv"

    register = read_register(path, faith="muslim", with_facts=True)

    with path.open(encoding="utf-8") as stream:
        expected = [
            hashlib.sha256(f"{row['name']}|{row['lat']}|{row['lon']}".encode()).hexdigest()[:12]
            for row in csv.DictReader(stream)
        ]
    assert [place.ref for place in register.places] == expected
    assert len(expected) == 984
    assert {place.faiths for place in register.places} == {frozenset({"muslim"})}
    assert "congregation" in register.dropped
    assert sum(bool(place.postcode) for place in register.places) == 542
    assert sum(place.area_code == "S23000009" for place in register.places) == 52
    assert register.sources[0].retrieved_on == date(2025, 7, 1)
    assert register.sources[0].licence == "ODbL 1.0"


@pytest.mark.parametrize(
    ("file", "n_places", "n_without_religion", "skipped"),
    [
        ("rutland-2018-02-27.osm.pbf", 66, 13, ()),
        # 35 objects, of which relation 6628233 (type=building) has no outline and doubles way 25904232
        (
            "london-holborn-farringdon-2020-07-20.osm.pbf",
            34,
            0,
            ("relation/6628233 St Clement Danes: it has no outline",),
        ),
    ],
)
def test_extracts_of_openstreetmap_are_read(
    data_dir: Path, file: str, n_places: int, n_without_religion: int, skipped: tuple[str, ...]
) -> None:
    """Nodes and ways become places; a relation without an outline is skipped and named."""
    register = read_register(data_dir / "osm_extracts" / file)

    assert len(register.places) == n_places
    assert sum(not place.faiths for place in register.places) == n_without_religion
    assert register.skipped == skipped
    assert register.problems == ()


def test_extracts_list_the_faiths_as_published(data_dir: Path) -> None:
    """Rutland: 53 Christian. London: 33 Christian objects (one the relation), 1 Muslim, 1 of another faith."""
    rutland = read_register(data_dir / "osm_extracts" / "rutland-2018-02-27.osm.pbf")
    london = read_register(data_dir / "osm_extracts" / "london-holborn-farringdon-2020-07-20.osm.pbf")

    assert Counter(f for p in rutland.places for f in p.faiths) == {"christian": 53}
    assert Counter(f for p in london.places for f in p.faiths) == {"christian": 32, "muslim": 1, "other": 1}
    assert "osm-way-25904232" in {place.ref for place in london.places}


def test_a_way_stands_where_the_other_file_has_it(open_register: Register, data_dir: Path) -> None:
    """Ways of the Rutland extract lie within 60 m of the Overpass centre of the same way in the open register."""
    whole = _by_ref(open_register)
    rutland = read_register(data_dir / "osm_extracts" / "rutland-2018-02-27.osm.pbf")
    shared = [place for place in rutland.places if place.ref in whole and "-way-" in place.ref]

    assert len(shared) > 30
    for place in shared:
        assert abs(place.point.lat_deg - whole[place.ref].point.lat_deg) < 0.0005
        assert abs(place.point.lon_deg - whole[place.ref].point.lon_deg) < 0.0008
        assert place.size_m2 is None or 10 < place.size_m2 < 20_000
