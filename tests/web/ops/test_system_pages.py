"""Administrators see how the installation is and what is to be erased; a second one erases."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from reassure.access.allowed import Action
from reassure_web.audit.models import AuditEntry
from reassure_web.audit.services import record
from reassure_web.pages.models import ErasureAsked, Hold
from reassure_web.pages.services_erasures import erasures_file
from reassure_web.patrols.models import Day, PlanRun

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of its own, for the list of erasures."""
    settings.HOME = tmp_path


@pytest.fixture
def due(db):
    """Two sessions that ended long ago."""
    for n in range(2):
        Session.objects.create(session_key=f"old{n}", session_data="", expire_date=LONG_AGO)


def text(response) -> str:
    """The page with its spaces made one."""
    return " ".join(response.content.decode().split())


def test_one_administrator_asks_and_another_erases(signed_in, due):
    """The counts are shown before; who asked cannot erase; then the rows are gone and the list knows."""
    first, second = signed_in("admin"), signed_in("admin")

    first.post("/retention/ask/")
    asked = ErasureAsked.objects.get()
    own, others = text(first.get("/retention/")), text(second.get("/retention/"))
    refused = first.post(f"/retention/{asked.pk}/erase/")
    second.post(f"/retention/{asked.pk}/erase/")

    assert "to erase 2 rows" in own
    assert "Another administrator has to erase them." in own
    assert re.search(r"Records of sign-ins, before \w{3} \d+ \w{3} \d{4}: sessions 2", others)
    assert refused.status_code == 403
    assert not Session.objects.filter(session_key__startswith="old").exists()
    assert erasures_file().exists()
    assert f"2 rows; confirmed by account {second.user.pk}" in text(second.get("/retention/"))


def test_an_erasure_that_was_withdrawn_erases_nothing(signed_in, due):
    """Either may withdraw; what is withdrawn or done cannot be erased."""
    first, second = signed_in("admin"), signed_in("admin")
    first.post("/retention/ask/")
    asked = ErasureAsked.objects.get()

    first.post(f"/retention/{asked.pk}/withdraw/")
    late = second.post(f"/retention/{asked.pk}/erase/")

    assert late.status_code == 422
    assert "done or withdrawn" in text(late)
    assert Session.objects.filter(session_key__startswith="old").count() == 2


def test_what_became_due_after_the_counts_were_shown_stops_the_erasure(signed_in, due):
    """The second administrator erases what the first one counted, or nothing."""
    first, second = signed_in("admin"), signed_in("admin")
    first.post("/retention/ask/")
    Session.objects.create(session_key="old9", session_data="", expire_date=LONG_AGO)

    refused = second.post(f"/retention/{ErasureAsked.objects.get().pk}/erase/")

    assert "3 rows are due, and 2 were confirmed" in text(refused)
    assert Session.objects.filter(session_key__startswith="old").count() == 3


def test_one_erasure_waits_at_a_time_and_only_where_something_is_due(signed_in, due):
    """Asking twice is refused; so is asking where nothing is due."""
    admin = signed_in("admin")

    admin.post("/retention/ask/")
    again = text(admin.post("/retention/ask/"))
    admin.post(f"/retention/{ErasureAsked.objects.get().pk}/withdraw/")
    Session.objects.filter(session_key__startswith="old").delete()

    assert "waits for a second administrator" in again
    assert "Nothing is due" in text(admin.post("/retention/ask/"))


def test_a_hold_is_placed_and_lifted_with_reasons(signed_in):
    """A form without a reason comes back with what was typed; the auditor sees the hold and no button."""
    admin, auditor = signed_in("admin"), signed_in("auditor")

    wrong = admin.post("/retention/holds/", {"kind": "check_ins", "area_code": "DEMO-01", "reason": ""})
    admin.post("/retention/holds/", {"kind": "check_ins", "area_code": "DEMO-01", "reason": "An inquiry."})
    seen = text(auditor.get("/retention/"))
    admin.post(f"/retention/holds/{Hold.objects.get().pk}/lift/", {"reason": "It is over."})

    assert wrong.status_code == 422
    assert "Say why it has to stay" in text(wrong)
    assert 'value="DEMO-01"' in text(wrong)
    assert "DEMO-01: An inquiry." in seen
    assert "<form" not in seen.split("<main")[1].split("</main>")[0]
    assert Hold.objects.get().lifted_at is not None


def test_health_says_what_is_late_and_how_to_mend_it(signed_in, person):
    """Without a backup, and with a run that waits for an hour, the page says which command to run; else not."""
    admin, now = signed_in("admin"), timezone.now()
    day = Day.objects.create(area_code="DEMO-01", on=now.date(), sealed_salt="s", made_at=now)
    run = PlanRun.objects.create(
        ref="r", day=day, kind="plan", inputs="", input_hash="", software="1", asked_by=person("planner"),
        asked_at=now - timedelta(hours=1),
    )  # fmt: skip

    before = text(admin.get("/system/"))
    run.delete()
    record(None, Action.SYSTEM_CHANGE, "backup:reassure-1", now=now - timedelta(hours=25, minutes=30))
    after = text(admin.get("/system/"))

    assert "The oldest waits since 1 h 0 min ago" in before
    assert "reassure-web background" in before
    assert "reassure-web backup --out" in before
    assert "25 h 30 min ago" in after
    assert "Late" not in after


def test_the_audit_is_checked_on_the_page(signed_in):
    """Every hash is computed anew and the number of entries told."""
    auditor = signed_in("auditor")
    for n in range(3):
        record(None, Action.PLACE_READ, f"place:P{n}", now=timezone.now(), outcome="seen")

    page = text(auditor.post("/system/"))

    assert f"The audit holds: {AuditEntry.objects.count()} entries computed anew." in page


def test_pages_ask_few_questions(signed_in, due, django_assert_max_num_queries):
    """At most 12, as for every page, with an erasure and ten holds as without."""
    admin = signed_in("admin")
    admin.post("/retention/ask/")
    for n in range(10):
        Hold.objects.create(kind="check_ins", area_code=f"A{n}", reason="why", placed_by=admin.user, placed_at=LONG_AGO)

    for address in ("/system/", "/retention/"):
        with django_assert_max_num_queries(12):
            admin.get(address)
