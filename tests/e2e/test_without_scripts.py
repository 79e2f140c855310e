"""Every task works with HTML alone: scripts are switched off in the browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import NARROW
from reassure.periods import london_date
from running_day import running_day
from web.test_url_matrix import address
from web.url_matrix import ROWS

pytestmark = pytest.mark.slow


def test_a_day_is_planned_without_a_script(visitor):
    """A unit is added and a run asked for; its page has a link in the place of what a script would do."""
    running_day()
    tomorrow = london_date(timezone.now()) + timedelta(days=1)
    somebody = visitor("planner", java_script_enabled=False)
    page = somebody.open(f"/patrols/demo-area/{tomorrow}/units/")

    page.get_by_role("link", name="Add one unit").click()
    for label, words in (
        ("Reference", "foot-9"),
        ("Callsign", "Foot 9"),
        ("Base, latitude", "52.48"),
        ("Base, longitude", "-1.89"),
        ("Shift starts", "08:00"),
        ("Shift ends", "16:00"),
    ):
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Add the unit").click()
    expect(page.get_by_role("rowheader", name="Foot 9")).to_be_visible()
    somebody.open(f"/patrols/demo-area/{tomorrow}/runs/")
    page.get_by_role("button", name="Run", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Run of")
    page.get_by_role("link", name="Update now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run of")
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()


def test_a_wrong_form_comes_back_with_what_was_typed(visitor):
    """The summary leads to each field, the first wrong one has the focus, and what was right is still there."""
    running_day()
    tomorrow = london_date(timezone.now()) + timedelta(days=1)
    somebody = visitor("planner", java_script_enabled=False)
    page = somebody.open(f"/patrols/demo-area/{tomorrow}/units/add/")

    page.get_by_label("Reference").fill("foot-9")
    page.get_by_label("Shift starts").fill("25:00")
    page.get_by_role("button", name="Add the unit").click()
    somebody.expects("status of 422")

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page).to_have_title("Error: Add a unit – Reassure")
    expect(page.get_by_label("Reference")).to_have_value("foot-9")
    expect(page.get_by_label("Shift starts")).to_have_value("25:00")
    expect(page.get_by_label("Callsign")).to_be_focused()


@pytest.mark.parametrize(("name", "role"), [("places:list", "planner"), ("day:board", "supervisor")])
def test_a_page_with_a_map_or_a_live_part_says_the_same_without_a_script(name, role, visitor):
    """Nothing that only a script could use is offered."""
    somebody = visitor(role, java_script_enabled=False)
    page = somebody.open(address(name, ROWS[name]))

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Open a map that moves")).to_be_hidden()
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()


def test_every_room_is_reached_on_a_phone_without_a_script(visitor):
    """The navigation is open where nothing can open it."""
    somebody = visitor("planner", java_script_enabled=False)
    somebody.resize(NARROW)
    page = somebody.open("/")

    page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Places").click()

    expect(page).to_have_url(re.compile(r"/places/$"))
