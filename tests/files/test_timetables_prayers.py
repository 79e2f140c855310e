"""Prayer timetables of mosques: what is taken, what is checked against the sun, which slips are named."""

import csv
from datetime import date, time
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.prayer_tables import PrayerTable, read_prayer_table
from reassure.files.timetables import read_timetables
from reassure.files.timetables_csv import timetables_csv
from reassure.geo import Point
from reassure.occasions.values import Computed, Recurrence, Rule, TableRow, Weekly
from reassure.places.place import Place

MOSQUE = Place("m", "Demo Mosque", faiths=frozenset({"muslim"}), point=Point(51.5176, -0.0656))
HEADER = "date,day,fajr,sunrise,zuhr,zuhr_jamaah,asr,asr_jamaah,maghrib,isha,isha_jamaah"
GOOD = "2017-01-06,Fri,06:25,08:03,12:11,12:25,13:51,14:45,16:11,17:48,19:15"


def _read(tmp_path: Path, *rows: str, header: str = HEADER) -> PrayerTable:
    path = tmp_path / "table.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return read_prayer_table(path, MOSQUE, source="mosque.example")


def _times(table: PrayerTable) -> list[tuple[str, str]]:
    return [(r.key, f"{r.when.local_time:%H:%M}") for r in table.rules if isinstance(r.when, TableRow)]


def test_congregations_are_taken_and_beginnings_are_not(tmp_path: Path) -> None:
    """A row gives its congregations as published times; on a Friday that of noon is Jumu'ah."""
    table = _read(tmp_path, GOOD, GOOD.replace("2017-01-06,Fri", "2017-01-07,Saturday"))

    assert table.problems == ()
    friday, saturday = _times(table)[:3], _times(table)[3:]
    assert friday == [("jumuah", "12:25"), ("asr", "14:45"), ("isha", "19:15")]
    assert saturday == [("dhuhr", "12:25"), ("asr", "14:45"), ("isha", "19:15")]
    assert {(r.rank, r.source_ref) for r in table.rules} == {(2, "mosque.example")}


def test_columns_of_jumuah_stand_over_the_noon_congregation(tmp_path: Path) -> None:
    """Two Jumu'ah columns give two congregations on Fridays and nothing on other days."""
    header = "date,zuhr,zuhr_jamaah,jumuah_1,jumuah_2"
    table = _read(tmp_path, "2017-01-06,12:11,12:45,13:00,13:45", "2017-01-07,12:11,12:45,13:00,13:45", header=header)

    assert _times(table) == [("jumuah", "13:00"), ("jumuah", "13:45"), ("dhuhr", "12:45")]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2017-01-06", "2017-13-06", "date is 2017-13-06"),
        ("Fri", "Wed", "date is Wednesday 6 January 2017; expected Friday 6 January or Wednesday 4 January"),
        ("13:51", "1:51", "asr is 1:51; expected 12:00 to 21:59 for Asr prayer, perhaps 13:51"),
        ("14:45", "2.45", "asr_jamaah is 2.45; expected hours and minutes with a colon, such as 14:45"),
        ("06:25", "6.25", "fajr is 6.25; expected hours and minutes with a colon, such as 06:25"),
        ("13:51", "16:20", "maghrib is 16:11; expected after asr at 16:20"),
        ("06:25", "08:05", "sunrise is 08:03; expected after fajr at 08:05"),
        ("12:11", "12:30", "dhuhr is 12:30; expected within 15 minutes of 12:11"),
        ("16:11", "16:31", "maghrib is 16:31; expected within 15 minutes of 16:11"),
        ("12:25", "12:05", "congregation of dhuhr is 12:05; expected not before dhuhr begins at 12:11"),
        ("17:48", "25:00", "isha is 25:00; expected 00:00 to 23:59"),
    ],
)
def test_slips_of_real_timetables_are_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    """Each slip is a problem with its row and column and what was expected; the row gives nothing."""
    table = _read(tmp_path, GOOD.replace(old, new))

    assert any(says in problem.text and "row 2" in problem.text for problem in table.problems), table.problems
    assert table.rules == ()


def test_an_isha_after_midnight_is_in_order(tmp_path: Path) -> None:
    """In midsummer isha may begin at 00:10: it belongs to the evening before and follows maghrib."""
    row = "2017-06-16,,02:40,04:40,13:06,13:30,17:24,19:00,21:24,00:10,00:20"

    assert _read(tmp_path, row).problems == ()


