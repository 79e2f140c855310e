"""Reading timetables: what is accepted, and how each slip of a real timetable is named."""

import csv
import hashlib
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.timetables import read_timetables
from reassure.occasions.expand import expand
from reassure.occasions.values import Rule, TableRow, Weekly
from reassure.places.place import Place

COLUMNS = "place_ref,key,on,days,season,local_time,length_min,source"


def _file(folder: Path, *rows: str, header: str = COLUMNS) -> Path:
    path = folder / "times.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def _texts(folder: Path, *rows: str, places: set[str] | None = None) -> list[str]:
    path = _file(folder, *rows)
    return [p.text.removeprefix(f"{path}, ") for p in read_timetables(path, place_refs=places).problems]


def test_a_date_makes_a_published_row_and_days_a_rule_of_the_place(tmp_path: Path) -> None:
    """`on` gives rank 2, `days` rank 3 in its season; lengths and sources are kept."""
    path = _file(
        tmp_path,
        "m,jumuah,2026-11-27,,,13:00,20,printed table",
        "m,jumuah,,Fri,bst,13:15,,site",
    )

    read = read_timetables(path)

    assert read.rules == (
        Rule("m", "jumuah", TableRow(date(2026, 11, 27), time(13)), 2, "printed table", length_min=20),
        Rule("m", "jumuah", Weekly((4,), time(13, 15), "bst"), 3, "site"),
    )
    assert (read.problems, read.dropped) == ((), ())
    assert read.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Fri", (4,)),
        ("friday", (4,)),
        ("Fridays", (4,)),
        ("Thurs", (3,)),
        ("Mon-Thu", (0, 1, 2, 3)),
        ("Sat-Mon", (0, 5, 6)),  # over the end of the week
        ("Sat;Sun", (5, 6)),
        ("Tue Thu", (1, 3)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
        ("weekdays", (0, 1, 2, 3, 4)),
    ],
)
def test_weekday_words(tmp_path: Path, said: str, days: tuple[int, ...]) -> None:
    """Days are words of three letters or more, ranges, lists, or daily."""
    (rule,) = read_timetables(_file(tmp_path, f"m,study,,{said},,18:00,,")).rules

    assert isinstance(rule.when, Weekly)
    assert rule.when.days == days


