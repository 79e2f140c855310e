"""Published tour problems as planning problems: the KU Leuven formats of TOPTW and MCTOPMTW.

Rules: how such a file becomes places, windows and units, so that the planner can be measured. Euclidean
distance is rounded down to one decimal, in the `pr` instances (Cordeau) to two; all is scaled to whole numbers.
A tour ends by the closing time of point 0, and a window bounds the start of a visit.
"""

import math
from pathlib import Path

import numpy as np

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import decode, read_bytes
from reassure.patrols.problem import Limit, Option, PatrolProblem, Shift

PRIZE_SCALE = 100
"""Hundredths for each point of a score."""
N_TYPES = 10
MAX_BYTES = 4 * 2**20


def read_toptw(path: Path, *, tours: int) -> PatrolProblem:
    """
    A team orienteering problem with time windows; `InputError` where the file is none.

    Parameters
    ----------
    tours
        How many units leave from point 0; the file does not say.
    """
    rows = [row for row in _numbers(path)[1:] if len(row) >= 7]
    if len(rows) < 2:
        raise InputError([Problem("", "", "a TOPTW file", file=str(path), says="there are no points")])
    scale = _scale(path)
    options = [
        Option(
            i, i, "any_time", "", *_window(row[-2], row[-1], scale), _whole(row[3], scale), _whole(row[4], PRIZE_SCALE)
        )
        for i, row in enumerate(rows[1:])
    ]
    shifts = [_shift(k, len(options), rows[0][-1], scale) for k in range(tours)]
    return _problem(rows, options, shifts, scale, ())


def read_mctopmtw(path: Path) -> PatrolProblem:
    """
    A team orienteering problem with several windows and shared limits; `InputError` where the file is none.

    The windows of a point depend on whether a tour is odd or even, which is kept as a skill; its entrance fee
    and its types are shared limits.
    """
    head, start, *rows = _numbers(path)
    if len(head) < 3 + N_TYPES or len(start) < 7 or any(len(row) < 12 + N_TYPES for row in rows) or not rows:
        raise InputError([Problem("", "", "an MCTOPMTW file", file=str(path), says="the lines have too few numbers")])
    scale = _scale(path)
    options = []
    for i, row in enumerate(rows):
        edges = row[5:10]
        for w in range(4):
            is_odd = (w % 2 == 0) == (row[10] == 1)
            options.append(
                Option(
                    i,
                    i,
                    "any_time",
                    f"window-{w + 1}",
                    *_window(edges[w], edges[w + 1], scale),
                    _whole(row[3], scale),
                    _whole(row[4], PRIZE_SCALE),
                    "odd" if is_odd else "even",
                )
            )
    shifts = [
        _shift(k, len(rows), start[6], scale, frozenset({"odd" if k % 2 == 0 else "even"})) for k in range(int(head[0]))
    ]
    fees = tuple((i, _whole(row[11], PRIZE_SCALE)) for i, row in enumerate(rows))
    limits = [Limit(_whole(head[2], PRIZE_SCALE), fees)]
    types = (tuple((i, int(row[12 + z])) for i, row in enumerate(rows)) for z in range(N_TYPES))
    limits += [Limit(int(head[3 + z]), use) for z, use in enumerate(types)]
    return _problem([start, *rows], options, shifts, scale, tuple(limits))


def _problem(
    rows: list[list[float]], options: list[Option], shifts: list[Shift], scale: int, limits: tuple[Limit, ...]
) -> PatrolProblem:
    """Points from the second are places; point 0 is the base, behind them."""
    points = [*rows[1:], rows[0]]
    travel = np.array(
        [[int(scale * math.hypot(a[1] - b[1], a[2] - b[2]) + 1e-9) for b in points] for a in points], dtype=np.int32
    )
    n = len(points) - 1
    refs = tuple(str(int(row[0])) for row in points[:n])
    return PatrolProblem(refs, tuple(range(n)), tuple(options), tuple(shifts), {"car": travel}, limits=limits)


def _shift(k: int, base: int, closes: float, scale: int, skills: frozenset[str] = frozenset()) -> Shift:
    return Shift(f"tour-{k + 1}", "car", base, base, 0, _whole(closes, scale), (), skills)


def _window(opens: float, closes: float, scale: int) -> tuple[int, int]:
    return _whole(opens, scale), _whole(closes, scale)


def _whole(value: float, scale: int) -> int:
    return round(value * scale)


def _scale(path: Path) -> int:
    return 100 if "pr" in path.stem.casefold() else 10


def _numbers(path: Path) -> list[list[float]]:
    rows = []
    for number, line in enumerate(decode(read_bytes(path, max_bytes=MAX_BYTES), str(path)).splitlines(), start=1):
        try:
            values = [float(word) for word in line.split()]
        except ValueError:
            raise InputError([Problem("", line, "numbers", file=str(path), row=number)]) from None
        if not all(math.isfinite(value) for value in values):
            raise InputError([Problem("", line, "finite numbers", file=str(path), row=number)])
        if values:
            rows.append(values)
    if len(rows) < 3:
        raise InputError([Problem("", "", "a tour problem", file=str(path), says="the file has too few lines")])
    return rows
