"""From units to an order in force, as planner and commander do it on the pages."""

import json
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reassure.errors import NotAllowedError
from reassure.files.demo_ground import DEMO_DAY
from reassure.files.demo_inputs import DECLARATION, FACTS, INCIDENTS, UNITS
from reassure.patrols.check import check
from reassure.periods import london_wall
from reassure_web.accounts.models import RoleGrant
from reassure_web.accounts.sealed import unseal
from reassure_web.audit.models import AuditEntry
from reassure_web.patrols import queries, services_orders, services_plans, services_runs
from reassure_web.patrols.models import Day, Order, PatrolPlan, PlanRun, Unit
from reassure_web.patrols.queries_need import need_page
from reassure_web.patrols.services_runs import Options
from reassure_web.patrols.services_units import copy_units
from web.patrols.conftest import BEFORE, DAY, FILES, SLUG

pytestmark = pytest.mark.django_db

WORDS = {
    "History": "Nothing known.",
    "Gold's strategy": "Be seen.",
    "Tactical limits": "None.",
    "Welfare": "Hot food at the base.",
    "Risk assessment": "Low.",
    "Channels": "Channel 3.",
    "Legal basis": "Common law.",
    "Written reason": "Units start late in that part of the area.",
}


def text(response):
    """The page."""
    return response.content.decode()


def upload(name):
    """A file of the demo area as a browser sends it."""
    return {"file": SimpleUploadedFile(name, FILES[name])}


def first_stop(plan):
    """The first visit of a plan, with its unit."""
    return next((route["unit_ref"], stop) for route in plan.document["routes"] for stop in route["stops"])


def test_a_day_without_units_says_so_and_makes_no_plan(planner, clock, signed_in):
    """The empty page and the refusal say the same."""
    client = signed_in("planner")

    assert "No units: a plan cannot be made." in text(client.get(f"{DAY}units/"))
    response = client.post(f"{DAY}runs/", {"is_drawn": "yes", "seed": 1})

    assert response.status_code == 422
    assert "There are no units" in text(response)
    assert not PlanRun.objects.exists()


def test_a_planner_goes_from_files_to_a_plan_on_the_pages(planner, clock, signed_in):
    """Units and declaration are loaded, a run is asked for, and its plan opens with what is not visited first."""
    client = signed_in("planner")

    client.post(f"{DAY}units/import/", upload(UNITS))
    client.post(f"{DAY}declaration/", upload(DECLARATION))
    client.post(f"{DAY}terms/", {"allow_shortfall": "on"})
    asked = client.post(f"{DAY}runs/", {"is_drawn": "no", "seed": 1, "iterations": 300})
    assert "Waits" in text(client.get(asked["Location"]))
    services_runs.compute_here(now=BEFORE)
    page = text(client.get(f"{DAY}plans/1/"))

    assert "Open plan 1" in text(client.get(asked["Location"]))
    assert page.index("Not visited</h2>") < page.index("What the plan does</h2>") < page.index("Timeline</h2>")
    assert "OFFICIAL-SENSITIVE" in page
    assert Unit.objects.count() == 14


def test_a_faulty_file_of_units_is_taken_as_a_whole_or_not_at_all(planner, clock, signed_in):
    """Every fault with its line, under the name that the person knows; nothing is kept."""
    lines = FILES[UNITS].decode().splitlines()
    lines[2] = lines[2].replace("car", "boat")
    broken = SimpleUploadedFile("roster.csv", "\n".join(lines).encode())

    response = signed_in("planner").post(f"{DAY}units/import/", {"file": broken})

    assert response.status_code == 422
    assert "roster.csv, row 3: kind is boat" in text(response)
    assert "upload.csv" not in text(response)
    assert not Unit.objects.exists()


