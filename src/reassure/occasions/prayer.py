"""When the five prayers begin at a position, by calculation.

Rules: the begin times of one civil date. The engine is adhanpy (MIT), whose Moonsighting Committee method holds
the usual British margins already (dhuhr +5 min, maghrib +3): nothing is added here. Fajr and isha are the soft
ones (docs/rooms/occasions.md gives the measured errors): show them with "about". A published row beats any
calculation; begin times only bound a congregation.
Instants are aware, in UTC, whole minutes. Isha may fall after midnight.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import adhanpy.astronomy.SolarTime
from adhanpy.calculation.CalculationMethod import CalculationMethod
from adhanpy.calculation.CalculationParameters import CalculationParameters
from adhanpy.calculation.Madhab import Madhab
from adhanpy.PrayerTimes import PrayerTimes as _Calculation

from reassure.errors import InputError, Problem
from reassure.geo import LAT_RANGE_DEG

METHODS: dict[str, CalculationMethod] = {
    "moonsighting": CalculationMethod.MOON_SIGHTING_COMMITTEE,
    "muslim_world_league": CalculationMethod.MUSLIM_WORLD_LEAGUE,
    "egyptian": CalculationMethod.EGYPTIAN,
    "karachi": CalculationMethod.KARACHI,
    "umm_al_qura": CalculationMethod.UMM_AL_QURA,
    "north_america": CalculationMethod.NORTH_AMERICA,
    "uoif": CalculationMethod.UOIF,
}
"""Methods by name; those of single countries far away are left out."""

ASR: dict[str, Madhab] = {"standard": Madhab.SHAFI, "hanafi": Madhab.HANAFI}
"""Shadow of an object at asr: once its length (standard) or twice (hanafi)."""

GRID_DEG = 0.05
"""Cell of the grid on which begin times of defaults are held: at most 1 minute off."""

_UTC_ZONE = ZoneInfo("UTC")

_SOLAR = adhanpy.astronomy.SolarTime
_SOLAR.SolarCoordinates = lru_cache(maxsize=4096)(_SOLAR.SolarCoordinates)
"""Where the sun stands depends on the day alone; the library works it out six times for every position."""


@dataclass(frozen=True, slots=True)
class PrayerTimes:
    """Begin of each prayer and sunrise on a civil date; aware UTC instants, rising, whole minutes."""

    fajr: datetime
    sunrise: datetime
    dhuhr: datetime
    asr: datetime
    maghrib: datetime
    isha: datetime


@lru_cache(maxsize=65536)
def prayer_times(
    lat_deg: float, lon_deg: float, on: date, *, method: str = "moonsighting", asr: str = "standard"
) -> PrayerTimes:
    """
    The begin times of the prayers at a position on a civil date.

    Raises
    ------
    InputError
        The position lies outside the United Kingdom's latitudes (49 to 61 N, -180 to 180 E), the method or the
        reckoning of asr is not known.

    Examples
    --------
    >>> times = prayer_times(52.4862, -1.8904, date(2019, 3, 15))
    >>> f"{times.dhuhr:%H:%M} {times.maghrib:%H:%M}"
    '12:22 18:14'
    """
    _check(lat_deg, lon_deg, method, asr)
    parameters = CalculationParameters(method=METHODS[method])
    parameters.madhab = ASR[asr]
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    found = _Calculation((lat_deg, lon_deg), noon, calculation_parameters=parameters, time_zone=_UTC_ZONE)
    return PrayerTimes(*(_utc(getattr(found, name)) for name in PrayerTimes.__slots__))


def prayer_times_near(lat_deg: float, lon_deg: float, on: date) -> PrayerTimes:
    """The begin times of the cell of 0.05 degrees that holds a position: at most 1 minute off, for defaults only."""
    cells_per_deg = round(1 / GRID_DEG)
    return prayer_times(
        round(lat_deg * cells_per_deg) / cells_per_deg, round(lon_deg * cells_per_deg) / cells_per_deg, on
    )


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _check(lat_deg: float, lon_deg: float, method: str, asr: str) -> None:
    low, high = LAT_RANGE_DEG
    found = []
    if not low <= lat_deg <= high:
        found.append(Problem("lat_deg", f"{lat_deg}", f"{low:g} to {high:g}"))
    if not abs(lon_deg) <= 180:
        found.append(Problem("lon_deg", f"{lon_deg}", "-180 to 180"))
    if method not in METHODS:
        found.append(Problem("method", method, "one of " + ", ".join(METHODS)))
    if asr not in ASR:
        found.append(Problem("asr", asr, "one of " + ", ".join(ASR)))
    if found:
        raise InputError(found)


ANCHORS: dict[str, Callable[[PrayerTimes], datetime]] = {
    "fajr": lambda times: times.fajr,
    "sunrise": lambda times: times.sunrise,
    "dhuhr": lambda times: times.dhuhr,
    "asr": lambda times: times.asr,
    "maghrib": lambda times: times.maghrib,
    "isha": lambda times: times.isha,
}
"""Anchors of a computed rule that this module answers."""