def test_equal_key_and_day_are_sittings(tmp_path: Path) -> None:
    """Two rows of one place, kind and day are two sittings, here of one occasion."""
    read = read_timetables(_file(tmp_path, "m,jumuah,,Fri,,13:00,,site", "m,jumuah,,Fri,,13:45,,site"))

    (found,) = expand([Place("m")], read.rules, date(2026, 11, 27), date(2026, 11, 27))

    assert len(found.sittings) == 2


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("m,jumuah,,Fri,,25:00,,", "row 2: local_time is 25:00; expected 00:00 to 23:59."),
        (
            "m,asr,2026-01-02,,,4.30,,",
            "row 2: local_time is 4.30; expected hours and minutes with a colon, such as 16:30.",
        ),
        (
            "m,fajr,2026-01-02,,,6.25,,",
            "row 2: local_time is 6.25; expected hours and minutes with a colon, such as 06:25.",
        ),
        (
            "m,other,2026-03-04,,,4.5,,",
            "row 2: local_time is 4.5; expected hours and minutes with a colon, such as 04:50 or 16:50.",
        ),
        ("m,jumuah,,Fri,,1:15,,", "row 2: local_time is 1:15; expected 11:00 to 17:59 for Jumu'ah, perhaps 13:15."),
        ("m,jumuah,,Fri,,1.15pm,,", "row 2: local_time is 1.15pm; expected 24 hours, such as 13:15."),
        ("m,sunday_main,,Sun,,12am,,", "row 2: local_time is 12am; expected 24 hours, such as 00:00."),
        ("m,jumuah,,Fri,,noon,,", "row 2: local_time is noon; expected 00:00 to 23:59."),
        ("m,jumuah,,Fri,,,,", "row 2: local_time is missing; expected 00:00 to 23:59."),
        ("m,jumuah,,Fri,,١٣:١٥,,", "row 2: local_time is ١٣:١٥; expected 00:00 to 23:59."),
        ("m,jumuah,2026-02-30,,,13:00,,", "row 2: on is 2026-02-30; expected a date such as 2026-11-27."),
        ("m,jumuah,2026-01-02,Thu,,13:00,,", "row 2: days is Thu; expected Friday, the weekday of 2026-01-02."),
        (
            "m,jumuah,,,,13:00,,",
            "row 2: on and days are both empty; expected a date in on, or days of the week in days.",
        ),
        ("m,jumuah,,Freitag,,13:00,,", "row 2: days is Freitag; expected days such as Fri, Mon-Thu, Sat;Sun or daily."),
        ("m,jumuah,2026-01-02,,gmt,13:00,,", "row 2: season is gmt; expected no season in a row with a date."),
        (
            "m,jumuah,,Fri,2026-09-01/2026-08-01,13:00,,",
            "row 2: season is 2026-09-01/2026-08-01; expected the earlier date first.",
        ),
        ("m,jumuah,,Fri,,13:00,0,", "row 2: length_min is 0; expected whole minutes, 1 to 720."),
        ("m,jumuah,,Fri,,13:00,1e3,", "row 2: length_min is 1e3; expected whole minutes, 1 to 720."),
        (f"m,jumuah,,Fri,,13:00,,{'x' * 121}", "expected at most 120 characters."),
        ("x,jumuah,,Fri,,13:00,,", "row 2: place_ref is x; expected a place of the register."),
        (",jumuah,,Fri,,13:00,,", "row 2: place_ref is missing; expected a place of the register."),
        ("m,friday,,Fri,,13:00,,", "row 2: key is friday; expected one of jumuah, shabbat_eve"),
        ("m,jumuah,,Fri,,=1+1,,", "row 2: local_time is =1+1; expected a value, not a formula."),
        ("m,jumuah,,Fri,,13:00", "row 2: the row has 6 cells; expected 8 cells, as in the header."),
    ],
)
def test_slips_are_named_with_row_and_column(tmp_path: Path, row: str, says: str) -> None:
    """Each slip gives one problem with row, column, value and what was expected; the row makes no rule."""
    (text,) = _texts(tmp_path, row, places={"m"})

    assert says in text
    assert read_timetables(tmp_path / "times.csv", place_refs={"m"}).rules == ()


def test_all_slips_of_all_rows_are_named_and_the_good_rows_kept(tmp_path: Path) -> None:
    """Two bad rows with three slips, one good row: three problems by row, one rule."""
    path = _file(tmp_path, "m,jumuah,,Fri,,25:00,0,", "m,jumuah,,Fri,,13:00,,", "m,nothing,,Fri,,13:00,,")

    read = read_timetables(path, place_refs={"m"})

    assert [(p.row, p.column) for p in read.problems] == [(2, "local_time"), (2, "length_min"), (4, "key")]
    assert [rule.when for rule in read.rules] == [Weekly((4,), time(13))]


def test_a_row_that_stands_twice_is_named(tmp_path: Path) -> None:
    """The same place, kind, day, season and time twice is a slip, also where the days only overlap."""
    rows = ("m,study,,Mon-Wed,,18:00,,site", "m,study,,Wed,,18:00,,site", "m,study,,Wed,gmt,18:00,,site")

    assert _texts(tmp_path, *rows) == ["row 3: this row repeats row 2; expected each time once."]


