"""The page of permissions shows the tables that the code uses, and the tables are complete."""

from pathlib import Path

import pytest

from reassure.access.allowed import ALLOWED, Action, Role
from reassure.access.giving import SCOPES_OF_ROLE
from reassure.access.table import permissions_table, scopes_table

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "permissions.md").read_text("utf-8")


@pytest.mark.parametrize("table", [permissions_table(), scopes_table()], ids=["actions", "scopes"])
def test_the_page_shows_the_tables_of_the_code(table):
    """Whoever changes a permission changes the page with it."""
    assert f"\n{table}\n" in PAGE


def test_every_action_and_every_role_stands_in_the_tables():
    """Nothing is allowed or refused by being forgotten."""
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED[action] for action in Action)
    assert set(SCOPES_OF_ROLE) == set(Role)
    assert len({action.code for action in Action}) == len(Action)


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        # from the matrix of the specification, read by hand
        (Action.PLAN_WRITE, {Role.PLANNER}),
        (Action.PLAN_APPROVE, {Role.COMMANDER}),
        (Action.NEED_SIGN, {Role.COMMANDER}),
        (Action.ORDER_ISSUE, {Role.COMMANDER}),
        (Action.AUDIT_READ, {Role.AUDITOR}),
        (Action.SEED_READ, {Role.AUDITOR}),
        (Action.PEOPLE_CHANGE, {Role.ADMIN}),
        (Action.CHECK_IN, {Role.OFFICER}),
        (Action.NEED_READ, {Role.PLANNER, Role.COMMANDER, Role.SUPERVISOR}),
        (Action.UNIT_CHANGE, {Role.PLANNER, Role.SUPERVISOR}),
        (Action.PLACE_CHANGE, {Role.PLANNER, Role.ADVISER}),
    ],
)
def test_the_table_is_that_of_the_specification(action, roles):
    """Who approves does not write, who watches does not act."""
    assert ALLOWED[action] == roles


def test_administrators_and_auditors_have_no_operational_action():
    """Who runs the installation or watches it never plans, approves or records."""
    everybodys = {action for action in Action if ALLOWED[action] == frozenset(Role)}
    of_admin = {action for action in Action if Role.ADMIN in ALLOWED[action]} - everybodys
    of_auditor = {action for action in Action if Role.AUDITOR in ALLOWED[action]} - everybodys

    assert {action.code.split(".")[0] for action in of_admin} <= {"people", "system", "token"}
    assert {action.code.split(".")[0] for action in of_auditor} <= {"audit", "seed", "people", "system"}
