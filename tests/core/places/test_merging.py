"""Merge, undo and split of places as values."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError, RuleError
from reassure.geo import Point
from reassure.places.merging import (
    Aliases,
    closed,
    merge,
    older_first,
    read_together,
    require_deletable,
    split,
    standing,
    undo,
)
from reassure.places.place import Fact, Place
from reassure.places.sources import settled

AT = datetime(2026, 11, 27, 5, 10, tzinfo=UTC)
POINT = Point(52.48, -1.9)


def _place(ref: str, **fields) -> Place:
    return Place(ref=ref, point=POINT, **fields)


def _merged(aliases: Aliases, absorbed: str, kept: str) -> Aliases:
    return merge(aliases, _place(absorbed), _place(kept), decided_by="u1", decided_at=AT)


def test_a_merge_names_who_decided_and_moves_no_record() -> None:
    """The alias holds both refs, the person and the instant; asking for either ref gives the kept one."""
    aliases = _merged(Aliases(), "b", "a")

    assert aliases.resolve("b") == aliases.resolve("a") == "a"
    assert aliases.resolve("other") == "other"
    assert (aliases.by_absorbed["b"].decided_by, aliases.by_absorbed["b"].decided_at) == ("u1", AT)
    assert aliases.absorbed_by("a") == ("b",)


@pytest.mark.parametrize(
    ("absorbed", "kept", "said"),
    [
        ("a", "a", "same record twice"),
        ("b", "c", "b was merged already; expected a"),  # b stands for a since
        ("c", "b", "b was merged already; expected a"),  # into a closed alias
    ],
)
def test_merges_that_cannot_be(absorbed: str, kept: str, said: str) -> None:
    """A place is not merged with itself, nor with one that has been merged: the text names what stands for it."""
    aliases = _merged(Aliases(), "b", "a")

    with pytest.raises(RuleError, match=said):
        _merged(aliases, absorbed, kept)


def test_a_merge_across_areas_needs_both() -> None:
    """Two areas' places are merged only by somebody who may decide for both; the areas are named."""
    a, b = _place("a", area_code="E23000014"), _place("b", area_code="E23000016")

    with pytest.raises(RuleError, match="E23000014 and E23000016; expected a decision by people of E23000016 too"):
        merge(Aliases(), b, a, decided_by="u1", decided_at=AT, areas_granted={"E23000014"})
    both = merge(Aliases(), b, a, decided_by="u1", decided_at=AT, areas_granted={"E23000014", "E23000016"})
    assert both.resolve("b") == "a"


def test_chains_of_merges_end_at_one_place() -> None:
    """c into b, then b into a: all three stand as a."""
    aliases = _merged(_merged(Aliases(), "c", "b"), "b", "a")

    assert {aliases.resolve(ref) for ref in "abc"} == {"a"}
    assert aliases.absorbed_by("a") == ("b", "c")
    assert undo(aliases, "b").resolve("c") == "b"


def test_only_what_was_merged_can_be_undone() -> None:
    """Undoing nothing is refused with the name of the place."""
    with pytest.raises(RuleError, match="a is not merged"):
        undo(Aliases(), "a")


MERGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12)


def _apply(merges: list[tuple[int, int]]) -> Aliases:
    aliases = Aliases()
    for absorbed, kept in merges:
        try:
            aliases = _merged(aliases, f"p{absorbed}", f"p{kept}")
        except RuleError:
            continue
    return aliases


@given(MERGES)
def test_resolving_ends_and_keeps_one_place_per_chain(merges: list[tuple[int, int]]) -> None:
    """Whatever is merged in whatever order, every ref resolves to one that stands, and stands for itself."""
    aliases = _apply(merges)

    for ref in (f"p{i}" for i in range(8)):
        head = aliases.resolve(ref)
        assert aliases.resolve(head) == head
        assert head not in aliases.by_absorbed
        assert ref == head or ref in aliases.absorbed_by(head)


