"""How far our times and dates lie from published ones: one row a bar, measured against the tables that are at hand.

Rules: which table is compared with what, and how far off it may be (docs/rooms/occasions.md). The tables state no
licence and are not shipped: the caller names their folder. A table that is not there is said, never passed over.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.festival_days import reviewed_days
from reassure.geo import Point
from reassure.occasions.christian import easter_day
from reassure.occasions.expand import expand
from reassure.occasions.festivals import festival_days
from reassure.occasions.hijri import HIJRI_EVENTS, candidates, umm_al_qura
from reassure.occasions.jewish import boundaries, holy_day_end, lighting
from reassure.occasions.prayer import prayer_times
from reassure.occasions.values import FestivalDay, Rule, TableRow, Weekly
from reassure.periods import london_instant, london_wall, parse_local_time
from reassure.places.place import Place

LONDON, BOLTON, HENDON = (51.5176, -0.0656), (53.59208, -2.43141), (51.5722, -0.1955)
LONDON_BARS = {"fajr": 7, "sunrise": 3, "dhuhr": 1, "asr": 2, "maghrib": 1, "isha": 12}
BOLTON_BARS = {"fajr": 10, "sunrise": 1, "dhuhr": 3, "asr": 1, "maghrib": 3, "isha": 19}
"""Largest difference from the whole table of a year, minutes."""

CITIES: Mapping[str, tuple[float, float, int, float, int]] = {
    "London": (51.5074, -0.1278, 15, 8.0, 2),
    "Manchester": (53.4808, -2.2426, 15, 8.0, 2),
    "Glasgow": (55.8642, -4.2518, 16, 8.0, 2),
    "Tyneside": (54.9783, -1.6178, 14, 8.0, 3),
    "Leeds": (53.8008, -1.5491, 18, 8.0, 2),
    "Bournemouth": (50.7192, -1.8808, 19, 8.5, 2),
}
"""Latitude, longitude, the community's minutes before sunset, degrees below the horizon, bar in minutes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One bar and what was found.

    Parameters
    ----------
    n
        Values compared; 0 when the table is not at hand.
    worst
        Largest difference, in `unit`.
    bar
        Largest difference allowed.
    """

    what: str
    table: str
    n: int
    worst: float
    bar: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether anything was compared and nothing lies farther off than allowed."""
        return self.n > 0 and self.worst <= self.bar


def measures(folder: Path) -> list[Measure]:
    """Every bar, measured against the tables under a folder of open data; `InputError` when the folder is not there."""
    if not folder.is_dir():
        raise InputError([Problem("--data", str(folder), "the folder of open data (or set REASSURE_DATA)")])
    found: list[Measure] = []
    for table, measure in _TABLES.items():
        path = folder / table
        if path.is_file():
            found += measure(list(_rows(path)), path.name)
        else:
            found.append(Measure("not at hand", path.name, 0, 0, 0, ""))
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


Rows = list[dict[str, str]]


def _prayers(
    title: str, position: tuple[float, float], columns: Mapping[str, str], asr: str, bars: Mapping[str, int]
) -> Callable[[Rows, str], list[Measure]]:
    def measure(rows: Rows, table: str) -> list[Measure]:
        worst = dict.fromkeys(columns, 0.0)
        for row in rows:
            on = date.fromisoformat(row["date"])
            times = prayer_times(*position, on, asr=asr)
            for name, column in columns.items():
                said = london_instant(on, parse_local_time(row[column], column))
                worst[name] = max(worst[name], abs(getattr(times, name) - said) / timedelta(minutes=1))
        return [Measure(f"{title}: {name}", table, len(rows), worst[name], bars[name], "min") for name in columns]

    return measure


def _other_mosques(rows: Rows, table: str) -> list[Measure]:
    """Noon and sunset of any mosque's timetable lie within 15 minutes: the check of an import."""
    worst = {"dhuhr": 0.0, "maghrib": 0.0}
    for row in rows:
        on = date.fromisoformat(row["date"])
        times = prayer_times(float(row["lat"]), float(row["lon"]), on)
        for name, column in (("dhuhr", "zuhr_begins"), ("maghrib", "maghrib")):
            said = london_instant(on, parse_local_time(row[column], column))
            worst[name] = max(worst[name], abs(getattr(times, name) - said) / timedelta(minutes=1))
    return [Measure(f"three mosques: {name}", table, len(rows), off, 15, "min") for name, off in worst.items()] + [
        _jumuah_days(rows, table)
    ]


