"""The need of a day is kept while nothing that it rests on changes; whatever changes, the next page shows it."""

import json
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reassure.files.demo_inputs import DECLARATION, INCIDENTS
from reassure.occasions.values import Rule as Spoken
from reassure.occasions.values import Weekly
from reassure_web.engagement.models import Visit
from reassure_web.occasions.services import save_rules
from reassure_web.patrols import services_begin, services_needs
from reassure_web.patrols.models import Day, Unit
from reassure_web.patrols.queries_inputs import day_needs
from reassure_web.patrols.queries_need import need_page
from reassure_web.places.models import Alias, Area, Place
from reassure_web.places.services import take
from web.patrols.conftest import BEFORE, FILES, SLUG

pytestmark = pytest.mark.django_db
MOSQUE = "demo-092"
"""A mosque of the generated area."""


def line_of(planner, on, ref=MOSQUE):
    """The first line about a place on the page of needs: its name, occasion, must-visit and points by term."""
    for number in range(1, 9):
        for line in need_page(planner, SLUG, on, "open", number, now=BEFORE).lines:
            if line.need.place_ref == ref:
                return line
    return None


def change_place(**values):
    row = Place.objects.get(ref=MOSQUE)
    take(row, replace(row.facts(), facts=(), **values), now=BEFORE)
    row.save()


def rename(planner, on):
    change_place(name="Another Name Mosque")
    return line_of(planner, on).name == "Another Name Mosque"


def close(planner, on):
    change_place(status="closed")
    return line_of(planner, on) is None


def give_a_band(planner, on):
    change_place(bands=(("jumuah", "800-999"),))
    return not line_of(planner, on).is_estimated


def absorb(planner, on):
    other = Place.objects.exclude(ref=MOSQUE).filter(faiths=" muslim ").first()
    Alias.objects.create(absorbed=MOSQUE, kept=other.ref, decided_by=planner, decided_at=BEFORE)
    Place.objects.filter(ref=MOSQUE).update(is_standing=False)
    return line_of(planner, on) is None


def say_another_time(planner, on):
    save_rules(planner, [Spoken(MOSQUE, "jumuah", Weekly((4,), time(14, 5)), 3, "door")], reason="Told", now=BEFORE)
    return "14:05" in line_of(planner, on).occasion


def visit_yesterday(planner, on):
    before = BEFORE - timedelta(hours=17)
    Visit.objects.create(
        client_id="0b2e4f6a-1111-4222-8333-000000000001", area_code="DEMO-01", on=on - timedelta(days=1),
        unit_ref="car-1", place_ref=MOSQUE, kind="presence", method="tap", started_at=before, ended_at=before,
        outcome="nobody_in", received_at=before, recorded_by=planner,
    )  # fmt: skip
    return line_of(planner, on).need.score.inputs.days_since_visit == 1


def load_facts(planner, on):
    services_begin.load_day_file(planner, SLUG, on, "facts", b"place_ref,must\ndemo-092,yes\n", "facts.csv", now=BEFORE)
    return "marked as a must by the planner" in line_of(planner, on).must_reason


def load_incidents(planner, on):
    services_begin.load_day_file(planner, SLUG, on, "incidents", FILES[INCIDENTS], INCIDENTS, now=BEFORE)
    return line_of(planner, on).need.score.parts.incidents > 0


def load_another_declaration(planner, on):
    content = FILES[DECLARATION].replace(b"DEMO-D-1", b"DEMO-D-2")
    services_begin.load_declaration(planner, SLUG, on, content, DECLARATION, now=BEFORE)
    return line_of(planner, on).need.declaration_ref == "DEMO-D-2"


def be_stricter(planner, on):
    services_begin.set_terms(planner, SLUG, on, must_unknown=True, allow_shortfall=True, now=BEFORE)
    return "number of people not known" in line_of(planner, on).must_reason


def sign_a_must(planner, on):
    day = Day.objects.get()
    asked = services_needs.ask_override(planner, SLUG, on, MOSQUE, "must", "Asked for by the imam", now=BEFORE)
    assert not line_of(planner, on).must_reason
    day.overrides.filter(pk=asked.pk).update(state="signed")
    return "marked as a must by the planner" in line_of(planner, on).must_reason


def keep_the_late_shift_alone(planner, on):
    """Nobody is there at noon any more, so the Friday prayer lies outside the hours that are planned."""
    Unit.objects.exclude(ref="car-4").update(is_off=True)
    return line_of(planner, on) is None or "Jumu" not in line_of(planner, on).occasion


@pytest.mark.parametrize(
    "change",
    [
        rename, close, give_a_band, absorb, say_another_time, visit_yesterday, load_facts, load_incidents,
        load_another_declaration, be_stricter, sign_a_must, keep_the_late_shift_alone,
    ],
)  # fmt: skip
def test_a_change_of_anything_it_rests_on_shows_on_the_next_page(change, planner, day):
    """Looked at before, so that the old answer is at hand; the new one has to be another, and right."""
    before = line_of(planner, day)
    assert before is not None
    assert not before.must_reason

    assert change(planner, day)


def test_another_day_is_another_answer(planner, day):
    """Saturday has no Friday prayer."""
    friday = {line.occasion for line in need_page(planner, SLUG, day, "open", 1, now=BEFORE).lines}

    saturday = need_page(planner, SLUG, day + timedelta(days=1), "open", 1, now=BEFORE).lines

    assert any("Jumu" in words for words in friday)
    assert not any("Jumu" in line.occasion for line in saturday)


def test_what_is_kept_was_worked_out_from_the_rows_alone(planner, day):
    """Everything is asked of the database before: an unchanged day is answered by the same values."""
    area, row = Area.objects.get(slug=SLUG), Day.objects.get()

    first = day_needs(area, row)
    with CaptureQueriesContext(connection) as asked:
        second = day_needs(area, Day.objects.get())

    assert second is first
    assert 5 <= len(asked) <= 9


def test_a_place_that_was_brought_in_is_there_at_once(planner, day):
    """A new record of the area counts on the next page."""
    n_before = need_page(planner, SLUG, day, "open", 1, now=BEFORE).n_places
    row = Place.objects.get(ref=MOSQUE)
    record = json.loads(json.dumps(row.record)) | {"ref": "demo-999", "name": "New Mosque"}
    Place.objects.create(
        ref="demo-999", name="New Mosque", faiths=row.faiths, status=row.status, area_code="DEMO-01",
        lat_deg=row.lat_deg, lon_deg=row.lon_deg, record=record, recorded_at=BEFORE, changed_at=BEFORE,
    )  # fmt: skip

    after = need_page(planner, SLUG, day, "open", 1, now=BEFORE)

    assert after.n_places == n_before + 1
    assert line_of(planner, day, "demo-999").name == "New Mosque"


def test_an_area_of_one_day_never_answers_for_another(planner, day):
    """The other area has no place of this one."""
    assert need_page(planner, SLUG, date(2026, 11, 27), "open", 1, now=BEFORE).n_places > 0
    assert day_needs(Area.objects.get(slug="other"), Day(area_code="DEMO-02", on=day)).needs == ()
