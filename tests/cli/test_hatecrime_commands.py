"""`reassure hatecrime ...` as people call it: the acceptance scenarios, from files to files."""

import csv
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hatecrime_records import FORCES, covered, small_year, supply, table_3_supplies, write_coverage, write_offences
from reassure.cli.main import run

Run = Callable[..., int]
LATE = date(2020, 6, 1)


@pytest.fixture
def reassure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["reassure", "hatecrime", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            run()
        return int(stopped.value.code or 0)

    return call


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_table_goes_from_records_to_a_file_with_its_statement(reassure: Run, data_dir: Path) -> None:
    """The bulletin's Table 3 with its base, vintage, coverage and label beside it."""
    write_offences(Path("o.csv"), table_3_supplies())
    write_coverage(Path("c.csv"), covered(FORCES))
    bulletin = data_dir / "hate_crime" / "hate-crime-1819-hosb2419-tables.ods"
    arguments = ("table", "o.csv", "--coverage", "c.csv", "--year", "2018/19", "--as-at", "2019-10-15")

    assert reassure(*arguments, "--by", "religion", "--out", "t.csv", "--bulletin", bulletin) == 0

    assert list(rows("t.csv")[0]) == ["perceived_religion", "offences", "percent_of_offences", "percent_of_known"]
    assert [row["offences"] for row in rows("t.csv")][-2:] == ["7717", "7446"]
    told = json.loads(Path("t.csv.json").read_text("utf-8"))
    assert told["as_at"] == "2019-10-15"
    assert told["label"] == "experimental"
    assert told["base"]["offences"] == 7446
    assert "8,566 religious offences" in " ".join(told["notes"])
    assert "1,120 (13.1 %) are not in this table" in " ".join(told["notes"])
    assert told["coverage"]["words"] == "43 territorial forces and British Transport Police"
    for by, header in (
        ("strand", "strand,offences"),
        ("force", "force_code,race,religion,sexual_orientation,disability,transgender,factors,offences"),
        (
            "force-religion",
            "force_code,buddhist,christian,hindu,jewish,muslim,sikh,other,no_religion,unknown,targeted,offences",
        ),
        ("month", "month,rra_offences"),
    ):
        assert reassure(*arguments, "--by", by, "--out", "x.csv") == 0
        assert Path("x.csv").read_text("utf-8").splitlines()[0] == header


def test_a_bulletin_that_says_otherwise_refuses_the_table(reassure: Run, data_dir: Path) -> None:
    """`does_not_add_up` stops: exit code 2, nothing written, every row that differs named."""
    write_offences(Path("o.csv"), [supply(1)])
    write_coverage(Path("c.csv"), covered(FORCES))
    bulletin = data_dir / "hate_crime" / "hate-crime-1819-hosb2419-tables.ods"

    code = reassure(
        "table", "o.csv", "--coverage", "c.csv", "--year", "2018/19", "--as-at", "2019-10-15", "--by", "religion",
        "--out", "t.csv", "--bulletin", bulletin,
    )  # fmt: skip

    assert code == 2
    assert not Path("t.csv").exists()


def test_vintages_are_made_again_and_revised(reassure: Run) -> None:
    """First published, revised, the difference; a late force comes in the later vintage and leaves the comparison."""
    supplies = [supply(i) for i in range(30)]
    supplies += [supply(i, sent=LATE, religions=["sikh"]) for i in range(3)]
    supplies += [supply(100 + i, FORCES[0], sent=LATE, religions=["jewish"]) for i in range(25)]
    supplies += [supply(200 + i, on=date(2019, 5, 1), sent=LATE) for i in range(33)]
    write_offences(Path("o.csv"), supplies)
    coverage = covered(["E23000014"]) + covered([FORCES[0]], sent=LATE) + covered(["E23000014"], "2019/20", sent=LATE)
    write_coverage(Path("c.csv"), coverage)
    records = ("o.csv", "--coverage", "c.csv")

    counts = {}
    for day in ("2019-10-15", "2020-10-13"):
        made = reassure("table", *records, "--year", "2018/19", "--as-at", day, "--by", "religion", "--out", "t.csv")
        assert made == 0
        counts[day] = {row["perceived_religion"]: row["offences"] for row in rows("t.csv")}
    assert [counts[day]["muslim"] for day in counts] == ["30", "27"]
    assert [counts[day]["jewish"] for day in counts] == ["0", "25"]

    found = reassure(
        "revisions", *records, "--year", "2018/19", "--first", "2019-10-15", "--then", "2020-10-13", "--by", "religion",
        "--out", "r.csv",
    )  # fmt: skip
    assert found == 0
    by_key = {row["perceived_religion"]: row for row in rows("r.csv")}
    assert list(by_key["muslim"].values()) == ["muslim", "30", "27", "-3"]
    assert json.loads(Path("r.csv.json").read_text("utf-8"))["came"] == [
        {"code": FORCES[0], "name": "Metropolitan Police"}
    ]

    compare = ("compare", *records, "--years", "2018/19,2019/20", "--as-at", "2020-10-13", "--by", "religion")
    assert reassure(*compare, "--out", "k.csv") == 3
    assert not Path("k.csv").exists()
    assert reassure(*compare, "--common", "--out", "k.csv") == 0
    by_key = {row["perceived_religion"]: row for row in rows("k.csv")}
    assert by_key["muslim"]["first"] == "27"
    assert float(by_key["muslim"]["change_percent"]) == pytest.approx(100 * 6 / 27, abs=1e-12)
    assert by_key["jewish"] == {"perceived_religion": "jewish", "first": "0", "second": "0", "change_percent": ""}
    assert json.loads(Path("k.csv.json").read_text("utf-8"))["left_out"][0]["name"] == "Metropolitan Police"


def test_faults_refuse_a_table_and_are_listed(reassure: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Stops end with 2 and write nothing; `problems` lists each; a fault sent later stops no vintage."""
    supplies = [supply(1), supply(1), supply(2, religions=["sikh", "unknown"])]
    path = write_offences(Path("o.csv"), supplies)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("bad,E23000014,2020-06-01,recorded,2019-02-30,125,religion,muslim\n")
    write_coverage(Path("c.csv"), covered(["E23000014"]))
    table = ("table", "o.csv", "--coverage", "c.csv", "--year", "2018/19", "--by", "religion", "--out", "t.csv")

    assert reassure(*table, "--as-at", "2020-10-13") == 2
    assert not Path("t.csv").exists()
    assert not Path("t.csv.json").exists()
    assert "row 5: recorded_on is 2019-02-30; expected a date such as 2018-11-27." in capsys.readouterr().err
    assert reassure(*table, "--as-at", "2019-10-15") == 0

    assert reassure("problems", "o.csv", "--coverage", "c.csv", "--out", "p.csv") == 0
    assert [tuple(row.values()) for row in rows("p.csv")] == [
        ("3", "offence_id", "duplicate"),
        ("4", "perceived_religions", "unknown_with_named"),
        ("5", "recorded_on", "not_a_date"),
    ]


def test_victims_own_religion_and_none_are_in_strands_only(reassure: Run) -> None:
    """The strand table holds both forces, the religion table neither; both are named beside it."""
    write_offences(Path("o.csv"), [supply(1), supply(2, FORCES[0]), supply(3, FORCES[1])])
    coverage = covered(["E23000014"]) + covered([FORCES[0]], religion="victim") + covered([FORCES[1]], religion="none")
    write_coverage(Path("c.csv"), coverage)
    table = ("table", "o.csv", "--coverage", "c.csv", "--year", "2018/19", "--as-at", "2019-10-15", "--out", "t.csv")

    assert reassure(*table, "--by", "strand") == 0
    assert rows("t.csv")[-1]["offences"] == "3"
    assert reassure(*table, "--by", "religion") == 0
    assert rows("t.csv")[-1]["offences"] == "1"
    told = json.loads(Path("t.csv.json").read_text("utf-8"))
    assert [f["name"] for f in told["coverage"]["victims_own_religion"]] == ["Metropolitan Police"]
    assert [f["name"] for f in told["coverage"]["no_religion_supplied"]] == ["Cumbria"]


def test_months_of_joined_years_are_judged(reassure: Run, data_dir: Path) -> None:
    """The official series gives exactly two months of 36; 12 months are too few (3)."""
    series = data_dir / "oracles" / "rra_offences_monthly_2013-04_to_2019-03_figure2.csv"

    assert reassure("months", series, "--out", "m.csv") == 0

    found = rows("m.csv")
    assert list(found[0]) == ["month", "offences", "expected", "ratio", "score", "low", "high", "stood_out"]
    assert [row["month"] for row in found if row["stood_out"] == "yes"] == ["2016-07", "2017-06"]
    assert len(found) == 72
    assert (found[0]["expected"], found[0]["stood_out"]) == ("", "")
    assert reassure("months", series, "--out", "m.html") == 0
    page = Path("m.html").read_text("utf-8")
    assert "March 2019: 5,167 offences against 4,922 expected" in page
    assert "did not stand out in this monthly national series" in page
    assert "Stood out: July 2016, June 2017.</title>" in page
    assert page.index("<table") < page.index("<svg")
    assert page.count("<tr>") == 73
    assert "From zero. Base: every month of" in page
    Path("s.csv").write_text("month,rra_offences\n2018-04,5\n")
    assert reassure("months", "s.csv") == 3


def test_a_suppressed_table_is_published_with_its_totals(reassure: Run) -> None:
    """No count of 1 to 4 stands in a cell, totals stay, the same bytes come again, no force's share is told."""
    write_offences(Path("o.csv"), small_year(5))
    write_coverage(Path("c.csv"), covered(FORCES[:7]))
    table = ("table", "o.csv", "--coverage", "c.csv", "--year", "2018/19", "--as-at", "2019-10-15", "--suppress")

    assert reassure(*table, "--by", "force-religion", "--out", "a.csv") == 0
    assert reassure(*table, "--by", "force-religion", "--out", "b.csv") == 0

    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    cells = [value for row in rows("a.csv") for value in list(row.values())[1:-2]]
    assert "[c]" in cells
    assert not {"1", "2", "3", "4"} & set(cells)
    assert all(row["targeted"].isdigit() and row["offences"].isdigit() for row in rows("a.csv"))
    told = json.loads(Path("a.csv.json").read_text("utf-8"))
    assert told["hidden"]["cells"] == cells.count("[c]")
    assert not any("force" in problem or "rows" in problem for problem in told["problems"])
    assert reassure(*table, "--by", "force-religion", "--out", "c2.csv", "--earlier", "a.csv") == 0
    assert Path("c2.csv").read_bytes() == Path("a.csv").read_bytes()
    for by in ("force", "religion"):
        assert reassure(*table, "--by", by, "--out", "d.csv") == 0


def test_a_force_that_came_late_is_named_and_refused_beside_a_vintage_that_was_released(
    reassure: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named before somebody signs; refused with 3 beside a vintage that was released, and nothing is written."""
    late = [
        supply(5000 + i, FORCES[7], sent=date(2020, 6, 1), religions=["sikh" if i < 3 else "muslim"]) for i in range(12)
    ]
    write_offences(Path("o.csv"), small_year(2) + late)
    write_coverage(Path("c.csv"), covered(FORCES[:7]) + covered([FORCES[7]], sent=date(2020, 6, 1)))
    table = ("table", "o.csv", "--coverage", "c.csv", "--year", "2018/19", "--as-at", "2020-10-13", "--suppress")
    table = (*table, "--by", "force-religion", "--out", "t.csv")

    assert reassure(*table, "--released", "2019-10-15") == 3
    assert "Durham, muslim; Durham, sikh" in capsys.readouterr().err
    assert reassure(*table, "--released", "2020-10-13") == 2
    assert "released is 2020-10-13; expected a day before 2020-10-13." in capsys.readouterr().err
    assert not Path("t.csv").exists()
    assert reassure(*table, "--released", "none") == 0
    assert "Before you sign" not in capsys.readouterr().err
    assert rows("t.csv")[-1]["sikh"] == "[c]"
    assert reassure(*table) == 0
    assert "Durham, muslim; Durham, sikh" in capsys.readouterr().err
    assert "Durham, muslim" in json.loads(Path("t.csv.json").read_text("utf-8"))["beside_vintages"]


@pytest.mark.parametrize("ending", ["ods", "html"])
def test_workbook_and_page_come_by_the_ending(reassure: Run, ending: str) -> None:
    """--out t.ods is a workbook, t.html a page; the statement stands beside either."""
    write_offences(Path("o.csv"), [supply(1)])
    write_coverage(Path("c.csv"), covered(["E23000014"]))

    code = reassure(
        "table", "o.csv", "--coverage", "c.csv", "--year", "2018/19", "--as-at", "2019-10-15", "--by", "religion",
        "--out", f"t.{ending}",
    )  # fmt: skip

    assert code == 0
    assert Path(f"t.{ending}").read_bytes()[:2] == {"ods": b"PK", "html": b"<!"}[ending]
    assert Path(f"t.{ending}.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--year", "2018/20", "--as-at", "2019-10-15", "--by", "religion"), "year is 2018/20"),
        (("--year", "2018/19", "--as-at", "15/10/2019", "--by", "religion"), "as_at is 15/10/2019"),
        (("--year", "2018/19", "--as-at", "2019-10-15", "--by", "faith"), "by is faith"),
        (("--year", "2018/19", "--as-at", "2019-10-15", "--by", "religion", "--label", "good"), "label is good"),
    ],
)
def test_wrong_options_are_named(
    reassure: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    """Exit code 2 with the option, the value and what was expected."""
    write_offences(Path("o.csv"), [supply(1)])
    write_coverage(Path("c.csv"), covered(["E23000014"]))

    assert reassure("table", "o.csv", "--coverage", "c.csv", *arguments) == 2
    assert said in capsys.readouterr().err
