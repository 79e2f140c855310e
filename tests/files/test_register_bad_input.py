"""Bad input to a register: what is refused, what is said, and that good rows survive it."""

import json
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.register import read_register

HEADER = "ref,name,faith,lat,lon\n"
GOOD = "good,Sound Chapel,christian,52.48,-1.9\n"


def _read(tmp_path: Path, text: str, name: str = "list.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_register(path)


def _whole_fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_register(path)
    assert caught.value.problems
    return str(caught.value)


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("x,A,christian,91,-1.9", "lat", "49 to 61"),
        ("x,A,christian,52.48,200", "lon", "-9 to 2"),
        ("x,A,christian,0,0", "lat, lon", "0, 0 stands for an unknown one"),
        ("x,A,christian,nan,-1.9", "lat", "degrees as a number"),
        ("x,A,christian,inf,-1.9", "lat", "degrees as a number"),
        ("x,A,christian,,-1.9", "lat", "degrees as a number"),
        ("x,A,christian,fifty,-1.9", "lat", "degrees as a number"),
        ("x,A,christian,1_0,-1.9", "lat", "degrees as a number"),  # Python would read 10
        ("x,A,christian,٥٢,-1.9", "lat", "degrees as a number"),  # and 52 in other digits
        ('x,A,christian,"52,48",-1.9', "lat", "a decimal point, not a comma"),
        ("x,A,christian,-1.9,52.48", "lat, lon", "the two look swapped"),
        ("x," + "n" * 300 + ",christian,52.48,-1.9", "name", "at most 120 characters"),
        ("x,\u200b\u200b,christian,52.48,-1.9", "name", "characters that can be seen"),
        ("x,A\x07,christian,52.48,-1.9", "name", "without control characters"),
        ("x,A\x85,christian,52.48,-1.9", "name", "without control characters"),  # a C1 control, two bytes long
        ("x,=1+1,christian,52.48,-1.9", "name", "not a formula"),
        ("x, @SUM(A1),christian,52.48,-1.9", "name", "not a formula"),
        ("x,-cmd,christian,52.48,-1.9", "name", "not a formula"),
        ("x,A,jedi,52.48,-1.9", "faith", "one of buddhist, christian"),
        ("x,A,christian;jedi,52.48,-1.9", "faith", "one of buddhist, christian"),
        (",A,christian,52.48,-1.9", "ref", "up to 64 letters"),
        ("a b,A,christian,52.48,-1.9", "ref", "up to 64 letters"),
        ("good,Other,muslim,52.5,-1.8", "ref", "each id once; row 2 has it with other values"),
        ("x,A,christian,52.48", "", "5 cells, as in the header"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_good_one_read(tmp_path: Path, row: str, column: str, expected: str) -> None:
    """Each fault names file, row, column, value and what is expected; the row above it is read."""
    register = _read(tmp_path, HEADER + GOOD + row + "\n")

    (problem,) = register.problems
    assert [place.ref for place in register.places] == ["good"]
    assert problem.file.endswith("list.csv")
    assert problem.row == 3
    assert problem.column == column
    assert expected in problem.text


def test_every_fault_of_every_row_is_told_at_once(tmp_path: Path) -> None:
    """Two faults in one row and one in the next are three problems, in the order of the file."""
    register = _read(tmp_path, HEADER + "x,A,jedi,91,-1.9\n" + GOOD + "y,B,christian,x,-1.9\n")

    assert [(p.row, p.column) for p in register.problems] == [(2, "faith"), (2, "lat"), (4, "lat")]
    assert len(register.places) == 1


def test_an_equal_row_twice_is_read_once(tmp_path: Path) -> None:
    """The same id twice with equal values is one place, and is no fault."""
    register = _read(tmp_path, HEADER + GOOD + GOOD)

    assert (len(register.places), register.problems, register.n_equal) == (1, (), 1)


def test_the_same_list_id_under_one_faith_is_refused(tmp_path: Path) -> None:
    """An OpenStreetMap id that stands twice with one faith and other values is refused: which one is right?"""
    rows = "osm_type,osm_id,name,faith,lat,lon\nway,1,A,Muslim,52.48,-1.9\nway,1,B,Muslim,52.48,-1.9\n"

    register = _read(tmp_path, rows)

    assert [place.name for place in register.places] == ["A"]
    assert "osm-way-1" in register.problems[0].text


@pytest.mark.parametrize(
    ("row", "column"),
    [("area,1", "osm_type"), ("way,", "osm_id"), ("way,x", "osm_id"), ("way,-1", "osm_id")],
)
def test_ids_of_openstreetmap_have_to_be_ids(tmp_path: Path, row: str, column: str) -> None:
    """An element is a node, way or relation with a number."""
    register = _read(tmp_path, f"osm_type,osm_id,name,lat,lon\n{row},A,52.48,-1.9\n")

    assert [problem.column for problem in register.problems] == [column]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("area_code", "E99", "a police area code"),
        ("area_code", "E23009999", ""),  # looks like a district, is kept as one and flagged when districts are known
        ("status", "burnt", "one of active, closed"),
        ("presence", "maybe", "one of welcome"),
        ("valid_from", "1 May", "a date such as"),
        ("size_m2", "-4", "a number above 0"),
        ("precision_m", "0", "a number above 0"),
        ("external_ids", "osm", "source:id"),
        ("bands", "friday", "kind=band"),
        ("bands", "friday=S;friday=M", "each kind once"),
        ("entrances", "main", "word@LAT LON"),
        ("facts", "{", "what this program wrote there"),
        ("facts", '"[[""a"",9,""2026-08-01"",""name"",{}]]"', "what this program wrote there"),
        ("source_details", "[1]", "what this program wrote there"),
    ],
)
def test_cells_of_our_own_columns_are_checked(tmp_path: Path, column: str, value: str, expected: str) -> None:
    """Each of our own columns says what may stand in it."""
    path = tmp_path / "list.csv"
    path.write_text(f"ref,name,lat,lon,facts,{column}\n" if column != "facts" else "ref,name,lat,lon,facts\n")
    row = f"x,A,52.48,-1.9,,{value}\n" if column != "facts" else f"x,A,52.48,-1.9,{value}\n"
    with path.open("a", encoding="utf-8") as stream:
        stream.write(row)

    problems = read_register(path, with_facts=True).problems

    assert [p.column for p in problems] == ([column] if expected else [])
    assert all(expected in p.text and p.row == 2 for p in problems)


