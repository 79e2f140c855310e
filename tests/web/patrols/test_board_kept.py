"""A board is made once for all who watch it; whether they may is asked each time, and nothing old is shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reassure_web.engagement import services
from reassure_web.patrols.queries_board import version_of
from reassure_web.places.models import Area
from running_day import ON, SLUG, at, running_day, visit

ROWS = f"/patrols/{SLUG}/{ON}/board/rows/"
pytestmark = pytest.mark.django_db


def asked_of(client):
    """The rows, and which tables were asked for them."""
    with CaptureQueriesContext(connection) as asked:
        rows = client.get(ROWS).content.decode()
    return rows, {query["sql"].partition(' FROM "')[2].partition('"')[0] for query in asked}


def test_the_second_who_watches_gets_the_same_rows_and_no_visit_is_read_again(officer, signed_in):
    """Two supervisors of an area; only their own rights are looked at for the second."""
    first, tables = asked_of(signed_in("supervisor"))
    second, again = asked_of(signed_in("supervisor"))

    assert second == first
    assert "Generated m1" in first
    assert "engagement_visit" in tables
    assert "engagement_visit" not in again
    assert "accounts_rolegrant" in again


def test_who_may_not_watch_gets_nothing_of_a_board_that_is_kept(officer, signed_in):
    """Another force's supervisor does not find it, an officer of the area is refused."""
    signed_in("supervisor").get(ROWS)

    assert signed_in("supervisor", refs=["DEMO-02"]).get(ROWS).status_code == 404
    assert signed_in("officer").get(ROWS).status_code in {403, 404}


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (lambda officer: services.record_visit(officer, visit("m1", "12:15", 5), now=at("12:20")), "</a> Short"),
        (lambda officer: running_day(), "Generated m1"),  # another plan is approved: its visits are asked for as well
    ],
)
def test_what_happens_shows_at_once_to_both(happens, words, officer, signed_in):
    """The next who asks gets a new board."""
    one, other = signed_in("supervisor"), signed_in("supervisor")
    one.get(ROWS)

    happens(officer)

    after = [asked_of(client) for client in (one, other)]
    assert after[0][0] == after[1][0]
    assert words in after[0][0]
    assert "engagement_visit" in after[0][1]


def test_boards_of_different_areas_turn_their_minute_at_different_seconds():
    """46 areas: at most two boards become new in the same second, and each once a minute."""
    areas = [Area(pk=number, code=f"A{number}") for number in range(1, 47)]
    seconds = [at(f"12:20:{second:02}") for second in range(60)]

    turns = [
        sum(version_of(area, 7, now) != version_of(area, 7, before) for area in areas)
        for before, now in zip([at("12:19:59"), *seconds], seconds, strict=False)
    ]

    assert max(turns) <= 2
    assert sum(turns) == 46
