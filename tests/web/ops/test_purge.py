"""Records that have been kept for their time go: counted first, by two administrators, but for what is on hold."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from reassure.errors import InputError, NotAllowedError, RuleError
from reassure.retention import SCHEDULE
from reassure_web.accounts.models import RoleGrant
from reassure_web.audit.models import AuditEntry
from reassure_web.engagement.models import UnitEvent, Visit, VisitConflict, VisitCount
from reassure_web.pages.services_erasures import ERASERS, Erasure, erase, erasures_file, read_erasures
from reassure_web.pages.services_purge import count_due, lift_hold, place_hold, purge
from reassure_web.patrols.models import Day, Order, PatrolPlan, PlanRun

NOW = datetime(2026, 11, 28, 5, 10, tzinfo=UTC)
UNAPPROVED_KEPT_FROM = date(2026, 10, 29)
"""30 days before 28 November: two days of November lie behind the 28 of it, October has 31."""
APPROVED_KEPT_FROM = date(2024, 11, 28)
CHECK_INS_KEPT_FROM = date(2025, 11, 28)
YESTERDAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of its own, for the list of erasures."""
    settings.HOME = tmp_path


@pytest.fixture
def admins(person):
    """Two administrators."""
    return person("admin"), person("admin")


@pytest.fixture
def plan(person):
    """`plan(on, "approved")` is a day's plan with the run that made it and an order."""
    planner, commander = person("planner"), person("commander")

    def make(on: date, state: str = "draft", *, area: str = "DEMO-01") -> PatrolPlan:
        day, _ = Day.objects.get_or_create(area_code=area, on=on, defaults={"sealed_salt": "s", "made_at": NOW})
        is_approved = state in {"approved", "superseded"}
        made = PatrolPlan.objects.create(
            day=day,
            number=day.plans.count() + 1,
            document={},
            digest="d",
            what="computed",
            state=state,
            written_by=planner,
            made_at=NOW,
            approved_by=commander if is_approved else None,
            approved_at=NOW if is_approved else None,
        )
        run = {"kind": "plan", "inputs": "", "input_hash": "", "software": "1", "asked_by": planner, "asked_at": NOW}
        PlanRun.objects.create(ref=f"run{PlanRun.objects.count()}", day=day, plan=made, of_plan=made, **run)
        Order.objects.create(plan=made, written_by=planner, changed_at=NOW)
        return made

    return make


@pytest.fixture
def visit(person):
    """`visit(on, minutes)` is a visit to P1 that lasted so long."""
    officer = person("officer")

    def make(on: date, minutes: int = 12, *, area: str = "DEMO-01", **values: str) -> Visit:
        start = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        return Visit.objects.create(
            client_id=f"{Visit.objects.count():036d}",
            area_code=area,
            on=on,
            unit_ref="1",
            visit_ref=values.get("visit_ref", "v1"),
            place_ref="P1",
            kind="presence",
            started_at=start,
            ended_at=start + timedelta(minutes=minutes),
            outcome=values.get("outcome", "nobody_in"),
            method="tap",
            received_at=start,
            recorded_by=officer,
        )

    return make


def due_rows(kind: str) -> dict[str, int]:
    """What a dry run counts of a kind."""
    return next(dict(one.rows) for one in count_due(now=NOW) if one.kind == kind)


def erase_all(admins) -> None:
    """Erase what the dry run counts."""
    purge(*admins, n_rows=sum(sum(one.rows.values()) for one in count_due(now=NOW)), now=NOW)


def test_every_kind_of_the_schedule_has_what_erases_it():
    """No kind is promised and then kept."""
    assert list(ERASERS) == list(SCHEDULE)


