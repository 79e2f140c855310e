"""`reassure places check`, as people call it."""

import json
import sys
from pathlib import Path

import pytest

from reassure.cli.main import run

REGISTER = """ref,name,faiths,lat_deg,lon_deg,area_code,flags
a,Grace Chapel,christian,52.48,-1.9,E23000014,
b,Grace Chapel,christian,52.4801,-1.9,E23000014,
c,,sikh,52.5,-1.9,E23000016,
d,Hall,,51.5,-0.1,,outside_polygons
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["reassure", "places", "check", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        run()
    return int(stopped.value.code or 0)


def test_the_report_starts_with_what_it_is_not(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first line says that the register is incomplete; each rule has its number and denominator."""
    code = _run(monkeypatch, register)

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0] == "This register is incomplete."
    (unnamed,) = (line for line in lines if line.startswith("unnamed"))
    assert unnamed.split()[:4] == ["unnamed", "1", "25.0%", "of"]
    assert "(1 sikh)" in unnamed
    (west,) = (line for line in lines if line.startswith("E23000014 West Midlands"))
    assert west.split()[3:6] == ["2", "0", "0"]
    assert "  Grace Chapel (a) / Grace Chapel (b), 11 m" in lines
    assert any(line.startswith("no police area") for line in lines)


def test_the_report_for_machines_names_every_place(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json every rule lists its places, for the whole and for each area."""
    _run(monkeypatch, register, "--json")

    told = json.loads(capsys.readouterr().out)
    rules = {row["rule"]: row for row in told["report"]}
    assert told["notice"] == "This register is incomplete."
    assert (rules["likely_duplicate"]["refs"], rules["likely_duplicate"]["of"]) == (["a", "b"], 4)
    assert rules["no_religion"]["refs"] == ["d"]
    assert rules["area_unknown"]["refs"] == ["d"]
    assert {code: rows[0]["n"] for code, rows in told["areas"].items()} == {"none": 0, "E23000014": 0, "E23000016": 1}
    assert [pair["kind"] for pair in told["pairs"]] == ["likely"]


def test_one_area_alone_can_be_looked_at(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --area only its places count; an area that the register lacks is named with those that it has."""
    assert _run(monkeypatch, register, "--area", "E23000016", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n_places"], told["pairs"], list(told["areas"])) == (1, [], ["E23000016"])

    assert _run(monkeypatch, register, "--area", "E23000001") == 2
    assert "expected an area of the register: E23000014, E23000016" in capsys.readouterr().err


def test_rows_that_cannot_be_read_are_named(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report is on the good rows; the bad ones are named and the exit code is 2."""
    register.write_text(REGISTER + "e,Far,sikh,91,-1.9,,\n", encoding="utf-8")

    assert _run(monkeypatch, register) == 2
    told = capsys.readouterr()
    assert "row 6: lat_deg is 91; expected 49 to 61." in told.err
    assert "4 places." in told.out


def test_census_residents_ask_about_few_places(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With residents the report says where there are few places for them; a wrong count is named."""
    census = register.with_name("census.csv")
    census.write_text("pfa_code,faith_category,count\nE23000014,Sikh,10\nE23000014,No religion,5\n", encoding="utf-8")
    assert _run(monkeypatch, register, "--residents", census, "--json") == 0
    assert json.loads(capsys.readouterr().out)["report"][-1]["rule"] == "few_for_population"

    census.write_text("pfa_code,faith_category,count\nE2,Sikh,many\n", encoding="utf-8")
    assert _run(monkeypatch, register, "--residents", census) == 2
    error = capsys.readouterr().err
    assert "row 2: pfa_code is E2" in error
    assert "row 2: count is many; expected a whole number of residents." in error
