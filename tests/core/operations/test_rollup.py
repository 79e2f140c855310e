"""What became of a day adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.engagement.visits import VisitSent
from reassure.operations.rollup import (
    DayCounts,
    State,
    added_visits,
    day_counts,
    misses_by_reason,
    told_by_visit,
    total,
    visit_state,
)
from reassure.patrols.stops import PlannedVisit

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def planned(ref: str) -> PlannedVisit:
    return PlannedVisit(ref, "car-1", f"place of {ref}", NOON, NOON + timedelta(minutes=12))


def visit(ref: str, minutes: int | None = 12, outcome: str = "spoke_to_people", reason: str = "") -> VisitSent:
    ended_at = None if minutes is None else NOON + timedelta(minutes=minutes)
    return VisitSent(
        "", "DEMO-01", date(2026, 11, 27), "car-1", ref, f"place of {ref}", NOON, ended_at, outcome, miss_reason=reason
    )


def missed(ref: str, reason: str = "diverted") -> VisitSent:
    return visit(ref, 0, "not_reached", reason)


def test_a_closed_day_adds_up() -> None:
    """Operations.md 6: 120 = 107 + 13 + 0, added 4, of them 6 short, 89.2 % delivered."""
    asked = [planned(f"v{n}") for n in range(120)]
    records = [visit(f"v{n}", 9 if n < 6 else 12) for n in range(107)]
    records += [missed(f"v{n}") for n in range(107, 120)]
    records += [visit(f"outside {n}") for n in range(3)] + [visit("")]

    counts = day_counts(asked, records)

    assert counts == DayCounts(planned=120, delivered=107, short=6, missed=13, open=0, added=4)
    assert f"{counts.delivered_share:.1%}" == "89.2%"


def test_two_phones_of_one_unit_make_one_visit() -> None:
    """Two records of one planned visit are one delivered visit, none of them added; the completed one counts."""
    asked = [planned("a")]
    records = [missed("a"), visit("a", 12), visit("a", 15)]

    assert day_counts(asked, records) == DayCounts(planned=1, delivered=1)
    assert told_by_visit(asked, records)["a"].dwell_s == 12 * 60


def test_a_record_that_names_another_place_is_not_of_the_planned_visit() -> None:
    """A reference alone does not make a visit."""
    elsewhere = replace(visit("a"), place_ref="another")

    assert day_counts([planned("a")], [elsewhere]) == DayCounts(planned=1, open=1, added=1)


def test_a_visit_under_way_is_open_and_one_outside_the_plan_counts_when_it_ends() -> None:
    """Nobody is told of a visit before it is made."""
    asked = [planned("a"), planned("b")]
    records = [visit("a", None, ""), visit("x", None, ""), visit("y")]

    assert day_counts(asked, records) == DayCounts(planned=2, open=2, added=1)
    assert [record.visit_ref for record in added_visits(asked, records)] == ["y"]


@pytest.mark.parametrize(
    ("record", "now", "state"),
    [
        (None, NOON - timedelta(hours=1), State.DUE),
        (None, NOON + timedelta(minutes=10), State.DUE),  # not late yet
        (None, NOON + timedelta(minutes=10, seconds=1), State.LATE),
        (visit("a", None, ""), NOON, State.THERE),
        (visit("a", 9), NOON, State.SHORT),
        (visit("a", 10), NOON, State.DELIVERED),
        (missed("a"), NOON, State.MISSED),
    ],
)
def test_a_planned_visit_has_one_state(record, now, state) -> None:
    """Due, there, delivered, short, missed or late."""
    assert visit_state(planned("a"), record, now=now) is state


def test_misses_are_counted_by_reason() -> None:
    """The debrief says why."""
    told = {str(n): missed(str(n), reason) for n, reason in enumerate(["access", "diverted", "access"])}

    assert misses_by_reason({**told, "d": visit("d")}) == {"access": 2, "diverted": 1}


REFS = st.sampled_from("abcdefgh")
RECORDS = st.lists(
    st.builds(visit, REFS, st.sampled_from([None, 0, 9, 12])).map(lambda v: replace(v, outcome="") if v.is_open else v)
    | st.builds(missed, REFS),
    max_size=20,
)


@given(st.sets(REFS), RECORDS)
def test_planned_is_delivered_and_missed_and_open(refs, records) -> None:
    """Whatever was recorded, nothing is lost and nothing counts twice."""
    asked = [planned(ref) for ref in sorted(refs)]

    counts = day_counts(asked, records)

    assert counts.planned == len(refs) == counts.delivered + counts.missed + counts.open
    assert 0 <= counts.short <= counts.delivered
    assert counts.added == sum(v.visit_ref not in refs for v in records if v.outcome == "spoke_to_people")


@given(st.lists(st.tuples(st.sets(REFS), RECORDS), max_size=4))
def test_the_sum_of_areas_is_the_country(days) -> None:
    """National figures are the sum of the areas' figures, exactly, and keep the identity."""
    rows = [day_counts([planned(ref) for ref in sorted(refs)], records) for refs, records in days]

    country = total(rows)

    assert country.planned == sum(row.planned for row in rows)
    assert country.planned == country.delivered + country.missed + country.open


def test_a_day_without_a_plan_has_no_share() -> None:
    """Nothing of nothing is not 0 %."""
    assert day_counts([], []).delivered_share is None