@given(MERGES, st.integers(0, 7), st.integers(0, 7))
def test_an_undo_brings_back_what_was(merges: list[tuple[int, int]], absorbed: int, kept: int) -> None:
    """undo(merge(a, b)) is as before, after any other merges."""
    before = _apply(merges)
    try:
        after = _merged(before, f"p{absorbed}", f"p{kept}")
    except RuleError:
        return

    assert undo(after, f"p{absorbed}") == before


@given(MERGES, st.randoms(use_true_random=False))
def test_undoing_all_in_any_order_leaves_nothing(merges: list[tuple[int, int]], random) -> None:
    """Merges taken back in any order leave every place standing for itself."""
    aliases = _apply(merges)

    for ref in random.sample(sorted(aliases.by_absorbed), len(aliases.by_absorbed)):
        aliases = undo(aliases, ref)

    assert aliases == Aliases()


def _told(ref: str, name: str, rank: int, day: int, **fields) -> Place:
    fact = Fact("name", name, f"s{rank}", rank, date(2026, 8, day))
    return settled(_place(ref, external_ids=(("osm", f"way/{ref}"),), **fields), (fact,))


def test_facts_of_merged_places_are_read_together() -> None:
    """The better word wins, names and ids of both are kept, and a wish for fewer visits is honoured."""
    a = _told("a", "St Mary", 5, 1, bands=(("sunday", "M"),))
    b = _told("b", "St Mary's", 3, 1, presence="none", bands=(("sunday", "L"), ("saturday", "S")))

    one = read_together(a, [b])

    assert (one.ref, one.name, one.other_names) == ("a", "St Mary's", ("St Mary",))
    assert one.external_ids == (("osm", "way/a"), ("osm", "way/b"))
    assert one.presence == "none"
    assert one.bands == (("saturday", "S"), ("sunday", "M"))
    assert set(one.facts) == {*a.facts, *b.facts}


def test_merged_places_stand_as_one_and_come_back() -> None:
    """With the alias one place stands; without it both are as they were."""
    a, b, c = _told("a", "A", 5, 1), _told("b", "B", 3, 1), _told("c", "C", 5, 2)
    aliases = _merged(Aliases(), "b", "a")

    assert [place.ref for place in standing([c, b, a], aliases)] == ["a", "c"]
    assert standing([c, b, a], undo(aliases, "b")) == (a, b, c)
    with pytest.raises(InputError, match="the place a is missing"):
        standing([b], aliases)


def test_the_older_record_is_kept() -> None:
    """Older is what was recorded first, else what was observed first, else the first ref."""
    a, b = _told("a", "A", 5, 2), _told("b", "B", 5, 1)

    assert older_first(a, b, {"a": AT})[0] is a
    assert older_first(a, b, {})[0] is b
    assert older_first(_place("z"), _place("y"), {})[0].ref == "y"


def test_a_split_loses_no_fact() -> None:
    """The new place gets the ids that are named, and both keep every fact."""
    one = read_together(_told("a", "A", 5, 1), [_told("b", "B", 5, 2)])

    left, new = split(one, [("osm", "way/b")], "n1")

    assert (left.ref, left.external_ids) == ("a", (("osm", "way/a"),))
    assert (new.ref, new.external_ids) == ("n1", (("osm", "way/b"),))
    assert left.facts == new.facts == one.facts
    for ids, ref, said in (
        ((), "n1", "at least one id"),
        ((("osm", "way/9"),), "n1", "an id of a"),
        (one.external_ids, "a", "no place has"),
    ):
        with pytest.raises(RuleError, match=said):
            split(one, ids, ref)


def test_a_place_with_a_history_is_closed_and_not_deleted() -> None:
    """Visits, bids and advice keep a place from being deleted; closing it keeps its past."""
    place = _told("a", "A", 5, 1)

    with pytest.raises(RuleError, match="A has 2 visits, 1 bids; expected to close the place instead"):
        require_deletable(place, {"visits": 2, "bids": 1, "advice": 0})
    require_deletable(place, {"visits": 0})
    ended = closed(place, on=date(2026, 11, 27))
    assert (ended.status, ended.valid_to, ended.is_open, ended.facts) == (
        "closed",
        date(2026, 11, 27),
        False,
        place.facts,
    )
