"""What people read when something goes wrong, and that nothing they typed is lost."""

import re
from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.test import Client

from reassure_web.accounts.tasks import Task
from reassure_web.pages import queries
from reassure_web.pages.queries import waiting_for
from reassure_web.pages.views import fault

NOW = datetime(2026, 11, 27, 5, 10, tzinfo=UTC)


def hidden_fields(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


@pytest.fixture
def away(monkeypatch):
    def fail(*_: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("reassure_web.pages.queries.waiting_for", fail)


def test_an_address_that_is_not_there_says_so_without_saying_why(signed_in):
    """The same words for what does not exist and for what is somebody else's."""
    answer = signed_in("planner").get("/no/such/page/")

    assert answer.status_code == 404
    assert "it does not exist, or it is not yours to see" in answer.content.decode()


def test_a_database_that_is_away_is_not_our_fault_and_says_when_to_try_again(signed_in, away):
    """503 with a time, on a page that asks the database for nothing."""
    client = signed_in("planner")
    client.raise_request_exception = False

    answer = client.get("/?faith=any")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert 'href="/?faith=any"' in answer.content.decode()


def test_what_was_typed_survives_a_fault(rf):
    """A form that could not be saved can be sent again from the page of the fault; passwords and codes are left out."""
    typed = {"name": "Hall <1>", "postcode": "QQ1 1AA", "old_password": "secret words", "code": "123456"}
    try:
        raise OperationalError("server closed the connection")
    except OperationalError:
        answer = fault(rf.post("/places/P1/edit/?tab=1", typed))
    html = answer.content.decode()

    assert answer.status_code == 503
    assert 'action="/places/P1/edit/?tab=1"' in html
    assert hidden_fields(html) == {"name": "Hall &lt;1&gt;", "postcode": "QQ1 1AA"}


def test_a_form_that_outlived_its_session_can_be_sent_again(person):
    """After a sign-out nothing typed is lost: the page holds it, with a new token."""
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/", {"name": "Hall", "password": "secret words"})
    html = answer.content.decode()

    assert answer.status_code == 403
    assert "open for too long" in html
    fields = hidden_fields(html)
    assert fields.pop("csrfmiddlewaretoken")
    assert fields == {"name": "Hall"}


def test_a_fault_of_ours_is_told_without_its_inside(signed_in, monkeypatch):
    """Nothing of the program, the data or the query stands on the page."""
    monkeypatch.setattr("reassure_web.pages.queries.waiting_for", lambda *_: {}["secret-key"])
    client = signed_in("planner")
    client.raise_request_exception = False

    html = client.get("/").content.decode()

    assert "The fault is ours" in html
    assert "secret-key" not in html


def test_a_room_that_fails_does_not_hide_what_others_have_to_do(person, monkeypatch):
    """The first page names the silent room; the rest stays, the earliest deadline first."""
    late = Task("Approve plan 1", "/a/", datetime(2026, 11, 27, 12, tzinfo=UTC))
    soon = Task("Read 3 times", "/b/", datetime(2026, 11, 27, 8, tzinfo=UTC))
    whenever = Task("Decide 2 pairs", "/c/")
    sources = {"Places": lambda *_: [whenever, soon], "Patrols": lambda *_: [late], "Broken": lambda *_: 1 / 0}
    monkeypatch.setattr(queries, "SOURCES", sources)

    waiting = waiting_for(person("planner"), NOW)

    assert waiting.tasks == (soon, late, whenever)
    assert waiting.silent == ("Broken",)


def test_somebody_with_nothing_to_do_is_told_so(signed_in, monkeypatch):
    """An empty list is a sentence, not an empty page."""
    monkeypatch.setattr(queries, "SOURCES", {})

    html = signed_in("planner").get("/").content.decode()

    assert "Nothing needs you now" in html


def test_somebody_without_a_role_reads_what_happens_next(signed_in):
    """No role yet is not an error."""
    html = signed_in("outsider").get("/").content.decode()

    assert "You have no role yet" in html
    assert 'aria-label="Rooms"' not in html


@pytest.mark.parametrize("role", ["planner", "commander", "coordinator", "auditor"])
def test_the_first_page_asks_the_database_at_most_12_times(role, signed_in, django_assert_max_num_queries):
    """However many tasks there are."""
    client = signed_in(role)
    client.get("/")

    with django_assert_max_num_queries(12):
        client.get("/")