def _jumuah_days(rows: Rows, table: str) -> Measure:
    """Bolton's two congregations on 52 Fridays make 89 occasions."""
    mosque = Place("b", faiths=frozenset({"muslim"}), point=Point(*BOLTON))
    rules = [
        Rule("b", "jumuah", TableRow(date.fromisoformat(row["date"]), time.fromisoformat(row[column])), 2, "table")
        for row in rows
        if row["mosque"].endswith("Bolton")
        for column in ("jumuah_1", "jumuah_2")
    ]
    held = [o for o in expand([mosque], rules, date(2026, 1, 1), date(2026, 12, 31)) if o.key == "jumuah"]
    return Measure("Bolton: 89 occasions of Jumu'ah", table, len(rules), abs(len(held) - 89), 0, "occasions")


def _seasons(rows: Rows, table: str) -> list[Measure]:
    """Two rules by the clock's season give every Friday of a year."""
    mosque = Place("e", faiths=frozenset({"muslim"}), point=Point(*LONDON))
    times = ((time(12, 25), "gmt"), (time(13, 15), "bst"))
    rules = [Rule("e", "jumuah", Weekly((4,), at, season), 3, "site") for at, season in times]
    held = {
        o.on.isoformat(): o for o in expand([mosque], rules, date(2017, 1, 1), date(2017, 12, 31)) if o.key == "jumuah"
    }
    wrong = [r for r in rows if f"{london_wall(held[r['date']].starts_at):%H:%M}" != r["jumuah_jamaah"]]
    return [Measure("Fridays of London from two rules", table, len(rows), len(wrong), 0, "wrong")]


def _hendon(rows: Rows, table: str) -> list[Measure]:
    held = {(b.on.isoformat(), b.kind): b.at for b in boundaries(*HENDON, date(2019, 1, 1), date(2019, 12, 31))}
    kinds = {"Candle lighting": "lighting", "Havdalah": "end"}
    missing, worst = 0, 0.0
    for row in rows:
        at = held.pop((row["date"], kinds[row["kind"]]), None)
        if at is None:
            missing += 1
            continue
        said = london_instant(date.fromisoformat(row["date"]), time.fromisoformat(row["time_local"]))
        worst = max(worst, abs(at - said) / timedelta(minutes=1))
    return [
        Measure("Hendon: lighting and end", table, len(rows), worst, 1, "min"),
        Measure("Hendon: evenings missing or too many", table, len(rows), missing + len(held), 0, "evenings"),
    ]


def _cities(rows: Rows, table: str) -> list[Measure]:
    found = []
    for city, (lat_deg, lon_deg, offset_min, angle_deg, bar) in CITIES.items():
        mine = [row for row in rows if row["city"] == city]
        worst = 0.0
        for row in mine:
            on = date.fromisoformat(row["date"])
            if row["kind"] == "begins":
                at = lighting(lat_deg, lon_deg, on, offset_min=offset_min)
            else:
                at = holy_day_end(lat_deg, lon_deg, on, angle_deg=angle_deg)
            said = london_instant(on, time.fromisoformat(row["time_local"]))
            worst = max(worst, abs(at - said) / timedelta(minutes=1))
        found.append(Measure(f"{city}: lighting and end", table, len(mine), worst, bar, "min"))
    return found


def _festivals(rows: Rows, table: str) -> list[Measure]:
    wrong = 0
    for row in rows:
        on = date.fromisoformat(row["date_first_full_day"])
        wrong += row["festival"] not in {day.name for day in festival_days("jewish", on, on)}
    return [Measure("Jewish festivals", table, len(rows), wrong, 0, "wrong")]


def _easter(rows: Rows, table: str) -> list[Measure]:
    return [
        Measure(
            f"Easter, {rite}",
            table,
            len(rows),
            sum(easter_day(int(r["year"]), is_orthodox=rite == "orthodox").isoformat() != r[rite] for r in rows),
            0,
            "wrong",
        )
        for rite in ("western", "orthodox")
    ]


