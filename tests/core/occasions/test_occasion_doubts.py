"""What is doubtful in rules: never speaking, never standing, overlapping, contradicted, tied, unknown."""

from datetime import date, time

import pytest

from reassure.geo import Point
from reassure.occasions.checking import Doubt, doubts
from reassure.occasions.values import Computed, OsmText, Rule, TableRow, Weekly
from reassure.places.place import Place

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
MOSQUE = Place("m", "Demo Mosque", faiths=frozenset({"muslim"}), point=Point(52.4862, -1.8904))
CHURCH = Place("c", "Demo Church", faiths=frozenset({"christian"}), point=Point(52.4862, -1.8904))


def _found(*rules: Rule, places: tuple[Place, ...] = (MOSQUE, CHURCH)) -> list[Doubt]:
    return doubts(places, rules, FIRST, LAST)


def test_sound_rules_raise_no_doubt() -> None:
    """Two congregations of a mosque, a season rule and a church's Sunday: nothing to ask."""
    assert (
        _found(
            Rule("m", "jumuah", Weekly((4,), time(13)), 3, "site"),
            Rule("m", "jumuah", Weekly((4,), time(13, 45)), 3, "site"),
            Rule("c", "sunday_main", Weekly((6,), time(10, 30), "gmt"), 3, "site"),
        )
        == []
    )


@pytest.mark.parametrize(
    "rule",
    [
        Rule("m", "jumuah", Weekly((4,), time(13), "bst"), 3, "site"),  # no summer between November and December
        Rule("m", "jumuah", TableRow(date(2026, 1, 2), time(13)), 2, "site"),
        Rule("m", "jumuah", Weekly((4,), time(13)), 3, "site", valid_to=date(2026, 10, 1)),
        Rule("c", "sunday_main", OsmText("Apr-May Su 09:30"), 4, "osm"),
    ],
)
def test_a_rule_that_never_speaks_is_named(rule: Rule) -> None:
    """Out of season, in the past or over: the rule gives nothing between the dates."""
    (doubt,) = _found(rule)

    assert (doubt.kind, doubt.place_ref) == ("never", rule.place_ref)
    assert "gives nothing from 2026-11-01 to 2026-12-31" in doubt.says


def test_a_rule_that_is_always_beaten_is_named() -> None:
    """A text of OpenStreetMap under a rule of the place never stands; the place's rule does."""
    found = _found(
        Rule("c", "sunday_main", Weekly((6,), time(9, 30)), 3, "site"),
        Rule("c", "sunday_main", OsmText("Su 10:30", (6,)), 4, "osm"),
    )

    assert [(d.kind, "osm" in d.says, "9 days and never stands" in d.says) for d in found] == [("never", True, True)]


def test_kinds_at_the_same_time_are_named_once() -> None:
    """A class at 13:10 on Fridays during Jumu'ah at 13:00: one doubt with its days, not one a week."""
    (doubt,) = _found(
        Rule("m", "jumuah", Weekly((4,), time(13)), 3, "site"),
        Rule("m", "study", Weekly((4,), time(13, 10)), 3, "site"),
    )

    assert doubt.kind == "overlap"
    assert "on 8 days, first on 2026-11-06" in doubt.says


def test_a_table_that_contradicts_the_places_rule_is_named() -> None:
    """The place says 13:00; its published row says 13:30: they differ on that day."""
    found = _found(
        Rule("m", "jumuah", Weekly((4,), time(13)), 3, "site"),
        Rule("m", "jumuah", TableRow(date(2026, 11, 27), time(13, 30)), 2, "leaflet"),
    )

    assert [(d.kind, d.says) for d in found] == [("differs", "Jumu'ah: sources differ: site says 13:00, on 1 day")]


def test_rules_that_tie_are_named() -> None:
    """Two sources of equal weight for one Friday."""
    kinds = [d.kind for d in _found(*(Rule("m", "jumuah", Weekly((4,), time(13)), 3, s) for s in ("a", "b")))]

    assert "tie" in kinds


def test_a_place_about_which_nothing_is_known_is_listed_and_not_made_up() -> None:
    """A place of another faith has no usual time: it is listed; a closed one, and one with a rule, are not."""
    other = Place("x", "Fire Temple", faiths=frozenset({"other"}), point=MOSQUE.point)
    closed = Place("z", "Closed", faiths=frozenset({"other"}), point=MOSQUE.point, status="closed")
    ruled = Place("r", "Ruled", faiths=frozenset({"other"}), point=MOSQUE.point)

    found = _found(Rule("r", "service", Computed((5,), "sunset"), 3, "site"), places=(other, closed, ruled, MOSQUE))

    assert [(d.kind, d.place_ref) for d in found] == [("nothing known", "x")]
