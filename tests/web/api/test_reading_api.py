"""Reading by the API: scope, versions, keys."""

import json
from pathlib import Path

import pytest
from django.test import Client

from reassure_web.patrols.models import PlanRun
from reassure_web.tokens.models import GivenAnswer
from running_day import ON, SLUG, at, plan_document, running_day

ROOT = Path(__file__).resolve().parents[3]
DAY = f"/api/v1/areas/{SLUG}/days/{ON}"
SETTING = f"/api/v1/areas/{SLUG}/card-setting"
pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(monkeypatch, signed_in) -> Client:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("07:00"))
    running_day()
    return signed_in("planner")


def test_the_description_is_the_one_in_the_docs():
    """docs/api/openapi.json is what the product says of itself; `make openapi` writes it anew."""
    said = Client().get("/api/v1/openapi.json")

    assert json.loads((ROOT / "docs/api/openapi.json").read_text("utf-8")) == said.json()


def test_a_plan_is_its_document_signed_as_approved(planner):
    """The bytes that `reassure patrols check` takes."""
    answer = planner.get(f"{DAY}/plans/1")

    assert answer.json()["status"] == "approved"
    assert answer.json()["routes"] == plan_document()["routes"]


def test_what_the_caller_has_is_not_sent_again(planner):
    """304 to its ETag."""
    tag = planner.get(f"{DAY}/plans/1")["ETag"]

    again = planner.get(f"{DAY}/plans/1", headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_the_card_tells_nothing_of_others(planner, signed_in):
    """Own stops, no points, no other unit (security.md 1)."""
    answer = signed_in("officer").get("/api/v1/card")

    assert [stop["place_ref"] for stop in answer.json()["stops"]] == ["m1", "m2", "c1"]
    for word in ("s1", "points", "prize", "must", "Car 2"):
        assert word not in answer.content.decode(), word


@pytest.mark.parametrize("address", [f"{DAY}/plans/1", SETTING, f"{DAY}/runs/none"])
def test_another_forces_record_is_not_found(planner, signed_in, address):
    """The same words as for what does not exist."""
    elsewhere = signed_in("planner", refs=["DEMO-02"]).get(address)
    nothing = planner.get(address.replace(SLUG, "nowhere"))

    assert elsewhere.status_code == nothing.status_code == 404
    assert elsewhere.content == nothing.content


def test_places_come_in_pages_with_a_cursor(planner):
    """12 places of the hand-made plan on one page."""
    answer = planner.get("/api/v1/places").json()

    assert answer["n"] == 12
    assert answer["next_cursor"] == ""
    assert {"m1", "c1"} < {place["ref"] for place in answer["places"]}
    assert planner.get("/api/v1/places/m1").json()["name"] == "Generated m1"


def test_a_change_names_the_version_it_changes(planner, signed_in):
    """428 without, 409 with an old one, and the change only once."""
    commander = signed_in("commander")
    tag = commander.get(SETTING)["ETag"]

    def put(is_on: bool, **headers: str) -> int:
        body = json.dumps({"is_offline_on": is_on})
        return commander.put(SETTING, body, content_type="application/json", headers=headers).status_code

    assert put(True) == 428
    assert put(True, **{"If-Match": tag}) == 200
    assert put(True, **{"If-Match": tag}) == 409
    assert commander.get(SETTING).json() == {"is_offline_on": True}


def start(client: Client, key: str | None, seed: int = 1):
    headers = {"Idempotency-Key": key} if key else {}
    body = json.dumps({"seed": seed, "iterations": 100})
    return client.post(f"{DAY}/runs", body, content_type="application/json", headers=headers)


def test_a_key_starts_one_run(planner):
    """The same key again gives the same answer; with another body it is refused; without a key nothing starts."""
    first, again = start(planner, "key-number-1"), start(planner, "key-number-1")
    other, none = start(planner, "key-number-1", seed=2), start(planner, None)

    assert (first.status_code, first.json()["state"]) == (202, "waiting")
    assert (again.status_code, again.content) == (202, first.content)
    assert (other.status_code, none.status_code) == (422, 422)
    assert PlanRun.objects.count() == GivenAnswer.objects.count() == 1
    ref = first.json()["ref"]
    assert planner.get(f"{DAY}/runs/{ref}").json() == first.json()


def test_a_key_of_one_person_is_nothing_to_another(planner, signed_in):
    """Keys are each caller's own."""
    start(planner, "key-number-1")

    assert start(signed_in("planner"), "key-number-1", seed=2).status_code == 202
    assert PlanRun.objects.count() == 2