def _reviewed(event: str, authority: str) -> dict[int, FestivalDay]:
    return {day.year: day for day in reviewed_days() if day.event == event and authority in day.authority}


def _compared(title: str, table: str, held: Mapping[int, FestivalDay], said: Iterable[tuple[str, str]]) -> Measure:
    pairs = [(int(year), on) for year, on in said if on and int(year) in held]
    wrong = sum(held[year].on.isoformat() != on for year, on in pairs)
    return Measure(title, table, len(pairs), wrong, 0, "wrong")


def _diwali(rows: Rows, table: str) -> list[Measure]:
    india, local = _reviewed("diwali", "india_table"), _reviewed("diwali", "local_calculation")
    return [
        _compared("Diwali printed in Britain", table, india, ((r["year"], r["uk_published"]) for r in rows)),
        _compared("Diwali, table of India", table, india, ((r["year"], r["india_table"]) for r in rows)),
        _compared("Diwali, local", table, local, ((r["year"], r["local_panchang_leicester"]) for r in rows)),
    ]


def _sikh(rows: Rows, table: str) -> list[Measure]:
    return [
        _compared(title, table, _reviewed(event, authority), ((r["year"], r[column]) for r in rows))
        for title, event, authority, column in (
            ("Vaisakhi, table of India", "vaisakhi", "india_table", "vaisakhi_india_table"),
            ("Vaisakhi, fixed", "vaisakhi", "nanakshahi", "vaisakhi_nanakshahi_fixed"),
            ("Guru Nanak Gurpurab", "guru_nanak_gurpurab", "india_table", "guru_nanak_india_table"),
        )
    ]


def _muslim(rows: Rows, table: str) -> list[Measure]:
    """Days really kept: on the Umm al-Qura date or the day after, and always among our candidates."""
    codes = {held.name: event for event, held in HIJRI_EVENTS.items()}
    early_or_far, missing, worst = 0, 0, 0
    for row in rows:
        event, year, on = codes[row["event"]], int(row["hijri_year"]), date.fromisoformat(row["observed"])
        late = (on - umm_al_qura(event, year)).days
        worst = max(worst, late)
        early_or_far += not 0 <= late <= 1
        missing += on not in {c.on for c in candidates(event, year)}
    return [
        Measure("Ramadan and Eid kept: days after Umm al-Qura", table, len(rows), worst, 1, "days"),
        Measure("Ramadan and Eid kept: earlier, or later still", table, len(rows), early_or_far, 0, "wrong"),
        Measure("Ramadan and Eid kept: not among the candidates", table, len(rows), missing, 0, "wrong"),
    ]


_ELM = dict(zip(LONDON_BARS, ("fajr", "sunrise", "zuhr", "asr_mithl1", "maghrib", "isha"), strict=True))
_BOLTON = _ELM | {"asr": "asr_hanafi"}
_TABLES: dict[str, Callable[[Rows, str], list[Measure]]] = {
    "oracles/prayer_times_london_elm_2017_sample.csv": _prayers("London 2017", LONDON, _ELM, "standard", LONDON_BARS),
    "oracles/prayer_times_london_lupt_2026_fridays.csv": _prayers("London 2026", LONDON, _ELM, "standard", LONDON_BARS),
    "oracles/prayer_times_bolton_2026_fridays.csv": _prayers("Bolton 2026", BOLTON, _BOLTON, "hanafi", BOLTON_BARS),
    "prayer_times/uk_mosque_fridays_2026.csv": _other_mosques,
    "oracles/jumuah_london_elm_2017_fridays.csv": _seasons,
    "oracles/shabbat_hendon_2019.csv": _hendon,
    "oracles/shabbat_published_six_cities_2018-03-30_31.csv": _cities,
    "oracles/jewish_festivals_odd_years.csv": _festivals,
    "oracles/easter_odd_years.csv": _easter,
    "oracles/ramadan_eid_uk_odd_years.csv": _muslim,
    "oracles/diwali_odd_years.csv": _diwali,
    "oracles/vaisakhi_gurpurab_odd_years.csv": _sikh,
}
"""Tables by their path under the folder of open data."""
