"""Sunset and nightfall at a position, for every rule that hangs on them.

Rules: the sun's upper edge at the horizon of the sea, and its centre a given angle below it; elevation 0.
The calculation is astral's (Apache-2.0). Not for dawn or isha: astral finds no 18 degrees in midsummer.
Instants are aware and in UTC, exact to the second; nothing is rounded here.
"""

from datetime import UTC, date, datetime
from functools import lru_cache

from astral import Depression, Observer
from astral.sun import dusk as _dusk
from astral.sun import sunset as _sunset

from reassure.errors import InputError, Problem

LAT_LIMIT_DEG = 65.0
"""North and south of this the sun may not set; no place of the register lies there."""


@lru_cache(maxsize=65536)
def sunset(lat_deg: float, lon_deg: float, on: date) -> datetime:
    """When the sun sets on a civil date; `InputError` beyond 65 degrees north or south."""
    _check_position(lat_deg, lon_deg)
    return _whole_second(_sunset(Observer(lat_deg, lon_deg, 0.0), on, tzinfo=UTC))


@lru_cache(maxsize=65536)
def nightfall(lat_deg: float, lon_deg: float, on: date, angle_deg: float) -> datetime:
    """
    When the sun's centre stands `angle_deg` below the horizon in the evening.

    Raises
    ------
    InputError
        The angle is not over 0 and at most 18 degrees, or the sun does not go so low on that date.
    """
    _check_position(lat_deg, lon_deg)
    if not 0 < angle_deg <= Depression.ASTRONOMICAL.value:
        raise InputError([Problem("nightfall", f"{angle_deg:g}", "over 0, at most 18 degrees")])
    try:
        return _whole_second(_dusk(Observer(lat_deg, lon_deg, 0.0), on, tzinfo=UTC, depression=angle_deg))
    except ValueError:
        says = f"the sun stays above {angle_deg:g} degrees below the horizon on {on.isoformat()}"
        raise InputError([Problem("nightfall", f"{angle_deg:g}", "a smaller angle", says=says)]) from None


def _whole_second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def _check_position(lat_deg: float, lon_deg: float) -> None:
    found = []
    if not abs(lat_deg) <= LAT_LIMIT_DEG:
        found.append(Problem("lat_deg", f"{lat_deg}", f"-{LAT_LIMIT_DEG:g} to {LAT_LIMIT_DEG:g}"))
    if not abs(lon_deg) <= 180:
        found.append(Problem("lon_deg", f"{lon_deg}", "-180 to 180"))
    if found:
        raise InputError(found)
