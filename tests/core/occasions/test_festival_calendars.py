"""Festivals of each tradition against published tables and second methods."""

import csv
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from pyluach.dates import GregorianDate

from reassure.errors import InputError
from reassure.files.festival_days import reviewed_days
from reassure.occasions.christian import easter_day
from reassure.occasions.festivals import EVENTS_OF, TRADITIONS, candidates_of, festival_days, gaps, row_problems
from reassure.occasions.jewish import boundaries
from reassure.occasions.jewish_days import holy_days
from reassure.occasions.values import FestivalDay
from reassure.periods import london_wall

HENDON = (51.5722, -0.1955)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _names(tradition: str, on: date, **options: object) -> set[str]:
    return {day.name for day in festival_days(tradition, on, on, rows=reviewed_days(), **options)}  # type: ignore[arg-type]


def test_jewish_festivals_are_exact(data_dir: Path) -> None:
    """Each of 77 published first days, 2015 to 2035, carries its festival under our own spelling."""
    rows = _rows(data_dir / "oracles" / "jewish_festivals_odd_years.csv")

    wrong = [r for r in rows if r["festival"] not in _names("jewish", date.fromisoformat(r["date_first_full_day"]))]

    assert (len(rows), wrong) == (77, [])


def test_jewish_names_are_ours_and_not_the_librarys() -> None:
    """The library says Succos and Shavuos; ours are Sukkot and Shavuot, on the days that it has, for 40 years."""
    theirs = {
        "1 Rosh Hashana": "rosh_hashana",
        "2 Rosh Hashana": "rosh_hashana_2",
        "Yom Kippur": "yom_kippur",
        "1 Succos": "sukkot_1",
        "2 Succos": "sukkot_2",
        "Shmini Atzeres": "shemini_atzeret",
        "Simchas Torah": "simchat_torah",
        "1 Chanuka": "chanukah_1",
        "Purim": "purim",
        "1 Pesach": "pesach_1",
        "2 Pesach": "pesach_2",
        "7 Pesach": "pesach_7",
        "8 Pesach": "pesach_8",
        "1 Shavuos": "shavuot_1",
        "2 Shavuos": "shavuot_2",
        "Tzom Gedalia": "fast_of_gedaliah",
        "10 of Teves": "fast_of_tevet",
        "Taanis Esther": "fast_of_esther",
        "17 of Tamuz": "fast_of_tammuz",
        "9 of Av": "tisha_bav",
    }
    first, last = date(2010, 1, 1), date(2049, 12, 31)
    ours = {(day.on, day.event) for day in festival_days("jewish", first, last)}
    expected = set()
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        day = GregorianDate.from_pydate(on).to_heb()
        for name in (day.festival(israel=False, include_working_days=True, prefix_day=True), day.fast_day()):
            if name in theirs:
                expected.add((on, theirs[name]))

    assert expected == {(on, event) for on, event in ours if event in theirs.values()}
    assert not any("uccos" in day.name or "uos" in day.name for day in festival_days("jewish", first, last))


@pytest.mark.parametrize("year", range(2015, 2036, 2))
def test_easter_is_exact(year: int, data_dir: Path) -> None:
    """Western and orthodox Easter of odd years 2015 to 2035 as published."""
    (row,) = [r for r in _rows(data_dir / "oracles" / "easter_odd_years.csv") if r["year"] == str(year)]

    held = (easter_day(year).isoformat(), easter_day(year, is_orthodox=True).isoformat())

    assert held == (row["western"], row["orthodox"])


