"""What is not visited, as a table: complete, marked, and harmless in a spreadsheet."""

import csv
import io

import pytest

from plan_documents import made_plan, plan_with_shortfall, plan_without_visits
from reassure.files.csv_rows import is_formula, read_table
from reassure.files.plain_text import plain
from reassure.files.unvisited_csv import COLUMNS, unvisited_csv

PLANS = {"full": made_plan, "short": plan_with_shortfall, "empty": plan_without_visits}
every_plan = pytest.mark.parametrize("kind", PLANS)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@every_plan
def test_every_gap_is_a_row_in_the_order_of_the_plan(kind):
    """Place, occasion, points and reason are those of the document; marking and digest stand in each row."""
    document = PLANS[kind]()
    found = rows(unvisited_csv(document))

    keys = ("place_ref", "occasion_ref", "reason")
    assert [tuple(r[k] for k in keys) for r in found] == [tuple(r[k] for k in keys) for r in document["unvisited"]]
    for row, gap in zip(found, document["unvisited"], strict=True):
        assert int(row["points"]) == gap["points"]
        assert row["text"].lstrip("'") == plain(gap["text"])
        assert row["is_must"] == ("yes" if gap["is_must"] else "no")
        assert row["marking"] == document["marking"]
        assert row["plan_digest"] == document["digest"]


def test_a_table_starts_with_a_byte_order_mark_and_ends_lines_with_cr_lf():
    """So that spreadsheets read names of every script, and RFC 4180 holds."""
    data = unvisited_csv(made_plan())

    assert data.startswith(b"\xef\xbb\xbfmarking,")
    assert data.count(b"\r\n") == data.count(b"\n") == len(made_plan()["unvisited"]) + 1


def test_no_cell_can_run_in_a_spreadsheet():
    """Names and reasons that begin like a formula get an apostrophe; positions stay numbers."""
    document = made_plan()
    for n, row in enumerate(document["unvisited"]):
        row["name"] = "=+-@"[n % 4] + "cmd|' /C calc'!A0"
        row["text"] = "\t=1+1"
    found = rows(unvisited_csv(document))

    for row in found:
        assert row["name"].startswith("'")
        assert row["text"].startswith("' =1+1") or row["text"].startswith("'=1+1")
        assert not [v for k, v in row.items() if k not in {"lat_deg", "lon_deg"} and is_formula(v)]
        assert float(row["lon_deg"]) < 0


def test_our_own_reader_takes_the_table(tmp_path):
    """What we write we can read: no fault in any cell."""
    path = tmp_path / "unvisited.csv"
    path.write_bytes(unvisited_csv(made_plan()))

    table = read_table(path, required=COLUMNS)

    assert table.problems == ()
    assert len(table.rows) == len(made_plan()["unvisited"])


def test_a_plan_that_visits_all_gives_the_header_alone():
    """No gap, no row."""
    assert unvisited_csv({**made_plan(), "unvisited": []}) == b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n"
