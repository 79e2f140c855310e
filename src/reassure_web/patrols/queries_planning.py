"""Days of an area, one day as a task list, and its runs: what the planning screens show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery

from reassure.access.allowed import Action
from reassure.access.grants import Grant, may, require
from reassure.patrols.briefing import day_words
from reassure.periods import london_date
from reassure.threats.declarations import Declaration
from reassure_web.accounts.models import User
from reassure_web.patrols.models import Day, NeedOverride, Order, PatrolPlan, PlanRun, Unit
from reassure_web.patrols.queries import days_of_area, plans_of_day, run_row, units_of_day
from reassure_web.patrols.queries_inputs import declaration_of
from reassure_web.places.models import Area
from reassure_web.places.queries import area_by_slug, areas_visible_to

PAGE = 50
MOST_RUNS = 10


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do on a day: which buttons a page has."""

    may_write: bool
    may_replan: bool
    may_approve: bool
    may_issue: bool
    may_change_units: bool
    may_ask: bool
    may_sign: bool


@dataclass(frozen=True, slots=True)
class On:
    """An area and a date, and what the reader may do there: the head of every planning page."""

    area: Area
    on: date
    rights: Rights

    @property
    def words(self) -> str:
        """The date with its weekday."""
        return day_words(self.on)


def on_day(actor: User, slug: str, on: date, action: Action, *, now: datetime) -> On:
    """
    An area and day for somebody who may read it.

    Raises
    ------
    Area.DoesNotExist
        Another's area, or none.
    NotAllowedError
        The area is in reach, the action is not.
    """
    area = area_by_slug(actor, slug, now)
    grants = actor.grants(now)
    require(grants, action, now=now, area=area.code)
    return On(area, on, _rights(grants, area.code, now))


def _rights(grants: Iterable[Grant], area_code: str, now: datetime) -> Rights:
    held = list(grants)
    actions = (
        Action.PLAN_WRITE,
        Action.PLAN_REPLAN,
        Action.PLAN_APPROVE,
        Action.ORDER_ISSUE,
        Action.UNIT_CHANGE,
        Action.NEED_CHANGE,
        Action.NEED_SIGN,
    )
    return Rights(*(may(held, action, now=now, area=area_code) for action in actions))


def areas_to_plan(actor: User, *, now: datetime) -> list[Area]:
    """The areas whose days somebody may see, by name; `NotAllowedError` for somebody without any."""
    grants = actor.grants(now)
    require(grants, Action.PLAN_READ, now=now)
    areas = areas_visible_to(actor, now).defer("outline")
    return [area for area in areas if may(grants, Action.PLAN_READ, now=now, area=area.code)]


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day in the list of days: how far it is, in words."""

    day: Day
    state: str
    plan_number: int | None

    @property
    def words(self) -> str:
        """The date with its weekday."""
        return day_words(self.day.on)


@dataclass(frozen=True, slots=True)
class DaysPage:
    """The days of an area, latest first, a page of them; `next_days` can be begun."""

    area: Area
    rights: Rights
    lines: tuple[DayLine, ...]
    n: int
    number: int
    n_pages: int
    next_days: tuple[date, ...]
    last_friday: date


def days_page(actor: User, slug: str, number: int, *, now: datetime) -> DaysPage:
    """One page of the days of an area."""
    today = london_date(now)
    head = on_day(actor, slug, today, Action.PLAN_READ, now=now)
    rows = days_of_area(head.area.code)
    n = rows.count()
    n_pages = max(1, -(-n // PAGE))
    number = min(max(1, number), n_pages)
    days = list(rows[(number - 1) * PAGE : number * PAGE])
    plans: dict[int, list[PatrolPlan]] = {}
    for plan in PatrolPlan.objects.filter(day__in=days).defer("document"):
        plans.setdefault(plan.day_id, []).append(plan)
    lines = tuple(DayLine(day, *_state(plans.get(day.pk, []))) for day in days)
    begun = set(rows.filter(on__gte=today).values_list("on", flat=True))
    ahead = tuple(d for d in (today + timedelta(days=k) for k in range(8)) if d not in begun)
    friday = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    return DaysPage(head.area, head.rights, lines, n, number, n_pages, ahead, friday)


def _state(plans: Sequence[PatrolPlan]) -> tuple[str, int | None]:
    """How far a day is, and the plan that says so; the latest plan first."""
    words = {"approved": "Plan approved", "sent": "Waits for approval", "draft": "Draft plan"}
    for state, said in words.items():
        for plan in plans:
            if plan.state == state:
                return said, plan.number
    return "No plan", None


@dataclass(frozen=True, slots=True)
class Posture:
    """The declaration of a day as the page says it."""

    declaration: Declaration
    by: str
    at: datetime
    is_lapsed: bool
    is_review_due: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the task list."""

    text: str
    href: str
    state: str
    is_done: bool
    hint: str = ""


@dataclass(frozen=True)
class DayPage:
    """One day: its posture, its tasks, its runs and plans."""

    head: On
    day: Day | None
    posture: Posture | None
    tasks: tuple[Task, ...]
    runs: tuple[PlanRun, ...]
    plans: tuple[PatrolPlan, ...]
    approved: PatrolPlan | None
    waiting: PatrolPlan | None

    @property
    def latest(self) -> PatrolPlan | None:
        """The plan with the highest number that nobody has put away."""
        return next((plan for plan in self.plans if plan.state != "withdrawn"), None)


