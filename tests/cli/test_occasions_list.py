"""`reassure occasions list`, as people call it."""

import csv
import io
import json
import sys
from pathlib import Path

import icalendar
import pytest

from reassure.cli.main import run
from reassure.files.occasions_ics import read_occasions_ics

REGISTER = """ref,name,faith,lat,lon,area_code
m,Demo Mosque,Muslim,52.4862,-1.8904,E23000014
j,Demo Synagogue,Jewish,52.48,-1.9,E23000014
c,Demo Church,Christian,51.5,-0.1,E23000001
"""
TIMES = "place_ref,key,on,days,season,local_time,length_min,source\n"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["reassure", "occasions", "list", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        run()
    return int(stopped.value.code or 0)


def test_the_table_counts_and_shows_local_times(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table starts with counts by kind, shows London's clock and says how sure it is in words."""
    code = _run(monkeypatch, register, "--on", "2026-11-27")

    out = capsys.readouterr().out
    assert code == 0
    assert "Friday 27 November 2026" in out
    assert "2 occasions at 2 of 3 places, 0 cancelled; no occasion is known at 1." in out
    (line,) = (line for line in out.splitlines() if "Demo Mosque" in line)
    assert line.split()[:5] == ["12:15", "12:45", "12:15–13:30", "13:15", "13:40"]
    assert "tradition default" in line


def test_an_hour_after_the_clocks_change_the_wall_clock_is_the_same(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Times are shown in summer time in summer."""
    _run(monkeypatch, register, "--on", "2026-06-05", "--faith", "muslim")

    assert "13:30" in capsys.readouterr().out


def test_area_and_faith_choose(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only places of the area and faith are listed."""
    _run(monkeypatch, register, "--on", "2026-11-29", "--area", "E23000001", "--format", "json")
    sunday = json.loads(capsys.readouterr().out)
    _run(monkeypatch, register, "--on", "2026-11-27", "--faith", "jewish", "--format", "json")
    friday = json.loads(capsys.readouterr().out)

    assert sunday["counts"] == {"sunday_main": 1}
    assert friday["counts"] == {"shabbat_eve": 1}


def test_timetables_stand_over_defaults(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Published times are listed with the place's own word."""
    times = tmp_path / "times.csv"
    times.write_text(TIMES + "m,jumuah,,Fri,,13:00,,site\nm,jumuah,,Fri,,13:45,,site\n", encoding="utf-8")

    _run(monkeypatch, register, "--on", "2026-11-27", "--timetables", times, "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(r["place"], r["starts"], r["confidence"]) for r in rows] == [
        ("Demo Mosque", "2026-11-27 13:00; 2026-11-27 13:45", "B"),
        ("Demo Synagogue", "2026-11-27 15:45", "D"),
    ]


def test_a_cancelled_occasion_is_listed_and_not_counted(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the place cancelled stays in the list, says so, and counts as no occasion."""
    times = tmp_path / "times.csv"
    times.write_text(TIMES.strip() + ",status\nm,jumuah,2026-11-27,,,12:45,,trustee,cancelled\n", encoding="utf-8")

    _run(monkeypatch, register, "--on", "2026-11-27", "--timetables", times)
    table = capsys.readouterr().out
    _run(monkeypatch, register, "--on", "2026-11-27", "--timetables", times, "--format", "json")
    document = json.loads(capsys.readouterr().out)

    assert "1 occasion at 1 of 3 places, 1 cancelled; no occasion is known at 1." in table
    (line,) = (line for line in table.splitlines() if "Demo Mosque" in line)
    assert "cancelled by the place" in line
    assert (document["counts"], document["n_cancelled"]) == ({"shabbat_eve": 1}, 1)


def test_the_calendar_file_reads_back(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--format ics --out FILE` writes a feed whose UIDs are the refs."""
    out = tmp_path / "feed.ics"

    code = _run(monkeypatch, register, "--on", "2026-11-27", "--format", "ics", "--out", out)

    uids = [str(event["uid"]) for event in icalendar.Calendar.from_ical(out.read_bytes()).walk("VEVENT")]
    assert code == 0
    assert uids == ["m:jumuah:2026-11-27:1", "j:shabbat_eve:2026-11-27:1"]
    assert [o.ref for o in read_occasions_ics(out.read_bytes(), "feed")] == uids


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--on", "27/11/2026"), "--on is 27/11/2026; expected a date such as 2026-11-27."),
        (("--on", "2026-11-27", "--faith", "jedi"), "--faith is jedi; expected one of buddhist"),
        (("--on", "2026-11-27", "--format", "pdf"), "--format is pdf; expected one of table, csv, json, ics, html."),
        (
            ("--on", "2026-11-27", "--area", "E1"),
            "--area is E1; expected an area of the register: E23000001, E23000014.",
        ),
        (("--on", "2026-11-27", "--timetables", "absent.csv"), "absent.csv: cannot be read"),
    ],
)
def test_bad_options_end_with_code_2(
    register: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    says: str,
) -> None:
    """A bad option is named with what was expected; exit code 2, nothing on standard output."""
    code = _run(monkeypatch, register, *arguments)

    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert says in captured.err


def test_all_bad_options_are_named_at_once(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three bad options give three lines."""
    _run(monkeypatch, register, "--on", "tomorrow", "--faith", "jedi", "--format", "pdf")

    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == ["--on", "--faith", "--format"]


def test_a_faulty_timetable_writes_nothing(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every slip is named with its row, exit code 2, and no file is written."""
    times, out = tmp_path / "times.csv", tmp_path / "out.csv"
    times.write_text(TIMES + "m,jumuah,,Fri,,25:00,,\nx,jumuah,,Fri,,13:00,,\n", encoding="utf-8")

    code = _run(monkeypatch, register, "--on", "2026-11-27", "--timetables", times, "--format", "csv", "--out", out)

    lines = capsys.readouterr().err.splitlines()
    assert code == 2
    assert lines == [
        f"{times}, row 2: local_time is 25:00; expected 00:00 to 23:59.",
        f"{times}, row 3: place_ref is x; expected a place of the register.",
    ]
    assert not out.exists()


def test_a_season_without_dates_is_named(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A season whose dates nobody gave is refused, not passed over."""
    times = tmp_path / "times.csv"
    times.write_text(TIMES + "m,jumuah,,Fri,advent,13:00,,\n", encoding="utf-8")

    code = _run(monkeypatch, register, "--on", "2026-11-27", "--timetables", times)

    assert code == 2
    assert "rule jumuah of m: season is advent; expected bst, gmt" in capsys.readouterr().err


@pytest.mark.slow
def test_the_real_register_on_a_friday(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """West Midlands, Friday 27 November 2026: 137 Jumu'ah and 4 Shabbat eves, with the credit of OpenStreetMap."""
    path = data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv"

    code = _run(monkeypatch, path, "--on", "2026-11-27", "--area", "E23000014", "--format", "json")

    document = json.loads(capsys.readouterr().out)
    assert code == 0
    assert document["counts"] == {"jumuah": 137, "shabbat_eve": 4}
    assert any("OpenStreetMap contributors" in words for words in document["attributions"])
