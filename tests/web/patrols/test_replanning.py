"""Re-planning a running day: what the form refuses, what a run makes of it, and what a supervisor may do alone."""

import pytest

from reassure.patrols.check import check
from reassure_web.patrols import services_plans, services_runs
from reassure_web.patrols.models import PatrolPlan, PlanRun
from reassure_web.patrols.services_runs import Happened
from web.patrols.conftest import BEFORE, DAY, SLUG

pytestmark = pytest.mark.django_db


def test_a_lost_unit_is_replanned_as_a_run(plan, planner, day):
    """The plan of the rest of the day is a new number from the old one, made by the background like any other."""
    busiest = max(plan.document["routes"], key=lambda r: len(r["stops"]))["unit_ref"]
    at = BEFORE.replace(hour=13, minute=0)

    run = services_runs.request_replan(planner, SLUG, day, 1, Happened(at, (busiest,)), now=BEFORE)
    services_runs.compute_here(now=at)

    run.refresh_from_db()
    assert run.state == "done"
    assert run.plan.of_number == 1
    assert run.plan.document["replan"]["lost"] == [busiest]
    assert check(run.plan.document) == []


def test_a_replan_at_an_hour_outside_the_plan_is_refused_on_its_form(plan, clock, signed_in):
    """The plan goes on until 03:00 of the day after: 02:30 lies in its hours, 04:10 on neither day."""
    client = signed_in("planner")
    assert plan.document["window"]["ends_at"] == "2026-11-28T03:00:00+00:00"

    refused = client.post(f"{DAY}plans/1/replan/", {"at": "04:10"})

    page = refused.text
    assert refused.status_code == 422
    assert "at is 27 Nov 04:10; expected an instant of the planning window, 27 Nov" in page
    assert "from Fri 07:00 to Sat 03:00" in page
    assert not PlanRun.objects.filter(kind="replan").exists()
    assert client.post(f"{DAY}plans/1/replan/", {"at": "02:30"}).status_code == 302


@pytest.mark.parametrize(("hour", "offered"), [(4, "07:00"), (13, "13:00")])
def test_the_form_offers_an_hour_of_the_plan(hour, offered, plan, clock, signed_in):
    """Now, or the first hour of the plan where it has not begun."""
    clock(BEFORE.replace(hour=hour, minute=0))

    assert f'value="{offered}"' in signed_in("planner").get(f"{DAY}plans/1/replan/").text


def test_a_supervisor_replans_the_plan_in_force_and_a_commander_approves(plan, planner, clock, person, signed_in):
    """Car off at 13:00: asked for, computed, sent by the supervisor; nobody but a commander puts it in force."""
    services_plans.send_plan(planner, SLUG, plan.day.on, 1, now=BEFORE)
    services_plans.approve_plan(person("commander"), SLUG, plan.day.on, 1, now=BEFORE)
    busiest = max(plan.document["routes"], key=lambda r: len(r["stops"]))["unit_ref"]
    at = BEFORE.replace(hour=13, minute=0)
    clock(at)
    supervisor = signed_in("supervisor")
    assert "Re-plan the rest of the day" in supervisor.get(f"{DAY}plans/1/").text

    asked = supervisor.post(f"{DAY}plans/1/replan/", {"at": "13:00", "lost": [busiest]})
    services_runs.compute_here(now=at)

    assert asked.status_code == 302
    assert "Send for approval" in supervisor.get(f"{DAY}plans/2/").text
    assert supervisor.post(f"{DAY}plans/2/send/").status_code == 302
    assert supervisor.post(f"{DAY}plans/2/approve/").status_code == 403
    services_plans.approve_plan(person("commander"), SLUG, plan.day.on, 2, now=at)
    assert list(PatrolPlan.objects.order_by("number").values_list("state", flat=True)) == ["superseded", "approved"]


@pytest.mark.parametrize(("state", "hour"), [("draft", 13), ("sent", 13), ("superseded", 13), ("approved", 5)])
def test_a_supervisor_replans_nothing_but_a_running_day(state, hour, plan, clock, signed_in):
    """Not a draft, not a plan that is over, and not before the day begins; nor do they send what a planner wrote."""
    PatrolPlan.objects.update(state=state)
    clock(BEFORE.replace(hour=hour))
    supervisor = signed_in("supervisor")

    refused = supervisor.post(f"{DAY}plans/1/replan/", {"at": "13:00"})

    assert refused.status_code == 422
    assert "expected the plan in force, within its hours" in refused.text
    assert not PlanRun.objects.filter(kind="replan").exists()
    assert supervisor.post(f"{DAY}plans/1/send/").status_code in {403, 422}