@pytest.mark.parametrize("state", ["draft", "sent", "withdrawn"])
def test_plans_that_nobody_approved_are_kept_30_days(plan, admins, state):
    """The plan of the 31st day before goes with its run, order and day; that of the 30th stays."""
    kept = plan(UNAPPROVED_KEPT_FROM, state)
    plan(UNAPPROVED_KEPT_FROM - YESTERDAY, state)

    assert due_rows("unapproved_plans") == {"plans": 1, "runs": 1, "orders": 1, "days": 1}
    erase_all(admins)

    assert list(PatrolPlan.objects.all()) == [kept]
    assert [day.on for day in Day.objects.all()] == [UNAPPROVED_KEPT_FROM]


@pytest.mark.parametrize("state", ["approved", "superseded"])
def test_approved_plans_are_kept_24_months_with_their_day(plan, admins, state):
    """A draft beside an approved plan goes after 30 days, the approved one after 24 months, and the day with it."""
    kept = plan(APPROVED_KEPT_FROM, state)
    plan(APPROVED_KEPT_FROM, "withdrawn")
    plan(APPROVED_KEPT_FROM - YESTERDAY, state)

    assert due_rows("unapproved_plans") == {"plans": 1, "runs": 1, "orders": 1}
    assert due_rows("approved_plans") == {"plans": 1, "runs": 1, "orders": 1, "days": 1}
    erase_all(admins)

    assert list(PatrolPlan.objects.all()) == [kept]
    assert [day.on for day in Day.objects.all()] == [APPROVED_KEPT_FROM]


def test_a_run_that_changed_an_erased_plan_into_an_approved_one_stays(plan, admins):
    """It no longer names the draft it started from."""
    on = UNAPPROVED_KEPT_FROM - YESTERDAY
    draft, approved = plan(on), plan(on, "approved")
    PlanRun.objects.filter(plan=approved).update(of_plan=draft)

    erase_all(admins)

    run = PlanRun.objects.get()
    assert (run.plan, run.of_plan) == (approved, None)


def test_visits_become_counts_after_12_months(visit, admins):
    """Two alike, a short one (9 minutes), one outside the plan: three counts and nobody's name; a year ago stays."""
    on = CHECK_INS_KEPT_FROM - YESTERDAY
    first, *_ = visit(on), visit(on, 45), visit(on, 9), visit(on, visit_ref="")
    kept = visit(CHECK_INS_KEPT_FROM)
    VisitConflict.objects.create(visit=first, sent={}, received_at=NOW, recorded_by=first.recorded_by)
    UnitEvent.objects.create(area_code="DEMO-01", on=on, unit_ref="1", kind="unit_off", at=NOW, by=first.recorded_by)

    assert due_rows("check_ins") == {"visits": 4, "conflicts": 1, "events": 1}
    erase_all(admins)

    counts = VisitCount.objects.order_by("-n_visits", "-is_planned")
    assert list(Visit.objects.all()) == [kept]
    assert list(counts.values_list("on", "outcome", "is_planned", "is_short", "n_visits")) == [
        (on, "nobody_in", True, False, 2),
        (on, "nobody_in", True, True, 1),
        (on, "nobody_in", False, False, 1),
    ]


def test_a_late_record_adds_to_the_counts_of_its_day(visit, admins):
    """Visits of one day that are erased at two times make one count."""
    on = CHECK_INS_KEPT_FROM - YESTERDAY
    visit(on)
    erase_all(admins)
    visit(on)
    erase_all(admins)

    assert VisitCount.objects.get().n_visits == 2


def test_records_of_sign_ins_are_kept_12_months(admins, person):
    """Midnight in London parts the day that is kept from the one that is not; a session of today stays."""
    kept_from = datetime(2025, 11, 28, tzinfo=UTC)
    user = person("planner")
    for n, at in enumerate((kept_from, kept_from - timedelta(seconds=1))):
        for model in (AccessLog, AccessFailureLog, AccessAttempt):
            more = {"failures_since_start": 1} if model is AccessAttempt else {}
            row = model.objects.create(
                username=f"{n}@demo.example", user_agent="", path_info="", http_accept="", **more
            )
            model.objects.filter(pk=row.pk).update(attempt_time=at)
        Session.objects.create(session_key=f"s{n}", session_data="", expire_date=at)
        UserSession.objects.create(user=user, ip="127.0.0.1", last_seen_at=at, session_key=f"s{n}", user_agent="")

    assert due_rows("sign_ins") == {"sessions": 1, "devices": 1, "sign_ins": 1, "failures": 1, "lock_outs": 1}
    erase_all(admins)

    assert due_rows("sign_ins") == {}
    assert [log.username for log in AccessLog.objects.all()] == ["0@demo.example"]


