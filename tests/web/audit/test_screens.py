"""What an auditor sees, and what happens when a use case says no."""

import csv
import io

import pytest

from reassure.access.allowed import Action
from reassure.errors import InputError, NotAllowedError, Problem, RuleError
from reassure_web.audit.models import AuditEntry
from reassure_web.audit.services import PausedError, record, record_seen
from reassure_web.pages import views as pages
from web.conftest import NOW


def test_the_audit_shows_nothing_without_a_reason(signed_in, person):
    """The form asks for one; only then are there entries, and the reason is one of them."""
    record(person("planner"), Action.PLACE_CHANGE, "place:P1", now=NOW)
    client = signed_in("auditor")

    without = client.get("/audit/?reason=&action=place.change")
    assert without.context["form"].errors["reason"] == ["Say why you look at the audit"]
    assert without.context["page"] is None
    found = client.get("/audit/?reason=complaint+7&action=place.change")

    assert [entry.subject for entry in found.context["page"]] == ["place:P1"]
    own = AuditEntry.objects.get(action="audit.read")
    assert (own.person, own.reason, own.outcome) == (client.user, "complaint 7", "listed")


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("action=place.read", ["place:P2"]),
        ("outcome=done", ["place:P3", "place:P1"]),
        ("subject=place:P3", ["place:P3"]),
        ("person=planner1@demo.example", ["place:P2", "place:P1"]),
        ("since=2026-11-28", []),
        ("until=2026-11-27", ["place:P3", "place:P2", "place:P1"]),
        ("until=2026-11-26", []),
    ],
)
def test_entries_are_found_by_who_what_and_when(query, subjects, signed_in, person):
    """Newest first; days are civil days in London, the last one to its end."""
    planner, adviser = person("planner"), person("adviser")
    record(planner, Action.PLACE_CHANGE, "place:P1", now=NOW)
    record_seen(planner, Action.PLACE_READ, "place:P2", now=NOW)
    record(adviser, Action.PLACE_CHANGE, "place:P3", now=NOW)

    page = signed_in("auditor").get(f"/audit/?reason=r&{query}").context["page"]

    assert [entry.subject for entry in page] == subjects


def test_the_audit_comes_in_pages_of_fifty_with_few_queries(signed_in, person, django_assert_max_num_queries):
    """The same few questions for ten entries and for a thousand."""
    planner = person("planner")
    for n in range(120):
        record(planner, Action.PLACE_CHANGE, f"place:P{n}", now=NOW)
    client = signed_in("auditor")
    client.get("/audit/")

    with django_assert_max_num_queries(12):
        page = client.get("/audit/?reason=r&action=place.change&page=3").context["page"]

    assert (page.number, len(page), page.paginator.count) == (3, 20, 120)


def test_entries_go_out_as_a_file_that_no_spreadsheet_runs(signed_in, person):
    """Formulas get an apostrophe; the file is an entry with its number of rows."""
    record(person("planner"), Action.PLACE_CHANGE, "place:P1", now=NOW, reason="=HYPERLINK(1)")
    client = signed_in("auditor")

    answer = client.post("/audit/export/", {"reason": "complaint 7", "action": "place.change"})

    head, row = csv.reader(io.StringIO(answer.text))
    assert dict(zip(head, row, strict=True))["reason"] == "'=HYPERLINK(1)"
    assert dict(zip(head, row, strict=True))["at"] == "2026-11-27T05:10:00+00:00"
    assert answer["Content-Disposition"].startswith("attachment")
    own = AuditEntry.objects.get(action="audit.read")
    assert (own.outcome, own.reason) == ("exported", "complaint 7")
    assert own.subject.endswith("rows:1")
    assert client.post("/audit/export/", {"reason": ""}).status_code == 422


def test_the_auditor_checks_the_chain_and_reads_reasons_given_after_a_pause(signed_in, person):
    """Both stand at the top of the page."""
    officer = signed_in("officer")
    officer.post("/pause/", {"reason": "Handing over my shift", "next": "/"})
    client = signed_in("auditor")

    client.post("/audit/verify/")
    page = client.get("/audit/")

    assert "whole" in page.text
    assert "Handing over my shift" in page.text


@pytest.fixture
def home_says(monkeypatch):
    """Let the first page fail with an error of ours."""

    def say(error: Exception) -> None:
        def raises(*_args: object, **_kwargs: object) -> None:
            raise error

        monkeypatch.setattr(pages, "render", raises)

    return say


def test_a_refusal_is_a_page_that_names_who_can_and_an_entry(home_says, signed_in):
    """403, and one entry `refused` with the action and the address."""
    home_says(NotAllowedError("You may not approve plans. Who may: commander.", action="plan.approve"))
    client = signed_in("planner")

    page = client.get("/")

    assert page.status_code == 403
    assert "Who may: commander." in page.text
    entry = AuditEntry.objects.get()
    assert (entry.person, entry.action, entry.outcome, entry.subject) == (
        client.user,
        "plan.approve",
        "refused",
        "GET /",
    )
    assert entry.request_id == page["X-Request-Id"]


@pytest.mark.parametrize("error", [RuleError("The bid is late."), InputError([Problem("lat_deg", "91", "49 to 61")])])
def test_an_error_that_no_form_caught_is_a_page_with_all_problems(error, home_says, signed_in):
    """422, the words of the error, and no entry: nothing was refused and nothing was done."""
    home_says(error)

    page = signed_in("planner").get("/")

    assert page.status_code == 422
    assert str(error) in page.text
    assert not AuditEntry.objects.exists()


def test_the_sixty_first_record_asks_why_and_then_goes_on(home_says, signed_in):
    """429 with the question; the reason leads back to the record, and never to another host."""
    home_says(PausedError("You opened 60 records in 10 minutes. Say why before you go on."))
    client = signed_in("planner")

    page = client.get("/?a=1")
    assert page.status_code == 429
    assert page.context["form"].initial["next"] == "/?a=1"
    assert client.post("/pause/", {"reason": " ", "next": "/?a=1"}).status_code == 422
    assert client.post("/pause/", {"reason": "Flood", "next": "/?a=1"})["Location"] == "/?a=1"
    assert client.post("/pause/", {"reason": "Flood", "next": "https://elsewhere.example/"})["Location"] == "/"

    assert [entry.outcome for entry in AuditEntry.objects.order_by("number")] == ["refused", "done", "done"]
