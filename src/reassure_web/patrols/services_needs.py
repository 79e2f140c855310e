"""Overrides of need: a planner asks with a reason, a commander signs, and only then a plan follows it."""

from datetime import date, datetime

from django.db import transaction

from reassure.access.allowed import Action
from reassure.errors import InputError, Problem, RuleError
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.patrols.models import OVERRIDE_KINDS, NeedOverride
from reassure_web.patrols.services_begin import open_day
from reassure_web.places.queries_register import area_places

LEAST_REASON = 10
"""Characters of a reason (need.md, G6)."""


@transaction.atomic
def ask_override(
    actor: User, slug: str, on: date, place_ref: str, kind: str, reason: str, *, now: datetime
) -> NeedOverride:
    """
    Ask that a place is visited whatever its points (`must`), or not at all (`bar`).

    Raises
    ------
    InputError
        No such place in the area, no such kind, or a reason under 10 characters.
    RuleError
        An override of that place is asked for or signed already.
    """
    area, day = open_day(actor, slug, on, Action.NEED_CHANGE, now=now)
    problems = []
    if all(place.ref != place_ref for place in area_places(area.code)):
        problems.append(Problem("place_ref", place_ref, "an open place of the area"))
    if kind not in OVERRIDE_KINDS:
        problems.append(Problem("kind", kind, "must or bar"))
    if len(reason.strip()) < LEAST_REASON:
        problems.append(Problem("reason", reason, f"at least {LEAST_REASON} characters"))
    if problems:
        raise InputError(problems)
    if day.overrides.filter(place_ref=place_ref, state__in=("asked", "signed")).exists():
        raise RuleError("An override of this place is there already; withdraw it first.")
    row = day.overrides.create(place_ref=place_ref, kind=kind, reason=reason.strip(), asked_by=actor, asked_at=now)
    record(actor, Action.NEED_CHANGE, f"override:{row.id}", now=now, reason=row.reason)
    return row


@transaction.atomic
def decide_override(actor: User, slug: str, on: date, override_id: int, *, is_signed: bool, now: datetime) -> None:
    """Sign or refuse an override; `RuleError` for one's own and for one that is decided."""
    _, day = open_day(actor, slug, on, Action.NEED_SIGN, now=now)
    row = day.overrides.select_for_update().get(id=override_id)
    if row.state != "asked":
        raise RuleError(f"This override is {row.state} already.")
    if row.asked_by_id == actor.pk:
        raise RuleError("You asked for this override; expected another commander to decide it.")
    row.state, row.decided_by, row.decided_at = ("signed" if is_signed else "refused"), actor, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    record(actor, Action.NEED_SIGN, f"override:{row.id}:{row.state}", now=now)


@transaction.atomic
def withdraw_override(actor: User, slug: str, on: date, override_id: int, *, now: datetime) -> None:
    """Take an override back; plans made from then on do not follow it."""
    _, day = open_day(actor, slug, on, Action.NEED_CHANGE, now=now)
    row = day.overrides.select_for_update().get(id=override_id, state__in=("asked", "signed"))
    row.state = "withdrawn"
    row.save(update_fields=["state"])
    record(actor, Action.NEED_CHANGE, f"override:{row.id}:withdrawn", now=now)
