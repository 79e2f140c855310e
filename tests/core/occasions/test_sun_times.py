"""Sunset, lighting and nightfall against published tables."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.occasions.jewish import holy_day_end, lighting
from reassure.occasions.sun import nightfall, sunset
from reassure.periods import london_instant, london_wall, parse_local_time

BIRMINGHAM = (52.4862, -1.8904)
HENDON = (51.5722, -0.1955)
CITIES = {
    "London": (51.5074, -0.1278),
    "Bournemouth": (50.7192, -1.8808),
    "Leeds": (53.8008, -1.5491),
    "Manchester": (53.4808, -2.2426),
    "Tyneside": (54.9783, -1.6178),
    "Glasgow": (55.8642, -4.2518),
}
PRINTED_OFFSET_MIN = {"London": 15, "Manchester": 15, "Glasgow": 16, "Tyneside": 14, "Leeds": 18, "Bournemouth": 19}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _minutes_off(computed: datetime, on: date, printed: str) -> float:
    said = london_instant(on, parse_local_time(printed, "time_local"))
    return (computed - said) / timedelta(minutes=1)


def test_birmingham_sets_at_16_00_11_and_lights_at_15_45() -> None:
    """On 27 November 2026 the sun sets in Birmingham at 16:00:11, so candles are lit at 15:45."""
    on = date(2026, 11, 27)

    assert sunset(*BIRMINGHAM, on) == datetime(2026, 11, 27, 16, 0, 11, tzinfo=UTC)
    assert lighting(*BIRMINGHAM, on) == datetime(2026, 11, 27, 15, 45, tzinfo=UTC)


def test_hendon_sets_on_the_eve_of_yom_kippur_2019_at_18_23_13() -> None:
    """Sunset in Hendon on 8 October 2019 was at 18:23:13 BST; lighting 18:08."""
    on = date(2019, 10, 8)

    assert f"{london_wall(sunset(*HENDON, on)):%H:%M:%S}" == "18:23:13"
    assert f"{london_wall(lighting(*HENDON, on)):%H:%M}" == "18:08"


def test_hendon_2019_lighting_and_end_lie_within_a_minute(data_dir: Path) -> None:
    """Every lighting and every end that the Hendon table of 2019 gives by the sun is met within one minute."""
    rows = _rows(data_dir / "oracles" / "shabbat_hendon_2019.csv")
    checked = 0
    for row in rows:
        on = date.fromisoformat(row["date"])
        by_lighting = _minutes_off(lighting(*HENDON, on), on, row["time_local"])
        by_end = _minutes_off(holy_day_end(*HENDON, on), on, row["time_local"])
        if row["kind"].startswith("Havdalah"):
            assert abs(by_end) <= 1, row
        elif on.weekday() == 4:
            assert abs(by_lighting) <= 1, row
        else:  # the eve of a holy day, or the change from one holy day to the next
            assert min(abs(by_lighting), abs(by_end)) <= 1, row
        checked += 1

    assert checked == 119


@pytest.mark.parametrize("city", CITIES)
def test_printed_cities_are_met_with_their_own_offset(city: str, data_dir: Path) -> None:
    """With the offset that a city's community prints, lighting is met within 2 minutes."""
    (row,) = (
        row
        for row in _rows(data_dir / "oracles" / "shabbat_published_six_cities_2018-03-30_31.csv")
        if row["city"] == city and row["kind"] == "begins"
    )
    on = date.fromisoformat(row["date"])

    computed = lighting(*CITIES[city], on, offset_min=PRINTED_OFFSET_MIN[city])

    assert abs(_minutes_off(computed, on, row["time_local"])) <= 2


def test_lighting_is_never_late_and_the_end_never_early() -> None:
    """Whole minutes are cut at lighting and raised at the end, whatever the season."""
    for day in range(0, 365, 7):
        on = date(2026, 1, 2) + timedelta(days=day)
        assert (
            timedelta(0) <= sunset(*HENDON, on) - timedelta(minutes=15) - lighting(*HENDON, on) < timedelta(minutes=1)
        )
        late = holy_day_end(*HENDON, on) - nightfall(*HENDON, on, 8.5)
        assert timedelta(0) <= late < timedelta(minutes=1)


def test_a_sun_that_does_not_sink_so_low_is_said() -> None:
    """In midsummer the sun over Lerwick never stands 18 degrees below the horizon: that is named, not guessed."""
    with pytest.raises(InputError, match="18 degrees below the horizon on 2026-06-21; expected a smaller angle"):
        nightfall(60.155, -1.145, date(2026, 6, 21), 18.0)


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(91.0, 0.0), (70.0, 0.0), (52.0, 200.0), (float("nan"), 0.0)])
def test_positions_off_the_map_are_refused(lat_deg: float, lon_deg: float) -> None:
    """A latitude beyond 65 degrees, a longitude beyond 180 and a value that is no number are refused."""
    with pytest.raises(InputError):
        sunset(lat_deg, lon_deg, date(2026, 6, 21))
