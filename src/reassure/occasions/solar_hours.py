"""The sun's hours at a position: transit, rising, setting, and when it stands at an altitude.

Rules: the equations of Meeus, Astronomical Algorithms (chapters 3, 13 and 15), step by step as adhanpy has them, so
that begin times are the library's own to the second; where the sun stands on a day comes from the library and is
remembered, since it does not depend on the position. Why our own: the library takes six times as long (ADR 0083).
Hours are whole seconds after midnight UTC of the civil date; they may be negative or over a day.
"""

import math
from datetime import date
from functools import lru_cache

from adhanpy.astronomy.CalendricalHelper import julian_day
from adhanpy.astronomy.SolarCoordinates import SolarCoordinates

RISING_ALTITUDE_DEG = -50.0 / 60.0
"""The sun's centre when its upper edge is at the horizon, with refraction."""
DEGREES_A_DAY = 360.985647


@lru_cache(maxsize=8192)
def _sun(jd: float) -> tuple[float, float, float]:
    found = SolarCoordinates(jd)
    return found.declination, found.right_ascension, found.apparent_sidereal_time


@lru_cache(maxsize=4096)
def _day(on: date) -> tuple[float, ...]:
    """Declination and right ascension of the day, the one before and the one after; sidereal time; degrees."""
    jd = julian_day(on.year, on.month, on.day)
    before, now, after = _sun(jd - 1), _sun(jd), _sun(jd + 1)
    gone, come = (now[1] - before[1]) % 360, (after[1] - now[1]) % 360
    return (now[0], before[0], after[0], now[1], gone, come, now[2])


class SolarHours:
    """The hours of one civil date at a position."""

    __slots__ = ("_after_transit", "_cos_lat", "_day", "_lat_deg", "_lon_deg", "_sin_lat")

    def __init__(self, lat_deg: float, lon_deg: float, on: date) -> None:
        self._lat_deg, self._lon_deg = lat_deg, lon_deg
        self._day = _day(on)
        lat = math.radians(lat_deg)
        self._sin_lat, self._cos_lat = math.sin(lat), math.cos(lat)
        turn = (self._day[3] - lon_deg - self._day[6]) / 360
        self._after_transit = turn - math.floor(turn)

    def transit_s(self) -> int:
        """When the sun stands highest."""
        m = self._after_transit
        _, _, _, ascension, gone, come, sidereal = self._day
        turned = (sidereal + DEGREES_A_DAY * m) % 360
        here = (ascension + (m / 2) * (gone + come + m * (come - gone))) % 360
        hour_angle = turned + self._lon_deg - here
        if not -180 <= hour_angle <= 180:
            hour_angle -= 360 * round(hour_angle / 360)
        return _whole_seconds((m + hour_angle / -360) * 24)

    def altitude_s(self, altitude_deg: float, *, is_evening: bool) -> int | None:
        """When the sun's centre stands at an altitude, in the morning or the evening; None if it does not that day."""
        declination, before, after, ascension, gone, come, sidereal = self._day
        below = math.radians(altitude_deg)
        dec = math.radians(declination)
        cosine = (math.sin(below) - self._sin_lat * math.sin(dec)) / (self._cos_lat * math.cos(dec))
        if not -1 <= cosine <= 1:
            return None
        arc = math.degrees(math.acos(cosine)) / 360
        m = self._after_transit + arc if is_evening else self._after_transit - arc
        turned = (sidereal + DEGREES_A_DAY * m) % 360
        here = (ascension + (m / 2) * (gone + come + m * (come - gone))) % 360
        step, next_step = declination - before, after - declination
        dec = math.radians(declination + (m / 2) * (step + next_step + m * (next_step - step)))
        hour_angle = math.radians(turned + self._lon_deg - here)
        sine = self._sin_lat * math.sin(dec) + self._cos_lat * math.cos(dec) * math.cos(hour_angle)
        off = math.degrees(math.asin(sine)) - altitude_deg
        moves = 360 * math.cos(dec) * self._cos_lat * math.sin(hour_angle)
        return _whole_seconds((m + off / moves) * 24)

    def afternoon_s(self, shadow: int) -> int | None:
        """When the shadow of an object is `shadow` times its length longer than at noon."""
        lean = math.tan(math.radians(abs(self._lat_deg - self._day[0])))
        return self.altitude_s(math.degrees(math.atan(1.0 / (shadow + lean))), is_evening=True)


def _whole_seconds(hours: float) -> int:
    return math.floor(hours * 60 * 60)
