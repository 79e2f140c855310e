"""The demo area's day laid around a moment, so that whoever opens a demonstration finds units out and visits due.

Rules: shifts move as they are, so that the first have been out for four hours; a shift that would begin on another
day begins with the first. Some places gather from three hours before the moment to seven after, by a generated
published row. Elsewhere: the area itself (`demo_area`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from reassure.files.demo_area import DemoArea, demo_area
from reassure.files.demo_ground import SOURCE
from reassure.occasions.values import Rule, TableRow
from reassure.patrols.units import Break, Unit
from reassure.periods import london_date, london_wall

OUT_FOR = timedelta(hours=4)
"""How long the first shift has been out at the moment."""
GATHERINGS = 60
FROM_MIN, TO_MIN, STEP_MIN = -180, 420, 15
KEYS_OF_FAITHS = {"christian": "prayer_meeting", "sikh": "community_meal"}


def live_day(now: datetime) -> date:
    """The day of the plan: that on which the first shift began."""
    return london_date(now - OUT_FOR)


def live_area(now: datetime, seed: int = 1) -> DemoArea:
    """
    The demo area with its day around `now`, an aware instant.

    Examples
    --------
    >>> from datetime import UTC
    >>> area = live_area(datetime(2026, 11, 28, 15, 20, tzinfo=UTC))
    >>> area.on.isoformat(), min(unit.starts_at for unit in area.units).isoformat()
    ('2026-11-28', '2026-11-28T11:00:00+00:00')
    """
    area = demo_area(seed, live_day(now))
    began = (now - OUT_FOR).replace(minute=0, second=0, microsecond=0)
    first = min(unit.starts_at for unit in area.units)
    units = tuple(_moved(unit, began - first, began, area.on) for unit in area.units)
    return replace(area, units=units, rules=(*area.rules, *_gatherings(area, now, Random(seed))))


def _moved(unit: Unit, by: timedelta, began: datetime, on: date) -> Unit:
    if london_date(unit.starts_at + by) != on:
        by = began - unit.starts_at
    return replace(
        unit,
        starts_at=unit.starts_at + by,
        ends_at=unit.ends_at + by,
        breaks=tuple(Break(b.earliest_start + by, b.latest_start + by, b.minutes) for b in unit.breaks),
    )


def _gatherings(area: DemoArea, now: datetime, rng: Random) -> Iterator[Rule]:
    places = [place for place in area.places if place.is_open]
    steps = range(FROM_MIN, TO_MIN + 1, STEP_MIN)
    hour = now.replace(minute=0, second=0, microsecond=0)
    for place in rng.sample(places, GATHERINGS):
        wall = london_wall(hour + timedelta(minutes=rng.choice(steps)))
        faith = next(iter(sorted(place.faiths)), "")
        row = TableRow(wall.date(), wall.time().replace(tzinfo=None))
        yield Rule(place.ref, KEYS_OF_FAITHS.get(faith, "study"), row, 2, f"{SOURCE.ref}-live", length_min=45)
