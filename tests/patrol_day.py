"""A small day for tests of planning: places, occasions and units along one road in the north, all made up."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from reassure.geo import Point
from reassure.occasions.values import Occasion, Sitting
from reassure.patrols.units import Break, Unit
from reassure.places.place import Place

DAY = datetime(2026, 11, 27, tzinfo=UTC)


def at(text):
    """An instant of the day from hours and minutes."""
    hours, minutes = text.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes))


def place(ref, km_north=0.0, **fields):
    """A place so many kilometres north of 53 degrees."""
    return Place(ref, name=f"Generated {ref}", point=Point(53.0 + km_north / 111.1951, -1.5), **fields)


def occasion(place_ref, starts="13:15", n=1, status="forecast"):
    """One sitting of 30 minutes; people arrive 30 minutes before and have gone 25 minutes after."""
    start = at(starts)
    end = start + timedelta(minutes=30)
    sitting = Sitting(start - timedelta(minutes=30), start, end, end + timedelta(minutes=25), start, start)
    return Occasion(f"{place_ref}:jumuah:2026-11-27:{n}", place_ref, "jumuah", DAY.date(), (sitting,), status=status)


def need(place_ref, points, n=1, gate="open", has_occasion=True):
    """What a plan reads of a need: its place, occasion, points and gate."""
    ref = f"{place_ref}:jumuah:2026-11-27:{n}" if has_occasion else ""
    return SimpleNamespace(place_ref=place_ref, occasion_ref=ref, score=SimpleNamespace(points=points, gate=gate))


def unit(ref, starts="11:00", ends="15:00", km_north=0.0, breaks=(), kind="car", skills=()):
    """A car at a base so many kilometres north; breaks as (earliest, latest, minutes)."""
    return Unit(
        ref,
        f"Car {ref}",
        kind,
        2,
        Point(53.0 + km_north / 111.1951, -1.5),
        at(starts),
        at(ends),
        breaks=tuple(Break(at(a), at(b), minutes) for a, b, minutes in breaks),
        skills=frozenset(skills),
    )
