"""The background process and its workers may be killed at any time: runs end, once, or fail in words."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import active_children

import pytest
from django.db import connection

from reassure.errors import RuleError
from reassure_web.pages.background import Background, only_one
from reassure_web.patrols import services_runs
from reassure_web.patrols.models import PatrolPlan
from reassure_web.patrols.services_runs import Options
from web.patrols.conftest import BEFORE, SLUG

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LONG, SHORT = 2_000_000, 200
"""Iterations of a search that is still going when somebody looks, and of one that is soon over."""


@pytest.fixture
def background(tmp_path):
    """A background process of one worker, without its loop."""
    background = Background(tmp_path, 1)
    yield background
    background.close()


def ask(planner, day, iterations, seed=1):
    """A run of so many iterations, neither drawn nor proved."""
    options = Options(seed, iterations, 0, is_drawn=False)
    return services_runs.request_run(planner, SLUG, day, options, now=BEFORE)


def steps_until(background, holds, *, seconds=240):
    """Let the process do its work until something holds."""
    ends = time.monotonic() + seconds
    now = BEFORE
    while time.monotonic() < ends:
        now += timedelta(seconds=3)
        background.step(now=now)
        if holds():
            return
        time.sleep(0.2)
    pytest.fail("it did not come to that in time")


def state(run):
    """The state of a run as it is now."""
    run.refresh_from_db()
    return run.state


def has_begun(run):
    """Whether the search of a run has said how far it is."""
    run.refresh_from_db()
    return run.progress.get("iterations", 0) > 0


def kill_workers():
    """Kill every worker of this process as a machine short of memory does."""
    for child in active_children():
        os.kill(child.pid, signal.SIGKILL)


def test_a_run_whose_worker_was_killed_ends_by_the_second_attempt(background, planner, day):
    """kill -9 in the middle: a new pool, the same input, one result."""
    run = ask(planner, day, LONG)
    steps_until(background, lambda: has_begun(run))

    kill_workers()
    steps_until(background, lambda: run_attempt(run) == 2 and has_begun(run))
    services_runs.wish_stop(planner, SLUG, day, run.ref, now=BEFORE)
    steps_until(background, lambda: state(run) == "done")

    assert (run.attempt, run.n_deaths) == (2, 1)
    assert PatrolPlan.objects.count() == 1


def run_attempt(run):
    """The attempt that counts."""
    run.refresh_from_db()
    return run.attempt


def test_a_run_that_kills_its_worker_three_times_has_failed_in_words(background, planner, day):
    """It never hangs as running, and its input is kept."""
    run = ask(planner, day, LONG)
    for attempt in (1, 2, 3):
        steps_until(background, lambda n=attempt: run_attempt(run) == n and has_begun(run))
        kill_workers()
    steps_until(background, lambda: state(run) == "failed")

    assert "killed 3 times" in run.failure
    assert run.inputs
    assert not PatrolPlan.objects.exists()


def test_stopping_keeps_the_best_plan_so_far(background, planner, day):
    """A stopped run has a plan that the checker accepted, and says that it was stopped."""
    run = ask(planner, day, LONG)
    steps_until(background, lambda: has_begun(run))
    best = run.progress["best"]

    services_runs.wish_stop(planner, SLUG, day, run.ref, now=BEFORE)
    steps_until(background, lambda: state(run) == "done")

    assert "stopped early" in run.plan.what
    assert run.plan.document["totals"]["prize"] >= best
    assert run.plan.document["search"]["iterations"] < LONG


def test_a_late_result_of_an_older_attempt_counts_for_nothing(planner, day, tmp_path):
    """Compare and set: only the attempt that runs may finish, and it finishes once."""
    run = ask(planner, day, SHORT)
    first = services_runs.claim_next(now=BEFORE)
    services_runs.wait_again_all(now=BEFORE)
    second = services_runs.claim_next(now=BEFORE)
    document = services_runs.computed(second.inputs, second.salt, str(tmp_path))

    assert services_runs.finish(first, document, now=BEFORE) is None
    assert services_runs.finish(second, document, now=BEFORE) is not None
    assert services_runs.finish(second, document, now=BEFORE) is None
    assert state(run) == "done"
    assert PatrolPlan.objects.count() == 1


def test_a_run_goes_on_after_the_background_process_was_killed(planner, day, tmp_path):
    """The next process lets it wait again, and its second attempt ends it."""
    run = ask(planner, day, LONG)
    first = Background(tmp_path, 1)
    steps_until(first, lambda: has_begun(run))
    kill_workers()
    assert state(run) == "running"

    second = Background(tmp_path, 1)
    second.start(now=BEFORE)
    assert state(run) == "waiting"
    steps_until(second, lambda: has_begun(run))
    services_runs.wish_stop(planner, SLUG, day, run.ref, now=BEFORE)
    steps_until(second, lambda: state(run) == "done")
    second.close()

    assert run.attempt == 2
    assert PatrolPlan.objects.count() == 1


def test_a_run_that_waits_can_be_taken_out_of_the_queue(planner, day):
    """Stopped before it began, it says so and is never computed."""
    run = ask(planner, day, SHORT)

    services_runs.wish_stop(planner, SLUG, day, run.ref, now=BEFORE)

    assert services_runs.claim_next(now=BEFORE) is None
    assert state(run) == "failed"
    assert run.failure == "Stopped before it began."


def test_only_one_background_process_works_for_an_installation(tmp_path):
    """The second one says so and ends; when the first has ended the next may work."""

    def work():
        try:
            with only_one(tmp_path):
                return "works"
        except RuleError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another:
        with only_one(tmp_path):
            assert another.submit(work).result().startswith("Another background process is running")
        assert another.submit(work).result() == "works"
