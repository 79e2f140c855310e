"""When the five prayers begin at a position, by calculation.

Rules: the begin times of one civil date. The engine is adhanpy (MIT), whose Moonsighting Committee method holds
the usual British margins already (dhuhr +5 min, maghrib +3): nothing is added here. Fajr and isha are the soft
ones (docs/rooms/occasions.md gives the measured errors): show them with "about". A published row beats any
calculation; begin times only bound a congregation.
Instants are aware, in UTC, whole minutes. Isha may fall after midnight.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter

from adhanpy.calculation.CalculationMethod import CalculationMethod
from adhanpy.calculation.CalculationParameters import CalculationParameters
from adhanpy.calculation.Madhab import Madhab
from adhanpy.calculation.Twilight import season_adjusted_evening_twilight, season_adjusted_morning_twilight

from reassure.errors import InputError, Problem
from reassure.geo import LAT_RANGE_DEG
from reassure.occasions.solar_hours import RISING_ALTITUDE_DEG, SolarHours

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
SHADOWS: dict[str, int] = {name: school.get_shadow_length().shadow_length for name, school in ASR.items()}

GRID_DEG = 0.05
"""Cell of the grid on which begin times of defaults are held: at most 1 minute off."""
_CELLS_PER_DEG = round(1 / GRID_DEG)

NORTHERN_DEG = 55
"""From here on north the Moonsighting Committee takes a seventh of the night."""
DAY, DAY_S = timedelta(days=1), 24 * 60 * 60
HALF_MINUTE, LAST_MINUTE = 30, 59
_NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)


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
    rules = _rules(method)
    sun = SolarHours(lat_deg, lon_deg, on)
    sunrise = sun.altitude_s(RISING_ALTITUDE_DEG, is_evening=False)
    sunset = sun.altitude_s(RISING_ALTITUDE_DEG, is_evening=True)
    asr_begins = sun.afternoon_s(SHADOWS[asr])
    night_s = _night_s(sunset, rules, lat_deg, lon_deg, on)
    if sunrise is None or sunset is None or night_s is None or asr_begins is None:
        raise InputError([Problem("lat_deg", f"{lat_deg}", "a position where the sun rises and sets on that day")])
    fajr = sun.altitude_s(-rules.fajr_angle, is_evening=False)
    fajr = _fajr_s(fajr, sunrise, night_s, rules, lat_deg, on)
    if rules.isha_interval >= 1:
        isha = sunset + rules.isha_interval * 60
    else:
        isha = _isha_s(sun.altitude_s(-rules.isha_angle, is_evening=True), sunset, night_s, rules, lat_deg, on)
    margins, midnight = rules.method_adjustments, _midnight(on)
    return PrayerTimes(
        _instant(midnight, fajr + 60 * margins.fajr),
        _instant(midnight, sunrise + 60 * margins.sunrise),
        _instant(midnight, sun.transit_s() + 60 * margins.dhuhr),
        _instant(midnight, asr_begins + 60 * margins.asr),
        _instant(midnight, sunset + 60 * margins.maghrib),
        _instant(midnight, isha + 60 * margins.isha),
    )


@lru_cache(maxsize=16)
def _rules(method: str) -> CalculationParameters:
    return CalculationParameters(method=METHODS[method])


def _night_s(sunset: int | None, rules: CalculationParameters, lat_deg: float, lon_deg: float, on: date) -> int | None:
    """Seconds from sunset to the next sunrise; 0 where no time of the method depends on it."""
    if _is_moonsighting(rules) and lat_deg < NORTHERN_DEG:
        return 0
    next_sunrise = SolarHours(lat_deg, lon_deg, on + DAY).altitude_s(RISING_ALTITUDE_DEG, is_evening=False)
    return None if sunset is None or next_sunrise is None else next_sunrise + DAY_S - sunset


def _fajr_s(
    begins: int | None, sunrise: int, night_s: int, rules: CalculationParameters, lat_deg: float, on: date
) -> int:
    """Dawn by its angle, but in the north by a share of the night, and never earlier than the method allows."""
    if _is_moonsighting(rules):
        if lat_deg >= NORTHERN_DEG:
            begins = sunrise - int(night_s * 1000 / 7000)
        earliest = sunrise - _twilight_s(season_adjusted_morning_twilight, lat_deg, on)
    else:
        earliest = sunrise - int(rules.night_portions().fajr * night_s)
    return earliest if begins is None else max(begins, earliest)


def _isha_s(
    begins: int | None, sunset: int, night_s: int, rules: CalculationParameters, lat_deg: float, on: date
) -> int:
    """Nightfall by its angle, but in the north by a share of the night, and never later than the method allows."""
    if _is_moonsighting(rules):
        if lat_deg >= NORTHERN_DEG:
            begins = sunset + int(night_s * 1000 / 7000)
        latest = sunset + _twilight_s(season_adjusted_evening_twilight, lat_deg, on)
    else:
        latest = sunset + int(rules.night_portions().isha * night_s)
    return latest if begins is None else min(begins, latest)


def _is_moonsighting(rules: CalculationParameters) -> bool:
    return rules.method is CalculationMethod.MOON_SIGHTING_COMMITTEE


def _twilight_s(twilight: Callable[[float, int, int, datetime], datetime], lat_deg: float, on: date) -> int:
    """Seconds between the sun at the horizon and the limit of twilight that the library has for the season."""
    return abs(round((twilight(lat_deg, _day_of_year(on), on.year, _NOON) - _NOON).total_seconds()))


def _instant(midnight: datetime, seconds: int) -> datetime:
    """To the nearest minute; in the last minute of an hour seconds are cut, as the library does."""
    minute, second = divmod(seconds, 60)
    up = second > HALF_MINUTE and minute % 60 != LAST_MINUTE
    return midnight + timedelta(0, 60 * (minute + up))


@lru_cache(maxsize=4096)
def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


@lru_cache(maxsize=4096)
def _day_of_year(on: date) -> int:
    return on.timetuple().tm_yday


@lru_cache(maxsize=65536)
def _dhuhr(lat_deg: float, lon_deg: float, on: date) -> datetime:
    _check(lat_deg, lon_deg, "moonsighting", "standard")
    margin_s = 60 * _rules("moonsighting").method_adjustments.dhuhr
    return _instant(_midnight(on), SolarHours(lat_deg, lon_deg, on).transit_s() + margin_s)


def dhuhr_near(lat_deg: float, lon_deg: float, on: date) -> datetime:
    """The dhuhr of `prayer_times_near`, without the other prayers."""
    return _dhuhr(_cell_deg(lat_deg), _cell_deg(lon_deg), on)


def prayer_times_near(lat_deg: float, lon_deg: float, on: date) -> PrayerTimes:
    """The begin times of the cell of 0.05 degrees that holds a position: at most 1 minute off, for defaults only."""
    return prayer_times(_cell_deg(lat_deg), _cell_deg(lon_deg), on)


def _cell_deg(angle_deg: float) -> float:
    return round(angle_deg * _CELLS_PER_DEG) / _CELLS_PER_DEG


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
    name: attrgetter(name) for name in ("fajr", "sunrise", "dhuhr", "asr", "maghrib", "isha")
}
"""Anchors of a computed rule that this module answers."""
