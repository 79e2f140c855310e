"""Tables that the search reads: against other ways of working them out."""

from decimal import Decimal

import numpy as np
import pytest

from reassure.patrols.problem import Option, PatrolProblem, Shift
from reassure.patrols.search_arrays import N_LOGS
from reassure.patrols.search_model import make_model


def test_logarithms_are_those_of_decimal_arithmetic():
    """Each entry is, to the rounding of a float, what `Decimal.ln` gives."""
    travel = np.array([[0, 60], [60, 0]], dtype=np.int32)
    problem = PatrolProblem(
        ("P0",),
        (0,),
        (Option(0, 0, "arrival", "a", 0, 600, 600, 100),),
        (Shift("U", "car", 1, 1, 0, 3600),),
        {"car": travel},
    )

    logs = make_model(problem).arrays.logs

    wanted = [float(-(Decimal(2 * i + 1) / (2 * N_LOGS)).ln()) for i in range(N_LOGS)]
    assert logs.tolist() == pytest.approx(wanted, rel=5e-16)
