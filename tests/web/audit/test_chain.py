"""Whoever changes the audit behind its back is found, and the first bad entry is named."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from reassure.access.allowed import Action
from reassure_web.audit import queries
from reassure_web.audit.anchors import add_anchor_if_due
from reassure_web.audit.chain import FIRST_HASH, Anchor, anchor_line, anchors_of, entry_hash
from reassure_web.audit.models import AuditEntry, ChainHead
from reassure_web.audit.services import record
from reassure_web.audit.triggers import REMOVING, SETTING
from web.conftest import NOW


@pytest.fixture
def ten_entries(person):
    """Ten entries and an anchor after the seventh."""
    planner = person("planner")
    for n in range(1, 8):
        record(planner, Action.PLACE_CHANGE, f"place:P{n}", now=NOW + timedelta(minutes=n))
    anchor = anchor_now()
    for n in range(8, 11):
        record(planner, Action.PLACE_CHANGE, f"place:P{n}", now=NOW + timedelta(minutes=n))
    return anchor


def anchor_now() -> Anchor:
    (anchor,) = anchors_of([queries.anchor_now(NOW)])
    return anchor


def as_owner(statement: str, *values: object) -> None:
    """What somebody does who owns the database: take the triggers away, change, put them back."""
    with connection.cursor() as cursor:
        for step in REMOVING[connection.vendor]:
            cursor.execute(step)
        cursor.execute(statement, values)
        for step in SETTING[connection.vendor]:
            cursor.execute(step)


def chain_anew(from_number: int) -> None:
    """Compute every hash again from an entry on, and move the head: a careful forger."""
    previous = AuditEntry.objects.filter(number=from_number - 1).values_list("hash", flat=True).first() or FIRST_HASH
    for entry in AuditEntry.objects.filter(number__gte=from_number).order_by("number"):
        entry.previous_hash = previous
        previous = entry_hash(entry)
        as_owner(
            "UPDATE audit_auditentry SET previous_hash = %s, hash = %s WHERE number = %s",
            entry.previous_hash,
            previous,
            entry.number,
        )
    last = AuditEntry.objects.order_by("-number").first()
    ChainHead.objects.update(number=last.number, hash=last.hash)


def test_an_untouched_chain_is_whole(ten_entries):
    """Ten entries, one anchor, no fault."""
    found = queries.chain_verdict([ten_entries])

    assert (found.n_entries, found.n_anchors, found.first_bad, found.fault) == (10, 1, None, "")


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE audit_auditentry SET subject = 'place:P99' WHERE number = 4", 4),
        ("UPDATE audit_auditentry SET at = '2026-11-27 05:00:00+00:00' WHERE number = 4", 4),
        ("UPDATE audit_auditentry SET person_id = NULL WHERE number = 4", 4),
        ("UPDATE audit_auditentry SET reason = 'allowed' WHERE number = 9", 9),
        ("DELETE FROM audit_auditentry WHERE number = 4", 4),
        ("DELETE FROM audit_auditentry WHERE number >= 8", 8),  # the tail: the head of the chain still knows it
    ],
    ids=["edited", "another time", "another person", "edited late", "deleted", "tail cut"],
)
def test_a_change_behind_the_back_is_found(ten_entries, statement, first_bad):
    """Edit and delete are found without any anchor."""
    as_owner(statement)

    assert queries.chain_verdict().first_bad == first_bad


def test_two_swapped_entries_are_found(ten_entries):
    """Each keeps its own hash, but they stand in the wrong order."""
    as_owner("UPDATE audit_auditentry SET number = 99 WHERE number = 4")
    as_owner("UPDATE audit_auditentry SET number = 4 WHERE number = 5")
    as_owner("UPDATE audit_auditentry SET number = 5 WHERE number = 99")

    assert queries.chain_verdict().first_bad == 4


def test_an_entry_put_in_between_is_found(ten_entries):
    """Numbers are unique, so the others had to be moved; their hashes no longer fit."""
    for number in range(10, 4, -1):
        as_owner("UPDATE audit_auditentry SET number = %s WHERE number = %s", number + 1, number)
    as_owner(
        "INSERT INTO audit_auditentry (number, at, action, subject, outcome, reason, request_id, change_digest,"
        ' previous_hash, hash, "grant") SELECT 5, at, action, subject, outcome, reason, request_id, change_digest,'
        ' hash, hash, "grant" FROM audit_auditentry WHERE number = 4'
    )

    assert queries.chain_verdict().first_bad == 5


@pytest.mark.parametrize(
    ("statement", "from_number", "first_bad"),
    [
        ("UPDATE audit_auditentry SET subject = 'place:P99' WHERE number = 4", 4, 7),
        ("UPDATE audit_auditentry SET subject = 'place:P99' WHERE number = 7", 7, 7),
        ("DELETE FROM audit_auditentry WHERE number >= 6", 5, 6),
    ],
    ids=["edited and chained anew", "the anchored one", "tail cut and head moved"],
)
def test_a_chain_written_anew_is_found_by_its_anchor(ten_entries, statement, from_number, first_bad):
    """Whoever owns the database can make a sound chain of lies; a head kept elsewhere gives them away."""
    as_owner(statement)
    chain_anew(from_number)

    assert queries.chain_verdict().fault == ""
    assert queries.chain_verdict([ten_entries]).first_bad == first_bad


def test_an_old_backup_put_back_is_found_by_its_anchor(ten_entries):
    """A backup is a sound chain, but shorter than what was anchored after it."""
    later = anchor_now()
    as_owner("DELETE FROM audit_auditentry WHERE number > 7")
    chain_anew(7)

    assert queries.chain_verdict([ten_entries]).fault == ""
    found = queries.chain_verdict([ten_entries, later])
    assert found.first_bad == 8
    assert found.fault == "Entry 8 and those after it are gone."


def test_an_anchor_is_a_line_that_reads_back():
    """What is written is what is read; empty lines are passed over."""
    anchor = Anchor(7, "ab" * 32, "2026-11-27T05:00:00+00:00")

    assert list(anchors_of([anchor_line(anchor), "", "\n"])) == [anchor]
    assert json.loads(anchor_line(anchor))["number"] == 7


def test_the_commands_anchor_and_verify(ten_entries, tmp_path, capsys):
    """The file grows by a line each time; verify says that all is well, or which entry is bad."""
    file = tmp_path / "off-host" / "anchors.jsonl"
    call_command("anchor", file=file)
    call_command("anchor", file=file)
    assert len(file.read_text("utf-8").splitlines()) == 2

    call_command("verify", anchors=file)
    assert "The chain is whole: 10 entries, 2 anchors." in capsys.readouterr().out

    as_owner("UPDATE audit_auditentry SET outcome = 'seen' WHERE number = 3")
    with pytest.raises(CommandError, match="Entry 3 was changed") as error:
        call_command("verify", anchors=file)
    assert error.value.returncode == 1
    checks = AuditEntry.objects.filter(action="audit.verify").order_by("number")
    assert [entry.outcome for entry in checks] == ["done", "failed"]


def test_the_background_process_anchors_once_an_hour(ten_entries, tmp_path):
    """At once when there is no file yet, then after an hour and not before."""
    file = tmp_path / "anchors.jsonl"
    assert add_anchor_if_due(file, now=timezone.now())
    assert not add_anchor_if_due(file, now=timezone.now() + timedelta(minutes=59))
    assert add_anchor_if_due(file, now=timezone.now() + timedelta(minutes=61))

    assert len(list(anchors_of(file.read_text("utf-8").splitlines()))) == 2


def test_an_anchor_of_an_empty_chain_says_nothing(db, tmp_path, capsys):
    """A fresh installation can be anchored and checked."""
    call_command("anchor", file=tmp_path / "anchors.jsonl")
    call_command("verify", anchors=tmp_path / "anchors.jsonl")

    assert "0 entries, 0 anchors" in capsys.readouterr().out


def test_a_missing_head_is_a_fault(ten_entries):
    """The writers' row is part of what is checked."""
    ChainHead.objects.all().delete()

    assert queries.chain_verdict().first_bad == 11