def test_a_status_makes_the_places_own_word(tmp_path: Path) -> None:
    """`cancelled` and `confirmed` speak for one date and stand over every other row."""
    path = _file(
        tmp_path,
        "m,jumuah,2026-11-27,,,13:00,,printed,",
        "m,jumuah,2026-11-27,,,13:00,,trustee,cancelled",
        "m,jumuah,2026-12-04,,,12:30,40,trustee,Confirmed",
        header=COLUMNS + ",status",
    )

    read = read_timetables(path)
    found = list(expand([Place("m")], read.rules, date(2026, 11, 27), date(2026, 12, 4)))

    assert read.problems == ()
    assert [(o.on.day, o.status, o.confidence) for o in found] == [(27, "cancelled", "A"), (4, "confirmed", "A")]
    assert found[1].sittings[0].ends_at == datetime(2026, 12, 4, 13, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("m,jumuah,2026-11-27,,13:00,off",), "row 2: status is off; expected cancelled, confirmed or nothing."),
        (("m,jumuah,,Fri,13:00,cancelled",), "row 2: status is cancelled; expected a date in on"),
        (
            ("m,jumuah,2026-11-27,,13:00,cancelled", "m,jumuah,2026-11-27,,13:00,confirmed"),
            "row 3: status is confirmed; expected the same as in row 2, or only one of the two rows.",
        ),
        (
            ("m,jumuah,2026-11-27,,13:00,cancelled", "m,jumuah,2026-11-27,,13:00,cancelled"),
            "row 3: this row repeats row 2",
        ),
    ],
)
def test_faulty_words_of_a_place_are_named(tmp_path: Path, rows: tuple[str, ...], says: str) -> None:
    """An unknown status, one without a date, a date both cancelled and confirmed: one problem each."""
    path = _file(tmp_path, *rows, header="place_ref,key,on,days,local_time,status")

    (problem,) = read_timetables(path).problems

    assert says in problem.text


def test_prayers_of_one_day_rise(tmp_path: Path) -> None:
    """The five prayers of a place and date come in their order; isha may fall after midnight."""
    good = ("m,maghrib,2026-06-21,,,21:30,,", "m,isha,2026-06-21,,,00:20,,", "m,dhuhr,2026-06-21,,,13:30,,")

    assert _texts(tmp_path, *good) == []
    assert _texts(tmp_path, *good, "m,asr,2026-06-21,,,13:10,,") == [
        "row 5: local_time is 13:10; expected asr after dhuhr at 13:30."
    ]


def test_columns_nobody_knows_are_named(tmp_path: Path) -> None:
    """Unknown columns are dropped and named; a missing required column stops the file."""
    path = _file(tmp_path, "m,jumuah,Fri,13:00,Imam", header="place_ref,key,days,local_time,speaker")

    assert read_timetables(path).dropped == ("speaker",)
    with pytest.raises(InputError, match="column local_time is missing"):
        read_timetables(_file(tmp_path, "m,jumuah,Fri", header="place_ref,key,days"))


def test_weekday_labels_of_a_real_file_are_checked_against_its_dates(tmp_path: Path, data_dir: Path) -> None:
    """Published Fridays pass with the label Fri; shifted by a day every one of them is named."""
    with (data_dir / "prayer_times" / "uk_mosque_fridays_2026.csv").open(encoding="utf-8", newline="") as stream:
        days = [row["date"] for row in csv.DictReader(stream) if row["mosque"].startswith("Taiyabah")]

    assert _texts(tmp_path, *(f"m,dhuhr,{day},Fri,,12:45,," for day in days)) == []
    wrong = _texts(tmp_path, *(f"m,dhuhr,{day},Thursday,,12:45,," for day in days))
    assert len(wrong) == 52
    assert all("expected Friday, the weekday of 2026-" in text for text in wrong)


def test_ten_million_characters_in_a_cell_are_refused(tmp_path: Path) -> None:
    """A monstrous cell is one problem; the good rows stand."""
    path = _file(tmp_path, f"m,jumuah,,Fri,,13:00,,{'x' * 10_000_000}", "m,jumuah,,Fri,,13:30,,site")

    read = read_timetables(path)

    assert [p.row for p in read.problems] == [2]
    assert len(read.rules) == 1
