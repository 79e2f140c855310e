"""The running day on the board, by paper and in the debrief: what is shown, what is said, and that it adds up."""

from dataclasses import replace

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from reassure.patrols.stops import visit_ref
from reassure_web.audit.models import AuditEntry
from reassure_web.engagement import services
from reassure_web.engagement.models import Debrief, Visit
from running_day import AREA, ON, SLUG, at, plan_document, running_day, visit
from sound_plan import sign

DAY = f"/patrols/{SLUG}/{ON}"
M1, M2, C1, S1 = (visit_ref(ref) for ref in ("m1", "m2", "c1", "s1"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(officer, signed_in) -> Client:
    return signed_in("supervisor")


def page(client: Client, address: str) -> str:
    return client.get(DAY + address).content.decode()


def test_the_board_shows_what_each_visit_is_now(supervisor, officer, day_clock):
    """Due, there, delivered, short, missed, late: in words."""
    day_clock("12:45")
    services.record_visit(officer, visit("m1", "12:15", 9), now=at("12:25"))
    services.record_visit(officer, visit("m2", "12:31", None), now=at("12:31"))

    board = page(supervisor, "/board/")

    assert "4 planned: 1 delivered, of them 1 short; 0 missed; 3 open. 0 added." in board
    for words in ("Generated m1</a> Short", "Generated m2</a> There", "Generated c1</a> Due", "1 of 3"):
        assert words in board, words
    day_clock("13:11")
    assert "Generated c1</a> Late" in page(supervisor, "/board/")


def test_a_day_without_an_approved_plan_has_an_empty_board(supervisor):
    """It says so, and what will fill it."""
    board = supervisor.get(f"/patrols/{SLUG}/2026-11-28/board/").content.decode()

    assert "No plan of this day is approved yet" in board


def test_an_unchanged_board_is_told_in_three_questions(supervisor, officer, django_assert_max_num_queries):
    """304 until something happens or the minute ends (web.md 8: three questions for an unchanged poll)."""
    rows = f"{DAY}/board/rows/"
    tag = supervisor.get(rows)["ETag"]

    with django_assert_max_num_queries(3):
        same = supervisor.get(rows, headers={"If-None-Match": tag})
    services.record_visit(officer, visit("m1", "12:15", None), now=at("12:20"))
    changed = supervisor.get(rows, headers={"If-None-Match": tag})

    assert (same.status_code, changed.status_code) == (304, 200)
    assert changed["ETag"] != tag
    assert "There" in changed.content.decode()


def test_time_alone_changes_a_board(supervisor, day_clock):
    """A visit becomes late while nobody does anything."""
    tag = supervisor.get(f"{DAY}/board/rows/")["ETag"]

    day_clock("12:26")

    assert supervisor.get(f"{DAY}/board/rows/", headers={"If-None-Match": tag}).status_code == 200


def test_a_board_asks_the_database_few_times(supervisor, django_assert_max_num_queries):
    """12 questions at most, however many visits."""
    page(supervisor, "/board/")

    with django_assert_max_num_queries(12):
        page(supervisor, "/board/")


def test_watching_leaves_an_entry_at_opening_and_each_quarter_of_an_hour(supervisor, day_clock):
    """Not one for each poll."""
    supervisor.get(f"{DAY}/board/")
    for time in ("12:21", "12:29", "12:30", "12:31"):
        day_clock(time)
        supervisor.get(f"{DAY}/board/rows/")

    assert [e.at for e in AuditEntry.objects.filter(action="board.read")] == [at("12:20"), at("12:30")]


def test_a_supervisor_says_why_a_visit_is_not_made(supervisor):
    """A diverted unit misses its visit, with the reason; said twice is said once."""
    told = {"client_id": visit().client_id, "miss_reason": "diverted"}

    for _ in range(2):
        supervisor.post(f"{DAY}/visits/{M2}/", told)

    row = Visit.objects.get()
    assert (row.outcome, row.miss_reason, row.place_ref) == ("not_reached", "diverted", "m2")
    assert "Not reached: diverted" in page(supervisor, f"/visits/{M2}/")
    assert "Skips to accept" not in page(supervisor, "/board/")


def test_a_skip_waits_for_a_supervisor(supervisor, officer):
    """It stands on the board until somebody has seen it."""
    miss = visit("m1", minutes=0, outcome="not_reached", miss_reason="access")
    services.record_visit(officer, miss, now=at("12:16"))
    before = page(supervisor, "/board/")

    supervisor.post(f"{DAY}/board/skips/{miss.client_id}/")

    assert "Skips to accept" in before
    assert "Skips to accept" not in page(supervisor, "/board/")


def test_a_unit_off_is_shown_and_its_visits_can_be_planned_anew(supervisor):
    """The board says it and leads to the re-plan."""
    supervisor.post(f"{DAY}/board/units/1/", {"kind": "unit_off"})

    unit = page(supervisor, "/board/units/1/")
    assert "Off" in unit
    assert f"{DAY}/" in unit


def test_a_lost_phone_ends_the_session_and_exposes_what_is_left(supervisor, officer, signed_in):
    """The phone's next contact leads to the sign-in page; stops not begun are marked."""
    phone = signed_in("officer")
    other = signed_in("officer", refs=[f"{AREA}/2"])
    for client in (phone, other):
        key = client.session.session_key
        UserSession.objects.create(user=client.user, session_key=key, ip="127.0.0.1", user_agent="phone")
    assert phone.get("/card/").status_code == 200
    services.record_visit(officer, visit("m1"), now=at("12:30"))

    supervisor.post(f"{DAY}/board/units/1/", {"kind": "lost_phone"})

    assert phone.get("/card/").status_code == 302
    assert other.get("/card/").status_code == 200
    assert "2 stops to come may be known" in page(supervisor, "/board/")


def test_a_unit_that_is_not_there_cannot_be_marked(supervisor):
    """Not found, and nothing happens."""
    assert supervisor.post(f"{DAY}/board/units/99/", {"kind": "unit_off"}).status_code == 404


@pytest.mark.parametrize("kind", ["", "gone"])
def test_a_unit_is_marked_with_a_known_word(supervisor, kind):
    """A made-up word is refused."""
    assert supervisor.post(f"{DAY}/board/units/1/", {"kind": kind}).status_code == 422


def test_a_paper_card_is_keyed_in_with_attestation(supervisor):
    """Times of the card, give or take; without the signed card before them it is not taken."""
    told = {
        "client_id": visit().client_id, "started": "12:31", "ended": "12:44", "uncertainty_min": "5",
        "outcome": "spoke_to_people", "miss_reason": "", "reach": "1-5",
    }  # fmt: skip

    wrong = supervisor.post(f"{DAY}/visits/{M2}/paper/", told)
    supervisor.post(f"{DAY}/visits/{M2}/paper/", {**told, "is_attested": "on"})

    assert wrong.status_code == 422
    row = Visit.objects.get()
    assert (row.started_at, row.ended_at, row.method, row.uncertainty_min) == (at("12:31"), at("12:44"), "paper", 5)
    assert "12:31 to 12:44, 13 min from paper, give or take 5 min" in page(supervisor, f"/visits/{M2}/")


def test_a_visit_told_by_phone_is_not_keyed_in_again(supervisor, officer):
    """The page shows what is there already."""
    services.record_visit(officer, visit("m2", "12:31"), now=at("12:45"))

    assert "Recorded already" in page(supervisor, f"/visits/{M2}/paper/")
    told = {
        "client_id": visit().client_id, "started": "12:30", "ended": "12:44", "uncertainty_min": "5",
        "outcome": "nobody_in", "is_attested": "on",
    }  # fmt: skip
    assert supervisor.post(f"{DAY}/visits/{M2}/paper/", told).status_code == 422
    assert Visit.objects.count() == 1


def test_a_phone_with_a_wrong_clock_shows_both_times(supervisor, officer):
    """15 minutes are shown (engagement.md 2: more than 120 s)."""
    sent = replace(visit("m1", "12:00"), device_sent_at=at("12:15"))
    services.record_visit(officer, sent, now=at("12:30"))

    assert "Phone&#x27;s clock 12:15, received 12:30" in page(supervisor, f"/visits/{M1}/")


def test_a_visit_that_a_replan_dropped_is_still_accounted_for(supervisor, officer):
    """The second plan leaves m2 out; a record of it counts as delivered, not as added."""
    document = plan_document()
    document["routes"][0]["stops"] = [s for s in document["routes"][0]["stops"] if s["place_ref"] != "m2"]
    document["routes"][0]["breaks"][0]["after_stop"] = 1
    plan = running_day(document=sign(document))
    plan.approved_at = at("12:00")
    plan.save()
    services.record_visit(officer, visit("m2", "12:31"), now=at("12:45"))

    board = page(supervisor, "/board/")

    assert "4 planned: 1 delivered" in board
    assert "Dropped by a re-plan" in board


def test_a_day_is_closed_when_it_adds_up(supervisor, officer):
    """4 = 3 + 1 + 0; before that the open ones come first and the day cannot be signed."""
    for place, clock_text in (("m1", "12:15"), ("m2", "12:31"), ("c1", "13:00")):
        services.record_visit(officer, visit(place, clock_text), now=at("13:30"))
    before = page(supervisor, "/debrief/")
    refused = supervisor.post(f"{DAY}/debrief/sign/")

    supervisor.post(f"{DAY}/visits/{S1}/", {"client_id": visit().client_id, "miss_reason": "nobody_free"})
    supervisor.post(f"{DAY}/debrief/", {"notes": "Gate of c1 stuck."})
    supervisor.post(f"{DAY}/debrief/sign/")

    assert "1 without an outcome" in before
    assert refused.status_code == 422
    closed = Debrief.objects.get()
    assert closed.counts == {"planned": 4, "delivered": 3, "short": 0, "missed": 1, "open": 0, "added": 0}
    after = page(supervisor, "/debrief/")
    assert "75.0 %" in after
    assert "Nobody free: 1" in after
    assert "Signed off by" in after


def test_notes_that_name_somebody_are_asked_about(supervisor):
    """Saved only when the writer says so, and the audit tells."""
    asked = supervisor.post(f"{DAY}/debrief/", {"notes": "Mr Khan waits"})
    saved = supervisor.post(f"{DAY}/debrief/", {"notes": "Mr Khan waits", "is_sure": "on"})

    assert (asked.status_code, saved.status_code) == (422, 302)
    assert "Mr Khan waits" in asked.content.decode()
    assert "personal" in AuditEntry.objects.filter(action="debrief.write").get().reason


def test_a_planner_watches_and_cannot_change(supervisor, signed_in):
    """The board opens; the buttons are a supervisor's."""
    planner = signed_in("planner")
    told = {"client_id": visit().client_id, "miss_reason": "diverted"}

    assert planner.get(f"{DAY}/board/").status_code == 200
    assert planner.post(f"{DAY}/visits/{M1}/", told).status_code == 403
    assert planner.post(f"{DAY}/board/units/1/", {"kind": "unit_off"}).status_code == 403
    assert not Visit.objects.exists()


def test_another_forces_day_is_not_found(supervisor, signed_in):
    """Same words as for a day that does not exist."""
    elsewhere = signed_in("supervisor", refs=["DEMO-02"])

    for address in (
        "/board/",
        "/board/rows/",
        "/board/units/1/",
        f"/visits/{M1}/",
        f"/visits/{M1}/paper/",
        "/debrief/",
    ):
        assert elsewhere.get(DAY + address).status_code == 404, address


def test_the_first_page_names_what_the_running_day_asks_for(supervisor, officer, signed_in):
    """An officer's next stop, a supervisor's skips to accept."""
    services.record_visit(officer, visit("m1", minutes=0, outcome="not_reached", miss_reason="access"), now=at("12:16"))

    assert "Accept 1 skip of Friday 27 November 2026" in supervisor.get("/").content.decode()
    assert "Visit Generated m2" in signed_in("officer").get("/").content.decode()
