"""What is known of places, as CSV: what is read, and every refusal with its row and column."""

from datetime import date
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.facts import read_facts
from reassure.patrols.need import PlaceFacts

HEADER = "place_ref,last_visit_on,request_until,gap_share,presence,band,must"
ON = date(2026, 11, 27)
BANDS = "one of 1-19, 20-49, 50-99, 100-199, 200-399, 400-799, 800-999, 1000-1499, 1500+"


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "facts.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def texts(path: Path, **known: object) -> list[str]:
    """What is refused, without the name of the file."""
    with pytest.raises(InputError) as refused:
        read_facts(path, **known)  # type: ignore[arg-type]
    return [p.text.removeprefix(f"{path}, ") for p in refused.value.problems]


def test_every_column_is_read_and_may_be_empty(tmp_path: Path) -> None:
    """A full row, an empty one and one in other spelling give the facts in the order of the file."""
    path = written(
        tmp_path,
        "P2,2026-11-01,2026-12-05,0.4,outside_only,800-999,yes",
        "P1,,,,,,",
        'P3,,,1,NONE,"1,000–1,499",No',
    )

    assert list(read_facts(path, place_refs={"P1", "P2", "P3"}, on=ON).items()) == [
        ("P2", PlaceFacts("P2", date(2026, 11, 1), date(2026, 12, 5), 0.4, "outside_only", "800-999", True)),
        ("P1", PlaceFacts("P1")),
        ("P3", PlaceFacts("P3", gap_share=1.0, presence="none", band="1,000–1,499")),
    ]


def test_columns_may_be_left_out_and_unknown_ones_are_named(tmp_path: Path) -> None:
    """A file of two columns is enough; a column that nobody knows is dropped and told."""
    told: list[str] = []
    path = written(tmp_path, "P1,yes,x", header="place_ref,must,denomination")

    assert read_facts(path, dropped=told.append) == {"P1": PlaceFacts("P1", must=True)}
    assert told == ["denomination"]


def test_a_header_alone_is_a_file_without_facts(tmp_path: Path) -> None:
    """Nothing known is not a fault."""
    assert read_facts(written(tmp_path)) == {}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (",,,,,,yes", "place_ref is missing; expected an identifier."),
        ("P9,,,,,,", "place_ref is P9; expected a place of the register."),
        ("P1,27/11/2026,,,,,", "last_visit_on is 27/11/2026; expected a date such as 2026-11-27."),
        ("P1,2026-11-28,,,,,", "last_visit_on is 2026-11-28; expected a day up to 2026-11-27."),
        ("P1,2026-02-30,,,,,", "last_visit_on is 2026-02-30; expected a date such as 2026-11-27."),
        ("P1,,2026-12-26,,,,", "request_until is 2026-12-26; expected at most 28 days ahead, 2026-12-25."),
        ("P1,,,1.2,,,", "gap_share is 1.2; expected 0 to 1."),
        ("P1,,,nan,,,", "gap_share is nan; expected 0 to 1."),
        ("P1,,,-0.1,,,", "gap_share is -0.1; expected 0 to 1."),
        ("P1,,,1e308,,,", "gap_share is 1e308; expected 0 to 1."),
        ("P1,,,٣,,,", "gap_share is ٣; expected 0 to 1."),
        ("P1,,," + "9" * 400 + ",,,", "gap_share is " + "9" * 59 + "…; expected 0 to 1."),
        ("P1,,,,never,,", "presence is never; expected one of welcome, outside_only, none."),
        ("P1,,,,,150,", f"band is 150; expected {BANDS}."),
        ("P1,,,,,,perhaps", "must is perhaps; expected yes, no or empty."),
        ("P1,,,,,=1+1,", "band is =1+1; expected a value, not a formula."),
        ("P1,,,,,", "the row has 6 cells; expected 7 cells, as in the header."),
    ],
)
def test_a_bad_cell_is_named_with_row_column_value_and_what_was_expected(tmp_path: Path, row: str, text: str) -> None:
    """One fault of one cell is one problem with its place."""
    path = written(tmp_path, "P0,,,,,,", row)

    assert texts(path, place_refs=("P0", "P1"), on=ON) == [f"row 3: {text}"]


def test_all_faults_are_listed_at_once_in_the_order_of_the_rows(tmp_path: Path) -> None:
    """Faults of several rows and columns, and a place that stands twice, come together."""
    path = written(tmp_path, "P1,,,2,,big,", "P2,,,,,,", "P1,soon,,,,,", "P2," + "x" * 10_000_000 + ",,,,,")

    assert texts(path) == [
        "row 2: gap_share is 2; expected 0 to 1.",
        f"row 2: band is big; expected {BANDS}.",
        "row 4: last_visit_on is soon; expected a date such as 2026-11-27.",
        "row 4: place_ref is P1; expected each place once; it stands in row 2 too.",
        "row 5: last_visit_on is " + "x" * 59 + "…; expected at most 2,000 characters, not 10,000,000.",
    ]


def test_a_visit_after_the_day_is_taken_where_the_day_is_not_known(tmp_path: Path) -> None:
    """Without the day of the plan nothing can be in its future."""
    assert read_facts(written(tmp_path, "P1,2099-01-01,,,,,"))["P1"].last_visit_on == date(2099, 1, 1)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """A file that has no place_ref is not a file of facts."""
    (text,) = texts(written(tmp_path, "P1", header="place"))

    assert text == "row 1: column place_ref is missing; expected a column place_ref in the header."
