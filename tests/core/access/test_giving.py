"""Which grants may be given, by whom, and what one person never holds together."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from reassure.access.allowed import Role
from reassure.access.giving import (
    SCOPES_OF_ROLE,
    duty,
    giver_problems,
    grant_problems,
    needs_second_person,
    scope_of,
)
from reassure.access.grants import Grant, Scope

START = datetime(2026, 11, 27, tzinfo=UTC)
YEAR = timedelta(days=365)


def grant(role=Role.PLANNER, scope=Scope.AREAS, refs=("A1",), starts_at=START, lasts=YEAR) -> Grant:
    return Grant(role, scope, frozenset(refs), starts_at, starts_at + lasts)


def columns(problems):
    return [problem.column for problem in problems]


@pytest.mark.parametrize(
    ("given", "is_aid", "wrong"),
    [
        (grant(), False, []),
        (grant(lasts=YEAR + timedelta(seconds=1)), False, ["ends_at"]),
        (grant(lasts=timedelta(0)), False, ["ends_at"]),
        (grant(lasts=timedelta(hours=72)), True, []),
        (grant(lasts=timedelta(hours=72, seconds=1)), True, ["ends_at"]),
        (grant(refs=()), False, ["refs"]),
        (grant(role=Role.COORDINATOR), False, ["scope"]),
        (grant(role=Role.COORDINATOR, scope=Scope.NATION, refs=()), False, []),
        (grant(role=Role.COORDINATOR, scope=Scope.NATION), False, ["refs"]),
        (grant(role=Role.OFFICER, scope=Scope.AREAS), False, ["scope"]),
        (grant(role=Role.OFFICER, scope=Scope.UNIT, refs=["A1/3"]), False, []),
    ],
)
def test_a_grant_has_the_scope_of_its_role_and_an_end(given, is_aid, wrong):
    """A year at most, three days for mutual aid; references where the scope has them."""
    assert columns(grant_problems(given, [], is_aid=is_aid)) == wrong


AUDITOR = grant(Role.AUDITOR, Scope.NATION, ())
ADMIN = grant(Role.ADMIN, Scope.NATION, ())


@pytest.mark.parametrize(("one", "other"), [*product([AUDITOR, ADMIN], [grant()]), (AUDITOR, ADMIN)])
def test_an_auditor_holds_nothing_else_and_an_administrator_nothing_operational(one, other):
    """In whichever order they are given, as long as the times meet."""
    assert columns(grant_problems(one, [other])) == ["role"]
    assert columns(grant_problems(other, [one])) == ["role"]
    later = Grant(other.role, other.scope, other.refs, one.ends_at, one.ends_at + YEAR)
    assert grant_problems(later, [one]) == []


def test_two_operational_roles_stand_beside_each_other():
    """A supervisor may be a planner as well."""
    assert grant_problems(grant(Role.SUPERVISOR), [grant()]) == []


def test_only_what_reaches_the_nation_needs_a_second_person():
    """Two people for everything that shows all areas."""
    assert needs_second_person(ADMIN)
    assert not needs_second_person(grant())


@pytest.mark.parametrize(
    ("given", "giver", "is_own", "allowed"),
    [
        (grant(), [ADMIN], False, True),
        (grant(), [ADMIN], True, False),
        (grant(), [grant(Role.ADMIN)], False, True),
        (grant(refs=["A1", "A2"]), [grant(Role.ADMIN)], False, False),
        (grant(Role.OFFICER, Scope.UNIT, ["A1/3"]), [grant(Role.ADMIN)], False, True),
        (grant(Role.OFFICER, Scope.UNIT, ["A2/3"]), [grant(Role.ADMIN)], False, False),
        (AUDITOR, [grant(Role.ADMIN)], False, False),
        (grant(Role.TRUSTEE, Scope.PLACES, ["P1"]), [grant(Role.ADMIN)], False, False),
        (grant(Role.FINANCE, Scope.ASSIGNED, ()), [grant(Role.ADMIN)], False, False),
        (grant(), [grant(Role.PLANNER)], False, False),
    ],
)
def test_an_administrator_gives_what_lies_in_their_reach_and_nothing_to_themselves(given, giver, is_own, allowed):
    """An administrator of one force cannot make one of another."""
    assert (giver_problems(given, is_own=is_own, giver=giver) == []) is allowed


@pytest.mark.parametrize("role", list(Role))
def test_a_form_finds_the_scope_of_a_role(role):
    """With references or without, the scope is one that the role can have."""
    assert scope_of(role, has_refs=True) in SCOPES_OF_ROLE[role]
    assert scope_of(role, has_refs=False) in SCOPES_OF_ROLE[role]
    assert scope_of(Role.ADMIN, has_refs=True) is Scope.AREAS
    assert scope_of(Role.ADMIN, has_refs=False) is Scope.NATION


def test_each_role_has_one_duty():
    """Three duties, and most roles are operational."""
    assert {duty(role) for role in Role} == {"audit", "administration", "operations"}
    assert [role for role in Role if duty(role) != "operations"] == [Role.AUDITOR, Role.ADMIN]
