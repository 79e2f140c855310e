"""What people do with plans: change one by hand into the next number, send it, take it back, approve it, return it."""

from datetime import date, datetime

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import InputError, NotAllowedError, Problem, RuleError
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.patrols.editing import Edit, edit_words, edited
from reassure_web.patrols.models import Day, PatrolPlan
from reassure_web.patrols.queries_inputs import refuse_lapsed
from reassure_web.patrols.queries_plan import is_replanned
from reassure_web.patrols.services_begin import open_day
from reassure_web.patrols.services_store import store_plan

LEAST_REASON = 10


@transaction.atomic
def change_plan(actor: User, slug: str, on: date, number: int, edit: Edit, *, now: datetime) -> PatrolPlan:
    """
    Make the next plan from one plan and one change; the plan that was changed stays as it is.

    Raises
    ------
    RuleError
        A rule would be broken: which, and by how much; or the declaration has lapsed.
    """
    _, day = open_day(actor, slug, on, Action.PLAN_WRITE, now=now)
    refuse_lapsed(day, now=now)
    plan = day.plans.get(number=number)
    document = edited(plan.document, edit)
    return store_plan(day, document, what=edit_words(plan.document, edit), of=plan, author=actor, now=now)


@transaction.atomic
def restore_plan(actor: User, slug: str, on: date, number: int, *, now: datetime) -> PatrolPlan:
    """Make an earlier plan the latest again, under a new number: how changes are undone."""
    _, day = open_day(actor, slug, on, Action.PLAN_WRITE, now=now)
    refuse_lapsed(day, now=now)
    plan = day.plans.get(number=number)
    return store_plan(day, plan.document, what=f"Plan {number} again", of=plan, author=actor, now=now)


@transaction.atomic
def send_plan(actor: User, slug: str, on: date, number: int, *, now: datetime) -> PatrolPlan:
    """
    Send a draft to a commander; one that was sent before falls back to a draft.

    Whoever may only re-plan sends what a re-plan made, and nothing else.
    """
    day, plan = _plan(actor, slug, on, number, Action.PLAN_REPLAN, "draft", now=now)
    if not is_replanned(plan):
        require(actor.grants(now), Action.PLAN_WRITE, now=now, area=day.area_code)
    refuse_lapsed(day, now=now)
    day.plans.filter(state="sent").update(state="draft")
    plan.state, plan.sent_at, plan.sent_back_reason = "sent", now, ""
    plan.save(update_fields=["state", "sent_at", "sent_back_reason"])
    record(actor, Action.PLAN_WRITE, f"plan:{plan.ref}:sent", now=now)
    return plan


@transaction.atomic
def withdraw_plan(actor: User, slug: str, on: date, number: int, *, now: datetime) -> PatrolPlan:
    """Take back a plan that waits for approval, or put away a draft."""
    _, plan = _plan(actor, slug, on, number, Action.PLAN_WRITE, "draft sent", now=now)
    plan.state = "withdrawn"
    plan.save(update_fields=["state"])
    record(actor, Action.PLAN_WRITE, f"plan:{plan.ref}:withdrawn", now=now)
    return plan


@transaction.atomic
def approve_plan(actor: User, slug: str, on: date, number: int, *, now: datetime) -> PatrolPlan:
    """
    Put a plan that was sent in force; the one in force before is superseded.

    Raises
    ------
    NotAllowedError
        The commander wrote this plan or one that it may rest on.
    RuleError
        It was not sent, or the declaration has lapsed.
    """
    day, plan = _plan(actor, slug, on, number, Action.PLAN_APPROVE, "sent", now=now)
    refuse_lapsed(day, now=now)
    _refuse_author(actor, day, plan)
    day.plans.filter(state="approved").update(state="superseded")
    plan.state, plan.approved_by, plan.approved_at = "approved", actor, now
    plan.save(update_fields=["state", "approved_by", "approved_at"])
    record(actor, Action.PLAN_APPROVE, f"plan:{plan.ref}", now=now, change={"digest": plan.digest})
    return plan


@transaction.atomic
def send_back(actor: User, slug: str, on: date, number: int, reason: str, *, now: datetime) -> PatrolPlan:
    """Return a plan that was sent, with a reason of at least 10 characters."""
    _, plan = _plan(actor, slug, on, number, Action.PLAN_APPROVE, "sent", now=now)
    if len(reason.strip()) < LEAST_REASON:
        raise InputError([Problem("reason", reason.strip(), f"at least {LEAST_REASON} characters")])
    plan.state, plan.sent_back_reason = "draft", reason.strip()
    plan.save(update_fields=["state", "sent_back_reason"])
    record(actor, Action.PLAN_APPROVE, f"plan:{plan.ref}:sent-back", now=now, reason=reason.strip())
    return plan


def _plan(
    actor: User, slug: str, on: date, number: int, action: Action, states: str, *, now: datetime
) -> tuple[Day, PatrolPlan]:
    """The locked day and a plan of it that is in one of these states."""
    _, day = open_day(actor, slug, on, action, now=now)
    plan = day.plans.select_related("day").defer("document").get(number=number)
    if plan.state not in states.split():
        raise RuleError(f"Plan {number} is {plan.state}; expected {states.replace(' ', ' or ')}.")
    return day, plan


def _refuse_author(actor: User, day: Day, plan: PatrolPlan) -> None:
    if day.plans.filter(number__lte=plan.number, written_by=actor).exists():
        raise NotAllowedError(
            "You wrote a plan of this day, so you may not approve it. Who may: another commander.",
            action=Action.PLAN_APPROVE.code,
        )
