"""Who can go on a day: units added, brought in from a file, copied from another day, taken off and put back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from reassure.access.allowed import Action
from reassure.errors import InputError, Problem, RuleError
from reassure.files.units import read_units
from reassure.patrols.problem import DWELL_MIN
from reassure.patrols.units import Break, Unit, unit_problems
from reassure.periods import london_date, london_instant, london_wall
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.patrols import models
from reassure_web.patrols.services_begin import open_day
from reassure_web.patrols.uploads import read_upload

MOST_UNITS = 2_000


@transaction.atomic
def add_unit(actor: User, slug: str, on: date, unit: Unit, *, now: datetime) -> models.Unit:
    """Add one unit to a day; `InputError` with every reason why it cannot be planned."""
    _, day = open_day(actor, slug, on, Action.UNIT_CHANGE, now=now)
    problems = _problems(unit, on)
    if models.Unit.objects.filter(day=day, ref=unit.ref).exists():
        problems.append(Problem("ref", unit.ref, "a reference that no other unit of the day has"))
    if problems:
        raise InputError(problems)
    [row] = _kept(day, [unit])
    record(actor, Action.UNIT_CHANGE, f"unit:{day.ref}/{unit.ref}", now=now)
    return row


@transaction.atomic
def import_units(actor: User, slug: str, on: date, content: bytes, name: str, *, now: datetime) -> int:
    """
    Take every unit of a UNITS.csv onto a day, or none; units with the same reference are replaced.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    _, day = open_day(actor, slug, on, Action.UNIT_CHANGE, now=now)
    units = read_upload(content, name, read_units)
    problems = [replace(p, file=name) for unit in units for p in _problems(unit, on)]
    if problems:
        raise InputError(problems)
    models.Unit.objects.filter(day=day, ref__in=[unit.ref for unit in units]).delete()
    _kept(day, units)
    record(actor, Action.UNIT_CHANGE, f"units:{day.ref}", now=now, change={"n": len(units)})
    return len(units)


@transaction.atomic
def copy_units(actor: User, slug: str, on: date, from_on: date, *, now: datetime) -> int:
    """
    Copy another day's units that were not taken off, with the same times on London's clock.

    Raises
    ------
    RuleError
        The other day has no units.
    """
    area, day = open_day(actor, slug, on, Action.UNIT_CHANGE, now=now)
    rows = models.Unit.objects.filter(day__area_code=area.code, day__on=from_on, is_off=False)
    here = set(models.Unit.objects.filter(day=day).values_list("ref", flat=True))
    units = [shifted(row.facts(), on - from_on) for row in rows if row.ref not in here]
    if not rows:
        raise RuleError(f"There are no units on {from_on:%A %-d %B %Y} to copy.")
    _kept(day, units)
    record(actor, Action.UNIT_CHANGE, f"units:{day.ref}", now=now, change={"from": from_on.isoformat()})
    return len(units)


@transaction.atomic
def take_off(actor: User, slug: str, on: date, ref: str, reason: str, *, now: datetime) -> None:
    """Take a unit off a day with a reason; plans that were made before keep it."""
    _, day = open_day(actor, slug, on, Action.UNIT_CHANGE, now=now)
    row = models.Unit.objects.get(day=day, ref=ref)
    if not reason.strip():
        raise InputError([Problem("reason", "", "why the unit cannot go")])
    row.is_off, row.off_reason = True, reason.strip()
    row.save(update_fields=["is_off", "off_reason"])
    record(actor, Action.UNIT_CHANGE, f"unit:{day.ref}/{ref}:off", now=now, reason=row.off_reason)


@transaction.atomic
def put_back(actor: User, slug: str, on: date, ref: str, *, now: datetime) -> None:
    """Put a unit back that was taken off."""
    _, day = open_day(actor, slug, on, Action.UNIT_CHANGE, now=now)
    row = models.Unit.objects.get(day=day, ref=ref)
    row.is_off, row.off_reason = False, ""
    row.save(update_fields=["is_off", "off_reason"])
    record(actor, Action.UNIT_CHANGE, f"unit:{day.ref}/{ref}:on", now=now)


def shifted(unit: Unit, by: timedelta) -> Unit:
    """The unit some whole days later by London's clock, so that a change of the clocks moves no shift."""

    def moved(instant: datetime) -> datetime:
        wall = london_wall(instant)
        return london_instant(wall.date() + by, wall.time())

    return replace(
        unit,
        starts_at=moved(unit.starts_at),
        ends_at=moved(unit.ends_at),
        breaks=tuple(Break(moved(b.earliest_start), moved(b.latest_start), b.minutes) for b in unit.breaks),
    )


def _problems(unit: Unit, on: date) -> list[Problem]:
    found = unit_problems(unit, dwell_min=DWELL_MIN)
    if london_date(unit.starts_at) != on:
        says = f"the shift of {unit.ref} starts on {london_date(unit.starts_at):%-d %B %Y}"
        found.append(Problem("starts_at", "", f"{on:%-d %B %Y}", says=says))
    return found


def _kept(day: models.Day, units: Sequence[Unit]) -> list[models.Unit]:
    if models.Unit.objects.filter(day=day).count() + len(units) > MOST_UNITS:
        raise RuleError(f"A day holds at most {MOST_UNITS:,} units.")
    return models.Unit.objects.bulk_create(
        models.Unit(
            day=day,
            ref=unit.ref,
            callsign=unit.callsign,
            kind=unit.kind,
            n_officers=unit.n_officers,
            base_lat_deg=unit.base.lat_deg,
            base_lon_deg=unit.base.lon_deg,
            end_lat_deg=unit.end_base.lat_deg if unit.end_base else None,
            end_lon_deg=unit.end_base.lon_deg if unit.end_base else None,
            starts_at=unit.starts_at,
            ends_at=unit.ends_at,
            breaks=[[b.earliest_start.isoformat(), b.latest_start.isoformat(), b.minutes] for b in unit.breaks],
            skills=sorted(unit.skills),
        )
        for unit in units
    )