def test_a_dry_run_erases_nothing(plan, visit):
    """Counting leaves every row, and no entry."""
    plan(UNAPPROVED_KEPT_FROM - YESTERDAY)
    visit(CHECK_INS_KEPT_FROM - YESTERDAY)
    said = StringIO()

    call_command("purge", "--dry-run", stdout=said)

    assert (PatrolPlan.objects.count(), Visit.objects.count(), AuditEntry.objects.count()) == (1, 1, 0)
    assert not erasures_file().exists()


def test_an_erasure_needs_a_second_administrator(visit, person, admins):
    """The same person twice, or somebody who is no administrator, erases nothing."""
    visit(CHECK_INS_KEPT_FROM - YESTERDAY)

    for pair in ((admins[0], admins[0]), (admins[0], person("planner")), (person("auditor"), admins[0])):
        with pytest.raises(NotAllowedError):
            purge(*pair, n_rows=1, now=NOW)

    assert Visit.objects.count() == 1


def test_what_was_not_counted_is_not_erased(visit, admins):
    """A row that became due after the counts were shown stops the erasure."""
    visit(CHECK_INS_KEPT_FROM - YESTERDAY)
    visit(CHECK_INS_KEPT_FROM - YESTERDAY)

    with pytest.raises(RuleError, match="2 rows are due, and 1 were confirmed"):
        purge(*admins, n_rows=1, now=NOW)

    assert (Visit.objects.count(), VisitCount.objects.count()) == (2, 0)


def test_an_erasure_stands_in_the_audit_and_in_the_list(visit, admins):
    """The entry names who erased and who confirmed; the list says what a restore erases again."""
    visit(CHECK_INS_KEPT_FROM - YESTERDAY)

    erase_all(admins)

    entry = AuditEntry.objects.get()
    assert (entry.person, entry.action, entry.subject) == (admins[0], "system.change", "purge:2026-11-28")
    assert entry.reason == f"1 rows; confirmed by account {admins[1].pk}"
    assert Erasure("check_ins", CHECK_INS_KEPT_FROM, (), NOW) in read_erasures(erasures_file())


def test_an_administrator_of_one_area_places_holds_there_and_erases_nothing(person, admins):
    """What concerns all areas is for administrators of the nation."""
    own = person("outsider")
    RoleGrant.objects.create(
        user=own, role="admin", scope="areas", refs=["DEMO-01"], starts_at=NOW, ends_at=NOW + timedelta(days=1)
    )

    assert place_hold(own, "check_ins", "DEMO-01", "An inquiry.", now=NOW).pk
    for area in ("DEMO-02", ""):
        with pytest.raises(NotAllowedError):
            place_hold(own, "check_ins", area, "An inquiry.", now=NOW)
    with pytest.raises(NotAllowedError):
        purge(admins[0], own, n_rows=0, now=NOW)


def test_a_hold_keeps_an_area_or_everything(visit, admins):
    """What is on hold stays; once the hold is lifted it goes."""
    on = CHECK_INS_KEPT_FROM - YESTERDAY
    visit(on)
    other = visit(on, area="DEMO-02")
    hold = place_hold(admins[0], "check_ins", "DEMO-02", "An inquiry asked for it.", now=NOW)

    erase_all(admins)
    assert list(Visit.objects.all()) == [other]
    lift_hold(admins[1], hold.pk, "The inquiry is over.", now=NOW)
    place_hold(admins[0], "check_ins", "", "A court asked for all.", now=NOW)
    assert due_rows("check_ins") == {}
    lift_hold(admins[0], hold.pk + 1, "The court is done.", now=NOW)

    assert due_rows("check_ins") == {"visits": 1}
    assert [entry.reason for entry in AuditEntry.objects.filter(subject__startswith="hold").order_by("number")] == [
        "An inquiry asked for it.",
        "The inquiry is over.",
        "A court asked for all.",
        "The court is done.",
    ]


