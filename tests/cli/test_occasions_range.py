"""`reassure occasions list` over a range, for one place, with its reasons, as a page; `timetable import`; `check`."""

import csv
import io
import re
import sys
from pathlib import Path

import pytest

from reassure.cli.main import run

REGISTER = """ref,name,faith,lat,lon,area_code,authority
m,Demo Mosque,Muslim,52.4862,-1.8904,E23000014,saudi
j,Demo Synagogue,Jewish,52.48,-1.9,E23000014,
c,<b>Demo</b> Church,Christian,51.5,-0.1,E23000001,
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def _run(monkeypatch: pytest.MonkeyPatch, line: str, *more: object) -> int:
    """Run a command line; parts with spaces in them come after it."""
    monkeypatch.setattr(sys, "argv", ["reassure", "occasions", *line.split(), *map(str, more)])
    with pytest.raises(SystemExit) as stopped:
        run()
    return int(stopped.value.code or 0)


def _file(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_range_lists_every_day_with_its_date(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Friday to Sunday: four occasions, by day; each row of the table starts with its date."""
    code = _run(monkeypatch, f"list {register} --from 2026-11-27 --to 2026-11-29")

    out = capsys.readouterr().out
    assert code == 0
    assert "Friday 27 November 2026 to Sunday 29 November 2026" in out
    assert re.findall(r"(\w{3} \d{2} Nov).*?(Jumu'ah|Shabbat eve|Shabbat morning|Sunday service)", out) == [
        ("Fri 27 Nov", "Jumu'ah"),
        ("Fri 27 Nov", "Shabbat eve"),
        ("Sat 28 Nov", "Shabbat morning"),
        ("Sun 29 Nov", "Sunday service"),
    ]


def test_a_range_is_the_union_of_its_days(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rows of three days as one range are those of each day."""
    _run(monkeypatch, f"list {register} --from 2026-11-27 --to 2026-11-29 --format csv")
    whole = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    days = []
    for day in (27, 28, 29):
        _run(monkeypatch, f"list {register} --on 2026-11-{day} --format csv")
        days += list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    assert whole == days
    assert len(whole) == 4


def test_one_place_alone(register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """--place lists that place and no other; its authority stands in the register, so Eid has 0.95 and 0.05."""
    _run(monkeypatch, f"list {register} --from 2025-03-30 --to 2025-03-31 --place m --format csv")

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(r["place_ref"], r["key"], r["on"], r["date_share"]) for r in rows] == [
        ("m", "eid_prayer", "2025-03-30", "0.95"),
        ("m", "eid_prayer", "2025-03-31", "0.05"),
    ]


def test_an_announcement_rebuilds_the_list(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Announced by Saudi Arabia for the 31st: one day is left, and its status says so."""
    path = _file(
        tmp_path,
        "said.csv",
        "authority,event,hijri_year,on,announced_at,source\n"
        "saudi,eid_al_fitr,1446,2025-03-31,2025-03-29T20:00+00:00,court\n",
    )
    _run(
        monkeypatch,
        f"list {register} --from 2025-03-30 --to 2025-03-31 --faith muslim --format csv --announcements",
        path,
    )

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(r["on"], r["date_share"], r["status"]) for r in rows] == [("2025-03-31", "1", "announced")]


TIMES = """place_ref,key,on,days,season,local_time,source,observed_on,status
m,jumuah,,Fri,,13:00,site,2026-01-01,
m,jumuah,,Fri,gmt,12:40,site,2026-01-01,
m,jumuah,2026-11-27,,,12:50,leaflet,2026-02-01,
m,jumuah,2026-12-04,,,12:40,trustee,,cancelled
"""


