"""Changing single visits by hand, on a small generated area: whatever is allowed, the independent checker accepts."""

from datetime import datetime, timedelta

import pytest

from reassure.engines.routing import GreatCircle
from reassure.errors import InputError, RuleError
from reassure.files.demo_area import demo_area
from reassure.files.demo_ground import DEMO_DAY
from reassure.files.plan_json import signed
from reassure.patrols.check import check
from reassure.patrols.day import DayInputs, plan_day
from reassure.patrols.edits import dropped, locked, openings, placed, unlocked

TRAVEL = GreatCircle()


@pytest.fixture(scope="module")
def plan():
    """The demo area planned in few iterations."""
    area = demo_area(1, DEMO_DAY)
    inputs = DayInputs(
        area.code, "Demo", "Demo Force", area.on, area.places, area.units, rules=area.rules,
        declarations=(area.declaration,), facts={f.place_ref: f for f in area.facts}, allow_shortfall=True,
    )  # fmt: skip
    return signed(plan_day(inputs, TRAVEL, iterations=1_000, rounds=0))


def visits(document):
    """(unit, stop) of every visit."""
    return [(route["unit_ref"], stop) for route in document["routes"] for stop in route["stops"]]


def may_be_dropped(document):
    """Refs of visited places that are no must-visit."""
    must = {p["ref"] for p in document["places"] if p["must"]}
    return [stop["place_ref"] for _, stop in visits(document) if stop["place_ref"] not in must]


def test_a_visit_as_it_is_lies_in_an_opening_of_its_unit(plan):
    """What the plan does is among what is offered."""
    for unit, stop in visits(plan)[::5]:
        start = datetime.fromisoformat(stop["start"])

        offered = openings(plan, TRAVEL, stop["place_ref"])

        assert any(o.unit_ref == unit and o.earliest <= start <= o.latest for o in offered)


@pytest.mark.slow
def test_both_ends_of_every_opening_make_a_plan_that_the_checker_accepts(plan):
    """Nothing is offered that breaks a rule."""
    for _, stop in visits(plan)[::9]:
        for opening in openings(plan, TRAVEL, stop["place_ref"])[:6]:
            for at in (opening.earliest, opening.latest):
                moved = placed(plan, TRAVEL, stop["place_ref"], unit_ref=opening.unit_ref, starts_at=at)

                assert check(signed(moved)) == []
                assert [
                    s["start"]
                    for u, s in visits(moved)
                    if u == opening.unit_ref and s["place_ref"] == stop["place_ref"]
                ] == [at.isoformat()]


def test_a_second_later_than_the_last_start_is_refused_by_a_minute(plan):
    """The refusal says what is broken and by how much; a minute begun counts as one."""
    place = may_be_dropped(plan)[0]
    last = max(openings(plan, TRAVEL, place), key=lambda o: o.latest)

    with pytest.raises(RuleError, match=r"1 min (after|outside)"):
        placed(plan, TRAVEL, place, unit_ref=last.unit_ref, starts_at=last.latest + timedelta(seconds=1))


def test_dropping_a_visit_takes_its_points_and_gives_a_reason(plan):
    """The total falls by the option's prize, and the place is accounted for as not visited."""
    place = may_be_dropped(plan)[0]
    [stop] = [s for _, s in visits(plan) if s["place_ref"] == place]
    [prize] = [o["prize"] for o in plan["options"] if o["ref"] == stop["option"]]

    after = signed(dropped(plan, TRAVEL, place))

    assert check(after) == []
    assert after["totals"]["prize"] == plan["totals"]["prize"] - prize
    assert place in {row["place_ref"] for row in after["unvisited"]}


def test_a_dropped_visit_can_be_added_again(plan):
    """The place is offered where it was, and the plan earns what it earned."""
    place = may_be_dropped(plan)[0]
    [(unit, stop)] = [(u, s) for u, s in visits(plan) if s["place_ref"] == place]
    without = signed(dropped(plan, TRAVEL, place))

    again = placed(without, TRAVEL, place, unit_ref=unit, starts_at=datetime.fromisoformat(stop["start"]))

    assert check(signed(again)) == []
    assert again["totals"]["prize"] == plan["totals"]["prize"]


def test_a_must_visit_is_not_dropped_by_hand(plan):
    """A commander signs that first."""
    [must, *_] = [p["ref"] for p in plan["places"] if p["must"]]

    with pytest.raises(RuleError, match="commander"):
        dropped(plan, TRAVEL, must)


def test_a_locked_visit_stays_until_it_is_unlocked(plan):
    """Neither moved nor dropped; the checker holds the plan to the lock."""
    place = may_be_dropped(plan)[0]
    [(unit, stop)] = [(u, s) for u, s in visits(plan) if s["place_ref"] == place]

    held = signed(locked(plan, TRAVEL, place, with_time=True))

    assert check(held) == []
    assert held["locks"] == [{"place_ref": place, "unit_ref": unit, "start": stop["start"]}]
    with pytest.raises(RuleError, match="locked"):
        dropped(held, TRAVEL, place)
    with pytest.raises(RuleError, match="locked"):
        placed(held, TRAVEL, place, unit_ref=unit, starts_at=datetime.fromisoformat(stop["start"]))
    assert unlocked(held, TRAVEL, place)["locks"] == []


def test_a_place_or_unit_that_the_plan_does_not_have_is_refused(plan):
    """Said as a value, not as a fault of the program."""
    start = datetime.fromisoformat(plan["window"]["starts_at"])
    with pytest.raises(InputError, match="nowhere"):
        openings(plan, TRAVEL, "nowhere")
    with pytest.raises(InputError, match="nobody"):
        placed(plan, TRAVEL, may_be_dropped(plan)[0], unit_ref="nobody", starts_at=start)
