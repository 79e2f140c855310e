"""docs/asvs.csv: what is said to be met names a page of this project and a test that is there."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
NAMED_BY_THE_DESIGN = {"6.3.3", "14.2.1", "14.3.2", "14.3.3", "2.3.5", "7.5.3"}
"""The deviations and the requirements of Level 3 that it names and that are built or deviated from."""


def test_each_requirement_has_one_row():
    """By number, none twice, those that the design names among them."""
    ids = [row["id"] for row in ROWS]

    assert ids == sorted(set(ids), key=lambda number: [int(part) for part in number.split(".")])
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", number) for number in ids)
    assert set(ids) >= NAMED_BY_THE_DESIGN


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_names_what_is_there(row):
    """A status of three, words, a file, and a test that exists wherever something is met or deviates."""
    path, _, name = row["test"].partition("::")

    assert row["status"] in {"met", "deviation", "not applicable"}
    assert row["how"].endswith(".")
    assert (ROOT / row["where"]).is_file()
    assert bool(path) == (row["status"] != "not applicable")
    assert not path or (ROOT / path).is_file()
    assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    assert row["status"] != "deviation" or "Owner and end date" in row["how"]
