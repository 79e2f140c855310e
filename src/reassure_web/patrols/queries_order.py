"""The operation order of a plan: what the system says, what people wrote, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reassure.access.allowed import Action
from reassure.patrols.order import Section, order_sections
from reassure.patrols.order_texts import asked_lines, filled, order_problems
from reassure_web.accounts.models import User
from reassure_web.patrols.models import Order
from reassure_web.patrols.queries_plan import PlanPage, plan_page


@dataclass(frozen=True)
class OrderPage:
    """The operation order of a plan: what the system says, what people wrote, what is missing."""

    page: PlanPage
    order: Order | None
    sections: Sequence[Section]
    asked: Sequence[tuple[str, tuple[str, ...]]]
    texts: Mapping[str, str]
    missing: tuple[str, ...]


def order_page(
    actor: User, slug: str, on: date, number: int, *, action: Action = Action.PLAN_READ, now: datetime
) -> OrderPage:
    """The order of a plan; an order that nobody has begun has no texts."""
    page = plan_page(actor, slug, on, number, action=action, now=now)
    order = Order.objects.filter(plan=page.plan).select_related("issued_by", "written_by").first()
    texts: Mapping[str, str] = order.texts if order else {}
    sections = order_sections(page.index)
    problems = tuple(problem.text for problem in order_problems(sections, texts))
    return OrderPage(page, order, filled(sections, texts), asked_lines(sections), texts, problems)
