"""The officer's card: own stops of the plan in force, what was recorded of them, how long a phone may keep it.

Never points, other units, must-visits or how many units there are: `reassure.patrols.briefing` makes no such values.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.engagement.visits import VisitSent
from reassure.operations.rollup import State, told_by_visit, visit_state
from reassure.operations.running_words import STATE_WORDS, record_words
from reassure.patrols.briefing import MANNERS, TASKS, Card, Clock, Visit, day_words
from reassure.patrols.stops import PlannedVisit
from reassure.periods import london_date
from reassure_web.accounts.models import User
from reassure_web.engagement import queries as engagement
from reassure_web.patrols.models import PatrolPlan
from reassure_web.patrols.queries_day import OPEN, Briefed, plans_in_force

LONGEST_OFFLINE = timedelta(hours=12)
"""How long a phone may keep the card (docs/rooms/engagement.md)."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit on the card: what is planned, what the card says, what was recorded, and what it is now."""

    planned: PlannedVisit
    visit: Visit
    clock: Clock
    told: VisitSent | None
    state: State

    @property
    def ref(self) -> str:
        """The reference in addresses."""
        return self.planned.ref

    @property
    def times(self) -> str:
        """From when to when."""
        return self.clock.span(self.visit.starts_at, self.visit.ends_at)

    @property
    def start_by(self) -> str:
        """The latest start."""
        return self.clock.time(self.visit.start_by)

    @property
    def task(self) -> str:
        """What the visit is for."""
        return TASKS[self.visit.kind]

    @property
    def is_outside_only(self) -> bool:
        """Whether the place asked for officers outside only, which stands apart on the card."""
        return self.visit.manners == MANNERS["outside_only"]

    @property
    def state_words(self) -> str:
        """What it is now."""
        return STATE_WORDS[self.state]

    @property
    def told_words(self) -> str:
        """What was recorded; empty without a record."""
        return record_words(self.told, self.clock) if self.told else ""

    @property
    def is_there(self) -> bool:
        """Whether the officers are there."""
        return self.state is State.THERE

    @property
    def is_open(self) -> bool:
        """Whether the visit may still be started, ended or skipped."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class OwnCard:
    """One crew's own round; `expires_at` is when a phone has to have forgotten it."""

    area_code: str
    on: date
    card: Card
    clock: Clock
    stops: tuple[Stop, ...]
    is_offline_on: bool
    expires_at: datetime

    @property
    def day_words(self) -> str:
        """The day with its weekday."""
        return day_words(self.on)

    @property
    def shift_words(self) -> str:
        """From when to when the crew is on."""
        return self.clock.span(self.card.starts_at, self.card.ends_at)

    @property
    def expires_words(self) -> str:
        """Until when a phone keeps the card."""
        return self.clock.time(self.expires_at)

    @property
    def n_done(self) -> int:
        """How many stops have an outcome."""
        return sum(not stop.is_open for stop in self.stops)

    @property
    def next_stop(self) -> Stop | None:
        """The stop under way, else the first that nobody has begun; None when all are done."""
        return min((stop for stop in self.stops if stop.is_open), key=lambda stop: not stop.is_there, default=None)

    def stop(self, ref: str) -> Stop:
        """One stop; `PatrolPlan.DoesNotExist` where it is not of this card."""
        found = next((stop for stop in self.stops if stop.ref == ref), None)
        if found is None:
            raise PatrolPlan.DoesNotExist
        return found


def own_card(actor: User, *, now: datetime) -> OwnCard | None:
    """
    The card of somebody's own unit: of a night shift that still runs, else of today; None without one.

    Raises
    ------
    NotAllowedError
        Somebody who is not an officer.
    """
    grants = actor.grants(now)
    require(grants, Action.CHECK_IN, now=now)
    today = london_date(now)
    for area_code, unit_ref in engagement.own_units(grants):
        for on in (today - timedelta(days=1), today):
            plans = plans_in_force(area_code, on)
            card = plans[-1].cards.get(unit_ref) if plans else None
            if card is not None and (on == today or now < card.ends_at):
                return _own_card(area_code, on, plans[-1], card, now)
    return None


def own_stop(actor: User, ref: str, *, now: datetime) -> tuple[OwnCard, Stop]:
    """One stop of somebody's own card; `PatrolPlan.DoesNotExist` for one of another unit as for none."""
    card = own_card(actor, now=now)
    if card is None:
        raise PatrolPlan.DoesNotExist
    return card, card.stop(ref)


def _own_card(area_code: str, on: date, plan: Briefed, card: Card, now: datetime) -> OwnCard:
    own = plan.own(card.unit_ref)
    records = [row.facts() for row in engagement.visits_of_area(area_code, on)]
    told = told_by_visit([planned for planned, _ in own], records)
    return OwnCard(
        area_code=area_code,
        on=on,
        card=card,
        clock=plan.clock,
        stops=tuple(
            Stop(planned, visit, plan.clock, record, visit_state(planned, record, now=now))
            for planned, visit in own
            for record in (told.get(planned.ref),)
        ),
        is_offline_on=engagement.is_offline_on(area_code),
        expires_at=max(now, min(card.ends_at, now + LONGEST_OFFLINE)),
    )
