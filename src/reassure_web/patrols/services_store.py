"""The one way in which a plan is stored: under the next number of its day, after the checker has accepted it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from reassure.access.allowed import Action
from reassure.errors import RuleError
from reassure.files.plan_json import signed
from reassure.patrols.check import check
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.patrols.models import Day, PatrolPlan


def store_plan(
    day: Day, document: Mapping[str, Any], *, what: str, of: PatrolPlan | None, author: User, now: datetime
) -> PatrolPlan:
    """
    Keep a document as the next plan of a locked day; called inside the transaction of a use case.

    Raises
    ------
    RuleError
        The checker refuses it: every fault, at most five in words.
    """
    kept = signed(document)
    if faults := check(kept):
        raise RuleError("The checker refuses this plan: " + " ".join(fault.text for fault in faults[:5]))
    last = PatrolPlan.objects.filter(day=day).aggregate(n=Max("number"))["n"] or 0
    plan = PatrolPlan.objects.create(
        day=day,
        number=last + 1,
        document=kept,
        digest=kept["digest"],
        what=what,
        of_number=of.number if of else None,
        written_by=author,
        made_at=now,
    )
    record(author, Action.PLAN_WRITE, f"plan:{plan.ref}", now=now, change={"digest": plan.digest})
    return plan
