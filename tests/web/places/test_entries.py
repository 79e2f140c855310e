"""Every write of the register and of occasions leaves one entry, and none that does nothing."""

import pytest
from django.urls import reverse

from reassure_web.audit.models import AuditEntry
from web.url_matrix import ROWS

WRITES = {
    "places:duplicate": "place.change",
    "places:duplicate_undo": "place.change",
    "places:duplicates_look": "place.change",
    "places:import_accept": "place.import",
    "places:import_drop": "place.import",
    "places:report": "place.read",
    "places:settle": "place.change",
    "occasions:discard": "occasion.change",
    "occasions:rule_end": "occasion.change",
    "occasions:timetable_accept": "occasion.change",
    "occasions:timetable_drop": "occasion.change",
}


def posted(client, name):
    """Send what the row of an address says, and give what came into the audit."""
    row = ROWS[name]
    url = reverse(name, kwargs=dict(row.kwargs()))
    before = AuditEntry.objects.count()
    response = client.post(url, dict(row.data()))
    return response, list(AuditEntry.objects.order_by("number")[before:])


@pytest.mark.parametrize(("name", "action"), WRITES.items())
def test_a_write_leaves_one_entry_with_a_reference_and_no_content(signed_in, db, name, action):
    """Who, what, when and on which record: once."""
    planner = signed_in("planner")

    response, entries = posted(planner, name)

    assert response.status_code == 302
    assert [(e.action, e.outcome, e.person) for e in entries] == [(action, "done", planner.user)]
    assert "Demo" not in entries[0].subject


def test_a_second_click_changes_nothing_and_leaves_no_entry(signed_in, db):
    """Ending a rule twice, settling a report twice, dropping a file twice: one write each."""
    planner = signed_in("planner")
    for name in ("occasions:rule_end", "places:settle", "places:import_drop", "occasions:timetable_drop"):
        row = ROWS[name]
        url = reverse(name, kwargs=dict(row.kwargs()))
        planner.post(url)
        before = AuditEntry.objects.count()

        assert planner.post(url).status_code == 302
        assert AuditEntry.objects.count() == before, name
