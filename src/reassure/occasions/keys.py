"""What kinds of occasion there are: their codes, the words for them, and how long people come, stay and leave.

Rules: the codes a rule or a timetable may use, the usual minutes of arrival, length and dispersal, and the
hours of the day in which a start can be meant. Minutes are planning assumptions of ours, replaced as places
answer; where they come from stands in docs/rooms/occasions.md. Elsewhere: who has which by tradition (`defaults`).
"""

from dataclasses import dataclass
from datetime import time

from reassure.errors import InputError, Problem

ALL_DAY = (0, 24)
WAKING = (5, 24)


@dataclass(frozen=True, slots=True)
class Key:
    """
    One kind of occasion.

    Parameters
    ----------
    arrive_min, length_min, disperse_min
        First arrival to start, start to end, end until all have left, minutes.
    hours
        Hours of the wall clock in which it may start, half-open; over 24 runs on after midnight. A time outside
        is taken for a slip, such as 1:15 for 13:15.
    """

    code: str
    words: str
    arrive_min: int = 30
    length_min: int = 60
    disperse_min: int = 30
    hours: tuple[int, int] = WAKING

    def may_start_at(self, at: time) -> bool:
        """Whether a wall-clock start can be meant for this kind of occasion."""
        low, high = self.hours
        return low <= at.hour < high or at.hour + 24 < high


_WEEKLY = (
    Key("jumuah", "Jumu'ah", 30, 30, 25, (11, 18)),
    Key("shabbat_eve", "Shabbat eve", 15, 45, 20, (14, 23)),
    Key("shabbat_morning", "Shabbat morning", 15, 150, 30, (6, 14)),
    Key("sunday_main", "Sunday service", 20, 65, 30),
    Key("saturday_main", "Saturday service", 20, 90, 30),
    Key("sunday_diwan", "Sunday diwan", 60, 180, 60),
    Key("sunday_gathering", "Sunday gathering", 30, 90, 30),
    Key("service", "Service", 20, 60, 30),
    Key("weekday_service", "Weekday service", 15, 45, 20),
    Key("evening_service", "Evening service", 20, 60, 30),
    Key("prayer_meeting", "Prayer meeting", 15, 60, 20),
    Key("study", "Class or study", 15, 60, 20),
    Key("community_meal", "Community meal", 20, 90, 30),
    Key("youth_group", "Youth group", 15, 90, 20),
)
_DAILY_PRAYERS = (
    Key("fajr", "Fajr prayer", 15, 15, 15, (1, 10)),
    Key("dhuhr", "Dhuhr prayer", 15, 15, 15, (11, 17)),
    Key("asr", "Asr prayer", 15, 15, 15, (12, 22)),
    Key("maghrib", "Maghrib prayer", 10, 15, 15, (15, 24)),
    Key("isha", "Isha prayer", 15, 20, 20, (16, 28)),
)
_FESTIVALS = (
    Key("taraweeh", "Taraweeh", 20, 75, 20, (16, 28)),
    Key("eid_prayer", "Eid prayer", 30, 30, 30),
    Key("kol_nidre", "Kol Nidre", 30, 120, 30, (14, 23)),
    Key("yom_kippur", "Yom Kippur", 30, 600, 30),
    Key("christmas_eve", "Christmas Eve service", 20, 60, 30, (12, 24)),
    Key("christmas_day", "Christmas Day service", 20, 65, 30, ALL_DAY),
    Key("easter_day", "Easter Day service", 20, 65, 30, ALL_DAY),
    Key("festival", "Festival", hours=ALL_DAY),
    Key("procession", "Procession", 30, 120, 30, ALL_DAY),
    Key("nagar_kirtan", "Nagar kirtan", 60, 300, 60, ALL_DAY),
    Key("open_day", "Open day"),
    Key("other", "Other occasion", hours=ALL_DAY),
)

KEYS: dict[str, Key] = {key.code: key for key in (*_WEEKLY, *_DAILY_PRAYERS, *_FESTIVALS)}
"""Every kind of occasion by its code: weekly ones, the daily prayers in order, days of the year."""

DAILY_PRAYERS: tuple[str, ...] = tuple(key.code for key in _DAILY_PRAYERS)


def key(code: str) -> Key:
    """The kind of occasion of a code; `InputError` when there is none."""
    try:
        return KEYS[code]
    except KeyError:
        raise InputError([Problem("key", code, "one of " + ", ".join(KEYS))]) from None
