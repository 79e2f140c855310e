"""Whenever a demonstration is opened, units are out and places gather."""

from datetime import UTC, datetime, timedelta

import pytest

from reassure.files.demo_live import live_area, live_day
from reassure.patrols.units import unit_problems
from reassure.periods import london_date


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 28, 15, 20, tzinfo=UTC),
        datetime(2026, 11, 28, 1, 5, tzinfo=UTC),  # the night: the day is the one before
        datetime(2026, 11, 28, 23, 50, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # the clocks change
        datetime(2026, 6, 21, 4, 0, tzinfo=UTC),
    ],
)
def test_a_demonstration_has_units_out_and_gatherings_to_come(now) -> None:
    """At any hour of any day: all shifts begin on the plan's day, some run now, and some gatherings are ahead."""
    area = live_area(now)

    assert area.on == live_day(now)
    assert {london_date(unit.starts_at) for unit in area.units} == {area.on}
    assert all(unit_problems(unit, dwell_min=12) == [] for unit in area.units)
    assert sum(unit.starts_at <= now < unit.ends_at for unit in area.units) >= 4
    rows = [rule.when for rule in area.rules if rule.source_ref.endswith("-live")]
    assert len(rows) == 60
    assert {row.on for row in rows} <= {london_date(now + timedelta(hours=h)) for h in (-4, 0, 8)}


def test_the_same_moment_gives_the_same_area() -> None:
    """So that a fault can be looked at again."""
    now = datetime(2026, 11, 28, 15, 20, tzinfo=UTC)

    assert live_area(now) == live_area(now)
