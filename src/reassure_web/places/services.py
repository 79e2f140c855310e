"""Changing one place: corrections on somebody's word, closing, reports of mistakes, unread times."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import InputError, Problem, RuleError
from reassure.files.place_json import place_object
from reassure.places.areas import with_areas
from reassure.places.correcting import Correction, closing, corrected, overruled
from reassure.places.importing import Change, changes_between
from reassure.places.place import Place as Facts
from reassure.places.sources import value_of
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.places import queries
from reassure_web.places.models import Area, Place, PlaceVersion, Report, columns_of
from reassure_web.places.wording import REPORTS

SAYS_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody typed: values by field, on whose word, from where, seen on which day, and why they change it."""

    values: dict[str, Any]
    rank: int
    source: str
    observed_on: date
    reason: str


class EditedMeanwhileError(RuleError):
    """
    Somebody else changed the record since the form was opened.

    `theirs` is what they changed, `mine` what was typed over the version that the form showed, `place` and `version`
    the record as it is now.
    """

    def __init__(self, row: Place, theirs: list[Change], mine: dict[str, Any], by: str, at: datetime) -> None:
        super().__init__(f"{row.title} was changed by {by} while you were typing.")
        self.version, self.theirs, self.mine, self.by, self.at = row.version, theirs, mine, by, at
        self.place = row.facts()


@transaction.atomic
def correct_place(actor: User, ref: str, told: Told, *, version: int, now: datetime) -> tuple[str, ...]:
    """
    Write down what somebody says of a place; gives the fields in which another word still stands.

    Values that are as the `version` of the form showed them are not a word of anybody and are left out.

    Raises
    ------
    EditedMeanwhileError
        The record is no longer the `version` that the form showed.
    """
    row = _locked(actor, ref, Action.PLACE_CHANGE, now)
    before = row.facts()
    if row.version != version:
        _raise_edited(row, before, version, told.values)
    values = _typed_over(before, told.values)
    if not values:
        raise InputError([Problem("", "", "a value that is not there yet", says="nothing here is different")])
    if not told.reason.strip():
        raise InputError([Problem("reason", "", "why you change it")])
    said = Correction(values, told.rank, told.source, told.observed_on, f"user:{actor.pk}", now)
    after = corrected(before, said)
    if after.point != before.point:
        after = _in_reach(actor, _placed(after), now)
    if after != before:
        keep_version(row, actor, now=now, source=told.source, reason=told.reason)
        take(row, after, now=now)
        row.save()
    changed = {change.field: str(change.after) for change in changes_between(before, after)}
    record(actor, Action.PLACE_CHANGE, f"place:{ref}", now=now, reason=told.reason, change=changed)
    return overruled(after, said)


def close_place(actor: User, ref: str, on: date, told: Told, *, version: int, now: datetime) -> tuple[str, ...]:
    """Close a place from a day on; its past stays."""
    word = Told(closing(on), told.rank, told.source, told.observed_on, told.reason)
    return correct_place(actor, ref, word, version=version, now=now)


@transaction.atomic
def report_mistake(actor: User, ref: str, kind: str, says: str, *, now: datetime) -> Report:
    """Say that a record is mistaken; it becomes a task for those who may change places there."""
    row = queries.place_row_visible(actor, ref, now)
    if kind not in REPORTS:
        raise InputError([Problem("kind", kind, "one of " + ", ".join(REPORTS))])
    if len(says) > SAYS_CHARACTERS or (kind == "wrong" and not says.strip()):
        raise InputError([Problem("says", says, f"what is wrong, in at most {SAYS_CHARACTERS} characters")])
    report = Report.objects.create(
        place_ref=row.ref, area_code=row.area_code, kind=kind, says=says.strip(), made_by=actor, made_at=now
    )
    record(actor, Action.PLACE_READ, f"place:{ref}", now=now, reason=REPORTS[kind])
    return report


