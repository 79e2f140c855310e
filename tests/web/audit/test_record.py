"""What is done and seen leaves an entry, and no entry is ever changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from reassure.access.allowed import Action
from reassure_web.audit.context import REQUEST_ID
from reassure_web.audit.models import AuditEntry, ChainHead
from reassure_web.audit.services import PausedError, lift_pause, record, record_seen
from web.conftest import NOW


def test_an_entry_holds_who_what_when_and_under_which_grant(person):
    """Everything that an auditor asks for stands in one row, and no content."""
    planner = person("planner")
    planner.grant_words = "7 planner"
    token = REQUEST_ID.set("request-1")

    entry = record(planner, Action.PLACE_CHANGE, "place:P1 v3", now=NOW, reason="moved", change={"name": "Old hall"})
    REQUEST_ID.reset(token)

    kept = AuditEntry.objects.get(number=entry.number)
    assert (kept.person, kept.at, kept.action, kept.subject) == (planner, NOW, "place.change", "place:P1 v3")
    assert (kept.grant, kept.reason, kept.request_id, kept.outcome) == ("7 planner", "moved", "request-1", "done")
    assert len(kept.change_digest) == 64
    assert "Old hall" not in str(vars(kept))


def test_numbers_follow_each_other_and_each_entry_holds_the_hash_before(person):
    """A gap or a swap can be seen."""
    planner = person("planner")

    first, second = (record(planner, Action.PLACE_CHANGE, f"place:P{n}", now=NOW) for n in (1, 2))

    assert second.number == first.number + 1
    assert second.previous_hash == first.hash
    assert ChainHead.objects.get().hash == second.hash


def test_an_entry_takes_three_queries(person, django_assert_num_queries):
    """Lock the head, add the entry, move the head: the budget of a write is ten."""
    planner = person("planner")

    with django_assert_num_queries(3):
        record(planner, Action.PLACE_CHANGE, "place:P1", now=NOW)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditentry SET reason = 'another'", "DELETE FROM audit_auditentry", "TRUNCATE audit_auditentry"],
)
def test_the_database_refuses_to_change_entries(person, statement):
    """Not even raw SQL changes an entry: triggers stand in the way."""
    record(person("planner"), Action.PLACE_CHANGE, "place:P1", now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.get().reason == ""


def test_the_sixty_first_record_in_ten_minutes_pauses(person):
    """Somebody who opens many records has to say why; the auditor reads the reason."""
    planner = person("planner")
    for n in range(60):
        record_seen(planner, Action.PLACE_READ, f"place:P{n}", now=NOW + timedelta(seconds=n))
    later = NOW + timedelta(minutes=5)

    with pytest.raises(PausedError):
        record_seen(planner, Action.PLACE_READ, "place:P60", now=later)
    record_seen(planner, Action.PLACE_READ, "place:P7", now=later)
    lift_pause(planner, reason="A flood in the whole district", now=later)
    record_seen(planner, Action.PLACE_READ, "place:P60", now=later)

    note = AuditEntry.objects.get(action="limit.pass")
    assert note.reason == "A flood in the whole district"
    assert AuditEntry.objects.filter(outcome="seen").count() == 62


def test_records_of_more_than_ten_minutes_ago_do_not_count(person):
    """The limit is for a time, not for a career."""
    planner = person("planner")
    for n in range(60):
        record_seen(planner, Action.PLACE_READ, f"place:P{n}", now=NOW)

    record_seen(planner, Action.PLACE_READ, "place:P60", now=NOW + timedelta(minutes=10, seconds=1))

    assert AuditEntry.objects.filter(outcome="seen").count() == 61


def test_lists_are_entries_but_no_opened_records(person):
    """A page of a list is one entry with its query and number of rows; it does not count as fifty records."""
    planner = person("planner")

    entries = [
        record_seen(planner, Action.PLACE_READ, "places:?page=2", now=NOW, outcome="listed", rows=50) for _ in range(61)
    ]

    assert entries[0].subject == "places:?page=2 rows:50"


def test_the_sixth_export_in_an_hour_pauses(person):
    """Five files an hour go out without a question."""
    planner = person("planner")
    for n in range(5):
        record_seen(planner, Action.PLACE_READ, "places:?", now=NOW + timedelta(minutes=n), outcome="exported", rows=9)

    with pytest.raises(PausedError):
        record_seen(planner, Action.PLACE_READ, "places:?", now=NOW + timedelta(minutes=59), outcome="exported", rows=9)

    at_seventy = NOW + timedelta(minutes=70)
    assert record_seen(planner, Action.PLACE_READ, "places:?", now=at_seventy, outcome="exported", rows=9)


def test_a_file_of_more_than_ten_thousand_rows_pauses(person):
    """A whole register leaves only with a reason."""
    planner = person("planner")

    with pytest.raises(PausedError):
        record_seen(planner, Action.PLACE_READ, "places:?", now=NOW, outcome="exported", rows=10_001)
    lift_pause(planner, reason="Handing over to the county", now=NOW)

    assert record_seen(planner, Action.PLACE_READ, "places:?", now=NOW, outcome="exported", rows=10_001)


def test_an_entry_goes_with_the_change_it_tells_of(person):
    """What is rolled back was not done: it leaves no entry and does not move the head."""
    planner = person("planner")
    record(planner, Action.PLACE_CHANGE, "place:P1", now=NOW)
    try:
        with transaction.atomic():
            record(planner, Action.PLACE_CHANGE, "place:P2", now=NOW)
            raise LookupError
    except LookupError:
        pass

    assert [entry.subject for entry in AuditEntry.objects.all()] == ["place:P1"]
    assert record(planner, Action.PLACE_CHANGE, "place:P3", now=NOW).number == AuditEntry.objects.count()
