"""A register for the tests of this room: the generated demo area, imported as a planner would."""

import pytest

from reassure.files.demo_area import demo_area
from reassure.files.demo_inputs import input_files
from reassure_web.places.models import Area
from reassure_web.places.services_imports import Upload, accept_import, preview_import
from web.conftest import NOW

FILES = input_files(demo_area(seed=1))


@pytest.fixture
def areas(db):
    """The two areas of the personas."""
    for code, slug in (("DEMO-01", "demo"), ("DEMO-02", "other")):
        Area.objects.get_or_create(code=code, defaults={"slug": slug, "name": f"Demo area {code[-1]}"})


@pytest.fixture
def bring_in(areas):
    """`bring_in(planner, text)` hands a file in and accepts it."""

    def bring_in(actor, content, name="places.csv", now=NOW, **said):
        run = preview_import(actor, Upload(name, content, **said), now=now)
        return accept_import(actor, run.ref, now=now)

    return bring_in


@pytest.fixture
def register(person, bring_in):
    """The 120 generated places of the demo area."""
    return bring_in(person("planner"), FILES["places.csv"])
