"""Bringing files into a register: new, changed, equal, not seen; never a loss."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.files.register import Register
from reassure.geo import Point
from reassure.places.importing import combine
from reassure.places.place import Place
from reassure.places.sources import Origin, observed
from reassure.provenance import Source

FIELDS = ("name", "faiths", "point", "address")


def _place(
    number: int, name: str = "A", *, faith: str = "christian", file: str = "list_2026-08", rank: int = 5, **more
):
    year, month = map(int, file[-7:].split("-"))
    place = Place(
        ref=f"osm-way-{number}",
        name=name,
        faiths=frozenset({faith} - {""}),
        point=Point(52.48, -1.9),
        external_ids=(("osm", f"way/{number}"),),
        **more,
    )
    return observed(place, dict.fromkeys(FIELDS, Origin(file, rank, date(year, month, 1))))


def _source(file: str) -> Source:
    year, month = map(int, file[-7:].split("-"))
    return Source(file, file, "ODbL 1.0", "", date(year, month, 1))


PLACES = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["A", "B"]), st.sampled_from(["christian", "muslim", "sikh"])),
    max_size=8,
    unique_by=lambda row: (row[0], row[2]),
).map(lambda rows: [_place(number, name, faith=faith) for number, name, faith in rows])


@given(PLACES)
def test_importing_twice_is_importing_once(read: list[Place]) -> None:
    """The same file again: 0 new, 0 changed, and the register is the same."""
    once = combine((), read)

    twice = combine(once.places, read)

    assert (twice.new, twice.changes, twice.not_seen) == ((), (), ())
    assert twice.places == once.places
    assert len(once.new) == len(once.places)


@given(PLACES, PLACES)
def test_no_fact_is_lost_and_refs_stay_unique(first: list[Place], second: list[Place]) -> None:
    """After two files every fact of both is in the register, and no ref stands twice."""
    register = combine(combine((), first).places, second).places

    told = {(place.external_ids, fact) for place in register for fact in place.facts}
    assert {(place.external_ids, fact) for place in (*first, *second) for fact in place.facts} <= told
    assert len({place.ref for place in register}) == len(register)


def test_a_change_is_shown_field_by_field() -> None:
    """A newer file of equal weight changes a name; what it says the same is no change."""
    held = combine((), [_place(1), _place(2)]).places

    result = combine(held, [_place(1, "B", file="list_2026-09"), _place(2, file="list_2026-09")])

    assert [(c.ref, c.field, c.before, c.after) for c in result.changes] == [("osm-way-1", "name", "A", "B")]
    assert result.equal == ("osm-way-2",)
    assert {place.name for place in result.places} == {"A", "B"}


def test_an_older_file_changes_nothing_that_stands() -> None:
    """An older extract adds its facts and what was missing, and overrules nothing."""
    held = combine((), [_place(1, "New")]).places

    result = combine(held, [_place(1, "Old", file="list_2018-02", address="1 High St")])

    assert [(c.field, c.after) for c in result.changes] == [("address", "1 High St")]
    assert result.places[0].name == "New"


def test_a_force_list_outranks_a_newer_map() -> None:
    """What a force said stands against OpenStreetMap's newer word, which is held up as differing."""
    held = combine((), [_place(1, "Force's", rank=3)]).places

    result = combine(held, [_place(1, "Map's", file="list_2026-09")])

    assert (result.places[0].name, result.places[0].flags) == ("Force's", ("differs",))


def test_an_equal_id_under_another_faith_is_another_record() -> None:
    """A church that became a mosque in a newer file is kept beside it, both flagged, refs apart."""
    held = combine((), [_place(1, "Chapel")]).places

    result = combine(held, [_place(1, "Mosque", faith="muslim", file="list_2026-09")])

    assert [place.ref for place in result.places] == ["osm-way-1", "osm-way-1-muslim"]
    assert [place.flags for place in result.places] == [("same_id",), ("same_id",)]
    again = combine(result.places, [_place(1, "Mosque", faith="muslim", file="list_2026-09")])
    assert (again.new, again.places) == ((), result.places)


def test_a_place_without_a_faith_belongs_to_the_record_of_its_id() -> None:
    """No faith is not another faith: the record is the same and keeps its faith."""
    held = combine((), [_place(1)]).places

    result = combine(held, [_place(1, faith="")])

    assert (result.new, result.places[0].faiths) == ((), frozenset({"christian"}))


def test_what_a_newer_file_lacks_is_flagged_and_kept() -> None:
    """A row gone from the next file of its series is `not_seen`, until it is seen again; other series say nothing."""
    held = combine((), [_place(1), _place(2)]).places

    other = combine(held, [_place(1, file="part_2026-09")], [_source("part_2026-09")])
    older = combine(held, [_place(1, file="list_2026-07")], [_source("list_2026-07")])
    same_day = combine(held, [_place(1)], [_source("list_2026-08")])  # a part of the same file
    newer = combine(held, [_place(1, file="list_2026-09")], [_source("list_2026-09")])

    assert (other.not_seen, older.not_seen, same_day.not_seen) == ((), (), ())
    assert newer.not_seen == ("osm-way-2",)
    assert [place.flags for place in newer.places] == [(), ("not_seen",)]
    back = combine(newer.places, [_place(2, file="list_2026-10")])
    assert back.places[1].flags == ()


def test_a_wish_not_to_be_visited_survives_an_import() -> None:
    """A register with a place's own word keeps it when a file says nothing of it."""
    held = [replace(_place(1), presence="none", bands=(("friday", "L"),))]

    result = combine(held, [_place(1, file="list_2026-09")])

    assert (result.places[0].presence, result.places[0].bands) == ("none", (("friday", "L"),))


@pytest.mark.slow
def test_the_open_register_imported_twice_is_imported_once(open_register: Register) -> None:
    """All 37,757 places: first all new, then 0 new, 0 changed, 37,757 equal, and the register as it was."""
    once = combine((), open_register.places, open_register.sources)

    twice = combine(once.places, open_register.places, open_register.sources)

    assert len(once.new) == 37_757
    assert (twice.new, twice.changes, twice.not_seen, len(twice.equal)) == ((), (), (), 37_757)
    assert twice.places == once.places