def test_a_lapsed_posture_makes_no_new_plan_and_leaves_the_old_one_readable(plan, clock, signed_in):
    """The page says so in words; asking for a run is refused; the plan still opens."""
    clock(BEFORE + timedelta(hours=72))
    client = signed_in("planner")

    assert "The posture lapsed" in text(client.get(DAY))
    response = client.post(f"{DAY}plans/1/send/")
    assert response.status_code == 422
    assert "Posture lapsed" in text(response)
    assert client.get(f"{DAY}plans/1/").status_code == 200


def test_the_points_of_a_place_add_up_on_the_page(day, signed_in):
    """The terms of every line sum to its points."""
    page = need_page(signed_in("planner").user, SLUG, day, "open", 1, now=BEFORE)

    assert page.lines
    assert all(sum(line.parts) == line.need.score.points for line in page.lines)


def test_facts_and_incidents_of_a_file_change_the_points(day, signed_in):
    """Bands give attendance, requests and incidents their points; an unknown place is refused with its line."""
    client = signed_in("planner")
    before = need_page(client.user, SLUG, day, "open", 1, now=BEFORE)
    assert not any(line.need.score.parts.incidents for line in before.lines)

    for name, kind in ((FACTS, "facts"), (INCIDENTS, "incidents")):
        client.post(f"{DAY}need/file/", {**upload(name), "kind": kind})
    broken = SimpleUploadedFile("facts.csv", b"place_ref,must\nnowhere,yes\n")
    refused = client.post(f"{DAY}need/file/", {"file": broken, "kind": "facts"})

    after = need_page(client.user, SLUG, day, "open", 1, now=BEFORE)
    assert any(line.need.score.parts.incidents for line in after.lines)
    assert any(line.must_reason for line in after.lines)
    assert refused.status_code == 422
    assert "facts.csv, row 2" in text(refused)


def test_an_override_counts_only_once_a_commander_signed_it(day, signed_in):
    """Asked for, it changes nothing; signed, the next plan makes the place a must-visit; a planner cannot sign."""
    client, commander = signed_in("planner"), signed_in("commander")
    ask = {"place_ref": "demo-010", "kind": "must", "reason": "The rabbi asked the chief constable."}

    assert client.post(f"{DAY}need/ask/", {**ask, "reason": "short"}).status_code == 422
    client.post(f"{DAY}need/ask/", ask)
    [row] = Day.objects.get().overrides.all()
    assert client.post(f"{DAY}need/{row.pk}/decide/", {"decision": "sign"}).status_code == 403
    assert "marked as a must" not in text(client.get(f"{DAY}need/?gate=open"))
    commander.post(f"{DAY}need/{row.pk}/decide/", {"decision": "sign"})

    run = services_runs.request_run(
        client.user, SLUG, day, Options(iterations=200, rounds=0, is_drawn=False), now=BEFORE
    )
    services_runs.compute_here(now=BEFORE)
    run.refresh_from_db()
    [place] = [p for p in run.plan.document["places"] if p["ref"] == "demo-010"]
    assert place["must"]
    assert "marked as a must by the planner" in place["must_reason"]
    assert "demo-010" in {stop["place_ref"] for route in run.plan.document["routes"] for stop in route["stops"]}
    refused = client.post(f"{DAY}plans/1/visits/demo-010/change/", {"kind": "drop"})
    assert refused.status_code == 422
    assert "A commander has to sign an override" in text(refused)


def test_the_same_question_has_the_same_answer(day, planner):
    """Asked again with nothing changed, the run that was there is the answer; another seed is another question."""
    options = Options(iterations=200, rounds=0, is_drawn=False)
    first = services_runs.request_run(planner, SLUG, day, options, now=BEFORE)
    services_runs.compute_here(now=BEFORE)

    again = services_runs.request_run(planner, SLUG, day, options, now=BEFORE)
    other = services_runs.request_run(planner, SLUG, day, Options(2, 200, 0, is_drawn=False), now=BEFORE)

    assert again.ref == first.ref
    assert again.state == "done"
    assert other.ref != first.ref


