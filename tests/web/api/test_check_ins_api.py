"""Check-ins by the API: what phones send, by token and by session, once each."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from reassure_web.audit.models import AuditEntry
from reassure_web.engagement.models import Visit
from running_day import AREA, ON, at, running_day, visit

NOON = at("12:30")
URL = "/api/v1/check-ins"
pytestmark = pytest.mark.django_db


@pytest.fixture
def at_noon(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def phone(at_noon, signed_in) -> Client:
    running_day()
    return signed_in("officer")


def as_json(sent: Any) -> dict[str, Any]:
    """A record as a phone sends it."""
    return {
        "client_id": sent.client_id,
        "area_code": sent.area_code,
        "on": sent.on.isoformat(),
        "unit_ref": sent.unit_ref,
        "visit_ref": sent.visit_ref,
        "place_ref": sent.place_ref,
        "started_at": sent.started_at.isoformat(),
        "ended_at": sent.ended_at and sent.ended_at.isoformat(),
        "outcome": sent.outcome,
    }


def send(client: Client, *records: Any, **headers: str) -> Any:
    body = {"sent_at": NOON.isoformat(), "records": [as_json(record) for record in records]}
    return client.post(URL, json.dumps(body), content_type="application/json", headers=headers)


def states(answer: Any) -> list[str]:
    return [result["state"] for result in answer.json()["results"]]


def test_a_phone_sends_all_that_waited(phone):
    """Each record has its own answer, and a refused one holds no other up."""
    answer = send(phone, visit(), visit("m2", "12:31"), visit("nowhere"))

    assert answer.status_code == 200
    assert states(answer) == ["new", "new", "refused"]
    assert "place_ref" in answer.json()["results"][2]["problems"][0]
    assert Visit.objects.count() == 2
    assert AuditEntry.objects.filter(action="visit.check_in", outcome="refused").count() == 1


def test_sending_again_changes_nothing(phone):
    """The answer was lost on the way; the phone sends once more."""
    record = visit()

    assert states(send(phone, record)) == ["new"]
    assert states(send(phone, record)) == ["same"]
    assert Visit.objects.count() == 1


def test_what_a_phone_sends_is_what_its_card_shows(phone):
    """The phone's time of sending is kept beside ours."""
    send(phone, visit())

    row = Visit.objects.get()
    assert (row.device_sent_at, row.received_at) == (NOON, NOON)
    assert "Delivered" in phone.get("/card/").content.decode()


def test_a_session_needs_its_csrf_token(at_noon, signed_in):
    """A page elsewhere cannot check in for somebody."""
    running_day()
    user = signed_in("officer")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = user.cookies

    assert send(strict, visit()).status_code == 403
    assert not Visit.objects.exists()


def test_nobody_is_told_so(at_noon):
    """401 and the way problems are said, no way to a sign-in page."""
    answer = send(Client(), visit())

    assert answer.status_code == 401
    assert answer.json()["problems"]


@pytest.mark.parametrize("role", ["planner", "supervisor", "trustee", "admin"])
def test_others_are_refused_with_an_entry(at_noon, signed_in, role):
    """Naming who may."""
    answer = send(signed_in(role), visit())

    assert answer.status_code == 403
    assert "officer" in answer.json()["problems"][0]["text"]
    assert AuditEntry.objects.filter(outcome="refused").count() == 1


def test_a_token_acts_as_the_holder_of_its_grant(at_noon, token_of):
    """No session, no CSRF token: the bearer token alone."""
    running_day()
    answer = send(Client(enforce_csrf_checks=True), visit(), Authorization=f"Bearer {token_of('officer')}")

    assert states(answer) == ["new"]


def test_a_token_ends(at_noon, token_of, monkeypatch):
    """30 days, and one more second is too late."""
    running_day()
    token = token_of("officer")
    client = Client()

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(days=30))

    assert client.get("/api/v1/card", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_malformed_records_are_named_field_by_field(phone):
    """422 with the field, nothing kept."""
    body = {"sent_at": "yesterday", "records": [{"client_id": "7"}]}

    answer = phone.post(URL, json.dumps(body), content_type="application/json")

    assert answer.status_code == 422
    columns = {problem["column"] for problem in answer.json()["problems"]}
    assert any("sent_at" in column for column in columns)
    assert any("client_id" in column for column in columns)
    assert not Visit.objects.exists()


def test_a_check_in_asks_the_database_ten_times(phone, django_assert_max_num_queries):
    """Sign-in, place, record, board, audit: 10 at most (web.md 8); savepoints are the test's own."""
    send(phone, visit())

    with django_assert_max_num_queries(12):
        send(phone, visit("m2", "12:31"))
    assert Visit.objects.filter(area_code=AREA, on=ON).count() == 2
