"""
A guard that goes missing is seen: each fault is planted, and the walk over the addresses has to find it.

The faults are those a hurried change brings: no `require`, no scope, no entry for a refusal, none for a change,
entries that can be edited, records that count again when they are sent again.
"""

import pytest
from django.db import connection, transaction

from reassure.access import grants
from reassure.access.allowed import Action
from reassure.engagement.visits import Receipt
from reassure_web.accounts import services as accounts
from reassure_web.audit import middleware
from reassure_web.audit.models import AuditEntry
from reassure_web.audit.services import record
from reassure_web.audit.triggers import REMOVING
from reassure_web.engagement import services as engagement
from reassure_web.places import queries as places
from running_day import running_day
from web.conftest import NOW
from web.engagement.test_recording import test_the_same_record_sent_twice_is_one_visit as one_record_is_one_visit
from web.test_url_matrix import address, faults_of_elsewhere, faults_of_own_area
from web.url_matrix import ROWS

INVITE = "accounts:invite"


def nothing(*_args: object, **_named: object) -> None:
    """What is left of a guard that somebody took away."""


def faults(name, method, signed_in):
    """What the walk finds at one address."""
    row = ROWS[name]
    url = address(name, row)
    found = faults_of_own_area(row, method, url, signed_in)
    return found + (faults_of_elsewhere(row, method, url, signed_in) if row.scoped else [])


def test_the_walk_finds_nothing_while_every_guard_stands(db, signed_in):
    """What follows is about the planted faults alone."""
    assert faults(INVITE, "post", signed_in) == []


def test_a_missing_require_is_seen(db, signed_in, monkeypatch):
    """Everybody gets in."""
    monkeypatch.setattr(grants, "may", lambda *_args, **_named: True)

    found = faults(INVITE, "post", signed_in)

    assert "planner: 302, but the row keeps them out" in found
    assert len(found) == 14  # thirteen roles without that right, and whoever has no role


def test_a_missing_entry_for_a_refusal_is_seen(db, signed_in, monkeypatch):
    """They are kept out, but nobody would know that they tried."""
    monkeypatch.setattr(middleware, "note_refusal", nothing)

    assert "planner: refused without an entry" in faults(INVITE, "post", signed_in)


def test_a_missing_entry_for_a_change_is_seen(db, signed_in, monkeypatch):
    """The account is made, but the audit says nothing."""
    monkeypatch.setattr(accounts, "record", nothing)

    assert faults(INVITE, "post", signed_in) == ["admin: ['accounts_user'] changed without an entry"]


@pytest.mark.parametrize("name", ["places:place", "occasions:day", "patrols:day", "patrols:replan", "day:board"])
def test_a_missing_scope_is_seen(name, db, signed_in, monkeypatch):
    """A door that lets every grant reach everything shows another force's records."""
    everything = places.Reach(is_national=True, areas=frozenset(), places=frozenset())
    monkeypatch.setattr(places, "reach_of", lambda *_args: everything)

    assert any("instead of 404" in fault for fault in faults(name, "get", signed_in))


@pytest.mark.parametrize("statement", ["UPDATE audit_auditentry SET reason = 'x'", "DELETE FROM audit_auditentry"])
def test_a_missing_trigger_is_seen(person, statement):
    """Without the triggers the statement goes through, which `audit/test_record` says it must not."""
    record(person("planner"), Action.PLACE_CHANGE, "place:P1", now=NOW)

    with transaction.atomic(), connection.cursor() as cursor:
        for step in REMOVING[connection.vendor]:
            cursor.execute(step)
        cursor.execute(statement)

    assert not AuditEntry.objects.filter(reason="").exists()


def test_a_record_that_counts_again_when_sent_again_is_seen(person, monkeypatch):
    """Without the comparison with what is kept, the second sending is new and leaves a second entry."""
    running_day()
    monkeypatch.setattr(engagement, "receive", lambda *_args: Receipt.NEW)

    with pytest.raises(AssertionError, match=r"Receipt\.NEW: 'new'"):
        one_record_is_one_visit(person("officer"))
