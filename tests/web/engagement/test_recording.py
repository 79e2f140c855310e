"""Recording visits: one record once, own unit alone, an entry each, few questions to the database."""

from dataclasses import replace

import pytest
from django.db import IntegrityError

from reassure.access.allowed import Action
from reassure.engagement.visits import Receipt
from reassure.errors import InputError, NotAllowedError, RuleError
from reassure_web.audit.models import AuditEntry
from reassure_web.engagement import queries, services
from reassure_web.engagement.models import Visit, VisitConflict
from running_day import AREA, ON, area_row, at, running_day, visit

NOON = at("12:30")
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(person):
    running_day()
    return person("officer")


@pytest.fixture
def supervisor(person, officer):
    return person("supervisor")


def test_the_same_record_sent_twice_is_one_visit(officer):
    """The second sending changes nothing and leaves no second entry."""
    sent = visit()

    first = services.record_visit(officer, sent, now=NOON)
    second = services.record_visit(officer, replace(sent, device_sent_at=at("13:00")), now=at("13:00"))

    assert (first.receipt, second.receipt) == (Receipt.NEW, Receipt.SAME)
    assert Visit.objects.count() == 1
    assert Visit.objects.get().received_at == NOON
    assert AuditEntry.objects.filter(action=Action.CHECK_IN.code, outcome="done").count() == 1


def test_a_start_and_its_end_are_one_visit(officer):
    """Three taps: the start may be sent before the end is known."""
    sent = visit()

    services.record_visit(officer, replace(sent, ended_at=None, outcome=""), now=at("12:16"))
    kept = services.record_visit(officer, sent, now=NOON)

    assert kept.receipt is Receipt.COMPLETED
    assert Visit.objects.get().facts() == sent


def test_a_differing_second_record_is_kept_beside_the_first(officer):
    """The first wins; the other is shown, not lost."""
    sent = visit()

    services.record_visit(officer, sent, now=NOON)
    kept = services.record_visit(officer, replace(sent, outcome="nobody_in"), now=NOON)

    assert kept.receipt is Receipt.CONFLICT
    assert Visit.objects.get().outcome == "spoke_to_people"
    assert VisitConflict.objects.get().sent["outcome"] == "nobody_in"


def test_every_field_of_a_record_comes_back(officer):
    """What was sent is what is kept."""
    sent = visit(
        reach="6-20", topics=("doors",), leaflets=("run_hide_tell",), spoke_to="office", method="gps",
        distance_m=12, accuracy_m=8, device_sent_at=at("12:28"),
    )  # fmt: skip

    row = services.record_visit(officer, sent, now=NOON).row

    assert Visit.objects.get().facts() == sent
    assert row.skew_s == 120


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"unit_ref": "2"}, "unit_ref"),  # another crew's
        ({"area_code": "DEMO-02"}, "unit_ref"),  # another force's; same words as for a unit that is not there
        ({"place_ref": "nowhere"}, "place_ref"),
        ({"reach": "7"}, "reach"),
    ],
)
def test_a_record_of_another_unit_or_place_is_refused(officer, change, column):
    """Nothing of it is kept."""
    with pytest.raises(InputError) as refused:
        services.record_visit(officer, replace(visit(), **change), now=NOON)

    assert [p.column for p in refused.value.problems] == [column]
    assert not Visit.objects.exists()


@pytest.mark.parametrize("role", ["planner", "commander", "supervisor", "trustee", "auditor", "outsider"])
def test_only_officers_check_in(officer, person, role):
    """Everybody else is told who may."""
    with pytest.raises(NotAllowedError, match="officer"):
        services.record_visit(person(role), visit(), now=NOON)


def test_a_visit_outside_the_plan_is_kept(officer):
    """Officers stop where they are needed; it is counted apart, never dropped."""
    kept = services.record_visit(officer, visit("g1", visit_ref=""), now=NOON)

    assert kept.receipt is Receipt.NEW


def test_two_at_the_same_moment_are_one(officer, monkeypatch):
    """The later of two equal records finds the earlier one when the database refuses it."""
    sent = visit()
    keep, calls = services._keep, []

    def late(*args, **how):
        calls.append(1)
        if len(calls) == 1:
            keep(*args, **how)
            raise IntegrityError
        return keep(*args, **how)

    monkeypatch.setattr(services, "_keep", late)

    assert services.record_visit(officer, sent, now=NOON).receipt is Receipt.SAME
    assert Visit.objects.count() == 1


