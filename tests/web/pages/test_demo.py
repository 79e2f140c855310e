"""The demonstration: a plan of today in force, a board that moves, and one click that exists nowhere else."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory, override_settings

from reassure.errors import RuleError
from reassure_web.accounts.models import User
from reassure_web.engagement.models import Visit
from reassure_web.pages import demo, demo_board
from reassure_web.patrols.models import PatrolPlan

NOW = datetime(2026, 11, 28, 15, 20, tzinfo=UTC)
ASK = """
import django
django.setup()
from django.urls import resolve, Resolver404
try:
    print(resolve("/demo/").view_name)
except Resolver404:
    print("not there")
"""


@pytest.mark.slow
def test_a_demonstration_has_a_plan_in_force_and_a_board_that_moves(db, settings, tmp_path):
    """Made through the services; what is past is told at once, then the rest."""
    settings.HOME = tmp_path

    address = demo.build(now=NOW)
    plan = PatrolPlan.objects.get()
    told = demo_board.events(plan.day.area_code, plan.day.on)
    past = [sent for at, sent in told if at <= NOW]
    for sent in past:
        demo_board.tell(plan.day.area_code, sent, now=NOW)

    assert address == "/patrols/demo-area-generated/2026-11-28/"
    assert plan.state == "approved"
    assert plan.written_by != plan.approved_by
    assert 0 < Visit.objects.count() <= len(past) < len(told)
    assert {user.name.split()[0] for user in User.objects.all()} == {"Demo"}
    assert len(demo.people_to_be()) == len(demo.PERSONAS)


@pytest.mark.parametrize(("mode", "personas"), [("production", True), ("test", True), ("demo", False)])
def test_nobody_is_signed_in_with_one_click_elsewhere(mode, personas, db):
    """Neither in production nor where the command does not run, even if the address were there."""
    with override_settings(MODE=mode, PERSONAS=personas), pytest.raises(RuleError):
        demo.sign_in_as(RequestFactory().post("/demo/1/"), 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"REASSURE_MODE": "demo", "REASSURE_PERSONAS": "yes"}, "demo:personas"),
        ({"REASSURE_MODE": "demo"}, "not there"),
        ({"REASSURE_MODE": "test"}, "not there"),
        ({"REASSURE_MODE": "test", "REASSURE_PERSONAS": "yes"}, "expected it unset"),
        ({"REASSURE_MODE": "production", "REASSURE_PERSONAS": "yes"}, "expected it unset"),
    ],
)
def test_the_page_of_personas_exists_only_in_a_demonstration(variables, says, tmp_path):
    """Everywhere else its address is not there, and production does not even start with it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REASSURE_", "DATABASE"))}
    wanted = {"DJANGO_SETTINGS_MODULE": "reassure_web.settings", "REASSURE_HOME": str(tmp_path), **variables}

    command = [sys.executable, "-c", ASK]
    asked = subprocess.run(command, env={**kept, **wanted}, capture_output=True, text=True, check=False)

    assert says in asked.stdout + asked.stderr


def test_a_home_that_is_no_demonstration_is_left_alone(tmp_path):
    """Only a folder that an earlier demonstration made is emptied."""
    (tmp_path / "letters.txt").write_text("mine")

    with pytest.raises(RuleError, match="another --home"):
        demo.clear_home(tmp_path)
    assert (tmp_path / "letters.txt").exists()

    demo.clear_home(tmp_path / "new")
    (tmp_path / "new" / "reassure.sqlite3").write_text("old")
    demo.clear_home(tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["demo.txt"]
