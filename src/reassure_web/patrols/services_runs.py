"""Plan runs: asking for one, stopping it, and what the background process does with it.

A run is a row and nothing else: whoever computes claims an attempt, and only that attempt's result counts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from reassure.access.allowed import Action
from reassure.access.grants import may
from reassure.errors import InputError, ReassureError, RuleError
from reassure.patrols.problem import VisitLock
from reassure.patrols.replan_document import replan_problems
from reassure.periods import london_date, london_wall
from reassure_web.accounts.models import User
from reassure_web.accounts.sealed import unseal
from reassure_web.audit.services import record
from reassure_web.patrols.computing import Replan, RunInput, computed, frozen, input_hash
from reassure_web.patrols.models import Day, PatrolPlan, PlanRun
from reassure_web.patrols.queries_inputs import day_inputs, refuse_lapsed, refuse_past, units_of
from reassure_web.patrols.services_begin import open_day
from reassure_web.patrols.services_store import store_plan

MOST_ATTEMPTS = 3
SOFTWARE = version("reassure")


@dataclass(frozen=True, slots=True)
class Options:
    """How a plan is searched for; None is what fits the size of the day."""

    seed: int = 1
    iterations: int | None = None
    rounds: int | None = None
    is_drawn: bool = True


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to a plan: when it became known, units lost, places cancelled, whether new units join."""

    at: datetime
    lost: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    with_new_units: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is given: a run, the attempt, its input and the salt of the draw."""

    ref: str
    attempt: int
    inputs: str
    salt: str


@transaction.atomic
def request_run(
    actor: User, slug: str, on: date, options: Options, *, of_number: int | None = None, now: datetime
) -> PlanRun:
    """
    Ask for a plan of the day as it stands; the same question is answered by the run that was there.

    Parameters
    ----------
    of_number
        A plan whose locks are kept; None for a plan without.

    Raises
    ------
    RuleError
        The day is over, its declaration has lapsed, or there are no units.
    """
    area, day = open_day(actor, slug, on, Action.PLAN_WRITE, now=now)
    refuse_past(day.on, london_date(now))
    refuse_lapsed(day, now=now)
    base = day.plans.get(number=of_number) if of_number else None
    inputs = day_inputs(area, day, locks=_locks(base))
    if not inputs.units:
        raise RuleError("There are no units: a plan cannot be made. Add units first.")
    run = RunInput(
        day=inputs, seed=options.seed, iterations=options.iterations, rounds=options.rounds, is_drawn=options.is_drawn
    )
    return _asked(actor, day, "plan", run, base, now=now)


@transaction.atomic
def request_replan(
    actor: User, slug: str, on: date, number: int, happened: Happened, *, seed: int = 1, now: datetime
) -> PlanRun:
    """
    Ask for the rest of a day again, from a plan and what happened to it.

    Raises
    ------
    RuleError
        The declaration has lapsed; or somebody who writes no plans asks before or after the hours of the plan in force.
    InputError
        Units or places that the plan does not have, or an instant outside its hours: every fault.
    """
    area, day = open_day(actor, slug, on, Action.PLAN_REPLAN, now=now)
    refuse_lapsed(day, now=now)
    plan = day.plans.get(number=number)
    if not may(actor.grants(now), Action.PLAN_WRITE, now=now, area=area.code):
        _refuse_not_running(plan, now)
    known = {unit["ref"] for unit in plan.document["units"]}
    added = tuple(unit for unit in units_of(day) if unit.ref not in known) if happened.with_new_units else ()
    lost, cancelled = happened.lost, happened.cancelled
    if problems := replan_problems(plan.document, happened.at, lost=lost, added=added, cancelled=cancelled):
        raise InputError(problems)
    replan = Replan(plan.document, happened.at, lost, added, cancelled)
    return _asked(actor, day, "replan", RunInput(replan=replan, seed=seed), plan, now=now)


@transaction.atomic
def wish_stop(actor: User, slug: str, on: date, run_ref: str, *, now: datetime) -> None:
    """Stop a run and keep the best plan so far; one that waits is taken out of the queue."""
    _, day = open_day(actor, slug, on, Action.PLAN_WRITE, now=now)
    run = PlanRun.objects.select_for_update().get(day=day, ref=run_ref)
    if run.state == "waiting":
        run.state, run.failure, run.ended_at = "failed", "Stopped before it began.", now
    run.is_stop_wished = True
    run.version += 1
    run.save(update_fields=["state", "failure", "ended_at", "is_stop_wished", "version"])
    record(actor, Action.PLAN_WRITE, f"run:{run.ref}:stop", now=now)


@transaction.atomic
def claim_next(*, now: datetime) -> Job | None:
    """Take the oldest waiting run for one more attempt; None where nothing waits."""
    rows = PlanRun.objects.select_for_update(of=("self",)).select_related("day")
    run = rows.filter(state="waiting").order_by("id").first()
    if run is None:
        return None
    run.state, run.attempt, run.heartbeat_at = "running", run.attempt + 1, now
    run.started_at, run.version = run.started_at or now, run.version + 1
    run.save(update_fields=["state", "attempt", "heartbeat_at", "started_at", "version"])
    return Job(run.ref, run.attempt, run.inputs, unseal(run.day.sealed_salt))


def beat(job: Job, progress: Mapping[str, Any], *, now: datetime) -> bool:
    """Say that an attempt is alive and how far it is; whether somebody wishes it to stop."""
    rows = PlanRun.objects.filter(ref=job.ref, attempt=job.attempt, state="running")
    rows.exclude(progress=progress).update(progress=progress, version=F("version") + 1)
    rows.update(heartbeat_at=now)
    return rows.filter(is_stop_wished=True).exists()


@transaction.atomic
def finish(job: Job, document: str, *, now: datetime) -> PatrolPlan | None:
    """Keep the plan of an attempt; None, and nothing kept, when the run has gone on without it."""
    run = _of_attempt(job)
    if run is None:
        return None
    Day.objects.select_for_update().get(id=run.day_id)
    what = "Re-planned after changes on the day" if run.kind == "replan" else "Planned"
    if run.is_stop_wished:
        what += ", stopped early with the best plan so far"
    plan = store_plan(run.day, json.loads(document), what=what, of=run.of_plan, author=run.asked_by, now=now)
    run.state, run.plan, run.ended_at, run.version = "done", plan, now, run.version + 1
    run.save(update_fields=["state", "plan", "ended_at", "version"])
    return plan


@transaction.atomic
def fail(job: Job, words: str, *, now: datetime) -> None:
    """End a run that cannot be planned, with the reason in words; its input is kept."""
    run = _of_attempt(job)
    if run is not None:
        _end_failed(run, words, now)


@transaction.atomic
def give_back(job: Job, *, is_guilty: bool, now: datetime) -> None:
    """
    Let a run wait again after its worker was killed.

    Parameters
    ----------
    is_guilty
        Whether it ran alone, so that nothing else can have killed the worker; the third such death ends it.
    """
    run = _of_attempt(job)
    if run is not None:
        _wait_again(run, is_guilty=is_guilty, now=now)


@transaction.atomic
def wait_again_all(*, now: datetime) -> int:
    """Let every running row wait again: called when the background process starts, as nobody computes them."""
    runs = list(PlanRun.objects.select_for_update().filter(state="running"))
    for run in runs:
        _wait_again(run, is_guilty=True, now=now)
    return len(runs)


def compute_here(*, now: datetime) -> int:
    """Compute every waiting run in this process, one after another: for tests and demonstrations; how many ended."""
    n = 0
    while job := claim_next(now=now):
        with TemporaryDirectory() as folder:
            try:
                finish(job, computed(job.inputs, job.salt, folder), now=now)
            except ReassureError as error:
                fail(job, str(error), now=now)
        n += 1
    return n


def _asked(actor: User, day: Day, kind: str, run: RunInput, base: PatrolPlan | None, *, now: datetime) -> PlanRun:
    text = frozen(run)
    digest = input_hash(text)
    same = day.runs.filter(input_hash=digest, software=SOFTWARE, kind=kind).exclude(state="failed").first()
    if same is not None:
        return same
    row = PlanRun.objects.create(
        ref=uuid4().hex[:12],
        day=day,
        kind=kind,
        inputs=text,
        input_hash=digest,
        software=SOFTWARE,
        of_plan=base,
        asked_by=actor,
        asked_at=now,
    )
    action = Action.PLAN_REPLAN if kind == "replan" else Action.PLAN_WRITE
    record(actor, action, f"run:{row.ref}", now=now, change={"input": digest})
    return row


def _refuse_not_running(plan: PatrolPlan, now: datetime) -> None:
    """Supervisors change a day that runs, and leave planning to planners."""
    starts, ends = (datetime.fromisoformat(plan.document["window"][name]) for name in ("starts_at", "ends_at"))
    if plan.state != "approved" or not starts <= now <= ends:
        hours = f"{london_wall(starts):%a %H:%M} to {london_wall(ends):%a %H:%M}"
        raise RuleError(
            f"Plan {plan.number} is {plan.state}, its hours are {hours}; expected the plan in force, within its hours."
        )


def _locks(plan: PatrolPlan | None) -> tuple[VisitLock, ...]:
    if plan is None:
        return ()
    return tuple(
        VisitLock(k["place_ref"], k["unit_ref"], datetime.fromisoformat(k["start"]) if k["start"] else None)
        for k in plan.document["locks"]
    )


def _of_attempt(job: Job) -> PlanRun | None:
    """The run while this attempt is the one that counts."""
    rows = PlanRun.objects.select_for_update(of=("self",))
    rows = rows.filter(ref=job.ref, attempt=job.attempt, state="running")
    return rows.select_related("day", "of_plan", "asked_by").first()


def _wait_again(run: PlanRun, *, is_guilty: bool, now: datetime) -> None:
    run.n_deaths += int(is_guilty)
    if run.n_deaths >= MOST_ATTEMPTS:
        _end_failed(run, f"Its computation was killed {run.n_deaths} times. The input is kept.", now)
        return
    run.state, run.progress, run.version = "waiting", {}, run.version + 1
    run.save(update_fields=["state", "progress", "version", "n_deaths"])


def _end_failed(run: PlanRun, words: str, now: datetime) -> None:
    run.state, run.failure, run.ended_at, run.version = "failed", words, now, run.version + 1
    run.save(update_fields=["state", "failure", "ended_at", "version", "n_deaths"])
    record(run.asked_by, Action.PLAN_WRITE, f"run:{run.ref}", now=now, outcome="failed")
