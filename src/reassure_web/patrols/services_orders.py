"""The operation order of an approved plan: written by people, issued by a commander, printed with a number."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import RuleError
from reassure.files.plan_pdf import cards_pdf, order_pdf
from reassure.patrols.briefing import index_plan
from reassure.patrols.order import order_sections
from reassure.patrols.order_texts import BY_HAND, Issued, order_problems
from reassure_web.accounts.models import User
from reassure_web.audit.services import record, record_seen
from reassure_web.patrols.models import Order, PatrolPlan
from reassure_web.patrols.queries import handed_out
from reassure_web.patrols.services_begin import open_day
from reassure_web.places.queries import area_by_slug

LONGEST_TEXT = 4_000


@transaction.atomic
def write_order(actor: User, slug: str, on: date, number: int, texts: Mapping[str, str], *, now: datetime) -> Order:
    """Keep what somebody wrote into the order of a plan; an issued order is changed no more."""
    plan = _plan(actor, slug, on, number, Action.PLAN_WRITE, now=now)
    known = {name for names in BY_HAND.values() for name in names}
    kept = {name: text.strip()[:LONGEST_TEXT] for name, text in texts.items() if name in known and text.strip()}
    order, is_new = Order.objects.get_or_create(
        plan=plan, defaults={"texts": kept, "written_by": actor, "changed_at": now}
    )
    if order.issued_at:
        raise RuleError("This order is issued and changes no more; a new plan makes a new order.")
    if not is_new:
        order.texts, order.written_by, order.changed_at = kept, actor, now
        order.save(update_fields=["texts", "written_by", "changed_at"])
    record(actor, Action.PLAN_WRITE, f"order:{plan.ref}", now=now, change=kept)
    return order


@transaction.atomic
def issue_order(actor: User, slug: str, on: date, number: int, *, now: datetime) -> Order:
    """
    Issue the order of the plan in force.

    Raises
    ------
    RuleError
        The plan is not approved, the order is issued already, or a heading is empty: every reason.
    """
    plan = _plan(actor, slug, on, number, Action.ORDER_ISSUE, now=now)
    order = Order.objects.select_for_update().filter(plan=plan).first()
    if plan.state != "approved":
        raise RuleError(f"Plan {number} is {plan.state}; only the order of an approved plan is issued.")
    problems = order_problems(order_sections(index_plan(plan.document)), order.texts if order else {})
    if order is None or problems:
        raise RuleError(" ".join(problem.text for problem in problems))
    if order.issued_at:
        raise RuleError("This order is issued already.")
    entry = record(actor, Action.ORDER_ISSUE, f"order:{plan.ref}", now=now, change=order.texts)
    order.issued_by, order.issued_at = actor, now
    order.digest, order.audit_head = handed_out(plan)["digest"], entry.hash
    order.save(update_fields=["issued_by", "issued_at", "digest", "audit_head"])
    return order


@transaction.atomic
def printed(actor: User, slug: str, on: date, number: int, kind: str, *, now: datetime) -> tuple[bytes, int]:
    """
    The order or the cards of a plan as PDF, and the number of this print; each is an entry in the audit.

    Parameters
    ----------
    kind
        `order` or `cards`.
    """
    area = area_by_slug(actor, slug, now)
    require(actor.grants(now), Action.PLAN_READ, now=now, area=area.code)
    plans = PatrolPlan.objects.select_for_update(of=("self",)).select_related("day", "approved_by")
    plan = plans.get(day__area_code=area.code, day__on=on, number=number)
    plan.n_prints += 1
    plan.save(update_fields=["n_prints"])
    record_seen(actor, Action.PLAN_READ, f"{kind}:{plan.ref}:print-{plan.n_prints}", now=now, outcome="exported")
    document = handed_out(plan)
    if kind == "cards":
        return cards_pdf(document), plan.n_prints
    order = Order.objects.filter(plan=plan).select_related("issued_by").first()
    issued = (
        Issued(str(plan.approved_by), str(order.issued_by), order.audit_head) if order and order.issued_at else None
    )
    return order_pdf(document, order.texts if order else {}, issued), plan.n_prints


def _plan(actor: User, slug: str, on: date, number: int, action: Action, *, now: datetime) -> PatrolPlan:
    _, day = open_day(actor, slug, on, action, now=now)
    return day.plans.select_related("day", "approved_by").get(number=number)