def test_a_hold_wants_an_administrator_a_kind_and_a_reason(admins, person):
    """A planner may not place one; an unknown kind, no reason, and a hold that is not there are refused."""
    with pytest.raises(NotAllowedError):
        place_hold(person("planner"), "check_ins", "", "why", now=NOW)
    for kind, reason in (("visits", "why"), ("check_ins", " ")):
        with pytest.raises(RuleError, match="reason and a kind"):
            place_hold(admins[0], kind, "", reason, now=NOW)
    with pytest.raises(RuleError, match="no hold 99"):
        lift_hold(admins[0], 99, "why", now=NOW)


def test_erasing_again_gives_the_same_counts(visit):
    """A restored database, told what was erased, ends up as it was after the erasure."""
    visit(CHECK_INS_KEPT_FROM - YESTERDAY)
    erasure = Erasure("check_ins", CHECK_INS_KEPT_FROM, ("DEMO-02",), NOW)

    assert erase(erasure) == {"visits": 1}

    assert VisitCount.objects.get().n_visits == 1


@pytest.mark.parametrize(
    "line",
    [
        "{",
        json.dumps({"kind": "check_ins", "before": "2025-11-28", "at": NOW.isoformat()}),  # no areas on hold
        json.dumps({"kind": "everything", "before": "2025-11-28", "held": [], "at": NOW.isoformat()}),
    ],
)
def test_a_list_that_cannot_be_read_is_named_by_row(tmp_path, line):
    """A restore stops before it brings anything back."""
    (tmp_path / "list.jsonl").write_text(line + "\n")

    with pytest.raises(InputError, match=r"list\.jsonl, row 1"):
        read_erasures(tmp_path / "list.jsonl")


def test_the_command_counts_erases_and_refuses(visit, admins):
    """Counts first, with the words to erase them; then the erasure; then nothing is due."""
    for _ in range(2):
        visit(date(2020, 1, 1))
    by = ["--by", admins[0].email, "--confirmed-by", admins[1].email.upper()]

    def said(*arguments: str) -> str:
        out = StringIO()
        call_command("purge", *arguments, stdout=out)
        return out.getvalue()

    counted = said("--dry-run")
    assert "visits with who recorded them, 12 months from the day of the visit" in counted
    assert "2 visits\n" in counted
    assert "2 rows are due.\nTo erase them: reassure-web purge" in counted
    for wrong in (
        [],
        ["--dry-run", "--rows", "2"],
        [*by, "--rows", "3"],
        [*by[:2], "--confirmed-by", "x", "--rows", "2"],
    ):
        with pytest.raises(CommandError):
            said(*wrong)
    assert "2 rows were erased." in said(*by, "--rows", "2")
    assert "Nothing is due." in said("--dry-run")


def test_the_command_lists_places_and_lifts_holds(admins):
    """Each hold has its number, what it keeps, where, why and who placed it."""

    def said(*arguments: str) -> str:
        out = StringIO()
        call_command("hold", *arguments, stdout=out)
        return out.getvalue()

    by = ["--by", admins[0].email]
    placed = said("--keep", "check_ins", "--area", "DEMO-01", "--reason", "An inquiry.", *by)
    number, words = placed.split(maxsplit=1)

    assert words.startswith("visits with who recorded them, DEMO-01: An inquiry. (Demo admin")
    assert said("--lift", number, "--reason", "Over.", *by) == "Nothing is on hold.\n"
    with pytest.raises(CommandError, match="Nobody has an account"):
        said("--keep", "check_ins", "--reason", "why")
