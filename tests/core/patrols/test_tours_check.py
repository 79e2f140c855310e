"""The verifier of tour problems refuses what a tour may not do, by sums that can be done by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reassure.patrols.tours import TourInstance, TourPoint, TourWindow
from reassure.patrols.tours_check import tour_faults


def _point(number: int, x: int, windows: list[tuple[str, str, str]], score: int = 1, **more: object) -> TourPoint:
    when = tuple(TourWindow(Decimal(a), Decimal(b), parity) for a, b, parity in windows)
    return TourPoint(number, Decimal(x), Decimal(0), Decimal(10), Decimal(score), when, **more)  # type: ignore[arg-type]


BASE = replace(_point(0, 0, [("0", "60", "")]), stay=Decimal(0))
LINE = TourInstance(
    "line",
    BASE,
    (
        _point(1, 5, [("0", "5", "")], 3, fee=Decimal("2.5"), types=(1, 0)),
        _point(2, 15, [("30", "40", "")], 4, fee=Decimal("2.5"), types=(1, 1)),
        _point(3, 10, [("0", "12", "odd"), ("13", "50", "even")], 5, fee=Decimal(1), types=(0, 1)),
    ),
    1,
    budget=Decimal(5),
    type_limits=(2, 2),
)
"""On a line from the base: 1 lies 5 away, 2 lies 15, 3 lies 10; every visit takes 10; tours end by 60."""


def _said(routes: list[list[int]], value: int, instance: TourInstance = LINE) -> list[str]:
    return [problem.text for problem in tour_faults(instance, tours=2, routes=routes, value=Decimal(value))]


def test_an_answer_that_keeps_every_rule_is_taken() -> None:
    """Base 0, point 1 from 5 to 15, point 2 reached at 25, from 30 to 40, back at 55; both ends of a window count."""
    assert _said([[1, 2]], 7) == []
    assert _said([[], []], 0) == []


@pytest.mark.parametrize(
    ("routes", "value", "said"),
    [
        ([[1, 1]], 3, "point is 1, 2 visits; expected one visit at most."),
        ([[1], [1]], 3, "point is 1, 2 visits; expected one visit at most."),
        ([[9]], 0, "point is 9; expected a point of the problem."),
        ([[0]], 0, "point is 0; expected a point of the problem."),
        ([[1], [], []], 3, "routes is 3; expected at most 2."),
        # 2 ends at 40 and 1 lies 10 from it
        ([[2, 1]], 7, "tour 1, arrival at point 1 is 50; expected a window that is still open."),
        ([[1, 2]], 8, "value is 8; expected 7, the sum of the scores."),
        # 1 ends at 15, 3 is reached at 20: its first window closed at 12 and the second is of even tours
        ([[1, 3]], 8, "tour 1, arrival at point 3 is 20; expected a window that is still open."),
    ],
)
def test_what_breaks_a_rule_is_named(routes: list[list[int]], value: int, said: str) -> None:
    """Each rule that a route breaks gives its own sentence."""
    assert [text.replace(".0", "") for text in _said(routes, value)] == [said]


def test_windows_of_even_tours_are_open_to_even_tours_only() -> None:
    """What the first tour may not do, the second may."""
    assert _said([[], [1, 3]], 8) == []


def test_a_tour_is_back_by_its_closing_time() -> None:
    """[1, 2] is back at 55: a base that closes at 55 takes it, one that closes at 54.9 does not."""
    at_55 = replace(LINE, base=replace(BASE, windows=(TourWindow(Decimal(0), Decimal(55)),)))
    before = replace(LINE, base=replace(BASE, windows=(TourWindow(Decimal(0), Decimal("54.9")),)))

    assert _said([[1, 2]], 7, at_55) == []
    assert [text.replace("55.0", "55") for text in _said([[1, 2]], 7, before)] == [
        "tour 1, return is 55; expected by 54.9."
    ]


def test_fees_and_types_of_all_tours_count_together() -> None:
    """Fees of 2.5 and 2.5 fit 5 and not 4.9; two visits of type 1 fit 2 and not 1."""
    assert _said([[1], [2]], 7) == []
    assert _said([[1], [2]], 7, replace(LINE, budget=Decimal("4.9"))) == ["fees is 5.0; expected at most 4.9."]
    assert _said([[1], [2]], 7, replace(LINE, type_limits=(1, 2))) == ["visits of type 1 is 2; expected at most 1."]