def test_why_names_every_word_and_what_it_gives_way_to(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The published row stands; the rules of the place and the usual time give way, each with the reason."""
    path = _file(tmp_path, "times.csv", TIMES)
    code = _run(monkeypatch, f"list {register} --on 2026-11-27 --place m --why --timetables", path)

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert lines == [
        "Demo Mosque, Friday 27 November 2026",
        "Jumu'ah",
        "12:50 2, a published time leaflet: stands",
        "12:40 3, the place's own rule site: gives way to a published time",
        "13:00 3, the place's own rule site: gives way to a published time",
        "12:45 5, the usual time of its tradition tradition-default: gives way to a published time",
    ]


def test_why_shows_a_season_and_a_cancellation(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a cancelled Friday the rule for the season stands but is cancelled; the one for all year gives way to it."""
    path = _file(tmp_path, "times.csv", TIMES)
    _run(monkeypatch, f"list {register} --on 2026-12-04 --place m --why --timetables", path)

    out = capsys.readouterr().out
    assert "trustee: stands: cancelled by the place" in out
    assert re.search(r"12:40 +3, .*site: stands, but cancelled by the place", out)
    assert re.search(r"13:00 +3, .*site: gives way to a rule for this season", out)


def test_why_says_what_a_festival_takes_the_place_of(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Easter Day 2027: the usual Sunday gives way because easter_day takes its place; an empty day says so too."""
    _run(monkeypatch, f"list {register} --from 2027-03-28 --to 2027-03-29 --place c --why")

    out = capsys.readouterr().out
    assert "gives way: easter_day takes its place" in out
    assert "Nothing is said about this day" in out


def test_a_page_has_the_week_the_days_and_no_script(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year as a page: heat map, twelve months, open dates marked; names are escaped, nothing is loaded."""
    out = tmp_path / "year.html"
    code = _run(monkeypatch, f"list {register} --from 2027-01-01 --to 2027-12-31 --format html --out", out)

    text = out.read_text("utf-8")
    assert code == 0
    assert text.count('class="month"') == 12
    assert "The hours of the week" in text
    assert re.search(r'class="h\d open" title="9 March: [^"]*date not settled"', text)
    assert not re.search(r"<script|https?://(?!www\.w3|.*copyright)|<b>Demo", text)


def test_a_page_of_one_day_has_its_hours(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Friday 27 November 2026: people are present at two places from 12 to 16 o'clock, by hour."""
    out = tmp_path / "day.html"
    _run(monkeypatch, f"list {register} --on 2026-11-27 --format html --out", out)

    hours = re.findall(r'<th scope="row">(\d\d:00)</th><td class="n">(\d+)</td>', out.read_text("utf-8"))
    # Jumu'ah 12:15 to 13:40; Shabbat eve from 15:30 (lighting 15:45) to 16:50
    assert hours == [("12:00", "1"), ("13:00", "1"), ("15:00", "1"), ("16:00", "1")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "--on is missing; expected a date in --on, or two in --from and --to"),
        ("--on 2026-11-27 --from 2026-11-27", "--on is 2026-11-27; expected either --on, or --from and --to"),
        ("--from 2026-11-27", "--to"),
        ("--from 2026-11-27 --to 2026-11-26", "--to is 2026-11-26; expected on or after 2026-11-27"),
        ("--from 2026-11-27 --to 2036-11-26", "expected at most 1,100 days"),
        ("--on 2026-11-27 --why", "--place is missing; expected the ref of one place"),
        ("--on 2026-11-27 --place nobody", "--place is nobody; expected the ref of a place"),
    ],
)
def test_bad_ranges_are_refused(
    line: str, says: str, register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Dates that cannot be used and a place that is not there are named; the exit code is 2."""
    code = _run(monkeypatch, f"list {register} {line}")

    assert code == 2
    assert says in capsys.readouterr().err


TABLE = "date,zuhr,jumuah_1\n2026-11-27,12:02,13:00\n2026-12-04,12:05,1:15\n"


def test_a_faulty_table_is_refused_whole_unless_asked(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1:15 for Jumu'ah: nothing is written; with --good-rows the other row is, and the exit code still says 2."""
    path, out = _file(tmp_path, "mosque.csv", TABLE), tmp_path / "out.csv"
    assert _run(monkeypatch, f"timetable import {path} --register {register} --place m --out {out}") == 2
    assert "row 3: jumuah_1 is 1:15" in capsys.readouterr().err
    assert not out.exists()

    assert _run(monkeypatch, f"timetable import {path} --register {register} --place m --good-rows --out {out}") == 2
    assert out.read_text().splitlines()[1:] == ["m,jumuah,2026-11-27,,,13:00,,mosque.csv,,"]


def test_an_imported_table_is_listed(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was imported is read by the list: Jumu'ah at 13:00 with B."""
    path, out = _file(tmp_path, "mosque.csv", TABLE.replace("1:15", "13:15")), tmp_path / "out.csv"
    assert _run(monkeypatch, f"timetable import {path} --register {register} --place m --out {out}") == 0
    capsys.readouterr()
    _run(monkeypatch, f"list {register} --on 2026-11-27 --place m --format csv --timetables {out}")

    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["starts"], row["confidence"]) == ("2026-11-27 13:00", "B")


def test_a_calendar_is_imported_as_what_others_say(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A weekly service of a feed becomes rows with said_by others; titles are not written."""
    event = "UID:a\nDTSTART:20261129T093000\nDTEND:20261129T101500\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:Mass for Zebedee"
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    path = _file(tmp_path, "feed.ics", text)
    code = _run(monkeypatch, f"timetable import {path} --register {register} --place c --from 2026-11-01")

    captured = capsys.readouterr()
    assert code == 0
    assert captured.out.splitlines()[1:] == [
        "c,sunday_main,2026-11-29,,,09:30,45,feed.ics,,others",
        "c,sunday_main,2026-12-06,,,09:30,45,feed.ics,,others",
    ]
    assert "Zebedee" not in captured.out + captured.err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("export x.csv --register r", "action is export; expected import"),
        ("import {table} --register {register}", "--place is missing"),
        ("import {table} --register {register} --place x", "--place is x; expected a place of the register"),
        ("import {ics} --register {register} --place c", "--from is missing"),
    ],
)
def test_bad_imports_are_refused(
    line: str,
    says: str,
    register: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Another action, no place, a place that is not there, a calendar without a first date: named, exit code 2."""
    table, ics = _file(tmp_path, "t.csv", TABLE), _file(tmp_path, "f.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    code = _run(monkeypatch, "timetable " + line.format(table=table, ics=ics, register=register))

    assert code == 2
    assert says in capsys.readouterr().err


def test_check_asks_about_rules_tables_and_calendars(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row on the wrong weekday, a summer rule in winter and a gap of 2036: each named, exit code 1."""
    text = "place_ref,key,on,days,season,local_time,source\n"
    text += "m,jumuah,2026-11-27,Thu,,13:00,leaflet\nm,jumuah,,Fri,bst,13:30,site\n"
    path = _file(tmp_path, "times.csv", text)
    code = _run(monkeypatch, f"check {register} --from 2026-11-01 --to 2026-12-31 --timetables {path}")

    out = capsys.readouterr().out
    assert code == 1
    assert "Faulty rows and announcements: 1" in out
    assert "days is Thu; expected Friday, the weekday of 2026-11-27" in out
    assert "Rules that never speak or never stand: 1" in out

    assert _run(monkeypatch, f"check {register} --from 2036-01-01 --to 2036-12-31") == 0
    out = capsys.readouterr().out
    assert "Festivals without a reviewed row in these years: 19" in out
    assert "hindu: diwali 2036" in out


def test_festivals_without_times_are_said_beside_the_list(
    register: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rosh Hashana 5788 makes no occasion until a synagogue gives its times, but the list says it is that day."""
    _run(monkeypatch, f"list {register} --on 2027-10-02 --faith jewish")

    captured = capsys.readouterr()
    assert "Shabbat morning" in captured.out
    assert "Festival: Sat 2 Oct, Rosh Hashana 5788 (jewish, from sunset the evening before)." in captured.err
