"""The running day as a board or a debrief shows it: units by visits, what was recorded, and the numbers.

A plan's document never changes, so what is read from it is kept by its digest while the process runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.engagement.visits import MISS_REASONS, VisitSent
from reassure.operations.rollup import (
    DayCounts,
    State,
    added_visits,
    day_counts,
    misses_by_reason,
    told_by_visit,
    visit_state,
)
from reassure.operations.running_words import STATE_WORDS, record_words, skew_words
from reassure.patrols.briefing import Card, Clock, Visit, cards, day_words, index_plan
from reassure.patrols.stops import PlannedVisit, planned_of_day, planned_visits
from reassure_web.accounts.models import User
from reassure_web.engagement import queries as engagement
from reassure_web.engagement.models import Debrief
from reassure_web.engagement.models import Visit as Record
from reassure_web.patrols.models import PatrolPlan
from reassure_web.places.models import Area
from reassure_web.places.queries import area_by_slug

OPEN = frozenset({State.DUE, State.LATE, State.THERE})
MADE = frozenset({State.DELIVERED, State.SHORT})
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Briefed:
    """What the running day needs of a plan: its visits, its units' cards, and names of places."""

    clock: Clock
    visits: tuple[PlannedVisit, ...]
    cards: Mapping[str, Card]
    names: Mapping[str, str]

    def own(self, unit_ref: str) -> list[tuple[PlannedVisit, Visit]]:
        """A unit's visits, as planned and as its card has them, in order."""
        planned = [visit for visit in self.visits if visit.unit_ref == unit_ref]
        return list(zip(planned, self.cards[unit_ref].visits, strict=True))


@lru_cache(maxsize=64)
def briefed(digest: str) -> Briefed:
    """What a stored plan says, by the digest of its document; `PatrolPlan.DoesNotExist` for an unknown one."""
    document = PatrolPlan.objects.filter(digest=digest)[:1].get().document
    index = index_plan(document)
    return Briefed(
        index.clock,
        planned_visits(document),
        {card.unit_ref: card for card in cards(index)},
        {ref: index.name(ref) for ref in index.places},
    )


def digests_in_force(area_code: str, on: date) -> tuple[str, ...]:
    """The digest of every plan that was approved for a day and not withdrawn, in the order of approval."""
    rows = PatrolPlan.objects.filter(day__area_code=area_code, day__on=on, state__in=("approved", "superseded"))
    rows = rows.filter(approved_at__isnull=False).order_by("approved_at", "number")
    return tuple(rows.values_list("digest", flat=True))


def plans_in_force(area_code: str, on: date) -> list[Briefed]:
    """Every plan that was approved for a day and not withdrawn; the last is in force."""
    return [briefed(digest) for digest in digests_in_force(area_code, on)]


@dataclass(frozen=True, slots=True)
class Watched:
    """A visit as somebody who watches the day sees it."""

    planned: PlannedVisit
    name: str
    callsign: str
    clock: Clock
    state: State
    record: Record | None
    is_exposed: bool

    @property
    def times(self) -> str:
        """From when to when it is planned."""
        return self.clock.span(self.planned.starts_at, self.planned.ends_at)

    @property
    def start_words(self) -> str:
        """When it is planned to start."""
        return self.clock.time(self.planned.starts_at)

    @property
    def state_words(self) -> str:
        """What it is now."""
        return STATE_WORDS[self.state]

    @property
    def told_words(self) -> str:
        """What was recorded; empty without a record."""
        return record_words(self.record.facts(), self.clock) if self.record else ""

    @property
    def skew_words(self) -> str:
        """Both times where the phone's clock was off; else empty."""
        return skew_words(self.record.facts(), self.record.received_at, self.clock) if self.record else ""

    @property
    def is_open(self) -> bool:
        """Whether it has no outcome yet."""
        return self.state in OPEN

    @property
    def is_made(self) -> bool:
        """Whether somebody was there."""
        return self.state in MADE

    @property
    def is_unaccepted_skip(self) -> bool:
        """Whether a supervisor has still to see why the place was not reached."""
        return self.state is State.MISSED and self.record is not None and self.record.skip_accepted_by_id is None


