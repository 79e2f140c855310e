"""Propose the rows of festival_days.csv: days that no rule of ours computes, from tables and stated conventions.

Prints the file. Libraries only propose: a person compares a row with what communities print and signs it
(`reviewed_by`, `reviewed_on`). Signatures of an existing file are kept where the row has not changed.
Tools of development only: holidays (MIT; the India entry, because its general table of Diwali is a month late in
2017 and 2025), ephem (MIT). Run: python scripts/propose_festival_days.py src/reassure/files/festival_days.csv
"""

import csv
import math
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import ephem
from holidays.calendars.buddhist import _BuddhistLunisolar
from holidays.calendars.hindu import _HinduLunisolar

FIRST_YEAR, LAST_YEAR = 2015, 2035
LEICESTER = ("52.6369", "-1.1398")
COLUMNS = (
    "event", "tradition", "year", "authority", "on", "begins", "share", "source", "reviewed_by", "reviewed_on"
)  # fmt: skip
INDIA = "holidays 0.109 (MIT), table of India"
LOCAL = "ephem 4.2.1 (MIT): last evening in Leicester whose dusk has the dark moon (amavasya)"
BUDDHIST = "holidays 0.109 (MIT), Buddhist lunisolar table"
FULL_MOON = "first full moon of May in Britain (thebuddhistcentre.com, festival dates 2024-2033); ephem 4.2.1 (MIT)"
FIXED_BUDDHIST = "15 February (thebuddhistcentre.com, festival dates 2024-2033)"
NANAKSHAHI = "Nanakshahi calendar of 2003 (months from 14 March): fixed day"

Row = tuple[str, str, int, str, date, float, str]


def table(name: str, year: int) -> list[date]:
    """The dates of one of the library's tables in a year: none, one or two."""
    source = _BuddhistLunisolar if name.startswith("VESAK") else _HinduLunisolar
    found = getattr(source, f"{name}_DATES").get(year, ())
    pairs = found if found and isinstance(found[0], tuple) else (found,) if found else ()
    return [date(year, month, day) for month, day in pairs]


def shared(event: str, tradition: str, year: int, said: list[tuple[str, date, float, str]]) -> Iterator[Row]:
    """Rows of one occurrence; authorities that agree on a date become one row with their shares added."""
    by_date: dict[date, list[tuple[str, float, str]]] = {}
    for authority, on, share, source in said:
        by_date.setdefault(on, []).append((authority, share, source))
    for on, held in sorted(by_date.items()):
        names = " and ".join(authority for authority, _, _ in held)
        yield (event, tradition, year, names, on, sum(h[1] for h in held), "; ".join(h[2] for h in held))


def local_diwali(india: date) -> date:
    """The last evening near India's day on which the dark moon holds at dusk in Leicester."""
    days = [india + timedelta(days=step) for step in range(-3, 4)]
    return [on for on in days if _has_dark_moon(on)][-1]


def _has_dark_moon(on: date) -> bool:
    here = ephem.Observer()
    here.lat, here.lon = LEICESTER
    here.date, here.pressure, here.horizon = ephem.Date((on.year, on.month, on.day, 12)), 0, "-0:50"
    sunset = here.next_setting(ephem.Sun())
    return any(_tithi(ephem.Date(sunset + hours / 24)) >= 29 for hours in (0, 2.4))


def _tithi(at: ephem.Date) -> float:
    sun, moon = ephem.Ecliptic(ephem.Sun(at), epoch=at), ephem.Ecliptic(ephem.Moon(at), epoch=at)
    return math.degrees(float(moon.lon) - float(sun.lon)) % 360 / 12


def first_full_moon_of_may(year: int) -> date:
    """By the clock of London, one hour ahead of UTC in May."""
    return (ephem.next_full_moon((year, 4, 30, 23)).datetime() + timedelta(hours=1)).date()


