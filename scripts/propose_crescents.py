"""Propose the visibility class of the evening crescent at Rabat before each Hijri month that matters here.

Prints the rows of `reassure.occasions.crescents`, for a person to look at and to put there. Yallop's q test, with
ephem (MIT), a tool of development only. The arc of vision is geocentric, as Yallop defines it; rows near a limit
deserve a second look. Run: python scripts/propose_crescents.py
"""

import math
import sys
from datetime import date, timedelta

import ephem
from hijridate import Hijri

RABAT = ("34.02", "-6.84")
MONTHS = (1, 3, 9, 10, 12)
FIRST_YEAR, LAST_YEAR = 2016, 2035
LIMITS = (("A", 0.216), ("B", -0.014), ("C", -0.160), ("D", -0.232), ("E", -0.293))


def crescent_q(evening: date) -> float | None:
    """Yallop's q at the best time of an evening; None when the Moon sets before the Sun."""
    here = ephem.Observer()
    here.lat, here.lon = RABAT
    here.date = ephem.Date((evening.year, evening.month, evening.day, 12))
    sunset = here.next_setting(ephem.Sun())
    moonset = here.next_setting(ephem.Moon())
    if not sunset < moonset < sunset + 0.5:
        return None
    here.date = ephem.Date(sunset + (moonset - sunset) * 4 / 9)
    sun, moon = ephem.Sun(here), ephem.Moon(here)
    arcl = float(ephem.separation((sun.g_ra, sun.g_dec), (moon.g_ra, moon.g_dec)))
    arcv_deg = _geocentric_altitude_deg(moon, here) - _geocentric_altitude_deg(sun, here)
    width = math.degrees(float(moon.radius)) * 60 * (1 - math.cos(arcl))
    limit = 11.8371 - 6.3226 * width + 0.7319 * width**2 - 0.1018 * width**3
    return (arcv_deg - limit) / 10


def _geocentric_altitude_deg(body: ephem.Body, here: ephem.Observer) -> float:
    hour_angle = float(here.sidereal_time()) - float(body.g_ra)
    latitude, declination = float(here.lat), float(body.g_dec)
    sine = math.sin(latitude) * math.sin(declination)
    return math.degrees(math.asin(sine + math.cos(latitude) * math.cos(declination) * math.cos(hour_angle)))


def crescent_class(q: float | None) -> str:
    """A (easily seen) to F (not even with a telescope)."""
    return next((name for name, limit in LIMITS if q is not None and q > limit), "F")


def main() -> None:
    """Print a row for each month: Hijri year, month, the evening, class, q."""
    for year in range(1437, 1459):
        for month in MONTHS:
            first = Hijri(year, month, 1).to_gregorian()
            if FIRST_YEAR <= first.year <= LAST_YEAR:
                evening = date(first.year, first.month, first.day) - timedelta(days=1)
                q = crescent_q(evening)
                shown = "moon sets before the sun" if q is None else f"q {q:+.2f}"
                sys.stdout.write(f'    ({year}, {month}): "{crescent_class(q)}",  # {evening.isoformat()}, {shown}\n')


if __name__ == "__main__":
    main()