@dataclass(frozen=True, slots=True)
class Told:
    """A record that counts apart: the name of its place and what it says."""

    name: str
    told_words: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit's line on the board."""

    unit_ref: str
    card: Card
    shift_words: str
    visits: tuple[Watched, ...]
    is_off: bool
    has_lost_phone: bool

    @property
    def n_delivered(self) -> int:
        """How many of the unit's visits were made."""
        return sum(visit.is_made for visit in self.visits)


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """
    A day as it stands; equal to nothing but itself.

    Parameters
    ----------
    version
        Changes with each record and each minute; asked for before the rows, so that they are never older.
    dropped
        Visits of earlier plans that the plan in force dropped; they were asked for all the same.
    added, clashes
        Completed visits that no plan asked for; records beside the one that counts, or with a differing second.
    reasons
        How many visits were missed, by reason.
    """

    area: Area
    on: date
    version: str
    plan: Briefed | None
    units: tuple[UnitRow, ...]
    dropped: tuple[Watched, ...]
    added: tuple[Told, ...]
    clashes: tuple[Told, ...]
    counts: DayCounts
    reasons: Mapping[str, int]

    @property
    def day_words(self) -> str:
        """The day with its weekday."""
        return day_words(self.on)

    @property
    def day_url(self) -> str:
        """The address of the day's planning."""
        return f"/patrols/{self.area.slug}/{self.on.isoformat()}/"

    @property
    def board_url(self) -> str:
        """The address of the day's board."""
        return f"{self.day_url}board/"

    @property
    def visits(self) -> list[Watched]:
        """Every visit that was asked for, those without an outcome first, then by time."""
        rows = [*(visit for unit in self.units for visit in unit.visits), *self.dropped]
        return sorted(rows, key=lambda row: (not row.is_open, row.planned.starts_at, row.planned.ref))

    @property
    def open_visits(self) -> list[Watched]:
        """The visits without an outcome."""
        return [row for row in self.visits if row.is_open]

    @property
    def skips(self) -> list[Watched]:
        """Skips that no supervisor has accepted."""
        return [row for row in self.visits if row.is_unaccepted_skip]

    @property
    def exposed(self) -> list[Watched]:
        """Stops to come that a lost phone may have told."""
        return [row for row in self.visits if row.is_exposed]

    @property
    def sum_words(self) -> str:
        """The numbers as one sentence."""
        n = self.counts
        return (
            f"{n.planned} planned: {n.delivered} delivered, of them {n.short} short; {n.missed} missed; "
            f"{n.open} open. {n.added} added."
        )

    @property
    def share_words(self) -> str:
        """Delivered of planned in per cent; empty without a planned visit."""
        share = self.counts.delivered_share
        return "" if share is None else f"{share:.1%}".replace("%", " %")

    @property
    def reason_words(self) -> list[str]:
        """Each reason of a miss with its number."""
        return [f"{MISS_REASONS[reason]}: {n}" for reason, n in self.reasons.items()]

    def visit(self, ref: str) -> Watched:
        """One visit that was asked for; `PatrolPlan.DoesNotExist` for none."""
        return _the(row for row in self.visits if row.planned.ref == ref)

    def unit(self, unit_ref: str) -> UnitRow:
        """One unit of the plan in force; `PatrolPlan.DoesNotExist` for none."""
        return _the(row for row in self.units if row.unit_ref == unit_ref)


def running_day(area: Area, on: date, *, now: datetime) -> Running:
    """A day of an area as it stands at `now`; the caller has looked the area up in scope."""
    version = version_of(area, engagement.board_number(area.code, on), now)
    return day_of_plans(area, on, version, digests_in_force(area.code, on), now=now)