def test_a_paper_card_is_keyed_in_once(officer, supervisor):
    """What the phone told already is not told again."""
    services.record_visit(officer, visit(), now=NOON)

    with pytest.raises(RuleError, match=officer.name):
        services.record_paper(supervisor, visit(), now=NOON)
    paper = services.record_paper(supervisor, visit("m2", "12:31"), now=NOON).row

    assert paper.method == "paper"
    assert paper.recorded_by == supervisor


def test_paper_and_misses_are_a_supervisors_of_that_area(officer, person):
    """A planner does not key in; a supervisor elsewhere has no say."""
    for actor in (officer, person("planner"), person("supervisor", refs=["DEMO-02"])):
        with pytest.raises(NotAllowedError):
            services.record_paper(actor, visit(), now=NOON)
        with pytest.raises(NotAllowedError):
            services.record_miss(actor, visit(minutes=None), "diverted", now=NOON)


def test_a_skip_is_accepted_by_a_supervisor(officer, supervisor):
    """The officer says why; the supervisor says that it was seen."""
    miss = visit(minutes=0, outcome="not_reached", miss_reason="access")
    services.record_visit(officer, miss, now=NOON)

    row = services.accept_skip(supervisor, AREA, miss.client_id, now=NOON)

    assert row.skip_accepted_by == supervisor
    with pytest.raises(Visit.DoesNotExist):
        services.accept_skip(supervisor, "DEMO-02", miss.client_id, now=NOON)


def test_a_visit_that_was_made_has_no_skip_to_accept(officer, supervisor):
    """Only a miss can be accepted."""
    made = services.record_visit(officer, visit(), now=NOON).row

    with pytest.raises(RuleError):
        services.accept_skip(supervisor, AREA, made.client_id, now=NOON)


def test_each_change_raises_the_number_of_the_board(officer, supervisor):
    """Watching costs nothing while nothing happens."""
    assert queries.board_number(AREA, ON) == 0
    services.record_visit(officer, visit(), now=NOON)
    services.mark_unit(supervisor, AREA, ON, "2", "unit_off", now=NOON)
    services.mark_unit(supervisor, AREA, ON, "2", "unit_off", now=NOON)

    assert queries.board_number(AREA, ON) == 2
    assert [event.unit_ref for event in queries.unit_events(AREA, ON)] == ["2"]


def test_a_day_is_closed_when_nothing_is_open(officer, supervisor):
    """Signed once, with the numbers as they stood."""
    counts = {"planned": 4, "delivered": 3, "short": 0, "missed": 0, "open": 1, "added": 0}
    with pytest.raises(RuleError, match="1 planned"):
        services.sign_debrief(supervisor, AREA, ON, counts, now=NOON)

    closed = {**counts, "missed": 1, "open": 0}
    services.write_debrief(supervisor, AREA, ON, "All quiet.", now=NOON)
    signed = services.sign_debrief(supervisor, AREA, ON, closed, now=NOON)

    assert signed.counts == closed
    with pytest.raises(RuleError, match="signed off"):
        services.write_debrief(supervisor, AREA, ON, "More.", now=NOON)


def test_phones_keep_the_card_only_where_a_commander_says_so(officer, person):
    """Off until somebody switches it on."""
    assert not queries.is_offline_on(AREA)
    with pytest.raises(NotAllowedError):
        services.set_offline_cards(person("planner"), AREA, is_on=True, now=NOON)

    services.set_offline_cards(person("commander"), AREA, is_on=True, now=NOON)

    assert queries.is_offline_on(AREA)


def test_the_last_visit_of_a_place_is_one_that_was_made(officer):
    """Need counts days since somebody was there, not since somebody failed to be."""
    services.record_visit(officer, visit(), now=NOON)
    services.record_visit(officer, visit("m2", minutes=0, outcome="not_reached", miss_reason="access"), now=NOON)

    assert queries.last_visits(AREA, at("12:00").date().replace(day=28)) == {"m1": ON}
    assert queries.last_visits(AREA, ON) == {}


def test_a_check_in_asks_the_database_few_times(officer, django_assert_max_num_queries):
    """7 questions, savepoints of the test's own transaction apart: web.md allows a write 10 with sign-in."""
    services.record_visit(officer, visit(), now=NOON)

    with django_assert_max_num_queries(10):
        services.record_visit(officer, visit("m2", "12:31"), now=NOON)


def test_visits_of_a_plan_are_those_of_its_day(officer):
    """A record made before a re-plan belongs to the plan after it."""
    area_row()
    sent = visit()
    services.record_visit(officer, sent, now=NOON)

    assert [row.client_id for row in queries.visits_of_plan(f"{AREA}/{ON}/7")] == [sent.client_id]
    assert not queries.visits_of_plan(f"{AREA}/2026-11-26/1")
