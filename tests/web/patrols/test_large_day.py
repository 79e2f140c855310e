"""A large force's day: 40 units, 600 visits; pages stay light and ask no more questions than on a small day."""

import re

import pytest

from reassure.operations.rollup import day_counts
from reassure_web.engagement.models import Visit
from reassure_web.patrols.queries_day import plans_in_force
from running_day import AREA, ON, SLUG, at, plan_document, running_day
from sound_plan import option, place, sign, stop, unit

N_UNITS, N_EACH = 40, 15
BOARD_BYTES = 150_000
BOARD = f"/patrols/{SLUG}/{ON}/board/"
MAP = f"/patrols/{SLUG}/{ON}/plans/1/map/"
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def large_document():
    """40 units with 15 visits each, 30 minutes apart, of places with long names."""
    document = plan_document()
    names = [f"{u}-{n}" for u in range(N_UNITS) for n in range(N_EACH)]
    document["places"] = [place(f"p{name}", 52.5, "muslim", name=f"Generated Road Mosque {name}") for name in names]
    document["options"] = [option(f"p{name}", "", "any_time", ("08:00", "18:00"), 1000) for name in names]
    document["units"] = [unit(f"{u + 1}", f"Car {u + 1}", "car", 52.5, ("08:00", "18:00"), []) for u in range(N_UNITS)]
    document["occasions"] = document["needs"] = document["unvisited"] = []
    document["routes"] = [
        {
            "unit_ref": f"{u + 1}",
            "leave": at("08:00").isoformat(),
            "stops": [
                stop(f"p{u}-{n}", f"p{u}-{n}#any_time-1", (clock(n, 0), clock(n, 0), clock(n, 12)), 100, 0)
                for n in range(N_EACH)
            ],
            "breaks": [],
            "back": {"arrive": at("17:59").isoformat(), "travel_s": 100},
        }
        for u in range(N_UNITS)
    ]
    return sign(document)


def clock(n: int, minutes: int) -> str:
    total = 9 * 60 + n * 30 + minutes
    return f"{total // 60:02d}:{total % 60:02d}"


@pytest.fixture
def large(monkeypatch, person):
    """Half past twelve; every second visit is recorded."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("12:30"))
    running_day(document=large_document())
    officer = person("officer")
    visits = plans_in_force(AREA, ON)[-1].visits
    Visit.objects.bulk_create(
        Visit(
            client_id=f"0b2e4f6a-1111-4222-8333-{n:012d}",
            area_code=AREA,
            on=ON,
            unit_ref=planned.unit_ref,
            visit_ref=planned.ref,
            place_ref=planned.place_ref,
            kind="presence",
            method="tap",
            started_at=planned.starts_at,
            ended_at=planned.ends_at,
            outcome="nobody_in",
            received_at=planned.ends_at,
            recorded_by=officer,
        )
        for n, planned in enumerate(visits)
        if n % 2
    )


def test_the_board_of_a_large_day_is_light(large, signed_in, django_assert_max_num_queries):
    """150 kB of HTML at most, 12 questions as on a small day (web.md 8)."""
    client = signed_in("supervisor")
    client.get(BOARD)

    with django_assert_max_num_queries(12):
        answer = client.get(BOARD)

    assert "600 planned: 300 delivered" in answer.content.decode()
    assert len(answer.content) <= BOARD_BYTES


def test_the_card_of_a_large_day_asks_no_more(large, signed_in, django_assert_max_num_queries):
    """One crew's 15 stops, whatever the others have."""
    client = signed_in("officer")
    client.get("/card/")

    with django_assert_max_num_queries(12):
        answer = client.get("/card/")

    assert ">7</span> of 15 stops done" in answer.content.decode()


def test_the_map_of_a_large_day_is_drawn_in_groups_of_units(large, signed_in):
    """600 visits on one map could not be told apart: eight units at a time, each with a line, 150 kB at most."""
    client = signed_in("planner")

    first, last = client.get(f"{MAP}?units=0"), client.get(f"{MAP}?units=5")

    for page, units in ((first, range(1, 9)), (last, range(33, 41))):
        assert page.text.count("<polyline") == 8
        assert set(re.findall(r"Car (\d+), visit", page.text)) == {str(n) for n in units}
        assert len(page.content) <= BOARD_BYTES
    assert "All units" not in first.text


def test_a_large_day_adds_up(large):
    """600 = 300 + 0 + 300."""
    counts = day_counts(plans_in_force(AREA, ON)[-1].visits, [row.facts() for row in Visit.objects.all()])

    assert (counts.planned, counts.delivered, counts.open) == (600, 300, 300)