def test_moving_a_visit_shows_its_effect_and_makes_a_new_number(plan, signed_in):
    """The first post saves nothing; the second makes plan 2, which the checker accepts; plan 1 keeps its bytes."""
    client = signed_in("planner")
    unit, stop = first_stop(plan)
    address = f"{DAY}plans/1/visits/{stop['place_ref']}/move/"
    start = stop["start"][11:16]
    before = json.dumps(PatrolPlan.objects.get(number=1).document, sort_keys=True)

    shown = client.post(address, {"unit_ref": unit, "start": start})
    assert PatrolPlan.objects.count() == 1
    if shown.status_code == 200:
        assert "What it would do" in text(shown)
    dropped = client.post(f"{DAY}plans/1/visits/{stop['place_ref']}/change/", {"kind": "drop"})

    assert dropped["Location"] == f"{DAY}plans/2/"
    second = PatrolPlan.objects.get(number=2)
    assert check(second.document) == []
    assert second.of_number == 1
    assert json.dumps(PatrolPlan.objects.get(number=1).document, sort_keys=True) == before
    assert "dropped 1" in text(client.get(f"{DAY}plans/1/compare/2/"))


def test_a_move_outside_the_window_says_by_how_much(plan, signed_in):
    """The refusal stands on the form with what was typed."""
    unit, stop = first_stop(plan)

    response = signed_in("planner").post(
        f"{DAY}plans/1/visits/{stop['place_ref']}/move/", {"unit_ref": unit, "start": "04:11", "save": "1"}
    )

    assert response.status_code == 422
    assert " min " in text(response)
    assert "04:11" in text(response)
    assert PatrolPlan.objects.count() == 1


def test_a_locked_visit_is_kept_by_the_next_run(plan, planner, day):
    """The lock of plan 2 stands in plan 3, with the same unit and start."""
    unit, stop = first_stop(plan)
    edit = services_plans.Edit("lock_time", stop["place_ref"])
    second = services_plans.change_plan(planner, SLUG, day, 1, edit, now=BEFORE)

    run = services_runs.request_run(
        planner, SLUG, day, Options(3, 200, 0, is_drawn=False), of_number=second.number, now=BEFORE
    )
    services_runs.compute_here(now=BEFORE)

    run.refresh_from_db()
    assert run.plan.document["locks"] == [{"place_ref": stop["place_ref"], "unit_ref": unit, "start": stop["start"]}]
    [kept] = [s for r in run.plan.document["routes"] for s in r["stops"] if s["place_ref"] == stop["place_ref"]]
    assert kept["start"] == stop["start"]


def test_nobody_approves_a_plan_that_they_wrote(plan, planner, signed_in):
    """Not even with a commander's grant beside; another commander may."""
    services_plans.send_plan(planner, SLUG, DEMO_DAY, 1, now=BEFORE)
    grant = planner.role_grants.get()
    RoleGrant.objects.create(
        user=planner,
        role="commander",
        scope="areas",
        refs=["DEMO-01"],
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
    )

    with pytest.raises(NotAllowedError, match="another commander"):
        services_plans.approve_plan(planner, SLUG, DEMO_DAY, 1, now=BEFORE)

    signed_in("commander").post(f"{DAY}plans/1/approve/")
    plan.refresh_from_db()
    assert plan.state == "approved"
    assert queries.approved_plan("DEMO-01", DEMO_DAY).number == 1


def test_a_plan_that_was_sent_back_carries_the_reason(plan, planner, signed_in):
    """The planner reads why, and can send it again."""
    services_plans.send_plan(planner, SLUG, DEMO_DAY, 1, now=BEFORE)

    commander = signed_in("commander")
    assert commander.post(f"{DAY}plans/1/back/", {"reason": "no"}).status_code == 422
    commander.post(f"{DAY}plans/1/back/", {"reason": "Too few visits in the north."})

    assert "Too few visits in the north." in text(signed_in("planner").get(f"{DAY}plans/1/"))
    services_plans.send_plan(planner, SLUG, DEMO_DAY, 1, now=BEFORE)


