"""A day to plan: the generated demo area with its places, timetable-free, and units from its own roster."""

from datetime import UTC, datetime

import pytest

from reassure.files.demo_area import demo_area
from reassure.files.demo_ground import DEMO_DAY
from reassure.files.demo_inputs import DECLARATION, UNITS, input_files
from reassure_web.patrols import services_begin, services_runs, services_units
from reassure_web.patrols.services_runs import Options
from reassure_web.places.models import Area
from reassure_web.places.services_imports import Upload, accept_import, preview_import
from running_day import at, running_day

FILES = input_files(demo_area(seed=1))
BEFORE = datetime(2026, 11, 27, 5, 10, tzinfo=UTC)
SLUG = "demo"
DAY = f"/patrols/{SLUG}/{DEMO_DAY.isoformat()}/"


@pytest.fixture
def clock(monkeypatch):
    """`clock(instant)` makes it that time for the views; it is the morning of the day to begin with."""

    def set_to(instant):
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    set_to(BEFORE)
    return set_to


@pytest.fixture
def areas(db):
    """The two areas of the personas."""
    for code, slug in (("DEMO-01", SLUG), ("DEMO-02", "other")):
        Area.objects.update_or_create(code=code, defaults={"slug": slug, "name": f"Demo area {code[-1]}"})


@pytest.fixture
def planner(person, areas):
    """Somebody who plans, with the register brought in."""
    planner = person("planner")
    run = preview_import(planner, Upload("places.csv", FILES["places.csv"]), now=BEFORE)
    accept_import(planner, run.ref, now=BEFORE)
    return planner


@pytest.fixture
def day(planner, clock):
    """The demo day with its units and declaration."""
    services_units.import_units(planner, SLUG, DEMO_DAY, FILES[UNITS], UNITS, now=BEFORE)
    services_begin.load_declaration(planner, SLUG, DEMO_DAY, FILES[DECLARATION], DECLARATION, now=BEFORE)
    services_begin.set_terms(planner, SLUG, DEMO_DAY, must_unknown=False, allow_shortfall=True, now=BEFORE)
    return DEMO_DAY


@pytest.fixture
def plan(planner, day):
    """A plan of the demo day, searched for a moment and not drawn."""
    options = Options(iterations=300, rounds=0, is_drawn=False)
    run = services_runs.request_run(planner, SLUG, day, options, now=BEFORE)
    services_runs.compute_here(now=BEFORE)
    run.refresh_from_db()
    return run.plan


@pytest.fixture
def day_clock(monkeypatch):
    """`day_clock("12:20")` makes it that time of the plan's day; it is 12:20 to begin with."""

    def set_to(text: str) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: at(text))

    set_to("12:20")
    return set_to


@pytest.fixture
def officer(day_clock, person):
    """Somebody of a unit of the running day, at 12:20."""
    running_day()
    return person("officer")
