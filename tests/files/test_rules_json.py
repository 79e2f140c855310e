"""A rule kept as JSON comes back as it was, whatever its kind."""

import json
from datetime import UTC, date, datetime, time

import pytest

from reassure.errors import InputError
from reassure.files.demo_area import demo_area
from reassure.files.rules_json import KINDS, rule_object, rule_of_object
from reassure.geo import Point
from reassure.occasions.values import (
    Computed,
    Confirmed,
    DateCandidate,
    Festival,
    OneOff,
    OsmText,
    Recurrence,
    Rule,
    TableRow,
    Weekly,
)

ON = date(2026, 11, 27)
SAID_AT = datetime(2026, 11, 26, 18, 4, 5, 678, tzinfo=UTC)
WHENS = (
    Weekly((4, 6), time(13, 15), "bst"),
    Computed((4,), "maghrib", -5, 5, time(16), time(21, 30), "gmt"),
    Festival("diwali", (time(18), time(20, 30)), "", (DateCandidate(ON, 0.25, "x", 2026), DateCandidate(ON, 0.75))),
    TableRow(ON, time(12, 45)),
    OneOff(
        datetime(2026, 11, 27, 13, 0),  # noqa: DTZ001 - a wall clock without a zone, as rules have it
        datetime(2026, 11, 27, 14, 0),  # noqa: DTZ001
        is_outdoor=True,
        route=(Point(52.5, -1.9), Point(52.51, -1.91)),
        said_at=SAID_AT,
    ),
    Confirmed(ON, SAID_AT),
    OsmText("Su 09:30, 11:00", (6,)),
    Recurrence("uid-1", ((SAID_AT, datetime(2026, 11, 26, 19, tzinfo=UTC)),)),
)


def there_and_back(rule: Rule) -> Rule:
    return rule_of_object(json.loads(json.dumps(rule_object(rule))))


def test_every_kind_of_rule_has_an_example_here():
    """A new kind of rule that nobody tried to keep is noticed."""
    assert {type(when).__name__ for when in WHENS} == set(KINDS)


@pytest.mark.parametrize("when", WHENS, ids=lambda when: type(when).__name__)
def test_every_kind_of_rule_comes_back(when):
    """No field of a rule is lost or changed by keeping it."""
    rule = Rule("p1", "service", when, 3, "list", ON, ON, date(2027, 1, 1), 75, "50-99", ("sunday_main",), 10, 0)

    assert there_and_back(rule) == rule
    assert there_and_back(Rule("p1", "service", when, 3, "list")) == Rule("p1", "service", when, 3, "list")


def test_every_rule_of_the_demo_area_comes_back():
    """The timetables of the demo area are kept whole."""
    for rule in demo_area(seed=2).rules:
        assert there_and_back(rule) == rule


def test_a_kind_that_nobody_knows_is_named():
    """A record of another program is refused, never guessed."""
    kept = rule_object(Rule("p1", "service", WHENS[0], 3, "list"))
    kept["when"]["kind"] = "Monthly"

    with pytest.raises(InputError, match="kind is Monthly; expected one of Weekly"):
        rule_of_object(kept)
