"""When Shabbat and holy days begin and end by the sun.

Rules: lighting is sunset less an offset, the end is the sun at an angle below the horizon. Offset and angle
belong to a community, not to the law; the defaults are those printed for London and Manchester in 2018.
Elsewhere: the dates of the holy days (`jewish_days`), sunset itself (`sun`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reassure.occasions.jewish_days import is_holy
from reassure.occasions.sun import nightfall, sunset

LIGHTING_OFFSET_MIN = 15
"""Sunset to lighting; printed for 30 March 2018: London and Manchester 15, Glasgow 16, Tyneside 14, Leeds 18."""

END_ANGLE_DEG = 8.5
"""Sun below the horizon at the end of a holy day; printed: 7.9 to 8.1, Bournemouth 8.5."""

DAY = timedelta(days=1)
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Boundary:
    """
    An evening on which a holy day begins or ends.

    Parameters
    ----------
    kind
        `lighting` where one begins, even if another ends in the same moment; else `end`.
    """

    on: date
    kind: str
    at: datetime


def lighting(lat_deg: float, lon_deg: float, on: date, *, offset_min: int = LIGHTING_OFFSET_MIN) -> datetime:
    """
    When candles are lit on the eve: sunset less the offset, cut to the whole minute so that it is never late.

    Examples
    --------
    >>> lighting(52.4862, -1.8904, date(2026, 11, 27)).isoformat()
    '2026-11-27T15:45:00+00:00'
    """
    return (sunset(lat_deg, lon_deg, on) - timedelta(minutes=offset_min)).replace(second=0)


def holy_day_end(lat_deg: float, lon_deg: float, on: date, *, angle_deg: float = END_ANGLE_DEG) -> datetime:
    """When Shabbat or a holy day ends on its evening, raised to the whole minute so that it is never early."""
    end = nightfall(lat_deg, lon_deg, on, angle_deg)
    return end if end.second == 0 else end.replace(second=0) + timedelta(minutes=1)


def boundaries(
    lat_deg: float,
    lon_deg: float,
    first: date,
    last: date,
    *,
    offset_min: int = LIGHTING_OFFSET_MIN,
    angle_deg: float = END_ANGLE_DEG,
) -> list[Boundary]:
    """
    The evenings from `first` to `last` on which Shabbat or a holy day begins or ends, one boundary an evening.

    When a holy day follows a holy day the evening both ends and begins: one boundary, no gap. Candles are then lit
    from the fire at nightfall, but on a Friday before sunset as on every Friday.
    """
    found = []
    for on in (first + DAY * n for n in range((last - first).days + 1)):
        ends, begins = is_holy(on), is_holy(on + DAY)
        if begins and (not ends or on.weekday() == FRIDAY):
            found.append(Boundary(on, "lighting", lighting(lat_deg, lon_deg, on, offset_min=offset_min)))
        elif begins or ends:
            at = holy_day_end(lat_deg, lon_deg, on, angle_deg=angle_deg)
            found.append(Boundary(on, "lighting" if begins else "end", at))
    return found
