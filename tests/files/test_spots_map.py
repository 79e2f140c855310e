"""The map of a list of places: what is drawn, and what it says to those who do not see it."""

import xml.etree.ElementTree as ET

import pytest

from reassure.files.spots_map import MOST_SPOTS, Spot, spots_map

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = [[[[-2.0, 52.0], [-1.0, 52.0], [-1.0, 53.0], [-2.0, 53.0], [-2.0, 52.0]]]]


def drawn(spots: list[Spot], outline: object = None) -> ET.Element:
    return ET.fromstring(spots_map(spots, title="Places", outline=outline))  # noqa: S314 - our own drawing


def test_each_spot_is_drawn_once_in_the_shape_of_its_kind():
    """A place that is to be looked at differs by shape, not only by colour, and carries its name."""
    svg = drawn([Spot(52.5, -1.5, "First"), Spot(52.6, -1.4, "<Second>", "flagged")], SQUARE)

    groups = [g for g in svg.iter(f"{SVG}g") if g.get("class", "").startswith("spot")]
    shapes = [g.find(f"{SVG}path").get("d") for g in groups]

    assert [g.get("class") for g in groups] == ["spot place", "spot flagged"]
    assert [g.find(f".//{SVG}title").text for g in groups] == ["First", "<Second>"]
    assert shapes[0] != shapes[1]
    assert svg.find(f"{SVG}path[@class='area']") is not None


def test_north_is_up_and_east_is_right():
    """The spot farther north stands higher, the one farther east farther to the right."""
    svg = drawn([Spot(52.0, -2.0, "south-west"), Spot(53.0, -1.0, "north-east")])

    moves = [p.get("transform") for p in svg.iter(f"{SVG}path") if p.get("transform")]
    (x1, y1), (x2, y2) = [map(float, m.removeprefix("translate(").removesuffix(")").split()) for m in moves]

    assert x1 < x2
    assert y1 > y2


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 are drawn."), (3, "3 are drawn."), (2_500, "2,000 of 2,500 are drawn.")]
)
def test_a_map_says_how_much_of_the_list_it_shows(n, words):
    """An empty list has a map as well; a long one says what was left out."""
    svg = drawn([Spot(52.0 + k / 10_000, -1.5, f"Place {k}") for k in range(n)])

    assert words in svg.find(f"{SVG}desc").text
    assert len([g for g in svg.iter(f"{SVG}g") if g.get("class") == "spot place"]) == min(n, MOST_SPOTS)
