"""Timetables that somebody hands in: a preview that is kept, then all of its good rows or none."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import InputError, Problem, ReassureError, RuleError
from reassure.files.handed_in import TABLES, check_handed_in, safe_name
from reassure.files.rules_json import rule_object, rule_of_object
from reassure.files.timetables import Timetables, read_timetables
from reassure.occasions.expand import prepared
from reassure.occasions.rules import rule_ties
from reassure.occasions.values import Rule as Facts
from reassure.periods import london_wall
from reassure.places.place import Place
from reassure.provenance import canonical_json
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.occasions import queries_day
from reassure_web.occasions.models import TimetableRun
from reassure_web.occasions.services import save_rules
from reassure_web.occasions.wording import kind_words, rule_words
from reassure_web.places import queries as places
from reassure_web.places.models import Area
from reassure_web.places.queries_register import area_places

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A timetable as it was handed in, and the area that it is for."""

    area: str
    name: str
    content: bytes


@transaction.atomic
def preview_timetable(actor: User, upload: Upload, *, now: datetime) -> TimetableRun:
    """Keep what a timetable says of the places of an area; `InputError` when the file cannot be used at all."""
    area = _area(actor, upload.area, now)
    name = safe_name(upload.name)
    check_handed_in(name, upload.content, endings=TABLES)
    register = {place.ref: place for place in area_places(area.code)}
    found = _read(name, upload.content, register)
    fresh = _fresh(found.rules, register)
    problems = [*found.problems, *_clashes(fresh, register, london_wall(now).date())]
    run = TimetableRun(
        ref=secrets.token_hex(8),
        area_code=area.code,
        file_name=name,
        digest=found.digest,
        records=[rule_object(rule) for rule in fresh],
        made_by=actor,
        made_at=now,
        outcome=_outcome(found, fresh, problems, register),
    )
    run.save()
    record(actor, Action.OCCASION_CHANGE, f"timetable:{run.ref}", now=now, reason="preview")
    return run


@transaction.atomic
def accept_timetable(actor: User, ref: str, *, now: datetime) -> TimetableRun:
    """Take every rule of a timetable that is not there yet; accepting it again changes nothing."""
    run = _locked(actor, ref, now)
    if run.state == "dropped":
        raise RuleError("This timetable was dropped; hand it in again.")
    if run.state == "preview":
        register = {place.ref: place for place in area_places(run.area_code)}
        rules = _fresh([rule_of_object(kept) for kept in run.records], register)
        if clashes := _clashes(rules, register, london_wall(now).date()):
            raise RuleError(clashes)
        n = save_rules(actor, rules, reason=f"timetable {run.ref}", now=now)
        run.state, run.ended_at, run.records = "accepted", now, []
        run.save()
        record(actor, Action.OCCASION_CHANGE, f"timetable:{run.ref}", now=now, reason="accepted", change={"n": n})
    return run


@transaction.atomic
def drop_timetable(actor: User, ref: str, *, now: datetime) -> TimetableRun:
    """Take nothing of a timetable."""
    run = _locked(actor, ref, now)
    if run.state == "accepted":
        raise RuleError("This timetable was accepted already; end its rules at the places.")
    if run.state == "preview":
        run.state, run.ended_at, run.records = "dropped", now, []
        run.save()
        record(actor, Action.OCCASION_CHANGE, f"timetable:{run.ref}", now=now, reason="dropped")
    return run


def _area(actor: User, slug: str, now: datetime) -> Area:
    area = places.area_by_slug(actor, slug, now)
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now, area=area.code)
    return area


def _locked(actor: User, ref: str, now: datetime) -> TimetableRun:
    run = queries_day.timetables_visible_to(actor, now).select_for_update().get(ref=ref)
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now, area=run.area_code)
    return run


def _read(name: str, content: bytes, register: dict[str, Place]) -> Timetables:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            found = read_timetables(path, places=register)
        except InputError as error:
            raise InputError(_named(error.problems, folder)) from None
    return replace(found, problems=tuple(_named(found.problems, folder)))


def _named(problems: Iterable[Problem], folder: str) -> list[Problem]:
    return [replace(problem, file=problem.file.replace(f"{folder}/", "")) for problem in problems]


def _fresh(rules: Sequence[Facts], register: dict[str, Place]) -> list[Facts]:
    """The rules that do not hold yet, each once."""
    known = {canonical_json(row.record) for row in queries_day.held_records(register)}
    by_text = {canonical_json(rule_object(rule)): rule for rule in rules if rule.place_ref in register}
    return [rule for text, rule in by_text.items() if text not in known]


def _clashes(fresh: Sequence[Facts], register: dict[str, Place], on: date) -> list[Problem]:
    """What would be wrong if these rules stood beside those that hold: words of a place that contradict."""
    held = [row.facts() for row in queries_day.held_records(register)]
    try:
        prepared(register.values(), [*held, *fresh], on, on, {}, {}, ())
    except ReassureError as error:
        return list(error.problems)
    return []


def _outcome(
    found: Timetables, fresh: Sequence[Facts], problems: Sequence[Problem], register: dict[str, Place]
) -> dict[str, object]:
    kinds = Counter(kind_words(rule.key) for rule in fresh)
    return {
        "n_read": len(found.rules),
        "n_new": len(fresh),
        "n_equal": len(found.rules) - len(fresh),
        "n_refused": len(problems),
        "kinds": [[words, n] for words, n in kinds.most_common()],
        "new": [[register[r.place_ref].title, kind_words(r.key), rule_words(r)] for r in fresh[:SHOWN]],
        "problems": [problem.text for problem in problems[:SHOWN]],
        "ties": [problem.text for problem in rule_ties(fresh)[:SHOWN]],
        "dropped": list(found.dropped),
    }
