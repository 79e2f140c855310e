"""A grant reaches its own records for its own time, and for its own actions."""

from datetime import UTC, datetime, timedelta

import pytest

from reassure.access.allowed import Action, Role
from reassure.access.grants import Grant, Scope, may, require
from reassure.errors import NotAllowedError

START = datetime(2026, 11, 27, tzinfo=UTC)
END = START + timedelta(days=30)
NOON = START + timedelta(hours=12)


def grant(role: Role, scope: Scope, *refs: str) -> Grant:
    return Grant(role, scope, frozenset(refs), START, END)


PLANNER = grant(Role.PLANNER, Scope.AREAS, "A1")
OFFICER = grant(Role.OFFICER, Scope.UNIT, "A1/3")
TRUSTEE = grant(Role.TRUSTEE, Scope.PLACES, "P1")
COORDINATOR = grant(Role.COORDINATOR, Scope.NATION)
ANALYST = grant(Role.ANALYST, Scope.TOTALS)


@pytest.mark.parametrize(
    ("held", "where", "reached"),
    [
        (PLANNER, {"area": "A1"}, True),
        (PLANNER, {"area": "A2"}, False),
        (PLANNER, {"area": "A1", "place": "P9"}, True),
        (PLANNER, {"place": "P1"}, False),  # an area grant does not reach a place whose area nobody said
        (OFFICER, {"area": "A1", "unit": "A1/3"}, True),
        (OFFICER, {"area": "A1", "unit": "A1/4"}, False),
        (OFFICER, {"area": "A1"}, False),  # nor a unit's grant the whole area
        (TRUSTEE, {"area": "A1", "place": "P1"}, True),
        (TRUSTEE, {"area": "A1", "place": "P2"}, False),
        (TRUSTEE, {"area": "A1"}, False),
        (COORDINATOR, {"area": "A7", "place": "P7"}, True),
        (ANALYST, {"area": "A1"}, False),
        (ANALYST, {}, True),  # a question about the action alone
    ],
)
def test_a_grant_reaches_a_record_by_its_own_kind_of_reference(held, where, reached):
    """What a grant is not for it does not reach, however near it lies."""
    everywhere = {"area": None, "place": None, "unit": None}

    assert held.reaches(**everywhere | where) is reached


@pytest.mark.parametrize(
    ("now", "holds"),
    [(START - timedelta(microseconds=1), False), (START, True), (END - timedelta(microseconds=1), True), (END, False)],
)
def test_a_grant_holds_from_its_start_until_before_its_end(now, holds):
    """The end is exclusive."""
    assert may([PLANNER], Action.PLAN_WRITE, now=now, area="A1") is holds


def test_a_refusal_names_who_may_and_which_action_it_was():
    """Whoever is refused knows whom to ask; the audit knows what was tried."""
    with pytest.raises(NotAllowedError) as refusal:
        require([PLANNER], Action.PLAN_APPROVE, now=NOON, area="A1")

    assert str(refusal.value) == "You may not approve plans. Who may: commander."
    assert refusal.value.action == "plan.approve"
