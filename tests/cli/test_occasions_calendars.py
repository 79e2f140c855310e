"""`reassure occasions festivals`, `times` and `accuracy`, as people call them."""

import csv
import io
import sys
from pathlib import Path

import pytest

from reassure.cli.main import run


def _run(monkeypatch: pytest.MonkeyPatch, line: str, *more: object) -> int:
    """Run a command line; parts with spaces in them come after it."""
    monkeypatch.setattr(sys, "argv", ["reassure", "occasions", *line.split(), *map(str, more)])
    with pytest.raises(SystemExit) as stopped:
        run()
    return int(stopped.value.code or 0)


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_festivals_come_as_rows_with_shares(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eid al-Fitr 2025 for local sighting: 30 March at 0.1 and 31 March at 0.9, each from sunset the evening before."""
    options = ("--from", "2025-03-20", "--to", "2025-04-10", "--authority", "local_sighting", "--format", "csv")
    code = _run(monkeypatch, "festivals", "--tradition", "Muslim", *options)

    rows = _csv(capsys.readouterr().out)
    assert code == 0
    assert [tuple(row.values()) for row in rows] == [
        ("Eid al-Fitr", "2025-03-30", "sunset_before", "local_sighting", "0.1"),
        ("Eid al-Fitr", "2025-03-31", "sunset_before", "local_sighting", "0.9"),
    ]
    assert list(rows[0]) == ["event", "on", "begins", "authority", "share"]


def test_an_announcement_settles_what_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a file of announcements, the announced date has the share 1."""
    path = tmp_path / "said.csv"
    path.write_text(
        "authority,event,hijri_year,on,announced_at,source,weekday_said\n"
        "saudi,eid_al_fitr,1446,2025-03-31,2025-03-29T19:00+00:00,court,Monday\n"
    )
    options = ("--from", "2025-03-20", "--to", "2025-04-10", "--authority", "saudi", "--format", "csv")
    _run(monkeypatch, "festivals", "--tradition", "muslim", *options, "--announcements", path)

    assert [(r["on"], r["share"]) for r in _csv(capsys.readouterr().out)] == [("2025-03-31", "1")]


def test_faulty_announcements_are_refused_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong weekday and an unknown event are both named with their rows; nothing is listed."""
    path = tmp_path / "said.csv"
    path.write_text(
        "authority,event,hijri_year,on,announced_at,source,weekday_said\n"
        "saudi,eid_al_fitr,1446,2025-03-31,2025-03-29T19:00+00:00,court,Tuesday\n"
        "saudi,eid,1446,2025-03-31,29 March,court,\n"
        ",eid_al_fitr,46,2025-03-31,2025-03-29T19:00+00:00,court,\n"
    )
    code = _run(monkeypatch, "festivals --tradition muslim --from 2025-03-01 --to 2025-04-01 --announcements", path)

    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert "row 2: on is Tuesday 31 March 2025" in captured.err
    assert "row 3: announced_at is 29 March" in captured.err
    assert "row 4: authority is missing" in captured.err
    assert "row 4: hijri_year is 46" in captured.err


def test_years_without_rows_are_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A year beyond the reviewed rows is said to be a gap, and rows that nobody signed are counted."""
    code = _run(monkeypatch, "festivals --tradition sikh --from 2035-12-01 --to 2036-12-31")

    captured = capsys.readouterr()
    assert code == 0
    assert "No festival between these dates." in captured.out
    assert "No reviewed row for any sikh event of 2036" in captured.err
    assert "no person has signed yet" in captured.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--tradition pagan --from 2027-01-01 --to 2027-12-31", "--tradition is pagan; expected one of muslim, jewish"),
        ("--tradition sikh --from 2027-13-01 --to 2027", "--from is 2027-13-01"),
        ("--tradition muslim --from 1920-01-01 --to 1921-01-01", "from is 1920-01-01; expected 1924-08-01"),
        ("--tradition muslim --from 2027-01-01 --to 2027-01-02 --authority me", "--authority is me"),
        ("--tradition sikh --from 2027-02-01 --to 2027-01-01", "--to is 2027-01-01; expected on or after"),
    ],
)
def test_bad_options_of_festivals_are_refused(
    arguments: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be used is named with what was expected, and the exit code is 2."""
    code = _run(monkeypatch, "festivals", *arguments.split())

    assert code == 2
    assert says in capsys.readouterr().err


def test_times_are_londons_clock(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """London on 1 January 2017, and Lerwick in midsummer, in local time with the columns that were asked for."""
    code = _run(monkeypatch, "times --lat 51.5176 --lon -0.0656 --from 2017-01-01 --to 2017-01-01 --format csv")
    assert code == 0
    assert capsys.readouterr().out == (
        "date,fajr,sunrise,dhuhr,asr,maghrib,isha\n2017-01-01,06:25,08:06,12:09,13:46,16:05,17:38\n"
    )

    _run(monkeypatch, "times --lat 60.155 --lon -1.145 --from 2026-06-21 --to 2026-06-21 --format csv")
    (row,) = _csv(capsys.readouterr().out)
    assert (row["fajr"], row["isha"]) == ("02:55", "23:18")


def test_asr_and_method_can_be_chosen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Hanafi asr in London on 1 January 2017 is within two minutes of the printed 14:17; a method changes fajr."""
    base = "times --lat 51.5176 --lon -0.0656 --from 2017-01-01 --to 2017-01-01 --format csv"
    _run(monkeypatch, base, "--asr", "Hanafi", "--method", "Muslim-World-League")
    (row,) = _csv(capsys.readouterr().out)

    assert "14:15" <= row["asr"] <= "14:19"
    assert row["fajr"] < "06:25"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--lat 91 --lon 0 --from 2027-01-01 --to 2027-01-02", "lat_deg is 91.0; expected 49 to 61"),
        ("--lat 52 --lon 0 --from 2027-01-01 --to 2027-01-02 --method najaf", "--method is najaf"),
        ("--lat 52 --lon 0 --from 2027-01-01 --to 2047-01-02", "--to is 2047-01-02; expected at most"),
    ],
)
def test_bad_options_of_times_are_refused(
    arguments: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A position outside the kingdom, an unknown method or a range too long is named; the exit code is 2."""
    code = _run(monkeypatch, "times", *arguments.split())

    assert code == 2
    assert says in capsys.readouterr().err


@pytest.mark.slow
def test_every_accuracy_bar_holds(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table has a row for each bar with what was found and what is allowed, and every bar holds."""
    code = _run(monkeypatch, "accuracy", "--data", data_dir)

    captured = capsys.readouterr()
    rows = captured.out.splitlines()
    assert (code, len(rows) > 40) == (0, True)
    assert any(row.split()[:6] == ["London", "2017:", "dhuhr", "24", "1", "1"] for row in rows)
    assert not any(" no " in row for row in rows[1:])


def test_a_table_that_is_not_at_hand_is_no_bar_that_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty folder: every table is said to be missing and the exit code is 1."""
    code = _run(monkeypatch, "accuracy", "--data", tmp_path)

    captured = capsys.readouterr()
    assert code == 1
    assert captured.out.count("not at hand") == 12


def test_a_table_that_we_miss_is_a_bar_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Easter a day off in the table: that row does not hold, and the exit code is 1."""
    (tmp_path / "oracles").mkdir()
    (tmp_path / "oracles" / "easter_odd_years.csv").write_text(
        "year,western,orthodox,source\n2027,2027-03-29,2027-05-02,x\n"
    )
    code = _run(monkeypatch, "accuracy", "--data", tmp_path)

    (western,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Easter, western")]
    assert code == 1
    assert western.split()[2:7] == ["1", "1", "0", "wrong", "no"]
