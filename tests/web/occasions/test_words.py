"""What a place says of a date, rules that people type, and texts that nobody could read."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reassure.periods import london_wall
from reassure_web.audit.models import AuditEntry
from reassure_web.occasions.models import Rule
from reassure_web.occasions.queries import area_occasions
from reassure_web.places.models import Place
from reassure_web.places.queries_tasks import tasks_for
from web.occasions.records import rule
from web.places.records import place

SOURCE = {"source": "Call with the secretary", "length_min": "65"}


@pytest.fixture
def sunday():
    """The next Sunday, since words are about days near today."""
    today = london_wall(timezone.now()).date()
    return today + timedelta(days=(6 - today.weekday()) % 7 or 7)


def on(day: date):
    """The occasions of the demo area on a day."""
    return area_occasions("DEMO-01", day, day)


def test_a_confirmed_occasion_has_confidence_a(signed_in, db, sunday):
    """As usual, said by the place: the times stay, the confidence is A."""
    place()

    signed_in("planner").post(f"/occasions/places/P1/{sunday}/sunday_main/", SOURCE | {"says": "confirmed"})

    assert [(o.confidence, o.status, o.source_ref) for o in on(sunday)] == [("A", "confirmed", SOURCE["source"])]


def test_a_cancelled_occasion_stays_visible(signed_in, db, sunday):
    """Cancelled, with its own times; the page says so; nobody is counted there."""
    place()
    planner = signed_in("planner")

    planner.post(f"/occasions/places/P1/{sunday}/sunday_main/", SOURCE | {"says": "cancelled"})

    assert [(o.status, o.starts_at.astimezone().minute) for o in on(sunday)] == [("cancelled", 30)]
    assert "1 of them cancelled" in planner.get(f"/occasions/demo/{sunday}/").text


def test_other_times_stand_over_the_usual_ones(signed_in, db, sunday):
    """Two congregations at 09:00 and 12:00; correcting again replaces them, it does not add a third."""
    place()
    planner = signed_in("planner")
    address = f"/occasions/places/P1/{sunday}/sunday_main/"

    planner.post(address, SOURCE | {"says": "times", "starts": "09:00, 12:00"})
    assert [london_wall(o.starts_at).hour for o in on(sunday)] == [9, 12]
    planner.post(address, SOURCE | {"says": "times", "starts": "15:00"})

    assert [london_wall(o.starts_at).hour for o in on(sunday)] == [15]
    assert Rule.objects.filter(ended_at=None).count() == 1
    assert Rule.objects.count() == 3


def test_a_later_word_stands_over_an_earlier_one(signed_in, db, sunday):
    """Cancelled, then confirmed after all."""
    place()
    planner = signed_in("planner")
    address = f"/occasions/places/P1/{sunday}/sunday_main/"

    planner.post(address, SOURCE | {"says": "cancelled"})
    planner.post(address, SOURCE | {"says": "confirmed"})

    assert [o.status for o in on(sunday)] == ["confirmed"]
    assert "Gives way to a later word of the place" in planner.get(address).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"says": "times", "starts": ""}, "expected at least one time such as 13:15"),
        ({"says": "times", "starts": "10.30"}, "such as 10:30"),
        ({"says": "times", "starts": "25:00"}, "expected 00:00 to 23:59"),
        ({"says": "times", "starts": "10:00", "source": ""}, "Say where you have it from."),
        ({"says": ""}, "Choose what the place says."),
    ],
)
def test_slips_are_named_and_nothing_typed_is_lost(signed_in, db, sunday, typed, says):
    """A time that cannot be read, nothing said, no source: told at the field, and no word is kept."""
    place()

    response = signed_in("planner").post(f"/occasions/places/P1/{sunday}/sunday_main/", SOURCE | typed)

    assert response.status_code == 422
    assert says in response.text
    assert not Rule.objects.exists()


def test_a_date_long_past_can_no_longer_be_confirmed(signed_in, db, sunday):
    """Over 30 days back nobody says anything any more."""
    place()
    long_ago = sunday - timedelta(days=56)

    response = signed_in("planner").post(
        f"/occasions/places/P1/{long_ago}/sunday_main/", SOURCE | {"says": "confirmed"}
    )

    assert response.status_code == 422
    assert "expected a date at most 30 days back" in response.text


def test_a_kind_that_does_not_exist_is_refused(signed_in, db, sunday):
    """An address with an invented kind of occasion writes nothing."""
    place()

    response = signed_in("planner").post(f"/occasions/places/P1/{sunday}/disco/", SOURCE | {"says": "confirmed"})

    assert response.status_code == 422
    assert not Rule.objects.exists()


RULE = {"key": "sunday_main", "days": ["6"], "starts": "08:00, 10:00", "rank": "3", "source": "notice board"}


def test_a_typed_rule_holds_every_week_and_settles_the_text(signed_in, db, sunday):
    """Plain English waits; after somebody typed the rule it waits no longer, and the occasions follow the rule."""
    place("P1", times="Sundays at eight and ten")
    planner = signed_in("planner")
    assert "Sundays at eight and ten" in planner.get("/occasions/unread/").text
    assert [task.text for task in tasks_for(planner.user, timezone.now())] == ["Read 1 text of service times"]

    planner.post("/occasions/places/P1/rule/", RULE)

    assert "All times are read." in planner.get("/occasions/unread/").text
    assert not tasks_for(planner.user, timezone.now())
    assert [london_wall(s.starts_at).hour for o in on(sunday) for s in o.sittings] == [8, 10]


def test_a_text_that_says_nothing_is_thrown_away(signed_in, db):
    """Thrown away is not deleted: the text stays with the place."""
    place("P1", times="see website")

    signed_in("planner").post("/occasions/places/P1/discard/")

    row = Place.objects.get()
    assert (row.times_state, row.service_times) == ("discarded", "see website")


def test_an_ended_rule_is_kept_and_holds_no_longer(signed_in, db, sunday):
    """The usual time comes back; the rule stays with who ended it."""
    held = rule("P1")
    planner = signed_in("planner")

    planner.post(f"/occasions/places/P1/rules/{held.pk}/end/")

    assert [o.confidence for o in on(sunday)] == ["D"]
    assert Rule.objects.get().ended_by == planner.user


def test_each_change_leaves_one_entry(signed_in, db, sunday):
    """One entry for a word, with place, kind and date and no content."""
    place()
    signed_in("planner").post(f"/occasions/places/P1/{sunday}/sunday_main/", SOURCE | {"says": "confirmed"})

    entries = AuditEntry.objects.filter(action="occasion.change", outcome="done")
    assert [entry.subject for entry in entries] == [f"place:P1 sunday_main {sunday}"]


def test_readers_see_times_without_buttons(signed_in, db):
    """A trustee sees when the own place gathers and who says so."""
    rule("P1")
    text = signed_in("trustee").get("/occasions/places/P1/").text

    assert "Sunday at 10:00, all year" in text
    assert "End this rule" not in text