@transaction.atomic
def settle_report(actor: User, ref: str, number: int, *, now: datetime) -> None:
    """Say that somebody has looked at a report."""
    row = _locked(actor, ref, Action.PLACE_CHANGE, now)
    report = Report.objects.select_for_update().get(pk=number, place_ref=row.ref)
    if report.settled_at is None:
        report.settled_by, report.settled_at = actor, now
        report.save(update_fields=["settled_by", "settled_at"])
        record(actor, Action.PLACE_CHANGE, f"place:{ref}", now=now, reason=f"report {number} looked at")


@transaction.atomic
def settle_times(actor: User, ref: str, state: str, *, now: datetime) -> None:
    """Say what became of a text of times that no rule could read: `typed` as a rule, or `discarded`."""
    row = _locked(actor, ref, Action.OCCASION_CHANGE, now)
    if row.times_state != "unread":
        raise RuleError(f"The times of {row.title} wait for nobody any more.")
    row.times_state = state
    row.save(update_fields=["times_state"])
    record(actor, Action.OCCASION_CHANGE, f"place:{ref}", now=now, reason=f"unread times {state}")


def keep_version(row: Place, actor: User | None, *, now: datetime, source: str, reason: str) -> None:
    """Keep what a record is before it changes."""
    version_of(row, actor, now=now, source=source, reason=reason).save(force_insert=True)


def version_of(row: Place, actor: User | None, *, now: datetime, source: str, reason: str) -> PlaceVersion:
    """What a record is, as the version that a change ends."""
    return PlaceVersion(
        place_ref=row.ref,
        number=row.version,
        record=row.record,
        ended_at=now,
        ended_by=actor,
        source=source[:200],
        reason=reason[:500],
    )


def take(row: Place, place: Facts, *, now: datetime) -> None:
    """Give a row another record, its next version; what lists look for follows those merged into it as well."""
    row.record = place_object(place)
    row.version += 1
    row.changed_at = now
    show(row)


def show(row: Place) -> None:
    """Make the columns of a row anew, from its record and from those that are merged into it."""
    for name, value in columns_of(queries.read([row])[0]).items():
        setattr(row, name, value)


def _locked(actor: User, ref: str, action: Action, now: datetime) -> Place:
    rows: QuerySet[Place] = queries.places_visible_to(actor, now)
    row = rows.select_for_update().get(ref=ref)
    require(actor.grants(now), action, now=now, area=row.area_code, place=row.ref)
    return row


def _typed_over(shown: Facts, values: dict[str, Any]) -> dict[str, Any]:
    """The values that are not as they were shown; a position that nobody moved keeps its precision."""
    return {
        name: value
        for name, value in values.items()
        if (value[:2] != value_of(shown, name)[:2] if name == "point" else value != value_of(shown, name))
    }


def _raise_edited(row: Place, now_held: Facts, version: int, values: dict[str, Any]) -> None:
    versions = PlaceVersion.objects.filter(place_ref=row.ref).select_related("ended_by").order_by("number")
    opened = versions.filter(number=version).first()
    last = versions.last()
    if opened is None or last is None:
        raise InputError([Problem("version", str(version), f"a version of this place, at most {row.version}")])
    shown = queries.of_record(opened.record)
    theirs = list(changes_between(shown, now_held))
    raise EditedMeanwhileError(
        row, theirs, _typed_over(shown, values), str(last.ended_by or "an import"), last.ended_at
    )


def _placed(place: Facts) -> Facts:
    outlines = queries.area_map()
    if place.area_by == "person" or not outlines:
        return place
    return with_areas([place], districts={}, outlines=outlines)[0]


def _in_reach(actor: User, place: Facts, now: datetime) -> Facts:
    """The place, if it still lies where the person may change places."""
    reach = queries.reach_of(actor, Action.PLACE_CHANGE, now)
    if not reach.holds(place):
        area = Area.objects.filter(code=place.area_code).first()
        where = f"in the area {area.name}" if area else "in no police area that is known"
        says = f"this position lies {where}"
        raise RuleError([Problem("point", "", "a position in an area of yours; report the mistake instead", says=says)])
    return place
