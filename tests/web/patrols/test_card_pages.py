"""The officer's card with HTML alone: own stops, three taps, and nothing of anybody else."""

import pytest
from django.test import Client

from reassure.patrols.stops import visit_ref
from reassure_web.audit.models import AuditEntry
from reassure_web.engagement import queries
from reassure_web.engagement.models import CardSetting, Visit
from running_day import AREA, ON, at, running_day, visit

M1, M2, C1, S1 = (visit_ref(ref) for ref in ("m1", "m2", "c1", "s1"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def at_noon(monkeypatch):
    """It is 12:20 on the day of the plan."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("12:20"))


@pytest.fixture
def officer(at_noon, signed_in) -> Client:
    running_day()
    return signed_in("officer")


def test_the_card_shows_own_stops_in_order(officer):
    """Unit 1 goes to m1, m2 and c1."""
    page = officer.get("/card/").content.decode()

    assert page.index("Generated m1") < page.index("Generated m2") < page.index("Generated c1")
    assert "12:15 to 12:27" in page
    assert ">0</span> of 3 stops done" in page


def test_the_card_tells_nothing_of_others(officer):
    """No other unit, no other place, no points, no must-visit, no number of units (security.md 1)."""
    pages = "".join(officer.get(url).content.decode() for url in ("/card/", f"/card/{M2}/"))

    for word in ("Car 2", "Foot 3", "Generated s1", "Generated g1", "points", "must", "5600", "3 units"):
        assert word not in pages, word


def test_three_taps_make_a_full_record(officer):
    """Start, outcome, end; then the next stop is offered."""
    start = officer.post(f"/card/{M1}/start/", {"client_id": visit().client_id})
    there = officer.get(f"/card/{M1}/").content.decode()
    end = officer.post(f"/card/{M1}/end/", {"client_id": visit().client_id, "outcome": "nobody_in"})

    assert (start.status_code, end.status_code) == (302, 302)
    assert "Since 12:20" in there
    row = Visit.objects.get()
    assert (row.outcome, row.place_ref, row.visit_ref, row.method) == ("nobody_in", "m1", M1, "tap")
    assert ">1</span> of 3 stops done" in officer.get("/card/").content.decode()


def test_a_double_tap_is_one_visit(officer):
    """The form's own id makes the second sending the same record."""
    tap = {"client_id": visit().client_id}

    for _ in range(2):
        officer.post(f"/card/{M1}/start/", tap)

    assert Visit.objects.count() == 1
    assert AuditEntry.objects.filter(action="visit.check_in", outcome="done").count() == 1


def test_a_skip_says_why(officer):
    """Without a reason it is not taken, and nothing typed is lost."""
    wrong = officer.post(f"/card/{M2}/skip/", {"client_id": visit().client_id})
    officer.post(f"/card/{M2}/skip/", {"client_id": visit().client_id, "miss_reason": "access"})

    assert wrong.status_code == 422
    assert "Choose why the place was not reached." in wrong.content.decode()
    assert Visit.objects.get().miss_reason == "access"
    assert "Not reached: no access" in officer.get(f"/card/{M2}/").content.decode()


def test_an_end_without_an_outcome_is_asked_again(officer):
    """The second tap is needed."""
    officer.post(f"/card/{M1}/start/", {"client_id": visit().client_id})

    wrong = officer.post(f"/card/{M1}/end/", {"client_id": visit().client_id})

    assert wrong.status_code == 422
    assert "Choose what happened." in wrong.content.decode()
    assert Visit.objects.get().ended_at is None


def test_another_units_stop_is_not_found(officer):
    """It is not said that it exists."""
    for url in (f"/card/{S1}/", "/card/nothing/"):
        assert officer.get(url).status_code == 404
    assert officer.post(f"/card/{S1}/start/", {"client_id": visit().client_id}).status_code == 404
    assert not Visit.objects.exists()


def test_without_a_plan_the_card_says_whom_to_ask(at_noon, signed_in):
    """An empty card is not an error."""
    page = signed_in("officer").get("/card/").content.decode()

    assert "No stops for you today" in page
    assert "supervisor" in page


def test_a_night_shift_keeps_its_card_after_midnight(monkeypatch, signed_in):
    """Unit 2's shift of the day before still runs at 16:59 of its own day, and is over the day after."""
    running_day()
    client = signed_in("officer", refs=[f"{AREA}/2"])
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("16:59"))
    assert "Generated s1" in client.get("/card/").content.decode()

    monkeypatch.setattr("django.utils.timezone.now", lambda: at("00:10", ON.replace(day=28)))
    assert "No stops for you today" in client.get("/card/").content.decode()


def test_a_phone_keeps_nothing_unless_the_force_says_so(officer):
    """Off by default: no script, no header that lets the card be kept."""
    closed = officer.get("/card/")
    CardSetting.objects.create(area_code=AREA, is_offline_on=True, changed_by=officer.user, changed_at=at("06:00"))
    opened = officer.get("/card/")

    assert "X-Card-Expires" not in closed.headers
    assert "card.js" not in closed.content.decode()
    assert opened.headers["X-Card-Expires"] == "2026-11-27T14:30:00+00:00"  # the end of unit 1's shift
    assert "card.js" in opened.content.decode()


def test_opening_the_card_is_an_entry(officer):
    """Who saw which card when."""
    officer.get("/card/")

    assert AuditEntry.objects.get(action="card.read").subject == f"card:{AREA}/1/{ON}"


def test_the_card_asks_the_database_few_times(officer, django_assert_max_num_queries):
    """12 questions at most (web.md 8), however many stops."""
    officer.get("/card/")

    with django_assert_max_num_queries(12):
        officer.get("/card/")


def test_a_check_in_by_form_asks_few_times_too(officer, django_assert_max_num_queries):
    """Beside the write's own ten the form looks the stop up: plan, records, setting."""
    officer.get("/card/")

    with django_assert_max_num_queries(16):
        officer.post(f"/card/{M1}/start/", {"client_id": visit().client_id})
    assert queries.board_number(AREA, ON) == 1


def test_signing_out_clears_the_phone(officer):
    """The browser is told to drop all it kept: card, outbox, worker (security.md 4)."""
    answer = officer.post("/sign-out/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in officer.get("/help/").headers
