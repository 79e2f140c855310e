"""Incidents: severities, origins, and records of one event that count once."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.geo import Point
from reassure.threats.incidents import (
    COUNTED_ORIGINS,
    ORIGINS,
    SEVERITY,
    Incident,
    counted_groups,
    incident_problems,
)

ON = date(2019, 3, 15)


def record(ref: str, **known: object) -> Incident:
    usual: dict[str, object] = {"family": "damage", "origin": "victim", "ended_on": ON, "place_ref": "P1"}
    return Incident(ref, **{**usual, **known})  # type: ignore[arg-type]


def test_severities_are_those_of_the_table() -> None:
    """Abuse or other 0.25, graffiti 0.5, damage or threat 1, violence or arson 2."""
    assert SEVERITY == {
        "abuse": 0.25,
        "other": 0.25,
        "graffiti": 0.5,
        "damage": 1,
        "threat": 1,
        "violence": 2,
        "arson": 2,
    }


@pytest.mark.parametrize("origin", ORIGINS)
def test_only_reports_of_others_count(origin: str) -> None:
    """What a victim, third party, place or member of the public reports counts; what officers find does not."""
    counts = origin in {"victim", "third_party", "place", "public"}

    assert bool(counted_groups([record("I1", origin=origin)])) == counts
    assert (origin in COUNTED_ORIGINS) == counts


def test_police_and_a_third_party_of_one_event_are_together_one() -> None:
    """Records confirmed as one event count once: highest severity, latest end, the link, the finest position."""
    at, near = Point(52.48, -1.89), Point(52.481, -1.89)
    police = record("A", family="damage", place_ref="", point=near, precision_m=100.0, group_ref="G")
    tell = record(
        "B", family="arson", origin="third_party", ended_on=date(2019, 3, 14), point=at, precision_m=10.0, group_ref="G"
    )

    (found,) = counted_groups([police, tell])

    assert (found.family, found.ended_on, found.place_ref, found.point) == ("arson", ON, "P1", at)
    assert len(counted_groups([replace(police, group_ref=""), replace(tell, group_ref="")])) == 2


def test_a_record_of_another_origin_never_raises_its_group() -> None:
    """An arson that an officer noted adds nothing to the graffiti that the place reported."""
    reported = record("A", family="graffiti", ended_on=date(2019, 3, 1), group_ref="G")
    found_by_officer = record("B", family="arson", origin="officer_on_visit", group_ref="G")

    assert counted_groups([found_by_officer, reported]) == (reported,)


@pytest.mark.parametrize("status", ["no_crimed", "withdrawn"])
def test_withdrawn_and_no_crimed_records_do_not_count(status: str) -> None:
    """Only a record that still stands counts."""
    assert counted_groups([record("A", status=status)]) == ()


def test_the_same_record_twice_counts_once() -> None:
    """Importing a file twice changes nothing: a ref stands for one record."""
    assert counted_groups([record("A"), record("A")]) == counted_groups([record("A")])


def test_a_group_and_a_record_of_the_same_name_stay_apart() -> None:
    """A group called A is not the record called A."""
    assert len(counted_groups([record("A"), record("B", group_ref="A")])) == 2


records = st.builds(
    Incident,
    ref=st.text("ab", min_size=1, max_size=4),
    family=st.sampled_from(sorted(SEVERITY)),
    origin=st.sampled_from(ORIGINS),
    ended_on=st.dates(date(2019, 1, 1), date(2019, 3, 15)),
    place_ref=st.sampled_from(("P1", "P2", "")),
    point=st.none() | st.just(Point(52.48, -1.89)),
    precision_m=st.sampled_from((10.0, 50.0)),
    group_ref=st.sampled_from(("", "G", "H")),
)


@given(st.lists(records, max_size=8, unique_by=lambda r: r.ref), st.randoms(use_true_random=False))
def test_groups_are_no_more_than_records_and_know_no_order(found: list[Incident], rng) -> None:  # type: ignore[no-untyped-def]
    """The number of groups never exceeds that of records, and the order of records is irrelevant."""
    shuffled = list(found)
    rng.shuffle(shuffled)

    assert len(counted_groups(found)) <= len(found)
    assert counted_groups(shuffled) == counted_groups(found)


def test_every_fault_of_a_record_is_named() -> None:
    """A record without a place and a position, of no family, origin or status, names each."""
    faulty = Incident("", "theft", "rumour", ON, status="open")

    assert [p.text for p in incident_problems(faulty)] == [
        "ref is missing; expected an identifier.",
        "family is theft; expected one of abuse, graffiti, damage, threat, violence, arson, other.",
        "origin is rumour; expected one of victim, third_party, place, public, officer_on_visit, police_discovered, "
        "unknown.",
        "status is open; expected one of recorded, no_crimed, withdrawn.",
        "place_ref is missing; expected a place_ref, or lat_deg and lon_deg.",
    ]
    assert incident_problems(record("A")) == []
    assert [p.column for p in incident_problems(record("A", point=Point(-1.89, 52.48)))] == ["lat_deg, lon_deg"]
