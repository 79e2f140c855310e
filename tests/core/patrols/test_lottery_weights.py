"""Weights of a pool: against a second method, and the same bits however many threads and whatever processor."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import minimize

from reassure.patrols.lottery_weights import MILLION, entropy_bits, weigh


def pool(seed, n_plans=40, n_places=12):
    """Values in hundredths, and which plan visits which place."""
    rng = np.random.default_rng(seed)
    visits = rng.random((n_plans, n_places)) < rng.uniform(0.1, 0.9, n_places)
    return rng.integers(90_000, 100_000, n_plans), visits


@pytest.mark.parametrize("seed", range(8))
def test_weights_are_those_that_another_method_finds(seed):
    """Of weights that keep the mean value and floors that can be kept, scipy's SLSQP finds none of more entropy."""
    values, visits = pool(seed)
    even = visits.mean(axis=0)
    floors = np.where(even > 0, np.minimum(1.15 * even, 0.9), 0.0)
    least = float(np.quantile(values, 0.55))

    found = weigh(values, visits, floors, least)

    shares = found.millionths / MILLION
    asked = np.flatnonzero(floors > 0)
    rules = [
        {"type": "eq", "fun": lambda w: w.sum() - 1},
        {"type": "ineq", "fun": lambda w: (w @ values - least) / 1e5},
        {"type": "ineq", "fun": lambda w: w @ visits[:, asked] - np.minimum(floors[asked] + 1e-4, 1.0)},
    ]
    start = np.full(len(values), 1 / len(values))
    other = minimize(
        lambda w: (w * np.log(np.maximum(w, 1e-12))).sum(), start, bounds=[(0, 1)] * len(values), constraints=rules,
        method="SLSQP", options={"maxiter": 500, "ftol": 1e-12},
    )  # fmt: skip
    assert other.success
    assert shares @ values >= least - 1
    assert (shares @ visits[:, asked] >= floors[asked] - 1e-6).all()
    assert entropy_bits(found.millionths) == pytest.approx(-other.fun / np.log(2), abs=2e-4)


SCRIPT = """
import numpy as np
from reassure.patrols.lottery_weights import weigh
rng = np.random.default_rng(5)
visits = rng.random((150, 220)) < 0.2
visits[:, 40:80] &= visits[:, :40]
visits[:, 5:9] = False
visits[0, 5:9] = True
found = weigh(rng.integers(90_000, 100_000, 150), visits, np.full(220, 0.4), 97_000.0)
print(found.millionths.tolist(), found.value_dual.hex(), [float(b).hex() for b in found.floor_duals])
"""


def test_weights_do_not_depend_on_threads_or_processor():
    """Floors that cannot be met make the duals run away; the last bit is the same under other ways to multiply."""
    said = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={**os.environ, **ways}, capture_output=True, check=True
        ).stdout
        for ways in (
            {"OPENBLAS_NUM_THREADS": "1"},
            {"OPENBLAS_NUM_THREADS": "2"},
            {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
        )
    ]

    assert said[0]
    assert said[1:] == said[:1] * 2
