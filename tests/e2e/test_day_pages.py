"""The running day in a browser: empty, full and wrong; by keyboard alone; and without a script."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import NARROW, WIDE, Visitor
from reassure.patrols.stops import visit_ref
from reassure_web.engagement.models import Visit
from reassure_web.engagement.services import record_visit
from running_day import ON, SLUG, area_row, at, running_day, visit

DAY = f"/patrols/{SLUG}/{ON}"
M1, M2 = visit_ref("m1"), visit_ref("m2")
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_noon(monkeypatch):
    """It is 12:20 on the day of the plan."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("12:20"))


def barriers(somebody: Visitor) -> list[str]:
    found = []
    for size in (WIDE, NARROW):
        somebody.resize(size)
        found += [f"at {size[0]}: {line}" for line in somebody.barriers()]
    return found


@pytest.mark.parametrize(
    ("role", "path", "says"),
    [
        ("officer", "/card/", "No stops for you today"),
        ("officer", "/card/outbox/", "All check-ins sent"),
        ("supervisor", f"{DAY}/board/", "No plan of this day is approved yet"),
        ("supervisor", f"{DAY}/debrief/", "there is nothing to close"),
        ("admin", "/tokens/", "There are no tokens yet"),
    ],
)
def test_an_empty_page_says_what_is_missing_without_a_barrier(role, path, says, at_noon, visitor):
    """Nothing to show is said in words, wide and narrow."""
    area_row()
    somebody = visitor(role)

    somebody.open(path)

    expect(somebody.page.locator("main")).to_contain_text(says)
    assert barriers(somebody) == []


def test_a_board_with_everything_on_it_has_no_barrier(at_noon, visitor, person):
    """Delivered, short, there, missed with a skip to accept, added, and told twice."""
    running_day()
    officer = person("officer")
    for sent in (
        visit("m1", "12:00", 9),
        visit("m1", "12:01", 12),
        visit("m2", "12:10", None),
        visit("c1", "12:15", 0, outcome="not_reached", miss_reason="access"),
        visit("g1", "11:00", 12, visit_ref=""),
    ):
        record_visit(officer, sent, now=at("12:20"))
    somebody = visitor("supervisor")

    for path in (f"{DAY}/board/", f"{DAY}/visits/{M1}/", f"{DAY}/visits/{M2}/paper/", f"{DAY}/debrief/"):
        somebody.open(path)
        assert barriers(somebody) == [], path


def test_the_board_shows_a_check_in_without_being_asked(at_noon, visitor, person):
    """Within some seconds, read out once."""
    running_day()
    somebody = visitor("supervisor")
    page = somebody.open(f"{DAY}/board/")
    expect(page.locator(".board")).to_contain_text("Generated m1 Due")

    record_visit(person("officer"), visit("m1", "12:00", 12), now=at("12:20"))

    expect(page.locator(".board")).to_contain_text("Generated m1 Delivered", timeout=15_000)
    expect(page.locator("[data-live-status]")).to_contain_text("1 delivered")


def test_three_taps_by_keyboard_alone(at_noon, visitor):
    """Start, outcome, end with Tab, Space, arrows and Enter."""
    running_day()
    page = visitor("officer").open(f"/card/{M1}/")

    page.get_by_role("button", name="Start visit").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Spoke to the person who expected us").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/card/")
    assert Visit.objects.get().outcome == "spoke_to_people"


def test_three_taps_without_a_script(at_noon, visitor):
    """The same forms post to the server."""
    running_day()
    somebody = visitor("officer", java_script_enabled=False)
    page = somebody.open("/card/")

    page.get_by_role("button", name="Next: Generated m1").or_(page.locator("a.card-button")).first.click()
    page.get_by_role("button", name="Start visit").click()
    page.get_by_label("Nobody in").check()
    page.get_by_role("button", name="End visit").click()

    expect(page.locator(f'li[data-stop="{M1}"]')).to_contain_text("Short")
    assert Visit.objects.get().outcome == "nobody_in"


def test_a_skip_without_a_reason_is_asked_again_without_a_barrier(at_noon, visitor):
    """The error stands at its field and in the summary."""
    running_day()
    somebody = visitor("officer")
    page = somebody.open(f"/card/{M1}/")

    page.get_by_text("We cannot reach this place").click()
    page.get_by_role("button", name="Skip this stop").click()

    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose why the place was not reached.")
    assert page.title().startswith("Error: ")
    somebody.expects("status of 4")
    assert barriers(somebody) == []