def day_of_plans(area: Area, on: date, version: str, digests: Sequence[str], *, now: datetime) -> Running:
    """A day under the plans with these digests, the last of them in force."""
    plans = [briefed(digest) for digest in digests]
    asked = planned_of_day([plan.visits for plan in plans])
    rows = list(engagement.visits_of_area(area.code, on))
    contested = engagement.contested(area.code, on)
    facts = [row.facts() for row in rows]
    told = told_by_visit(asked, facts)
    events = {(event.unit_ref, event.kind) for event in engagement.unit_events(area.code, on)}
    watched = _watched(plans, asked, told, {row.client_id: row for row in rows}, events, now)
    plan = plans[-1] if plans else None
    kept = {visit.ref for visit in plan.visits} if plan else set()
    added = {record.client_id for record in added_visits(asked, facts)}
    counted = added | {record.client_id for record in told.values()}
    return Running(
        area=area,
        on=on,
        version=version,
        plan=plan,
        units=_unit_rows(plan, watched, events) if plan else (),
        dropped=tuple(row for ref, row in watched.items() if ref not in kept),
        added=_told([row for row in rows if row.client_id in added], plan),
        clashes=_told([row for row in rows if row.pk in contested or row.client_id not in counted], plan),
        counts=day_counts(asked, facts),
        reasons=misses_by_reason(told),
    )


def board(actor: User, slug: str, on: date, *, now: datetime, action: Action = Action.BOARD_READ) -> Running:
    """A day for somebody who may watch it, or do `action` there; `Area.DoesNotExist` outside their scope."""
    area = area_by_slug(actor, slug, now)
    require(actor.grants(now), action, now=now, area=area.code)
    return running_day(area, on, now=now)


def debrief(actor: User, slug: str, on: date, *, now: datetime) -> tuple[Running, Debrief | None]:
    """A day to be closed, and what has been written of it; `Area.DoesNotExist` outside somebody's scope."""
    running = board(actor, slug, on, now=now)
    return running, engagement.debrief_of(running.area.code, on)


def is_offline_on(actor: User, slug: str, *, now: datetime) -> tuple[Area, bool]:
    """An area, and whether its phones may keep the card, for those who watch its days."""
    area = area_by_slug(actor, slug, now)
    require(actor.grants(now), Action.BOARD_READ, now=now, area=area.code)
    return area, engagement.is_offline_on(area.code)


def _the(found: Iterator[Row]) -> Row:
    row = next(found, None)
    if row is None:
        raise PatrolPlan.DoesNotExist
    return row


def version_of(area: Area, number: int, now: datetime) -> str:
    """
    The version of a day's board: it changes with each record and each minute, as visits become late by themselves.

    The minute of each area begins at another second, so that not every board of the nation is made anew at once.
    """
    return f"{number}.{(int(now.timestamp()) + area.pk) // 60}"


def _watched(
    plans: Sequence[Briefed],
    asked: Sequence[PlannedVisit],
    told: Mapping[str, VisitSent],
    records: Mapping[str, Record],
    events: set[tuple[str, str]],
    now: datetime,
) -> dict[str, Watched]:
    names = {ref: name for plan in plans for ref, name in plan.names.items()}
    callsigns = {ref: card.callsign for plan in plans for ref, card in plan.cards.items()}
    found = {}
    for planned in asked:
        record = told.get(planned.ref)
        state = visit_state(planned, record, now=now)
        found[planned.ref] = Watched(
            planned=planned,
            name=names[planned.place_ref],
            callsign=callsigns[planned.unit_ref],
            clock=plans[-1].clock,
            state=state,
            record=records[record.client_id] if record else None,
            is_exposed=(planned.unit_ref, "lost_phone") in events and state in {State.DUE, State.LATE},
        )
    return found


def _unit_rows(plan: Briefed, watched: Mapping[str, Watched], events: set[tuple[str, str]]) -> tuple[UnitRow, ...]:
    by_unit: dict[str, list[Watched]] = {ref: [] for ref in plan.cards}
    for visit in plan.visits:
        by_unit[visit.unit_ref].append(watched[visit.ref])
    return tuple(
        UnitRow(
            unit_ref=ref,
            card=plan.cards[ref],
            shift_words=plan.clock.span(plan.cards[ref].starts_at, plan.cards[ref].ends_at),
            visits=tuple(visits),
            is_off=(ref, "unit_off") in events,
            has_lost_phone=(ref, "lost_phone") in events,
        )
        for ref, visits in by_unit.items()
    )


def _told(rows: Sequence[Record], plan: Briefed | None) -> tuple[Told, ...]:
    if plan is None:
        return ()
    return tuple(
        Told(plan.names.get(row.place_ref, row.place_ref), record_words(row.facts(), plan.clock)) for row in rows
    )
