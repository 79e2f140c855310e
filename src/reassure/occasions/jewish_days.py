"""The days of the Jewish year outside Israel: holy days, festivals and fasts.

Rules: a day begins at sunset the evening before; a minor fast at dawn of its own day. Days are found by the month
and day of the Hebrew calendar (pyluach, MIT); names are ours, because the library's are in Ashkenazi spelling and
change with it. Fasts that meet Shabbat move. Elsewhere: lighting and end (`jewish`), when people come (`defaults`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from pyluach.dates import HebrewDate
from pyluach.hebrewcal import Year

from reassure.occasions.values import FestivalDay

NISAN, IYAR, SIVAN, TAMMUZ, AV, TISHRI, KISLEV, TEVET, SHEVAT, ADAR = 1, 2, 3, 4, 5, 7, 9, 10, 11, 12
SATURDAY = 5
SOURCE = "pyluach, days outside Israel"


@dataclass(frozen=True, slots=True)
class _Day:
    event: str
    name: str
    month: int
    day: int
    is_holy: bool = False
    begins: str = "sunset_before"


_DAYS = (
    _Day("rosh_hashana", "Rosh Hashana", TISHRI, 1, is_holy=True),
    _Day("rosh_hashana_2", "Rosh Hashana II", TISHRI, 2, is_holy=True),
    _Day("fast_of_gedaliah", "Fast of Gedaliah", TISHRI, 3, begins="day"),
    _Day("yom_kippur", "Yom Kippur", TISHRI, 10, is_holy=True),
    _Day("sukkot_1", "Sukkot I", TISHRI, 15, is_holy=True),
    _Day("sukkot_2", "Sukkot II", TISHRI, 16, is_holy=True),
    _Day("hoshana_raba", "Hoshana Raba", TISHRI, 21),
    _Day("shemini_atzeret", "Shemini Atzeret", TISHRI, 22, is_holy=True),
    _Day("simchat_torah", "Simchat Torah", TISHRI, 23, is_holy=True),
    _Day("chanukah_1", "Chanukah I", KISLEV, 25),
    _Day("fast_of_tevet", "Fast of 10 Tevet", TEVET, 10, begins="day"),
    _Day("tu_bishvat", "Tu BiShvat", SHEVAT, 15),
    _Day("fast_of_esther", "Fast of Esther", ADAR, 13, begins="day"),
    _Day("purim", "Purim", ADAR, 14),
    _Day("pesach_1", "Pesach I", NISAN, 15, is_holy=True),
    _Day("pesach_2", "Pesach II", NISAN, 16, is_holy=True),
    _Day("pesach_7", "Pesach VII", NISAN, 21, is_holy=True),
    _Day("pesach_8", "Pesach VIII", NISAN, 22, is_holy=True),
    _Day("lag_baomer", "Lag BaOmer", IYAR, 18),
    _Day("shavuot_1", "Shavuot I", SIVAN, 6, is_holy=True),
    _Day("shavuot_2", "Shavuot II", SIVAN, 7, is_holy=True),
    _Day("fast_of_tammuz", "Fast of 17 Tammuz", TAMMUZ, 17, begins="day"),
    _Day("tisha_bav", "Tisha B'Av", AV, 9),
)
_MOVED = {"fast_of_gedaliah": 1, "fast_of_esther": -2, "fast_of_tammuz": 1, "tisha_bav": 1}
"""Days by which a fast moves when it would fall on Shabbat."""


def jewish_days(first: date, last: date) -> list[FestivalDay]:
    """The days of every Hebrew year that a stretch of dates touches; whole years, so some may lie outside it."""
    years = range(first.year + 3760, last.year + 3761 + 1)
    return [day for year in years for day in _year(year)]


def is_holy(on: date) -> bool:
    """Whether a civil date is Shabbat or a holy day on which work rests."""
    return on.weekday() == SATURDAY or on in holy_days(on.year)


@lru_cache(maxsize=512)
def holy_days(civil_year: int) -> dict[date, str]:
    """The holy days of a civil year with their event, Shabbat not counted."""
    events = {day.event for day in _DAYS if day.is_holy}
    days = jewish_days(date(civil_year, 1, 1), date(civil_year, 12, 31))
    return {day.on: day.event for day in days if day.event in events and day.on.year == civil_year}


@lru_cache(maxsize=512)
def yom_kippur(civil_year: int) -> date:
    """The civil date of Yom Kippur in a civil year; Kol Nidre is the evening before."""
    return _civil(civil_year + 3761, TISHRI, 10)


@lru_cache(maxsize=512)
def _year(hebrew_year: int) -> tuple[FestivalDay, ...]:
    return tuple(_festival_day(day, hebrew_year) for day in _DAYS)


def _festival_day(day: _Day, hebrew_year: int) -> FestivalDay:
    month = 13 if day.month == ADAR and Year(hebrew_year).leap else day.month
    on = _civil(hebrew_year, month, day.day)
    if on.weekday() == SATURDAY:
        on += timedelta(days=_MOVED.get(day.event, 0))
    name = f"{day.name} {hebrew_year}" if day.event == "rosh_hashana" else day.name
    return FestivalDay(day.event, name, "jewish", on, begins=day.begins, year=hebrew_year, source=SOURCE)


def _civil(year: int, month: int, day: int) -> date:
    found: date = HebrewDate(year, month, day).to_pydate()
    return found