def test_a_date_twice_and_a_row_of_the_next_month_are_named(tmp_path: Path) -> None:
    """A sheet of January that ends with 1 February, and a date that stands twice."""
    rows = [f"2017-01-{day:02d},12:30" for day in range(1, 32)]
    table = _read(
        tmp_path, *rows, "2017-01-05,12:30", "2017-02-01,12:30", header="date,isha_jamaah".replace("isha", "zuhr")
    )

    texts = [problem.text for problem in table.problems]
    assert any("row 33: 2017-01-05 stands in row 6 too" in text for text in texts)
    assert any("row 34: a row of the next month" in text for text in texts)
    assert table.n_days == 31


def test_good_rows_stand_beside_faulty_ones(tmp_path: Path) -> None:
    """One faulty row of two: its problem is said and the other row is there."""
    table = _read(tmp_path, GOOD, GOOD.replace("2017-01-06,Fri", "2017-01-07,Monday"))

    assert (len(table.problems), table.n_days) == (1, 1)


@pytest.mark.parametrize("header", ["date,fajr,zuhr", "day,zuhr_jamaah"])
def test_a_table_without_date_or_congregation_is_refused(tmp_path: Path, header: str) -> None:
    """Without dates or without any congregation there is nothing to take."""
    with pytest.raises(InputError):
        _read(tmp_path, "2017-01-06,12:00,12:30", header=header)


def test_a_years_table_of_bolton_is_taken_whole(data_dir: Path, tmp_path: Path) -> None:
    """52 Fridays of a real timetable pass every check: 52 Jumu'ah and 52 isha congregations."""
    text = (data_dir / "oracles" / "prayer_times_bolton_2026_fridays.csv").read_text("utf-8")
    path = tmp_path / "bolton.csv"
    path.write_text(text, encoding="utf-8")
    bolton = Place("b", "B", faiths=frozenset({"muslim"}), point=Point(53.59208, -2.43141))

    table = read_prayer_table(path, bolton, source="site")

    assert table.problems == ()
    assert [sum(r.key == key for r in table.rules) for key in ("jumuah", "isha")] == [52, 52]
    with path.open(encoding="utf-8", newline="") as stream:
        printed = {row["date"]: row["zuhr_jamaat"] for row in csv.DictReader(stream)}
    held = {r.when.on.isoformat(): f"{r.when.local_time:%H:%M}" for r in table.rules if r.key == "jumuah"}  # type: ignore[union-attr]
    assert held == printed


def test_rules_come_back_from_a_timetable_file(tmp_path: Path) -> None:
    """Published rows, rules by weekday in a season and what others say are read back as they were written."""
    rules = (
        Rule("m", "jumuah", TableRow(date(2026, 11, 27), time(13)), 2, "site", date(2026, 1, 1), length_min=20),
        Rule("m", "jumuah", Weekly((4,), time(13, 15), "bst"), 3, "site"),
        Rule("m", "study", Weekly((0, 2), time(18)), 4, "feed"),
    )
    path = tmp_path / "out.csv"
    path.write_text(timetables_csv(rules), encoding="utf-8")

    held = read_timetables(path)

    assert (held.rules, held.problems) == (rules, ())


def test_what_a_timetable_cannot_say_is_refused() -> None:
    """A rule of the sun has no row: refused, not left out."""
    with pytest.raises(InputError, match="when is Computed"):
        timetables_csv([Rule("m", "isha", Computed((4,), "isha"), 3, "s")])
    assert "said_by" in timetables_csv([Rule("m", "isha", Recurrence("u", ()), 4, "s")])


def test_service_times_are_read_by_the_tradition_of_the_place(tmp_path: Path) -> None:
    """A row with service_times makes rules of rank 4; plain English is named, and nothing else may stand there."""
    path = tmp_path / "t.csv"
    path.write_text(
        "place_ref,key,local_time,service_times,source\n"
        'c,,,"Su 09:30, 11:00",osm\nc,,,Sunday 10am,osm\nc,study,18:00,Su 10:00,osm\n',
        encoding="utf-8",
    )
    church = Place("c", "C", faiths=frozenset({"christian"}), point=MOSQUE.point)

    held = read_timetables(path, places={"c": church})

    assert {(rule.key, rule.rank) for rule in held.rules} == {("sunday_main", 4), ("weekday_service", 4)}
    assert [problem.row for problem in held.problems] == [3, 4, 4]
    assert "service_times is Sunday 10am" in held.problems[0].text
