"""Saying when a place gathers: its word for one date, rules that a person types, texts that are thrown away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import InputError, Problem, RuleError
from reassure.files.rules_json import rule_object
from reassure.occasions.expand import prepared
from reassure.occasions.keys import key
from reassure.occasions.rules import checked_word
from reassure.occasions.values import Confirmed, OneOff, Weekly
from reassure.occasions.values import Rule as Facts
from reassure.periods import london_wall
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.occasions import queries, queries_day
from reassure_web.occasions.models import Rule
from reassure_web.places import queries as places
from reassure_web.places import services as place_services
from reassure_web.places.models import Place

SAYS = ("confirmed", "cancelled", "times")
"""What a place may say of a date: it takes place as usual, it does not, or it does at other times."""


@dataclass(frozen=True, slots=True)
class Told:
    """The place's word for a kind of occasion on a date; `starts` and `length_min` for `times` alone."""

    key: str
    on: date
    says: str
    source: str
    reason: str
    starts: tuple[time, ...] = ()
    length_min: int = 60


@dataclass(frozen=True, slots=True)
class Typed:
    """A rule by days of the week, as a person types it."""

    key: str
    days: tuple[int, ...]
    starts: tuple[time, ...]
    season: str
    length_min: int | None
    rank: int
    source: str


@transaction.atomic
def say_word(actor: User, ref: str, told: Told, *, now: datetime) -> list[Rule]:
    """
    Write down what a place says of a date; a later word stands over an earlier one.

    Raises
    ------
    InputError
        The word cannot be used, such as other times without any.
    RuleError
        The date lies over 30 days back.
    """
    row = _changeable(actor, ref, now)
    known = queries_day.of_place(row)
    words = [checked_word(word, today=london_wall(now).date()) for word in _words(row, told, known, now)]
    prepared([known.place], [*known.facts, *words], told.on, told.on, {}, {}, known.announcements)
    if told.says == "times":
        earlier = Rule.objects.filter(place_ref=row.ref, key=told.key, on_date=told.on, rank=1, ended_at=None)
        earlier.update(ended_at=now, ended_by=actor)
    made = [_saved(actor, word, told.on, told.reason, now) for word in words]
    subject = f"place:{ref} {told.key} {told.on.isoformat()}"
    record(actor, Action.OCCASION_CHANGE, subject, now=now, reason=told.reason, change={"says": told.says})
    return made


@transaction.atomic
def add_rules(actor: User, ref: str, typed: Typed, *, now: datetime) -> list[Rule]:
    """Write down when a place gathers by days of the week; a text that waited to be read is then settled."""
    row = _changeable(actor, ref, now)
    known = queries_day.of_place(row)
    today = london_wall(now).date()
    found = [
        Facts(
            place_ref=row.ref,
            key=typed.key,
            when=Weekly(typed.days, at, typed.season),
            rank=typed.rank,
            source_ref=typed.source,
            observed_on=today,
            length_min=typed.length_min,
        )
        for at in typed.starts
    ]
    if not found:
        raise InputError([Problem("starts", "", "at least one time such as 13:15")])
    prepared([known.place], [*known.facts, *found], today, today, {}, {}, known.announcements)
    made = [_saved(actor, rule, None, "", now) for rule in found]
    record(actor, Action.OCCASION_CHANGE, f"place:{ref} {typed.key}", now=now, reason="rule typed")
    if row.times_state == "unread":
        place_services.settle_times(actor, ref, "typed", now=now)
    return made


@transaction.atomic
def end_rule(actor: User, ref: str, number: int, *, now: datetime) -> None:
    """Let a rule hold no longer; it is kept."""
    row = _changeable(actor, ref, now)
    refs = [row.ref, *places.aliases().absorbed_by(row.ref)]
    held = Rule.objects.select_for_update().get(pk=number, place_ref__in=refs)
    if held.ended_at is None:
        held.ended_at, held.ended_by = now, actor
        held.save(update_fields=["ended_at", "ended_by"])
        record(actor, Action.OCCASION_CHANGE, f"place:{ref} {held.key}", now=now, reason=f"rule {number} ended")


@transaction.atomic
def discard_text(actor: User, ref: str, *, now: datetime) -> None:
    """Throw a text away that says nothing about times; it is kept with the place, and waits no longer."""
    _changeable(actor, ref, now)
    place_services.settle_times(actor, ref, "discarded", now=now)


def save_rules(actor: User, rules: Iterable[Facts], *, reason: str, now: datetime) -> int:
    """Keep rules that were checked, many at once; gives how many."""
    rows = [_row(actor, rule, queries.date_of(rule), reason, now) for rule in rules]
    Rule.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _changeable(actor: User, ref: str, now: datetime) -> Place:
    row = places.places_visible_to(actor, now).select_for_update().get(ref=ref)
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now, area=row.area_code, place=row.ref)
    if not row.is_standing:
        raise RuleError(f"{row.title} was merged into another place; say it of that one.")
    return row


def _words(row: Place, told: Told, known: queries_day.Known, now: datetime) -> list[Facts]:
    """The rules of rank 1 that a word comes to."""
    key(told.key)
    if told.says not in SAYS:
        raise InputError([Problem("says", told.says, "one of " + ", ".join(SAYS))])
    if told.says == "confirmed":
        return [Facts(row.ref, told.key, Confirmed(told.on, now), 1, told.source, london_wall(now).date())]
    starts = told.starts
    if told.says == "times" and not starts:
        raise InputError([Problem("starts", "", "at least one time such as 13:15")])
    is_cancelled = told.says == "cancelled"
    usual = queries_day.starts_of(known, told.key, told.on)
    times = (starts or usual or (time(12),))[:1] if is_cancelled else starts
    return [
        Facts(
            row.ref,
            told.key,
            _one_off(told, at, now, is_cancelled=is_cancelled),
            1,
            told.source,
            london_wall(now).date(),
        )
        for at in times
    ]


def _one_off(told: Told, at: time, now: datetime, *, is_cancelled: bool) -> OneOff:
    starts = datetime.combine(told.on, at)
    return OneOff(starts, starts + timedelta(minutes=told.length_min), is_cancelled=is_cancelled, said_at=now)


def _saved(actor: User, rule: Facts, on: date | None, reason: str, now: datetime) -> Rule:
    row = _row(actor, rule, on, reason, now)
    row.save(force_insert=True)
    return row


def _row(actor: User, rule: Facts, on: date | None, reason: str, now: datetime) -> Rule:
    return Rule(
        place_ref=rule.place_ref,
        key=rule.key,
        rank=rule.rank,
        on_date=on,
        record=rule_object(rule),
        reason=reason[:500],
        made_by=actor,
        made_at=now,
    )
