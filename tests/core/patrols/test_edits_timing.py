"""Where one more visit fits among the steps of a unit, by hand: a break that cannot be taken sooner counts."""

import numpy as np
import pytest

from reassure.patrols.edits_timing import Step, windows
from reassure.patrols.problem import Option, PatrolProblem, Shift

FAR_S = 2_400


def day(latest_s):
    """Two places far apart, and a unit that rests from 6,000 to 7,800 before it goes to the second of them."""
    options = (Option(0, 0, "around", "a", 0, 9_000, 600, 100), Option(1, 1, "around", "b", 8_000, latest_s, 600, 100))
    travel = np.full((3, 3), 60, dtype=np.int32)
    travel[0, 1] = FAR_S
    shift = Shift("U", "car", 2, 2, 0, 20_000, breaks=((6_000, 7_000, 1_800),))
    problem = PatrolProblem(("A", "B"), (0, 1), options, (shift,), {"car": travel})
    return problem, [Step("rest", 0, 6_000), Step("stop", 1, 8_000), Step("end", 0, 8_660)]


@pytest.mark.parametrize(
    ("latest_s", "found"),
    [
        (10_199, []),  # the break ends at 7,800 at the earliest: the way from A ends a second too late
        (10_200, [(60, 5_400)]),  # the break at 6,000, as early as may be
        (12_000, [(60, 6_400)]),  # the break at 7,000, as late as may be
    ],
)
def test_before_a_break_only_where_the_rest_can_follow(latest_s, found):
    """The visit to A starts when the unit gets there, and ends when the break has to start."""
    problem, steps = day(latest_s)

    offered = [(first, last) for n, _, first, last in windows(problem, 0, steps, 0, {}) if n == 0]

    assert offered == found
