"""Planning pages stay small and ask few questions, whatever the size of the day (web.md, section 8)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plan_documents import made_plan
from reassure.files.demo_ground import DEMO_DAY
from reassure_web.patrols import services_units
from reassure_web.patrols.models import Day, PatrolPlan, PlanRun, Unit
from web.patrols.conftest import BEFORE, DAY, FILES, SLUG

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_OF_GATHERING = 14
"""Need and units gather the inputs of a plan from four rooms (decision 0176)."""

MOST_BYTES = 150_000


def n_queries(client, address):
    """How many questions a page asks; what a session writes on its own is left out."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE", 'UPDATE "django_session')) for q in asked)


def big_plan(planner, n_units=40, n_places=1_800):
    """A stored plan of a made-up area with this size."""
    document = made_plan(n_places=n_places, n_units=n_units)
    day, _ = Day.objects.get_or_create(
        area_code="DEMO-01", on=DEMO_DAY, defaults={"sealed_salt": "sealed", "made_at": BEFORE}
    )
    return PatrolPlan.objects.create(
        day=day, number=day.plans.count() + 1, document=document, digest=document["digest"], what="Made up",
        written_by=planner, made_at=BEFORE,
    )  # fmt: skip


@pytest.fixture
def client(planner, clock, signed_in):
    """A planner's browser."""
    return signed_in("planner")


def test_the_page_of_a_big_plan_weighs_less_than_150_kb(planner, client):
    """More than 600 visits by 80 units: the first page with its timeline, visits, what is not visited, the map."""
    plan = big_plan(planner, n_units=80)
    n_visits = sum(len(route["stops"]) for route in plan.document["routes"])
    assert n_visits >= 600

    for page in ("", "visits/", "unmet/", "fairness/", "map/"):
        assert len(client.get(f"{DAY}plans/{plan.number}/{page}").content) <= MOST_BYTES, page


@pytest.mark.parametrize("page", ["", "visits/", "unmet/", "fairness/", "order/", "map/"])
def test_a_plan_asks_as_many_questions_for_ten_visits_as_for_hundreds(page, planner, client):
    """Everything is in the document."""
    small, big = big_plan(planner, n_units=2, n_places=20), big_plan(planner)

    few = n_queries(client, f"{DAY}plans/{small.number}/{page}")
    many = n_queries(client, f"{DAY}plans/{big.number}/{page}")

    assert few == many <= MOST_QUERIES


def test_a_day_asks_as_many_questions_with_many_units_and_plans(planner, client):
    """The task list, the days, the runs."""
    pages = (f"/patrols/{SLUG}/", DAY, f"{DAY}runs/")
    services_units.import_units(planner, SLUG, DEMO_DAY, FILES["units.csv"], "units.csv", now=BEFORE)
    few = [n_queries(client, page) for page in pages]

    one = Unit.objects.first()
    for n in range(200):
        one.pk, one.ref = None, f"copy-{n}"
        one.save()
    for _ in range(5):
        big_plan(planner, n_units=2, n_places=20)

    many = [n_queries(client, page) for page in pages]
    assert max(many) <= MOST_QUERIES
    assert [b - a for a, b in zip(few, many, strict=True)] == [0, 0, 0]


@pytest.mark.parametrize("page", ["need/", "units/"])
def test_gathering_a_day_asks_a_fixed_number_of_questions(page, planner, client):
    """120 places or 20: the same."""
    services_units.import_units(planner, SLUG, DEMO_DAY, FILES["units.csv"], "units.csv", now=BEFORE)

    assert n_queries(client, DAY + page) <= MOST_OF_GATHERING


def test_watching_a_run_that_has_not_changed_asks_three_questions(planner, client):
    """The session, the grants, the number."""
    day = Day.objects.create(area_code="DEMO-01", on=DEMO_DAY, sealed_salt="sealed", made_at=BEFORE)
    PlanRun.objects.create(
        ref="0123456789ab", day=day, kind="plan", inputs="{}", input_hash="0" * 64, software="0", asked_by=planner,
        asked_at=BEFORE, version=4,
    )  # fmt: skip
    address = f"{DAY}runs/0123456789ab/state/"
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        response = client.get(address, headers={"If-None-Match": '"4"'})

    assert response.status_code == 304
    assert response.content == b""
    assert len(asked) <= 3
    assert client.get(address, headers={"If-None-Match": '"3"'}).status_code == 200
