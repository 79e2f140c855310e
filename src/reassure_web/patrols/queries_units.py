"""The units of a day: who can go, what they offer against what is needed, and shifts that overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from reassure.access.allowed import Action
from reassure_web.accounts.models import User
from reassure_web.patrols.models import Day, Unit
from reassure_web.patrols.queries import day_row, days_of_area, units_of_day
from reassure_web.patrols.queries_inputs import day_needs
from reassure_web.patrols.queries_planning import PAGE, On, on_day


@dataclass(frozen=True, slots=True)
class Offered:
    """Hours of units in an hour-by-hour sum against the hours that visits with open need would take."""

    unit_hours: float
    n_officers: int
    break_hours: float


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """Who can go: units, what they offer, and shifts of one callsign that overlap."""

    head: On
    units: tuple[Unit, ...]
    offered: Offered
    overlaps: tuple[str, ...]
    other_days: tuple[date, ...]
    hours_needed: float
    n: int
    number: int
    n_pages: int


def units_page(actor: User, slug: str, on: date, number: int, *, now: datetime) -> UnitsPage:
    """The units of a day, a page of them; sums are over all."""
    head = on_day(actor, slug, on, Action.UNIT_READ, now=now)
    rows = list(units_of_day(head.area.code, on))
    going = [row for row in rows if not row.is_off]
    hours = sum((row.ends_at - row.starts_at) / timedelta(hours=1) for row in going)
    breaks = sum(minutes for row in going for _, _, minutes in row.breaks) / 60
    others = days_of_area(head.area.code).filter(units__isnull=False).exclude(on=on).distinct()
    n_pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, number), n_pages)
    return UnitsPage(
        head,
        tuple(rows[(number - 1) * PAGE : number * PAGE]),
        Offered(hours, sum(row.n_officers for row in going), breaks),
        overlapping(going),
        tuple(others.values_list("on", flat=True)[:5]),
        day_needs(head.area, day_row(head.area.code, on) or Day(area_code=head.area.code, on=on)).hours,
        len(rows),
        number,
        n_pages,
    )


def may_change_units(actor: User, slug: str, on: date, *, unit: str = "", now: datetime) -> On:
    """The day for somebody who may change its units; `Unit.DoesNotExist` when the unit that is named is not there."""
    head = on_day(actor, slug, on, Action.UNIT_CHANGE, now=now)
    if unit:
        units_of_day(head.area.code, on).get(ref=unit)
    return head


def overlapping(units: Sequence[Unit]) -> tuple[str, ...]:
    """Callsigns that stand on two shifts at the same time, with both shifts, in order."""
    by_callsign: dict[str, list[Unit]] = {}
    for unit in units:
        by_callsign.setdefault(unit.callsign, []).append(unit)
    found = []
    for callsign, rows in sorted(by_callsign.items()):
        rows.sort(key=lambda row: row.starts_at)
        for first, second in pairwise(rows):
            if second.starts_at < first.ends_at:
                found.append(f"{callsign}: {first.ref} and {second.ref} overlap")
    return tuple(found)
