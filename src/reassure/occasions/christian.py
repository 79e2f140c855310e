"""The days of the Christian year that move or that fill churches: western and orthodox.

Rules: Easter by dateutil (BSD or Apache), exact; the days of Holy Week and the feasts counted from it; Christmas and
watch night by date. Orthodox churches here keep Christmas on 25 December or on 7 January: both are candidates, a
half each, until a place says. Elsewhere: when people come (`defaults`).
"""

from datetime import date, timedelta

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from reassure.occasions.values import FestivalDay

FROM_EASTER: tuple[tuple[str, str, int], ...] = (
    ("ash_wednesday", "Ash Wednesday", -46),
    ("palm_sunday", "Palm Sunday", -7),
    ("maundy_thursday", "Maundy Thursday", -3),
    ("good_friday", "Good Friday", -2),
    ("holy_saturday", "Holy Saturday", -1),
    ("easter_day", "Easter Day", 0),
    ("ascension", "Ascension", 39),
    ("pentecost", "Pentecost", 49),
)
"""Code, words, days after Easter Day."""

FIXED: tuple[tuple[str, str, int, int], ...] = (
    ("epiphany", "Epiphany", 1, 6),
    ("christmas_eve", "Christmas Eve", 12, 24),
    ("christmas_day", "Christmas Day", 12, 25),
    ("watch_night", "Watch night", 12, 31),
)
"""Code, words, month and day of the western year."""

RITES = ("western", "orthodox")
ORTHODOX_CHRISTMAS = ((12, 25), (1, 7))


def easter_day(year: int, *, is_orthodox: bool = False) -> date:
    """
    Easter Day of a year.

    Examples
    --------
    >>> easter_day(2027), easter_day(2027, is_orthodox=True)
    (datetime.date(2027, 3, 28), datetime.date(2027, 5, 2))
    """
    return easter(year, EASTER_ORTHODOX if is_orthodox else EASTER_WESTERN)


def christian_days(first: date, last: date) -> list[FestivalDay]:
    """The days of every year that a stretch of dates touches; whole years, so some may lie outside it."""
    found = []
    for year in range(first.year, last.year + 1):
        for rite in RITES:
            day = easter_day(year, is_orthodox=rite == "orthodox")
            for event, name, step in FROM_EASTER:
                if event == "ash_wednesday" and rite == "orthodox":
                    continue
                found.append(_day(event, name, day + timedelta(days=step), rite, year, "dateutil.easter"))
        for event, name, month, on in FIXED:
            found.append(_day(event, name, date(year, month, on), "western", year, "fixed day"))
        for month, on in ORTHODOX_CHRISTMAS:
            held = date(year, month, on)
            of_year = year if month == 12 else year - 1
            found.append(_day("christmas_day", "Christmas Day", held, "orthodox", of_year, "fixed day", share=0.5))
    return found


def _day(event: str, name: str, on: date, rite: str, year: int, source: str, share: float = 1.0) -> FestivalDay:
    return FestivalDay(event, name, "christian", on, authority=rite, share=share, year=year, source=source)
