"""Units that can be sent: who they are, when they are on shift, when they rest.

Shifts are aware instants and may cross midnight and a clock change. A break is taken whole, at the base
or at a stop after its visit. Elsewhere: how long journeys take (`travel`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reassure.errors import Problem
from reassure.geo import Point
from reassure.places.place import point_problems

KINDS = ("foot", "cycle", "car")
LONGEST_SHIFT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of whole minutes that starts between two instants, both allowed."""

    earliest_start: datetime
    latest_start: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Unit:
    """
    A crew with a callsign.

    Parameters
    ----------
    base, end_base
        Where the shift starts and where it ends; `end_base` None means the same.
    starts_at, ends_at
        The shift, aware UTC; the unit is back at its end base by `ends_at`.
    skills
        What the crew can do that an option may ask for: a language, adviser.
    """

    ref: str
    callsign: str
    kind: str
    n_officers: int
    base: Point
    starts_at: datetime
    ends_at: datetime
    end_base: Point | None = None
    breaks: tuple[Break, ...] = ()
    skills: frozenset[str] = frozenset()


def unit_problems(unit: Unit, *, dwell_min: int) -> list[Problem]:
    """Every reason why a unit cannot be planned, in the order of its fields; empty when it can."""
    found = []
    if not unit.ref:
        found.append(Problem("ref", "", "an identifier"))
    if unit.kind not in KINDS:
        found.append(Problem("kind", unit.kind, "one of " + ", ".join(KINDS)))
    if unit.n_officers < 1:
        found.append(Problem("n_officers", str(unit.n_officers), "1 or more"))
    for column, point in (("base", unit.base), ("end", unit.end_base)):
        if point is not None:
            found += [
                Problem(f"{column}_{p.column}", p.value, p.expected)
                for p in point_problems(point.lat_deg, point.lon_deg)
            ]
    length = unit.ends_at - unit.starts_at
    if length <= timedelta(0):
        found.append(Problem("ends_at", unit.ends_at.isoformat(), f"after starts_at, {unit.starts_at.isoformat()}"))
    elif length < timedelta(minutes=dwell_min):
        found.append(Problem("ends_at", unit.ends_at.isoformat(), f"a shift of at least one visit, {dwell_min} min"))
    elif length > LONGEST_SHIFT:
        found.append(Problem("ends_at", unit.ends_at.isoformat(), "a shift of at most 24 h"))
    for pause in unit.breaks:
        found += _break_problems(pause, unit)
    return found


def _break_problems(pause: Break, unit: Unit) -> list[Problem]:
    text = f"{pause.earliest_start.isoformat()}/{pause.latest_start.isoformat()}/{pause.minutes}"
    if pause.minutes < 1:
        return [Problem("breaks", text, "1 minute or more")]
    if pause.latest_start < pause.earliest_start:
        return [Problem("breaks", text, "a latest start at or after the earliest")]
    if pause.earliest_start < unit.starts_at or pause.latest_start + timedelta(minutes=pause.minutes) > unit.ends_at:
        return [Problem("breaks", text, "a break inside the shift")]
    return []