@pytest.mark.parametrize("year", range(1924, 2077))
def test_easter_agrees_with_two_published_algorithms(year: int) -> None:
    """Meeus, Jones and Butcher for the western date; Meeus's Julian one, 13 days on, for the orthodox."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    d = (19 * a + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    julian_month, julian_day = divmod(d + e + 114, 31)

    assert easter_day(year) == date(year, month, day + 1)
    assert easter_day(year, is_orthodox=True) == date(year, julian_month, julian_day + 1) + timedelta(days=13)


def test_holy_week_hangs_on_easter() -> None:
    """Easter 2027 is 28 March: Palm Sunday the 21st, Good Friday the 26th; the orthodox Easter is 2 May."""
    days = {(d.event, d.authority): d.on for d in festival_days("christian", date(2027, 1, 1), date(2027, 12, 31))}

    assert days[("palm_sunday", "western")] == date(2027, 3, 21)
    assert days[("good_friday", "western")] == date(2027, 3, 26)
    assert days[("easter_day", "western")] == date(2027, 3, 28)
    assert days[("easter_day", "orthodox")] == date(2027, 5, 2)
    assert days[("watch_night", "western")] == date(2027, 12, 31)


def test_orthodox_christmas_has_two_candidates() -> None:
    """25 December 2027 and 7 January 2028 are one Christmas with a half each."""
    held = festival_days("christian", date(2027, 12, 1), date(2028, 1, 31))
    orthodox = [(d.on, d.share, d.year) for d in held if (d.event, d.authority) == ("christmas_day", "orthodox")]

    assert orthodox == [(date(2027, 12, 25), 0.5, 2027), (date(2028, 1, 7), 0.5, 2027)]


def test_hendon_2019_is_met_within_a_minute(data_dir: Path) -> None:
    """All 119 lightings and ends of Hendon in 2019, holy days included, no evening more or less."""
    rows = _rows(data_dir / "oracles" / "shabbat_hendon_2019.csv")
    kinds = {"Candle lighting": "lighting", "Havdalah": "end"}
    published = {(row["date"], kinds[row["kind"]]): row["time_local"] for row in rows}

    held = {(b.on.isoformat(), b.kind): b.at for b in boundaries(*HENDON, date(2019, 1, 1), date(2019, 12, 31))}

    assert len(rows) == 119
    assert held.keys() == published.keys()
    for key, said in published.items():
        wall = london_wall(held[key])
        off = wall.hour * 60 + wall.minute - int(said[:2]) * 60 - int(said[3:])
        assert abs(off) <= 1, (key, said, wall)


def test_when_a_holy_day_follows_a_holy_day_there_is_one_boundary() -> None:
    """31 March 2018, Shabbat and Pesach I, then Pesach II: the evening both ends and begins."""
    held = boundaries(*HENDON, date(2018, 3, 30), date(2018, 4, 1))

    assert [(b.on.day, b.kind) for b in held] == [(30, "lighting"), (31, "lighting"), (1, "end")]
    assert holy_days(2018)[date(2018, 3, 31)] == "pesach_1"


@pytest.mark.parametrize("tradition", sorted(EVENTS_OF))
def test_no_year_in_range_lacks_a_reviewed_row(tradition: str) -> None:
    """Every event that only rows give has one in every year from 2015 to 2035."""
    assert gaps(tradition, range(2015, 2036), reviewed_days()) == []


def test_a_year_without_rows_is_a_gap_and_not_a_guess() -> None:
    """2036 has no rows: every event of Sikhs is listed as a gap, and no date is made up."""
    assert {gap.event for gap in gaps("sikh", [2036], reviewed_days())} == set(EVENTS_OF["sikh"])
    assert festival_days("sikh", date(2036, 2, 1), date(2036, 12, 31), rows=reviewed_days()) == []


def test_reviewed_shares_sum_to_one_and_bad_ones_are_named() -> None:
    """The shares of an event of a year sum to 1 in our file; where they do not, it is said."""
    assert row_problems(reviewed_days()) == []
    odd = [FestivalDay("diwali", "Diwali", "hindu", date(2027, 10, 29), share=0.8, year=2027)] * 2
    assert [p.column for p in row_problems(odd)] == ["on", "share"]


def test_diwali_follows_india_with_a_local_candidate(data_dir: Path) -> None:
    """Diwali of the India table in every published year; 2027 has 28 October at 0.1 beside 29 October at 0.9."""
    rows = [r for r in _rows(data_dir / "oracles" / "diwali_odd_years.csv") if int(r["year"]) >= 2015]
    india = {d.year: d.on.isoformat() for d in reviewed_days() if d.event == "diwali" and "india" in d.authority}
    local = {d.year: d.on.isoformat() for d in reviewed_days() if d.event == "diwali" and "local" in d.authority}

    assert all(india[int(r["year"])] == r["india_table"] for r in rows)
    assert all(india[int(r["year"])] == r["uk_published"] for r in rows if r["uk_published"])
    assert all(local[int(r["year"])] == r["local_panchang_leicester"] for r in rows)
    held = festival_days("hindu", date(2027, 10, 1), date(2027, 11, 30), rows=reviewed_days())
    diwali = [(d.on.isoformat(), d.share) for d in held if d.event == "diwali"]
    assert diwali == [("2027-10-28", 0.1), ("2027-10-29", 0.9)]


def test_the_librarys_general_table_of_diwali_is_not_used(data_dir: Path) -> None:
    """In 2017 and 2025 the general table is a month late; our rows are those of India."""
    general = {r["year"]: r["generic_library_table"] for r in _rows(data_dir / "oracles" / "diwali_odd_years.csv")}
    for year in (2017, 2025):
        ours = {d.on for d in reviewed_days() if (d.event, d.year) == ("diwali", year)}
        assert date.fromisoformat(general[str(year)]) - max(ours) > timedelta(days=25)
        assert "Diwali" in holidays.country_holidays("IN", years=year, language="en_IN")[max(ours)]


def test_bandi_chhor_follows_diwali() -> None:
    """Bandi Chhor has the dates and shares of Diwali in every year."""
    dates = {
        event: {(d.year, d.on, d.share) for d in reviewed_days() if (d.event, d.tradition) == (event, tradition)}
        for event, tradition in (("diwali", "hindu"), ("bandi_chhor", "sikh"))
    }

    assert dates["diwali"] == dates["bandi_chhor"]


def test_vaisakhi_and_guru_nanak_as_published(data_dir: Path) -> None:
    """14 April and the table of India are candidates of a half each; the same day is sure. Guru Nanak by the table."""
    for row in _rows(data_dir / "oracles" / "vaisakhi_gurpurab_odd_years.csv"):
        year = int(row["year"])
        vaisakhi = {d.on.isoformat(): d.share for d in reviewed_days() if (d.event, d.year) == ("vaisakhi", year)}
        both = {row["vaisakhi_india_table"], row["vaisakhi_nanakshahi_fixed"]}
        assert vaisakhi == dict.fromkeys(both, 1 / len(both))
        nanak = [d.on.isoformat() for d in reviewed_days() if (d.event, d.year) == ("guru_nanak_gurpurab", year)]
        assert nanak == [row["guru_nanak_india_table"]]


def test_guru_gobind_singh_keeps_both_living_calendars() -> None:
    """5 January and the lunar date stand side by side: in 2027 the 5th and the 15th."""
    held = candidates_of(reviewed_days())[("guru_gobind_singh_gurpurab", "")]

    assert [(c.on.isoformat(), c.share) for c in held if c.year == 2027] == [("2027-01-05", 0.5), ("2027-01-15", 0.5)]


@pytest.mark.parametrize("tradition", TRADITIONS)
def test_a_stretch_of_dates_is_the_union_of_its_days(tradition: str) -> None:
    """Listing two years gives the same as listing each day."""
    first, last = date(2026, 1, 1), date(2027, 12, 31)
    whole = festival_days(tradition, first, last, rows=reviewed_days())
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    assert whole == [d for on in days for d in festival_days(tradition, on, on, rows=reviewed_days())]
    assert whole


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("pagan", date(2027, 1, 1), date(2027, 1, 2)), "tradition is pagan"),
        (("sikh", date(2027, 1, 2), date(2027, 1, 1)), "on or after 2027-01-02"),
    ],
)
def test_bad_questions_about_festivals_are_refused(arguments: tuple[str, date, date], says: str) -> None:
    """A tradition that is not known and a range that runs backwards are refused."""
    with pytest.raises(InputError, match=says):
        festival_days(*arguments)
