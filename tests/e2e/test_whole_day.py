"""A whole Friday in a real browser on the real register: from signing in to a debrief that adds up.

The day is the next Friday, so that a worker that keeps the card by the real clock still holds it.
"""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Page, expect

from e2e.conftest import Visitor
from reassure.files.demo_area import demo_area
from reassure.files.demo_inputs import DECLARATION, input_files
from reassure.periods import LONDON
from reassure_web.accounts.models import User
from reassure_web.pages.background import Background
from reassure_web.patrols.models import PatrolPlan
from reassure_web.places.models import Area
from web.accounts.test_sign_in import PHRASE, SECRET, code_of

AREA, SLUG, N_UNITS, N_PLACES = "E23000014", "west-midlands", 12, 1_300
"""West Midlands Police; 1,300 places of the register lie in its area (docs/rooms/places.md)."""
MINUTES = ((0, 11), (11, 22), (22, 27))
"""When three visits begin and end; the last one is short, and a phone's session ends after 30 idle minutes."""
OFFLINE = "ERR_INTERNET_DISCONNECTED"
IS_KEPT = "caches.open('reassure-card').then((kept) => kept.keys()).then((keys) => keys.length > 3)"
"""The page of the card and the files it needs are in the store of the worker."""
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def next_friday() -> date:
    """The first Friday after today."""
    today = datetime.now(LONDON).date()
    return today + timedelta(days=(4 - today.weekday()) % 7 or 7)


class Clock:
    """The clock of the server and, once told, of browsers."""

    def __init__(self, on: date, traveller: Any) -> None:
        self.on = on
        self._traveller = traveller

    def at(self, hours: int, minutes: int, *pages: Page) -> None:
        """Make it that time of the day in London."""
        instant = datetime.combine(self.on, time(hours, minutes), LONDON)
        self._traveller.move_to(instant.astimezone(UTC))
        for page in pages:
            page.clock.set_system_time(instant)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """05:10 on the day of the plan, and it goes on."""
    on = next_friday()
    with time_machine.travel(datetime.combine(on, time(5, 10), LONDON).astimezone(UTC), tick=True) as traveller:
        yield Clock(on, traveller)


@pytest.fixture
def register(data_dir: Path) -> Path:
    """The real register; the test is skipped where it is not at hand."""
    return data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv"


@pytest.fixture
def planner(person: Any) -> User:
    """A planner of the West Midlands with a password and a source of one-time codes."""
    Area.objects.update_or_create(code=AREA, defaults={"slug": SLUG, "name": "West Midlands"})
    user: User = person("planner", refs=[AREA])
    user.set_password(PHRASE)
    user.save()
    TOTP.activate(user, SECRET)
    return user


def file(name: str, content: bytes, kind: str = "text/csv") -> Any:
    """A file as a browser hands it in."""
    return {"name": name, "mimeType": kind, "buffer": content}


def roster(register: Path, on: date, tmp_path: Path) -> bytes:
    """Units as `reassure patrols units` makes them."""
    out = tmp_path / "units.csv"
    command = [str(Path(sys.executable).with_name("reassure")), "patrols", "units", "--area", AREA, "--n", str(N_UNITS)]
    words = ["--places", str(register), "--on", on.isoformat(), "--out", str(out)]
    subprocess.run([*command, *words], check=True, capture_output=True)
    return out.read_bytes()


def declared(on: date) -> bytes:
    """The generated declaration, for the area and the day of this test."""
    text = input_files(demo_area(seed=1))[DECLARATION].decode()
    text = text.replace("DEMO-01", AREA)
    for days in range(4):
        before, after = date(2026, 11, 27) + timedelta(days=days), on + timedelta(days=days)
        text = text.replace(before.isoformat() + "T", f"@{after.isoformat()}T")
    return text.replace("@", "").encode()