def gobind_days(year: int) -> list[tuple[str, date, float, str]]:
    """The two living calendars of Guru Gobind Singh's birthday about January of a year."""
    fixed = date(year, 1, 5)
    lunar = [on for y in (year - 1, year, year + 1) for on in table("GURU_GOBIND_SINGH_JAYANTI", y)]
    near = min(lunar, key=lambda on: abs(on - fixed))
    return [("nanakshahi", fixed, 0.5, NANAKSHAHI), ("india_table", near, 0.5, INDIA)]


def rows_of(year: int) -> Iterator[Row]:
    """Every row of a year."""
    (india,) = table("DIWALI_INDIA", year)
    diwali = [("india_table", india, 0.9, INDIA), ("local_calculation", local_diwali(india), 0.1, LOCAL)]
    yield from shared("diwali", "hindu", year, diwali)
    yield from shared("diwali", "jain", year, diwali)
    yield from shared("bandi_chhor", "sikh", year, diwali)
    for event, tradition, name in (
        ("maha_shivaratri", "hindu", "MAHA_SHIVARATRI"),
        ("holi", "hindu", "HOLI"),
        ("ram_navami", "hindu", "RAM_NAVAMI"),
        ("raksha_bandhan", "hindu", "RAKSHA_BANDHAN"),
        ("janmashtami", "hindu", "JANMASHTAMI"),
        ("ganesh_chaturthi", "hindu", "GANESH_CHATURTHI"),
        ("navaratri", "hindu", "SHARAD_NAVRATRI"),
        ("dussehra", "hindu", "DUSSEHRA"),
        ("mahavir_jayanti", "jain", "MAHAVIR_JAYANTI"),
        ("guru_nanak_gurpurab", "sikh", "GURU_NANAK_JAYANTI"),
    ):
        if found := table(name, year):
            yield from shared(event, tradition, year, [("india_table", found[0], 1.0, INDIA)])
    (vaisakhi,) = table("VAISAKHI", year)
    said = [("nanakshahi", date(year, 4, 14), 0.5, NANAKSHAHI), ("india_table", vaisakhi, 0.5, INDIA)]
    yield from shared("vaisakhi", "sikh", year, said)
    yield from shared("guru_gobind_singh_gurpurab", "sikh", year, gobind_days(year))
    for event, on in (("guru_arjan_martyrdom", date(year, 6, 16)), ("guru_tegh_bahadur_martyrdom", date(year, 11, 24))):
        yield from shared(event, "sikh", year, [("nanakshahi", on, 1.0, NANAKSHAHI)])
    third = 1 / 3
    vesak = [("india_table", table("BUDDHA_PURNIMA", year)[0], third, INDIA)]
    vesak += [("vesak_table", table("VESAK", year)[0], third, BUDDHIST)]
    vesak += [("uk_full_moon", first_full_moon_of_may(year), third, FULL_MOON)]
    yield from shared("vesak", "buddhist", year, vesak)
    yield from shared("parinirvana", "buddhist", year, [("triratna", date(year, 2, 15), 1.0, FIXED_BUDDHIST)])


def main() -> None:
    """Print the file, with the signatures of the one that is named."""
    signed = {}
    if len(sys.argv) > 1 and (path := Path(sys.argv[1])).is_file():
        with path.open(encoding="utf-8", newline="") as stream:
            for old in csv.DictReader(stream):
                key = (old["event"], old["tradition"], old["year"], old["authority"], old["on"], old["share"])
                signed[key] = (old["reviewed_by"], old["reviewed_on"])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = [row for year in range(FIRST_YEAR, LAST_YEAR + 1) for row in rows_of(year)]
    for event, tradition, year, authority, on, share, source in sorted(rows, key=lambda r: (r[1], r[0], r[2], r[4])):
        cells = (event, tradition, str(year), authority, on.isoformat(), f"{share:.6g}")
        writer.writerow((*cells[:5], "day", cells[5], source, *signed.get(cells, ("", ""))))


if __name__ == "__main__":
    main()
