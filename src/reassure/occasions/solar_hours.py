"""The sun's hours at a position: transit, rising, setting, and when it stands at an altitude.

Rules: the equations of Meeus, Astronomical Algorithms (chapters 3, 13 and 15), step by step as adhanpy has them, so
that begin times are the library's own to the second; where the sun stands on a day comes from the library and is
remembered, since it does not depend on the position. Why our own: the library takes six times as long (ADR 0083).
Hours are whole seconds after midnight UTC of the civil date; they may be negative or over a day.
"""

import math
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from adhanpy.astronomy.CalendricalHelper import julian_day
from adhanpy.astronomy.SolarCoordinates import SolarCoordinates

RISING_ALTITUDE_DEG = -50.0 / 60.0
"""The sun's centre when its upper edge is at the horizon, with refraction."""
DEGREES_A_DAY = 360.985647


@lru_cache(maxsize=8192)
def _sun(jd: float) -> tuple[float, float, float]:
    found = SolarCoordinates(jd)
    return found.declination, found.right_ascension, found.apparent_sidereal_time


class _Day(NamedTuple):
    """What holds at every position: degrees, and what one day changes of them on both sides of it."""

    declination: float
    steps: float
    bend: float
    sin_dec: float
    cos_dec: float
    ascension: float
    turns: float
    twist: float
    sidereal: float


@lru_cache(maxsize=4096)
def _day(on: date) -> _Day:
    jd = julian_day(on.year, on.month, on.day)
    before, now, after = _sun(jd - 1), _sun(jd), _sun(jd + 1)
    step, next_step = now[0] - before[0], after[0] - now[0]
    gone, come = (now[1] - before[1]) % 360, (after[1] - now[1]) % 360
    dec = math.radians(now[0])
    return _Day(
        declination=now[0],
        steps=step + next_step,
        bend=next_step - step,
        sin_dec=math.sin(dec),
        cos_dec=math.cos(dec),
        ascension=now[1],
        turns=gone + come,
        twist=come - gone,
        sidereal=now[2],
    )


class SolarHours:
    """The hours of one civil date at a position."""

    __slots__ = ("_after_transit", "_cos_lat", "_day", "_lat_deg", "_lon_deg", "_sin_lat")

    def __init__(self, lat_deg: float, lon_deg: float, on: date) -> None:
        self._lat_deg, self._lon_deg = lat_deg, lon_deg
        self._day = _day(on)
        lat = math.radians(lat_deg)
        self._sin_lat, self._cos_lat = math.sin(lat), math.cos(lat)
        turn = (self._day.ascension - lon_deg - self._day.sidereal) / 360
        self._after_transit = turn - math.floor(turn)

    def transit_s(self) -> int:
        """When the sun stands highest."""
        m = self._after_transit
        _, _, _, _, _, ascension, turns, twist, sidereal = self._day
        turned = (sidereal + DEGREES_A_DAY * m) % 360
        here = (ascension + (m / 2) * (turns + m * twist)) % 360
        hour_angle = turned + self._lon_deg - here
        if not -180 <= hour_angle <= 180:
            hour_angle -= 360 * round(hour_angle / 360)
        return _whole_seconds((m + hour_angle / -360) * 24)

    def altitude_s(self, altitude_deg: float, *, is_evening: bool) -> int | None:
        """When the sun's centre stands at an altitude, in the morning or the evening; None if it does not that day."""
        declination, steps, bend, sin_dec, cos_dec, ascension, turns, twist, sidereal = self._day
        sin_lat, cos_lat = self._sin_lat, self._cos_lat
        cosine = (math.sin(math.radians(altitude_deg)) - sin_lat * sin_dec) / (cos_lat * cos_dec)
        if not -1 <= cosine <= 1:
            return None
        arc = math.degrees(math.acos(cosine)) / 360
        m = self._after_transit + arc if is_evening else self._after_transit - arc
        turned = (sidereal + DEGREES_A_DAY * m) % 360
        here = (ascension + (m / 2) * (turns + m * twist)) % 360
        dec = math.radians(declination + (m / 2) * (steps + m * bend))
        hour_angle = math.radians(turned + self._lon_deg - here)
        cos_dec = math.cos(dec)
        sine = sin_lat * math.sin(dec) + cos_lat * cos_dec * math.cos(hour_angle)
        off = math.degrees(math.asin(sine)) - altitude_deg
        moves = 360 * cos_dec * cos_lat * math.sin(hour_angle)
        return _whole_seconds((m + off / moves) * 24)

    def afternoon_s(self, shadow: int) -> int | None:
        """When the shadow of an object is `shadow` times its length longer than at noon."""
        lean = math.tan(math.radians(abs(self._lat_deg - self._day.declination)))
        return self.altitude_s(math.degrees(math.atan(1.0 / (shadow + lean))), is_evening=True)


def _whole_seconds(hours: float) -> int:
    return math.floor(hours * 60 * 60)
