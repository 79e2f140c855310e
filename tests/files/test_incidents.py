"""Incidents as CSV: what is read, and every refusal with its row and column."""

from datetime import date
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.incidents import read_incidents
from reassure.geo import Point
from reassure.threats.incidents import Incident

HEADER = "place_ref,lat_deg,lon_deg,family,ended_on,origin"
ON = date(2026, 11, 27)


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "incidents.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def texts(path: Path, **known: object) -> list[str]:
    """What is refused, without the name of the file."""
    with pytest.raises(InputError) as refused:
        read_incidents(path, **known)  # type: ignore[arg-type]
    return [p.text.removeprefix(f"{path}, ") for p in refused.value.problems]


def test_rows_have_a_place_a_position_or_both(tmp_path: Path) -> None:
    """Each row is an incident of its own, in the order of the file, whatever its origin."""
    path = written(
        tmp_path,
        "P1,,,damage,2026-11-24,victim",
        ",52.48,-1.89,Graffiti,2026-11-17,third_party",
        "P1,52.48,-1.89,other,2026-11-27,officer_on_visit",
    )

    assert read_incidents(path, place_refs={"P1"}, on=ON) == (
        Incident("row 2", "damage", "victim", date(2026, 11, 24), "P1"),
        Incident("row 3", "graffiti", "third_party", date(2026, 11, 17), "", Point(52.48, -1.89)),
        Incident("row 4", "other", "officer_on_visit", ON, "P1", Point(52.48, -1.89)),
    )


def test_a_place_outside_the_area_lends_its_position(tmp_path: Path) -> None:
    """An incident at a place of the register without a position of its own stands where the place stands."""
    path = written(tmp_path, "P7,,,damage,2026-11-24,victim", "P8,52.1,-1.1,damage,2026-11-24,victim")

    found = read_incidents(path, points={"P7": Point(52.0, -1.0), "P8": Point(53.0, -1.0)})

    assert [i.point for i in found] == [Point(52.0, -1.0), Point(52.1, -1.1)]


def test_a_record_that_stands_twice_is_refused_and_groups_are_read(tmp_path: Path) -> None:
    """With a ref each record stands once; records of one event share a group_ref."""
    header = HEADER + ",ref,group_ref"
    rows = ("P1,,,damage,2026-11-24,victim,A,G", "P1,,,damage,2026-11-24,third_party,B,G")

    assert [(i.ref, i.group_ref) for i in read_incidents(written(tmp_path, *rows, header=header))] == [
        ("A", "G"),
        ("B", "G"),
    ]
    assert texts(written(tmp_path, *rows, rows[0], header=header)) == [
        "row 4: ref is A; expected each record once; it stands in row 2 too."
    ]


def test_unknown_columns_are_named_and_a_header_alone_is_empty(tmp_path: Path) -> None:
    """A column that nobody knows is dropped and told; no incidents are not a fault."""
    told: list[str] = []

    assert read_incidents(written(tmp_path, header=HEADER + ",suspect"), dropped=told.append) == ()
    assert told == ["suspect"]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (",,,damage,2026-11-24,victim", "place_ref is missing; expected a place_ref, or lat_deg and lon_deg."),
        ("P9,,,damage,2026-11-24,victim", "place_ref is P9; expected a place of the register, or empty."),
        (",52.48,,damage,2026-11-24,victim", "lon_deg is missing; expected a number in degrees."),
        (",nan,-1.89,damage,2026-11-24,victim", "lat_deg is nan; expected a number in degrees."),
        (",1e400,-1.89,damage,2026-11-24,victim", "lat_deg is 1e400; expected a number in degrees."),
        (
            ",-1.89,52.48,damage,2026-11-24,victim",
            "lat_deg, lon_deg is -1.89, 52.48; expected latitude first; the two ",
        ),
        (",48.9,-1.89,damage,2026-11-24,victim", "lat_deg is 48.9; expected 49 to 61."),
        (",0,0,damage,2026-11-24,victim", "lat_deg, lon_deg is 0, 0; expected a position; 0, 0 stands "),
        ("P1,,,theft,2026-11-24,victim", "family is theft; expected one of abuse, graffiti, damage, threat, "),
        ("P1,,,damage,24 Nov,victim", "ended_on is 24 Nov; expected a date such as 2026-11-27."),
        ("P1,,,damage,,victim", "ended_on is missing; expected a date such as 2026-11-27."),
        ("P1,,,damage,2026-11-28,victim", "ended_on is 2026-11-28; expected a day up to 2026-11-27."),
        ("P1,,,damage,2026-11-24,", "origin is missing; expected one of victim, third_party, place, "),
        ("@x,,,damage,2026-11-24,victim", "place_ref is @x; expected a value, not a formula."),
    ],
)
def test_a_bad_cell_is_named_with_row_column_value_and_what_was_expected(tmp_path: Path, row: str, text: str) -> None:
    """One fault of one cell is one problem with its place."""
    path = written(tmp_path, "P1,,,damage,2026-11-24,victim", row)

    (said,) = texts(path, place_refs=("P1",), on=ON)

    assert said.startswith(f"row 3: {text}")


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    """Faults of several rows and columns come together, in the order of the rows."""
    path = written(tmp_path, ",x,y,theft,soon,rumour", "P1,,,arson,2026-11-24,victim", "P9,,,arson,2026-11-24,victim")

    rows = [text.split(" is ")[0] for text in texts(path, place_refs={"P1"})]

    assert rows == [
        "row 2: ended_on",
        "row 2: lat_deg",
        "row 2: lon_deg",
        "row 2: family",
        "row 2: origin",
        "row 4: place_ref",
    ]
