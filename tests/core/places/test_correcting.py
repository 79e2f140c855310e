"""What a person says of a place is kept beside what others said, and the best word stands."""

from datetime import UTC, date, datetime

import pytest

from reassure.errors import InputError, RuleError
from reassure.geo import Point
from reassure.places.correcting import Correction, closing, corrected, overruled
from reassure.places.place import Fact, Place
from reassure.places.sources import settled

AT = datetime(2026, 11, 28, 10, tzinfo=UTC)
PLACE = settled(
    Place("p1", point=Point(52.5, -1.9), faiths=frozenset({"christian"})),
    [Fact("name", "Old Chapel", "osm", 5, date(2026, 8, 1)), Fact("status", "active", "letter", 1, date(2026, 11, 1))],
)


def said(
    rank: int = 2, source: str = "seen at the door", on: date = date(2026, 11, 27), **values: object
) -> Correction:
    return Correction(values, rank, source, on, "user:7", AT)


def test_a_better_word_stands_and_the_old_one_is_kept():
    """An officer at the door (2) outranks OpenStreetMap (5); both words stay on record."""
    after = corrected(PLACE, said(name="New Chapel"))

    assert after.name == "New Chapel"
    assert {(f.value, f.rank, f.recorded_by) for f in after.facts if f.field == "name"} == {
        ("Old Chapel", 5, ""),
        ("New Chapel", 2, "user:7"),
    }


def test_a_lesser_word_is_kept_but_does_not_stand():
    """A force's list (3) cannot close a place that itself says it is active (1); the correction says so."""
    word = said(rank=3, source="force list", **closing(date(2026, 11, 27)))
    after = corrected(PLACE, word)

    assert after.status == "active"
    assert overruled(after, word) == ("status",)


def test_a_place_is_closed_by_the_place_itself():
    """The place's own word of a later day closes it."""
    after = corrected(PLACE, said(rank=1, **closing(date(2026, 11, 27))))

    assert (after.status, after.valid_to, after.is_open) == ("closed", date(2026, 11, 27), False)


def test_only_the_place_says_which_visits_it_wants():
    """Presence and authority are refused on anybody else's word, and taken on the place's own."""
    with pytest.raises(RuleError, match="only the place itself says which visits it wants"):
        corrected(PLACE, said(presence="none"))

    assert corrected(PLACE, said(rank=1, presence="none")).presence == "none"
    assert corrected(PLACE, said(rank=2, presence="welcome")).presence == "welcome"  # nothing changes


@pytest.mark.parametrize(
    ("word", "says"),
    [
        (said(rank=5, name="A"), "rank is 5; expected 1 to 3"),
        (said(source=" ", name="A"), "source is  ; expected where you have it from"),
        (said(source="x" * 121, name="A"), "at most 120 characters"),
        (said(on=date(2026, 11, 29), name="A"), "observed_on is 2026-11-29; expected a day that has been"),
        (said(area_code="E23000014"), "area_code is missing; expected a field that a person may correct"),
        (said(bands=()), "bands is missing; expected a field that a person may correct"),
        (said(faiths=frozenset({"jedi"})), "faith is jedi"),
        (said(point=(91.0, -1.9, 5.0)), "lat_deg is 91.0; expected 49 to 61"),
        (said(status="gone"), "status is gone"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(word, says):
    """Each fault names its field and what is expected; nothing is changed."""
    with pytest.raises(InputError, match=says):
        corrected(PLACE, word)
