"""Police areas: district, outline, nearest outline, unknown."""

from collections import Counter
from dataclasses import replace
from math import cos, hypot, radians
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from reassure.files.areas import read_areas, read_districts
from reassure.files.register import Register
from reassure.geo import EARTH_RADIUS_M, Point
from reassure.places.areas import AreaMap, Outline, assigned_area, with_areas
from reassure.places.place import Place

METRES_PER_DEG = radians(EARTH_RADIUS_M)
WEST = Outline("E23000014", "West", shapely.box(-2.0, 52.0, -1.0, 53.0))
EAST = Outline("E23000016", "East", shapely.box(-1.0, 52.0, 0.0, 53.0))
MAP = AreaMap((WEST, EAST))
DISTRICTS = {"E08000025": "E23000014"}


def _place(lat_deg: float, lon_deg: float, **fields) -> Place:
    return Place(ref="p", point=Point(lat_deg, lon_deg), **fields)


def _east_of(lon_deg: float, metres: float) -> float:
    return lon_deg + metres / METRES_PER_DEG / cos(radians(52.5))


@pytest.mark.parametrize(
    ("place", "code", "by", "flags"),
    [
        (_place(52.5, -1.5, lad_code="E08000025"), "E23000014", "lad", ()),
        (_place(52.5, -0.5, lad_code="E08000025"), "E23000014", "lad", ("area_differs",)),  # the district stands
        (_place(52.5, -0.5, lad_code="E08000099"), "E23000016", "polygon", ("lad_unknown",)),
        (_place(52.5, -0.5), "E23000016", "polygon", ()),
        (_place(52.5, -1.0), "E23000014", "polygon", ()),  # on the boundary of both: inside, the first code
        (_place(53.0, -1.5), "E23000014", "polygon", ()),  # on the outer boundary
        (_place(52.5, _east_of(0.0, 490)), "E23000016", "nearest", ("area_nearest", "outside_polygons")),
        (_place(52.5, _east_of(0.0, 510)), "", "", ("outside_polygons",)),  # a task, never a guess
        (_place(52.5, -1.5, area_code="E23000016", area_by="person"), "E23000016", "person", ("area_differs",)),
        (_place(60.0, 1.9, lad_code="E08000025"), "E23000014", "lad", ("outside_polygons",)),
    ],
)
def test_how_a_place_gets_its_area(place: Place, code: str, by: str, flags: tuple[str, ...]) -> None:
    """District, then outline, then the nearest within 500 m, else unknown; a person's word is left alone."""
    (found,) = with_areas([place], districts=DISTRICTS, outlines=MAP)

    assert (found.area_code, found.area_by, found.flags) == (code, by, flags)


def test_without_outlines_and_districts_nothing_changes() -> None:
    """A place keeps the area that it came with."""
    place = _place(52.5, -1.5, area_code="E23000016", lad_code="E08000025", area_by="lad")

    assert with_areas([place], districts={}) == (place,)


def test_areas_of_police_are_a_mapping_with_outlines() -> None:
    """An area has its name and its outline as GeoJSON has it: polygons, rings, longitude first."""
    assert list(MAP) == ["E23000014", "E23000016"]
    assert MAP["E23000014"].name == "West"
    (polygon,) = MAP["E23000014"].outline
    assert {tuple(corner) for corner in polygon[0]} == {(-2.0, 52.0), (-2.0, 53.0), (-1.0, 53.0), (-1.0, 52.0)}
    assert assigned_area(_place(52.5, -0.5), MAP).area_code == "E23000016"


@given(st.floats(51.9, 53.1), st.floats(-2.1, 0.1))
def test_every_place_has_at_most_one_area_and_doing_it_twice_is_doing_it_once(lat_deg: float, lon_deg: float) -> None:
    """Areas partition the places, and working them out again changes nothing."""
    once = with_areas([_place(lat_deg, lon_deg)], districts=DISTRICTS, outlines=MAP)

    assert once[0].area_code in {"", "E23000014", "E23000016"}
    assert bool(once[0].area_code) == bool(once[0].area_by)
    assert with_areas(once, districts=DISTRICTS, outlines=MAP) == once


@pytest.mark.slow
def test_the_real_register_has_one_answer_by_district_and_outline(open_register: Register, data_dir: Path) -> None:
    """All 37,757 by district; outlines hold 37,753 of them without a disagreement; the other 4 are nearest right."""
    outlines = read_areas(data_dir / "police_areas" / "uk_police_areas_2023_buc.geojson")
    districts = read_districts(data_dir / "police_areas" / "lad_to_police_area.csv")
    bare = [replace(p, area_code="", area_by="", lad_code="", facts=()) for p in open_register.places]

    by_district = with_areas(open_register.places, districts=districts, outlines=outlines)
    by_outline = with_areas(bare, districts={}, outlines=outlines)

    assert (len(outlines), len(districts)) == (45, 363)
    assert Counter(place.area_by for place in by_district) == {"lad": 37_757}
    assert not any("area_differs" in place.flags or "lad_unknown" in place.flags for place in by_district)
    assert Counter(place.area_by for place in by_outline) == {"polygon": 37_753, "nearest": 4}
    assert [p.area_code for p in by_outline] == [p.area_code for p in open_register.places]
    nearest = [place for place in by_outline if place.area_by == "nearest"]
    assert Counter(place.area_code for place in nearest) == {"W15000001": 2, "E23000035": 2}  # Menai; Devon, Cornwall


def test_the_four_outside_lie_within_80_m_of_their_area(data_dir: Path) -> None:
    """A walk along the outline in steps of about 10 m finds the distances 13, 78, 2 and 58 m that `nearest` uses."""
    outlines = read_areas(data_dir / "police_areas" / "uk_police_areas_2023_buc.geojson")
    for code, lat_deg, lon_deg in (
        ("W15000001", 53.22363, -4.16298),
        ("W15000001", 53.22344, -4.16532),
        ("E23000035", 50.34843, -3.57241),
        ("E23000035", 50.15788, -5.0175),
    ):
        corners = shapely.get_coordinates(shapely.segmentize(outlines[code].polygon, 0.0001))
        squeeze = cos(radians(lat_deg))
        walked = min(hypot((x - lon_deg) * squeeze, y - lat_deg) for x, y in corners.tolist()) * METRES_PER_DEG

        assert walked < 80
        assert outlines.nearest(Point(lat_deg, lon_deg), within_m=walked + 1) == code
        assert outlines.nearest(Point(lat_deg, lon_deg), within_m=walked - 6) == ""