def test_only_one_plan_of_a_day_is_in_force(plan, planner, day, person):
    """Approving the next one supersedes the first."""
    commander = person("commander")
    for number in (1, 2):
        services_plans.send_plan(planner, SLUG, day, number, now=BEFORE)
        services_plans.approve_plan(commander, SLUG, day, number, now=BEFORE)
        if number == 1:
            services_plans.restore_plan(planner, SLUG, day, 1, now=BEFORE)

    assert [p.state for p in PatrolPlan.objects.order_by("number")] == ["superseded", "approved"]


def test_an_empty_heading_blocks_the_order(plan, planner, day, person, signed_in):
    """It is issued once every heading has words; then it changes no more and prints as approved."""
    commander = person("commander")
    services_plans.send_plan(planner, SLUG, day, 1, now=BEFORE)
    services_plans.approve_plan(commander, SLUG, day, 1, now=BEFORE)
    client = signed_in("commander")
    services_orders.write_order(planner, SLUG, day, 1, {**WORDS, "Welfare": ""}, now=BEFORE)

    refused = client.post(f"{DAY}plans/1/order/issue/")
    assert refused.status_code == 422
    assert "nothing is written under Administration" in text(refused)
    services_orders.write_order(planner, SLUG, day, 1, WORDS, now=BEFORE)
    client.post(f"{DAY}plans/1/order/issue/")

    order = Order.objects.get()
    assert order.issued_by == client.user
    assert order.audit_head == AuditEntry.objects.get(action="order.issue", outcome="done").hash
    with pytest.raises(services_orders.RuleError, match="issued"):
        services_orders.write_order(planner, SLUG, day, 1, {}, now=BEFORE)


def test_each_print_is_numbered_and_noted(plan, planner, signed_in):
    """Two prints are numbers 1 and 2, each an entry; the file says its marking."""
    client = signed_in("planner")

    names = [client.get(f"{DAY}plans/1/cards.pdf")["Content-Disposition"] for _ in range(2)]

    assert ["print 1" in names[0], "print 2" in names[1]] == [True, True]
    assert all("OFFICIAL-SENSITIVE" in name for name in names)
    assert AuditEntry.objects.filter(outcome="exported", person=client.user).count() == 2


def test_the_seed_of_a_draw_stays_sealed_until_the_day_after(plan, clock, signed_in):
    """Auditors alone, and only afterwards; the salt in the database is not readable."""
    address = f"{DAY}draw/"

    assert "Sealed until the day after" in text(signed_in("auditor").get(address))
    clock(BEFORE + timedelta(days=1))
    page = text(signed_in("auditor").get(address))

    assert "Sealed until the day after" not in page
    assert Day.objects.get().sealed_salt not in page
    assert signed_in("planner").get(address).status_code == 403


def test_the_draw_is_committed_to_in_the_plan(planner, day):
    """The commitment in the plan is the digest of the sealed salt, and the stored input does not hold it."""
    run = services_runs.request_run(planner, SLUG, day, Options(1, 200, 0, is_drawn=True), now=BEFORE)
    services_runs.compute_here(now=BEFORE)
    run.refresh_from_db()
    salt = unseal(Day.objects.get().sealed_salt)

    assert run.plan.document["lottery"]["commitment"] == sha256(salt.encode()).hexdigest()
    assert not run.plan.document["lottery"]["is_rehearsal"]
    assert salt not in run.inputs
    assert salt not in json.dumps(run.plan.document)


def test_units_of_another_day_keep_their_times_on_the_clock(planner, day, clock):
    """Copied over the change to winter time, a shift that starts at 07:00 still starts at 07:00."""
    summer = date(2026, 7, 3)
    copy_units(planner, SLUG, summer, day, now=BEFORE)

    def walls(on):
        return sorted((u.ref, london_wall(u.starts_at).time()) for u in Unit.objects.filter(day__on=on))

    assert walls(summer) == walls(day)


def test_a_plan_credits_the_sources_of_its_places(plan):
    """The licence of the generated register asks for its words on whatever is made of it."""
    assert "Generated demo data; it describes no real place, person or event" in plan.document["attributions"]