def computed(home: Path) -> None:
    """Let the background process do what waits, as `reassure-web background --until-idle` does."""
    background = Background(home, 1)
    try:
        background.start(now=datetime.now(UTC))
        while background.step(now=datetime.now(UTC)):
            pass
    finally:
        background.close()


def numbers(row: Any) -> list[int]:
    """The first number of each cell."""
    return [int(re.findall(r"[\d,]+", cell)[0].replace(",", "")) for cell in row.locator("td").all_inner_texts()]


def one_visit_offline(page: Page, clock: Clock, stop: str, hour: int, minutes: tuple[int, int]) -> None:
    """Three taps at a stop: start, outcome, end; at those minutes of the hour."""
    clock.at(hour, minutes[0], page)
    page.locator(f'li[data-stop="{stop}"] a').click()
    page.get_by_role("button", name="Start visit").click()
    expect(page.locator("span[data-state]").first).to_have_text("There")
    clock.at(hour, minutes[1], page)
    page.get_by_label("Nobody in").check()
    page.get_by_role("button", name="End visit").click()
    expect(page.locator(f'li[data-stop="{stop}"] [data-state]')).to_have_text("Delivered")


def test_a_whole_day_from_the_register_to_the_debrief(visitor, clock, register, planner, tmp_path, settings):
    """Planner, commander, officer and supervisor go through one Friday; what the phone recorded is what is counted."""
    settings.HOME = tmp_path
    day = f"/patrols/{SLUG}/{clock.on.isoformat()}"

    # The planner signs in with a second factor
    at_desk: Visitor = visitor()
    desk = at_desk.open("/sign-in/")
    desk.set_default_timeout(30_000)
    desk.get_by_label("E-mail address").fill(planner.email)
    desk.get_by_role("textbox", name="Password").fill(PHRASE)
    desk.get_by_role("button", name="Sign in", exact=True).click()
    desk.get_by_label("Code").fill(code_of(SECRET))
    desk.get_by_role("button", name=re.compile("^sign in$", re.IGNORECASE)).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("needs you now")

    # and brings in the real register
    at_desk.open("/places/import/")
    desk.get_by_label("File").set_input_files(file("register.csv", register.read_bytes()))
    desk.get_by_role("button", name="Look at it").click()
    expect(desk.locator("dl")).to_contain_text(f"{N_PLACES:,}")
    desk.get_by_role("button", name="Accept all").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("ccepted")

    # adds units and loads the declaration
    units = roster(register, clock.on, tmp_path)
    at_desk.open(f"{day}/units/")
    desk.get_by_label("Units (CSV)").set_input_files(file("units.csv", units))
    desk.get_by_role("button", name="Bring in").click()
    expect(desk.locator("table tbody tr")).to_have_count(N_UNITS)
    at_desk.open(f"{day}/")
    desk.get_by_label("Declaration").set_input_files(file("declaration.toml", declared(clock.on), "application/toml"))
    desk.get_by_role("button", name="Load").click()
    expect(desk.get_by_role("main")).to_contain_text("mosques named")

    # runs
    at_desk.open(f"{day}/runs/")
    desk.get_by_text("How it is searched").click()
    desk.get_by_label("Iterations").fill("4000")
    desk.get_by_role("button", name="Run").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Run of")
    run_page = desk.url
    desk.goto("about:blank")
    computed(tmp_path)
    desk.goto(run_page)
    desk.get_by_role("link", name=re.compile(r"[Pp]lan 1")).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Plan 1")
    first = PatrolPlan.objects.get(number=1)
    busy = [r for r in first.document["routes"] if len(r["stops"]) >= 4]
    assert len(busy) >= 2, "a Friday with 137 mosques has two units with four visits"

    # locks a visit
    desk.get_by_role("link", name="Visits by unit").first.click()
    callsigns = {row["ref"]: row["callsign"] for row in csv.DictReader(io.StringIO(units.decode()))}
    desk.get_by_label("Unit").select_option(busy[0]["unit_ref"])
    desk.get_by_role("button", name="Show").click()
    desk.get_by_role("link", name=re.compile("Move, lock or drop")).last.click()
    desk.get_by_role("button", name="Lock unit and time").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Plan 2")

    # and re-plans, for a unit is lost
    desk.get_by_role("button", name="Re-plan the rest of the day").click()
    desk.get_by_label("Known at").fill("07:00")
    desk.get_by_label(callsigns[busy[1]["unit_ref"]], exact=True).check()
    desk.get_by_role("button", name="Re-plan").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(re.compile("Run of|Plan 3"))
    run_page = desk.url
    desk.goto("about:blank")
    computed(tmp_path)
    desk.goto(run_page)
    desk.get_by_role("link", name=re.compile(r"[Pp]lan 3")).first.click()
    third = PatrolPlan.objects.get(number=3)
    routes = {r["unit_ref"]: r for r in third.document["routes"]}
    assert not routes.get(busy[1]["unit_ref"], {"stops": []})["stops"], "a lost unit visits nobody"
    locked = busy[0]["stops"][-1]
    kept = [s for s in routes[busy[0]["unit_ref"]]["stops"] if s["place_ref"] == locked["place_ref"]]
    assert [s["start"] for s in kept] == [locked["start"]], "the locked visit stays where it was"
    desk.get_by_role("button", name="Send for approval").click()
    expect(desk.get_by_role("main")).to_contain_text("sent")

    # the commander approves, and lets phones keep the card
    at_command: Visitor = visitor("commander", refs=[AREA])
    command = at_command.open(f"{day}/plans/3/")
    command.get_by_role("button", name="Approve").click()
    expect(command.get_by_role("main")).to_contain_text("approved")
    at_command.open(f"/patrols/{SLUG}/cards/")
    command.get_by_role("button", name="Let phones keep it").click()

    # the officer opens the card once, then goes without a network
    unit = busy[0]["unit_ref"]
    planned = routes[unit]["stops"]
    begins = datetime.fromisoformat(planned[0]["start"]).astimezone(LONDON)
    clock.at(begins.hour, 0)
    on_patrol: Visitor = visitor("officer", refs=[f"{AREA}/{unit}"])
    on_patrol.context.clock.install(time=datetime.combine(clock.on, time(begins.hour, 0), LONDON))
    card = on_patrol.open("/card/")
    while not card.evaluate(IS_KEPT):
        card.wait_for_timeout(200)
    stops = [item.get_attribute("data-stop") for item in card.locator("li[data-stop]").all()]
    assert len(stops) == len(planned)
    on_patrol.context.set_offline(True)
    card.reload()
    for stop, minutes in zip(stops, MINUTES, strict=False):
        one_visit_offline(card, clock, stop, begins.hour, minutes)
    card.reload()
    expect(card.locator("[data-count]")).to_have_text("3")

    # and syncs
    on_patrol.context.set_offline(False)
    card.get_by_role("link", name="Not sent yet").click()
    expect(card.locator("[data-outbox]")).to_contain_text("All check-ins sent", timeout=30_000)
    on_patrol.open("/card/")
    expect(card.get_by_role("main")).to_contain_text(f"3 of {len(stops)} stops done")
    on_patrol.expects(OFFLINE)

    # the board shows them
    on_board: Visitor = visitor("supervisor", refs=[AREA])
    board = on_board.open(f"{day}/board/")
    own = board.get_by_role("link", name=callsigns[unit], exact=True)
    row = board.locator("table.board tbody tr").filter(has=own)
    expect(row.locator("td").first).to_have_text(f"3 of {len(stops)}")

    # the debrief adds up
    on_board.open(f"{day}/debrief/")
    n_planned, delivered, short, missed, still_open, added = numbers(board.locator("table tbody tr").first)
    assert n_planned == third.document["totals"]["n_visits"] == delivered + missed + still_open
    assert (delivered, short, missed, added) == (3, 1, 0, 0)
