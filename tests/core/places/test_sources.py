"""Facts and what they come to: order, differences, withdrawal, export; and what a name proposes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.geo import Point
from reassure.places.place import Fact, Place, current
from reassure.places.profiles import flags_of_name, proposed_profile
from reassure.places.sources import (
    Origin,
    day_in_name,
    differing,
    for_export,
    observed,
    series_of,
    settled,
    without,
)

PLACE = Place(ref="p", name="St Mary", faiths=frozenset({"christian"}), point=Point(52.48, -1.9), address="1 High St")
AUGUST = date(2026, 8, 1)


def _fact(field: str, value: object, rank: int, day: int = 1, source: str = "s") -> Fact:
    return Fact(field, value, source, rank, date(2026, 8, day))


FACTS = st.lists(
    st.builds(
        Fact,
        field=st.sampled_from(["name", "address"]),
        value=st.sampled_from(["A", "B", "C"]),
        source_ref=st.sampled_from(["s", "t"]),
        rank=st.integers(1, 6),
        observed_on=st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    ),
    max_size=8,
)


@given(FACTS, st.randoms(use_true_random=False))
def test_what_stands_does_not_depend_on_the_order_of_facts(facts: list[Fact], random) -> None:
    """Shuffled facts give the same place, fact for fact."""
    shuffled = random.sample(facts, len(facts))

    assert current(shuffled) == current(facts)
    assert settled(PLACE, shuffled) == settled(PLACE, facts)


@given(FACTS, FACTS)
def test_facts_are_only_added(first: list[Fact], second: list[Fact]) -> None:
    """No write loses a fact, and adding the same facts again changes nothing."""
    once = settled(settled(PLACE, first), second)

    assert set(once.facts) == {*first, *second}
    assert settled(once, first) == once


@given(FACTS)
def test_the_best_rank_stands_whatever_is_newer(facts: list[Fact]) -> None:
    """No fact of worse rank ever wins; among equals none is newer than the one that stands."""
    for field, best in current(facts).items():
        others = [fact for fact in facts if fact.field == field]
        assert best.rank == min(fact.rank for fact in others)
        assert best.observed_on == max(fact.observed_on for fact in others if fact.rank == best.rank)


def test_a_newer_word_of_less_weight_is_held_up_to_a_person() -> None:
    """OpenStreetMap's newer name does not replace the trustees', but raises `differs`."""
    place = settled(PLACE, [_fact("name", "Ours", 1, day=1), _fact("name", "Theirs", 5, day=2)])

    assert (place.name, place.flags) == ("Ours", ("differs",))
    assert differing(place.facts) == ("name",)


@pytest.mark.parametrize(
    "facts",
    [
        [_fact("name", "Ours", 1, day=2), _fact("name", "Theirs", 5, day=1)],  # older
        [_fact("name", "Ours", 1, day=1), _fact("name", "Ours", 5, day=2)],  # says the same
        [_fact("name", "Old", 5, day=1), _fact("name", "New", 5, day=2)],  # same weight: the newer one stands
        [_fact("lad_code", "E08000025", 5, day=1), _fact("lad_code", "E08000026", 6, day=2)],  # derived
        [_fact("point", (52.0, -1.0, 5.0), 2, day=1), _fact("point", (52.0, -1.0, 30.0), 5, day=2)],  # same spot
    ],
)
def test_what_does_not_differ(facts: list[Fact]) -> None:
    """An older word, the same word, a word of equal weight and a derived value raise nothing."""
    assert differing(facts) == ()


def test_taking_a_fact_back_brings_the_next_one_back() -> None:
    """Withdrawing the best fact brings the next best; withdrawing the last leaves the field empty."""
    best, next_best = _fact("name", "Ours", 1), _fact("name", "Theirs", 5)
    place = settled(PLACE, [best, next_best])

    assert without(place, best).name == "Theirs"
    assert without(without(place, best), next_best).name == ""
    assert without(without(place, best), next_best).facts == ()


def test_what_the_place_itself_said_is_never_passed_on() -> None:
    """An export has no bands, presence, entrances or facts of trustees; the next best value stands."""
    place = settled(
        Place("p", point=PLACE.point, bands=(("friday", "L"),), presence="none", entrances=(("women", PLACE.point),)),
        [_fact("name", "Ours", 1), _fact("name", "Theirs", 5)],
    )

    out = for_export(place)

    assert (out.name, out.bands, out.presence, out.entrances) == ("Theirs", (), "welcome", ())
    assert {fact.rank for fact in out.facts} == {5}


def test_an_import_puts_each_value_down_to_its_source() -> None:
    """A field with a value and an origin has a fact; empty fields have none."""
    origin = Origin("list", 4, AUGUST)

    place = observed(PLACE, dict.fromkeys(("name", "point", "postcode", "profile"), origin))

    assert {fact.field: fact.value for fact in place.facts} == {"name": "St Mary", "point": (52.48, -1.9, 30.0)}
    assert place.source_refs == ("list",)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("mosques_uk_osm_2025-07_dedup", date(2025, 7, 1)),
        ("rutland-2018-02-27", date(2018, 2, 27)),
        ("london-2020", date(2020, 1, 1)),
        ("list-2026-13", None),  # there is no 13th month, and no day is guessed
        ("list-20260801", None),  # a number, not a date
        ("list", None),
    ],
)
def test_the_day_of_a_file_is_in_its_name(name: str, day: date | None) -> None:
    """The date in the name counts, to its first day; what is no date is none."""
    assert day_in_name(name) == day


def test_files_of_one_series_differ_in_their_date_only() -> None:
    """The series is the name without its date."""
    assert series_of("places_of_worship_osm_2026-08") == series_of("places_of_worship_osm_2026-09")
    assert series_of("west_midlands_places_of_worship_osm_2026-08") != series_of("places_of_worship_osm_2026-08")


@pytest.mark.parametrize(
    ("name", "faiths", "denomination", "profile"),
    [
        ("St Anne", {"christian"}, "greek_orthodox", "orthodox"),
        ("St Anne", {"christian"}, "anglican;Serbian_Orthodox", "orthodox"),
        ("Hope", {"christian"}, "seventh_day_adventist", "saturday"),
        ("Beth El", {"jewish"}, "orthodox", "default"),  # faith first: orthodox means two things
        ("Jamia Mosque", {"muslim"}, "sunni", "default"),
        ("St Anne", set(), "greek_orthodox", "default"),
        ("Cemetery Chapel", {"christian"}, "", "none"),
        ("Chapel of Rest", {"christian"}, "", "none"),
        ("St Giles (disused)", {"christian"}, "seventh_day_adventist", "none"),
        ("Old Ruins Mosque", {"muslim"}, "", "none"),
        ("Former Chapel", {"christian"}, "", "default"),  # one active house is called so
        ("Ruinart Chapel", {"christian"}, "", "default"),  # a whole word counts
        ("Restful Chapel", {"christian"}, "", "default"),
    ],
)
def test_the_profile_proposed_at_import(name: str, faiths: set[str], denomination: str, profile: str) -> None:
    """What the name rules out comes first, then the denomination of Christians; nothing for Muslims or Jews."""
    assert proposed_profile(name, frozenset(faiths), denomination) == profile


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("City Crematorium", ("no_services_expected",)),
        ("ST GILES (RUINS)", ("maybe_closed", "no_services_expected")),
        ("Former Chapel", ("maybe_closed",)),
        ("Performers' Church", ()),
        ("", ()),
    ],
)
def test_names_raise_doubts(name: str, flags: tuple[str, ...]) -> None:
    """Words that speak of an end or of the dead raise a flag for a person."""
    assert flags_of_name(name) == flags
