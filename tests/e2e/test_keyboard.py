"""Everything by keyboard alone: focus that can be seen and is not covered, no trap, and the planning of a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.conftest import Visitor
from reassure.periods import london_date
from running_day import running_day
from web.test_url_matrix import address
from web.url_matrix import ROWS

MOST_STOPS = 250
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const label = at.labels?.[0];
  const shown = [at, label].filter(Boolean).flatMap((e) => [getComputedStyle(e), getComputedStyle(e, "::before")]);
  const isMarked = shown.some((s) => s.boxShadow !== "none" || (s.outlineStyle !== "none" && s.outlineWidth !== "0px"));
  const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 10));
  const isCovered = !(top && (at.contains(top) || top.contains(at) || label?.contains(top)));
  const name = (label ?? at).innerText || at.value || at.getAttribute("aria-label") || "";
  at.dataset.stop ??= String(++window.stops || (window.stops = 1));
  return {
    stop: at.dataset.stop, name: name.trim().replace(/\\s+/g, " "), tag: at.tagName.toLowerCase(), type: at.type ?? "",
    isMarked, isCovered, isInside: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def press_tab(page: Page) -> dict[str, Any] | None:
    """Where the focus goes next; None after the last stop of the page."""
    page.keyboard.press("Tab")
    return page.evaluate(FOCUSED)


def go_to(page: Page, name: str, *, tag: str = "") -> None:
    """Press Tab until the thing with that name has the focus; each stop on the way has to be seen."""
    for _ in range(MOST_STOPS):
        at = press_tab(page)
        if at and at["name"].startswith(name) and (not tag or at["tag"] == tag):
            assert at["isMarked"], f"{name} does not show its focus"
            return
    pytest.fail(f"{name} cannot be reached by keyboard on {page.url}")


def follow(page: Page, name: str) -> None:
    """Go to a link or button and press Enter."""
    go_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def type_in(page: Page, label: str, words: str) -> None:
    """Go to a field and type over what it holds."""
    go_to(page, label)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("pages:home", "planner"),
        ("places:list", "planner"),
        ("patrols:day", "planner"),
        ("patrols:plan", "planner"),
        ("patrols:map", "planner"),
        ("patrols:runs", "planner"),
        ("day:board", "supervisor"),
        ("day:card", "officer"),
        ("account_login", None),
    ],
)
def test_focus_is_seen_is_not_covered_and_goes_through_the_page_once(name, role, visitor):
    """Tab leads through every stop, shows each, and leaves the page again: no trap in a map or a table."""
    somebody: Visitor = visitor(role)
    page = somebody.open(address(name, ROWS[name]))
    seen: list[dict[str, Any]] = []
    while (at := press_tab(page)) and (not seen or at["stop"] != seen[0]["stop"]):
        assert at["stop"] not in {s["stop"] for s in seen}, f"trapped at {at['name']}"
        assert len(seen) < MOST_STOPS
        seen.append(at)

    faults = [s for s in seen if not s["isMarked"] or s["isCovered"] or not s["isInside"]]

    assert seen[0]["name"] == "Skip to main content"
    assert faults == []


@pytest.mark.slow
def test_the_skip_link_leads_to_the_content(visitor):
    """The first stop jumps over head and navigation."""
    somebody = visitor("planner")
    page = somebody.open("/places/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main-content"


@pytest.mark.slow
def test_a_day_is_planned_by_keyboard_alone(visitor):
    """From the first page to a run: the day, a unit typed in, and the button that computes."""
    somebody = visitor("planner")
    running_day()
    tomorrow = london_date(timezone.now()) + timedelta(days=1)
    page = somebody.open("/")

    follow(page, "Patrols")
    if page.url.endswith("/patrols/"):
        follow(page, "Area DEMO-01")
    follow(page, f"{tomorrow:%A} {tomorrow.day} {tomorrow:%B %Y}")
    follow(page, "Units")
    follow(page, "Add one unit")
    for label, words in (
        ("Reference", "foot-9"),
        ("Callsign", "Foot 9"),
        ("Officers", "2"),
        ("Base, latitude", "52.48"),
        ("Base, longitude", "-1.89"),
        ("Shift starts", "08:00"),
        ("Shift ends", "16:00"),
    ):
        type_in(page, label, words)
    follow(page, "Add the unit")
    expect(page.get_by_role("rowheader", name="Foot 9")).to_be_visible()
    follow(page, "The day")
    follow(page, "Plan run")
    follow(page, "Run")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Run of")


@pytest.mark.slow
def test_a_plan_is_sent_for_approval_by_keyboard_alone(visitor):
    """What changes state is a button like any other."""
    somebody = visitor("planner")
    page = somebody.open(address("patrols:plan", ROWS["patrols:plan"]))

    follow(page, "Send for approval")

    expect(page.locator(".govuk-tag", has_text="sent")).to_be_visible()
