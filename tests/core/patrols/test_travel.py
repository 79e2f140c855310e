"""Journey times by great circle: values by hand, rounding, and what is refused."""

import math

import numpy as np
import pytest

from reassure.errors import InputError
from reassure.geo import Point, great_circle_m
from reassure.patrols.travel import matrix_bytes, travel_matrices

NORTH = Point(52.01, -1.0)
SOUTH = Point(52.0, -1.0)


def test_one_hundredth_of_a_degree_north_by_every_kind():
    """0.01 degrees north is 1,111.951 m, 1,501.134 m of road: 135 s at 25 mph, 361 s at 15, 1,126 s at 4.8 km/h."""
    # 6,371,008.8 m * 0.01 * pi/180 = 1,111.951 m; x 1.35 = 1,501.134 m
    # 1,501.134 * 3,600/40,233.6 = 134.32; * 3,600/15,000 = 360.27; * 3,600/4,800 = 1,125.85; each rounded up, + 60
    matrices = travel_matrices([SOUTH, NORTH], 2, {"car", "foot", "cycle"})

    assert {kind: matrix.tolist() for kind, matrix in matrices.items()} == {
        "car": [[0, 195], [195, 0]],
        "cycle": [[0, 421], [421, 0]],
        "foot": [[0, 1186], [1186, 0]],
    }


def test_only_legs_into_a_place_take_the_minute_at_the_door():
    """The way from a base to a place takes 60 s more than the way back; between two bases nothing is added."""
    matrix = travel_matrices([SOUTH, NORTH, Point(52.02, -1.0)], 1, {"car"})["car"]

    assert matrix[1, 0] - matrix[0, 1] == 60
    assert matrix[1, 2] == matrix[2, 1] == 135


def test_two_places_at_one_spot_are_a_minute_apart():
    """Distance nothing still means walking to another door; staying at a place takes nothing."""
    matrix = travel_matrices([SOUTH, SOUTH], 2, {"foot"})["foot"]

    assert matrix.tolist() == [[0, 60], [60, 0]]


def test_seconds_are_never_shorter_than_the_way():
    """Each journey is the least whole number of seconds that is not shorter than the road at its speed."""
    points = [Point(50 + 0.37 * i, -5 + 0.53 * ((i * 7) % 11)) for i in range(25)]

    matrix = travel_matrices(points, 0, {"car"})["car"]

    for i, a in enumerate(points):
        for j, b in enumerate(points):
            exact = great_circle_m(a, b) * 1.35 / (25 * 1609.344 / 3600)
            assert math.floor(exact) <= matrix[i, j] <= math.ceil(exact) if i != j else matrix[i, j] == 0


def test_matrices_are_whole_seconds_of_four_bytes():
    """A matrix has the type and the memory that are said beforehand."""
    matrices = travel_matrices([SOUTH, NORTH, SOUTH], 2, ["foot", "car"])

    assert [matrix.dtype for matrix in matrices.values()] == [np.int32, np.int32]
    assert sum(matrix.nbytes for matrix in matrices.values()) == matrix_bytes(3, 2) == 72
    assert matrix_bytes(5_000, 1) == 100_000_000


def test_no_nodes_give_empty_matrices():
    """Nothing to drive between is no error."""
    assert travel_matrices([], 0, {"car"})["car"].shape == (0, 0)


@pytest.mark.parametrize(
    ("nodes", "kinds", "says"),
    [
        ([SOUTH, NORTH], {"boat"}, "kind is boat; expected one of car, cycle, foot"),
        ([SOUTH, Point(math.nan, -1.0)], {"car"}, "nan, -1.0; expected two numbers"),
    ],
)
def test_unknown_kinds_and_positions_are_refused(nodes, kinds, says):
    """A kind without a speed and a position that is no number are named."""
    with pytest.raises(InputError, match=says):
        travel_matrices(nodes, 2, kinds)