def day_page(actor: User, slug: str, on: date, *, now: datetime) -> DayPage:
    """One day as a task list; a day that nobody has begun shows what there is to do."""
    head = on_day(actor, slug, on, Action.PLAN_READ, now=now)
    day = Day.objects.select_related("declaration_by").filter(area_code=head.area.code, on=on).first()
    units = list(units_of_day(head.area.code, on)) if day else []
    runs = tuple(day.runs.select_related("plan").defer("inputs", "plan__document")[:MOST_RUNS]) if day else ()
    plans = tuple(plans_of_day(head.area.code, on)) if day else ()
    overrides = list(day.overrides.all()) if day else []
    order = Order.objects.filter(plan__day=day, plan__state="approved").first() if day else None
    posture = _posture(day, now)
    page = DayPage(
        head,
        day,
        posture,
        (),
        runs,
        plans,
        next((plan for plan in plans if plan.state == "approved"), None),
        next((plan for plan in plans if plan.state == "sent"), None),
    )
    return DayPage(**{**page.__dict__, "tasks": _tasks(page, units, overrides, order, now)})


def _posture(day: Day | None, now: datetime) -> Posture | None:
    declaration = declaration_of(day) if day else None
    if day is None or declaration is None or day.declaration_at is None:
        return None
    is_lapsed = now >= declaration.expires_at
    return Posture(declaration, str(day.declaration_by), day.declaration_at, is_lapsed, now >= declaration.review_at)


def _tasks(
    page: DayPage, units: Sequence[Unit], overrides: Sequence[NeedOverride], order: Order | None, now: datetime
) -> tuple[Task, ...]:
    base = f"/patrols/{page.head.area.slug}/{page.head.on.isoformat()}/"
    asked = sum(row.state == "asked" for row in overrides)
    going = [unit for unit in units if not unit.is_off]
    latest, approved = page.latest, page.approved
    run = page.runs[0] if page.runs else None
    plan_href = f"{base}plans/{latest.number}/" if latest else ""
    order_href = f"{base}plans/{approved.number}/order/" if approved else ""
    issued = order is not None and order.issued_at is not None
    return (
        Task(
            "Need: why each place",
            f"{base}need/",
            f"{asked} to sign" if asked else "Ready",
            not asked,
            "Points that add up, must-visits, overrides",
        ),
        Task("Units: who can go", f"{base}units/", f"{len(going):,} units" if going else "No units", bool(going)),
        Task("Plan run", f"{base}runs/", _run_words(run), bool(latest), "The computation, and what it found"),
        Task("The plan", plan_href, f"Plan {latest.number}: {latest.state}" if latest else "No plan yet", bool(latest)),
        Task(
            "Approval",
            f"{base}plans/{page.waiting.number}/" if page.waiting else plan_href,
            "Approved" if approved else "Waits for a commander" if page.waiting else "Not sent",
            bool(approved),
        ),
        Task(
            "Operation order and cards",
            order_href,
            "Issued" if issued else "Being written" if order else "Not begun" if approved else "Cannot start yet",
            issued,
        ),
        Task("Board: the day live", f"{base}board/" if approved else "", _board_words(page, now), bool(approved)),
        Task(
            "Debrief", f"{base}debrief/" if approved else "", "Open" if approved else "Cannot start yet", is_done=False
        ),
    )


def _run_words(run: PlanRun | None) -> str:
    if run is None:
        return "Not run"
    return {"waiting": "Waits", "running": "Running", "done": "Done", "failed": "Failed"}[run.state]


def _board_words(page: DayPage, now: datetime) -> str:
    if page.approved is None:
        return "Cannot start yet"
    today = london_date(now)
    return "Today" if page.head.on == today else "Over" if page.head.on < today else "Starts that day"


def may_change_need(actor: User, slug: str, on: date, *, now: datetime) -> On:
    """The day for somebody who may change its needs."""
    return on_day(actor, slug, on, Action.NEED_CHANGE, now=now)


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run as those who wait for it see it."""

    head: On
    run: PlanRun
    n_before: int

    @property
    def best(self) -> float | None:
        """Points of the best plan so far; None before the search has begun."""
        found = self.run.progress.get("best")
        return None if found is None else found / 100

    @property
    def bound(self) -> float | None:
        """Points that no plan exceeds, by a quick bound; None before the search has begun."""
        found = self.run.progress.get("bound")
        return found / 100 if found else None

    @property
    def percent(self) -> int:
        """Part of the search that is done."""
        budget = self.run.progress.get("budget") or 0
        return round(100 * self.run.progress.get("iterations", 0) / budget) if budget else 0

    @property
    def is_open(self) -> bool:
        """Whether the run still waits or runs."""
        return self.run.state in {"waiting", "running"}


def run_page(actor: User, slug: str, on: date, ref: str, *, now: datetime) -> RunPage:
    """One run and its place in the queue."""
    head = on_day(actor, slug, on, Action.PLAN_READ, now=now)
    run = run_row(head.area.code, on, ref)
    before = PlanRun.objects.filter(state__in=("waiting", "running"), id__lt=run.pk).count()
    return RunPage(head, run, before if run.state == "waiting" else 0)


def run_version(actor: User, slug: str, on: date, ref: str, *, now: datetime) -> int:
    """The number that rises with each change of a run, in one question, since runs are asked every 5 seconds."""
    runs = PlanRun.objects.filter(day__area_code=OuterRef("code"), day__on=on, ref=ref).values("version")
    area = Area.objects.filter(slug=slug).annotate(version=Subquery(runs[:1])).only("code").get()
    if not may(actor.grants(now), Action.PLAN_READ, now=now, area=area.code):
        on_day(actor, slug, on, Action.PLAN_READ, now=now)
    if area.version is None:
        raise PlanRun.DoesNotExist
    return int(area.version)