def test_a_closing_day_before_the_opening_day_is_refused(tmp_path: Path) -> None:
    """`valid_to` before `valid_from` names both."""
    register = _read(tmp_path, "ref,name,lat,lon,valid_from,valid_to\nx,A,52.48,-1.9,2026-05-02,2026-05-01\n")

    assert "valid_to is 2026-05-01; expected on or after 2026-05-02" in register.problems[0].text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        ("ref,name,lat,lon\nx,Caf\xe9,52,-1\n".encode("cp1252"), "row 2: byte 23 (0xe9) is not UTF-8"),
        ("ref,name,lat,lon\n".encode("utf-16"), "is not UTF-8"),
        (b"ref,lat,lon\nx,52,-1\n", "column name is missing"),
        (b"ref,name\nx,A\n", "column lat_deg is missing; expected a column lat_deg or lat or latitude"),
        (b"ref,name,lat,lon,lat\nx,A,52,-1,52\n", "column lat stands twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_fault(tmp_path: Path, data: bytes, said: str) -> None:
    """Nothing is read of a file that is empty, of another encoding, or without the columns that it needs."""
    path = tmp_path / "list.csv"
    path.write_bytes(data)

    assert said in _whole_fault(path)


def test_files_that_are_not_there_or_of_no_known_kind_are_refused(tmp_path: Path) -> None:
    """A missing file, a folder and a spreadsheet are named with what is expected."""
    (tmp_path / "list.xlsx").write_bytes(b"PK")
    (tmp_path / "folder.csv").mkdir()

    assert "cannot be read" in _whole_fault(tmp_path / "none.csv")
    assert "this is not a file" in _whole_fault(tmp_path / "folder.csv")
    assert "a file ending in .csv" in _whole_fault(tmp_path / "list.xlsx")


def test_a_cell_of_ten_million_characters_is_refused(tmp_path: Path) -> None:
    """A huge cell is a fault of its row and the problem stays short."""
    register = _read(tmp_path, HEADER + GOOD + "x," + "A" * 10_000_000 + ",christian,52.48,-1.9\n")

    assert len(register.places) == 1
    assert len(register.problems[0].text) < 400


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """A file that a spreadsheet saved as UTF-8 with a mark is read like any other."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + GOOD).encode())

    assert [place.ref for place in read_register(path).places] == ["good"]


def test_names_are_composed_and_trimmed(tmp_path: Path) -> None:
    """Names are NFC with single spaces, so that the same name is the same text."""
    register = _read(tmp_path, HEADER + "x,  Cafe\u0301   Church ,christian,52.48,-1.9\n")

    assert register.places[0].name == "Caf\xe9 Church"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "no FeatureCollection"),
        ('{"type": "FeatureCollection"}', "no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [1]}', "not every feature is an object"),
        ("[" * 100_000, "cannot be read as JSON"),
    ],
)
def test_a_file_that_is_no_geojson_is_one_fault(tmp_path: Path, text: str, said: str) -> None:
    """Text that is no FeatureCollection is refused whole, however deep it is nested."""
    path = tmp_path / "list.geojson"
    path.write_text(text, encoding="utf-8")

    assert said in _whole_fault(path)


def _features(*features: dict) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def _feature(geometry: object, **properties: object) -> dict:
    return {
        "type": "Feature",
        "properties": {"ref": "x", "name": "A", "faith": "sikh"} | properties,
        "geometry": geometry,
    }


@pytest.mark.parametrize(
    ("geometry", "column", "expected"),
    [
        (None, "geometry", "a Point, Polygon or MultiPolygon"),
        ({"type": "LineString", "coordinates": [[-1, 52], [-1, 53]]}, "geometry", "a Point, Polygon"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "geometry", "RFC 7946"),
        ({"type": "Point"}, "geometry", "RFC 7946"),
        ({"type": "Point", "coordinates": [52.48, -1.9]}, "lat, lon", "the two look swapped"),
        ({"type": "Point", "coordinates": []}, "lat", "degrees as a number"),
        ({"type": "Polygon", "coordinates": [[[-1, 52]]]}, "geometry", "RFC 7946"),
    ],
)
def test_a_feature_with_a_fault_is_named(tmp_path: Path, geometry: object, column: str, expected: str) -> None:
    """A feature that cannot be placed is refused by its number; the next one is read."""
    good = _feature({"type": "Point", "coordinates": [-1.9, 52.48]}, ref="good")

    register = _read(tmp_path, _features(_feature(geometry), good), "list.geojson")

    assert [place.ref for place in register.places] == ["good"]
    assert column in {p.column for p in register.problems}
    assert all("feature 1" in p.file for p in register.problems)
    assert any(expected in p.text for p in register.problems)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.osm.pbf", b"not a pbf"),
        ("a.osm", b"<html/>"),
        ("a.osm", b"<osm version='0.6'><node id='1'"),
        (
            "a.osm",
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><osm version="0.6">&b;</osm>',
        ),
    ],
)
def test_a_file_that_is_no_openstreetmap_file_is_one_fault(tmp_path: Path, name: str, data: bytes) -> None:
    """Broken PBF, other XML, a cut file and XML entities are refused whole."""
    (tmp_path / name).write_bytes(data)

    assert "an OpenStreetMap file" in _whole_fault(tmp_path / name)


def test_an_extract_cut_short_is_refused(data_dir: Path, tmp_path: Path) -> None:
    """Half of a real extract is not half a register."""
    data = (data_dir / "osm_extracts" / "rutland-2018-02-27.osm.pbf").read_bytes()
    (tmp_path / "half.osm.pbf").write_bytes(data[: len(data) // 2])

    assert "an OpenStreetMap file" in _whole_fault(tmp_path / "half.osm.pbf")
