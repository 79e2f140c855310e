"""Reading published tour problems: the KU Leuven text formats of TOPTW and MCTOPMTW, as untrusted files.

Rules: what a line of such a file has to be; every faulty line is named. Numbers are taken exactly as written.
Distances are rounded down to one decimal, in the sets of Cordeau et al. (`pr` in the name, or coordinates of three
decimals where the name says nothing) to two. Elsewhere: what the problem means (`patrols.tours`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import MAX_PROBLEMS, decode, read_bytes
from reassure.patrols.problem import PatrolProblem
from reassure.patrols.tours import TourInstance, TourPoint, TourWindow, tour_problem

N_TYPES = 10
N_WINDOWS = 4
MAX_BYTES = 4 * 2**20
MAX_POINTS = 1_000
MAX_TOURS = 100
MAX_NUMBER = Decimal(100_000)
"""So that no time leaves 32 bits."""
MAX_TIME_DECIMALS = 3
FORMATS = ("toptw", "mctopmtw")

_HEAD = {"toptw": 4, "mctopmtw": 3 + N_TYPES}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")
_SET = re.compile(r"(?<![a-z])(pr|rc|r|c)\d{2,3}(?!\d)")


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    numbers: tuple[Decimal, ...]


def read_tours(path: Path, *, form: str | None = None) -> TourInstance:
    """
    Read a published tour problem.

    Parameters
    ----------
    form
        `toptw` or `mctopmtw`; None goes by the first line: 13 numbers begin an MCTOPMTW file.

    Raises
    ------
    InputError
        Every line that is not what the format asks for, with its number.
    """
    lines = _lines(path)
    if form is None:
        form = "mctopmtw" if lines and len(lines[0].numbers) >= _HEAD["mctopmtw"] else "toptw"
    if not lines or len(lines[0].numbers) < _HEAD[form]:
        says = f"the first line has {len(lines[0].numbers) if lines else 0} numbers"
        expected = f"{_HEAD[form]}, as {form.upper()} files have"
        raise InputError([Problem("", "", expected, file=str(path), row=lines[0].row if lines else None, says=says)])
    reading = _Reading(path, lines, [])
    instance = reading.mctopmtw() if form == "mctopmtw" else reading.toptw()
    if instance is None or reading.found:
        raise InputError(reading.found[:MAX_PROBLEMS])
    return instance


def read_toptw(path: Path, *, tours: int) -> PatrolProblem:
    """A TOPTW file as the planning problem of so many tours; `InputError` where the file is none."""
    return tour_problem(read_tours(path, form="toptw"), tours=tours)


def read_mctopmtw(path: Path) -> PatrolProblem:
    """An MCTOPMTW file as the planning problem of the tours that it names; `InputError` where the file is none."""
    instance = read_tours(path, form="mctopmtw")
    return tour_problem(instance, tours=instance.tours or 1)


@dataclass
class _Reading:
    """One file while it is read; `found` is what is wrong with it."""

    path: Path
    lines: list[_Line]
    found: list[Problem]

    def toptw(self) -> TourInstance | None:
        """Lines of a point: `i x y d S f a list O C`, `a` being the length of the list."""
        body = self.lines[1:]
        if body and len(body[0].numbers) < 7:
            body = body[1:]
        n_points = self._count("N", self.lines[0], 2, MAX_POINTS)
        base, points = self._points(body, n_points, self._toptw_point)
        if self.found or base is None:
            return None
        return TourInstance(self.path.stem, base, points, self._decimals(base, points))

    def mctopmtw(self) -> TourInstance | None:
        """A line for the start, then lines of a point: `i x y d S O1 O2 O3 O4 C4 E b e1 ... e10`."""
        head, *body = self.lines
        tours = self._count("M", head, 0, MAX_TOURS)
        n_points = self._count("N", head, 1, MAX_POINTS)
        limits = [self._count(f"E{z + 1}", head, 3 + z, 10**9, least=0) for z in range(N_TYPES)]
        base, points = self._points(body, n_points, self._mctopmtw_point)
        if head.numbers[2] < 0:
            self._wrong("B", head, 2, "0 or more")
        self._decimals_at_most("B", head, 2, 2)
        if self.found or base is None:
            return None
        decimals = self._decimals(base, points)
        return TourInstance(self.path.stem, base, points, decimals, tours, head.numbers[2], tuple(limits))

    def _points(
        self, body: list[_Line], n_points: int, point_of: Callable[[_Line], TourPoint | None]
    ) -> tuple[TourPoint | None, tuple[TourPoint, ...]]:
        if len(body) - 1 < n_points or n_points < 1:
            says = f"there are {max(0, len(body) - 1):,} points behind point 0"
            self.found.append(Problem("", "", f"{n_points:,}, as the first line says", file=str(self.path), says=says))
            return None, ()
        if len(body) - 1 > MAX_POINTS:
            self.found.append(Problem("points", f"{len(body) - 1:,}", f"at most {MAX_POINTS:,}", file=str(self.path)))
            return None, ()
        base = self._base(body[0])
        points = []
        seen: set[int] = set() if base is None else {base.number}
        for line in body[1:]:
            point = point_of(line)
            if point is None:
                continue
            if point.number in seen:
                self._wrong("number", line, 0, "each point once")
            seen.add(point.number)
            points.append(point)
        return base, tuple(points)

    def _base(self, line: _Line) -> TourPoint | None:
        if len(line.numbers) < 7:
            self._short(line, "at least 7 numbers for point 0")
            return None
        point = self._point(line, (TourWindow(line.numbers[-2], line.numbers[-1]),))
        if point is not None and line.numbers[-1] <= line.numbers[-2]:
            self._wrong("closing time", line, -1, f"after {line.numbers[-2]}")
        return point

    def _toptw_point(self, line: _Line) -> TourPoint | None:
        n = len(line.numbers)
        if n < 9 or n != 9 + line.numbers[6]:
            self._short(line, "9 numbers and as many as the seventh says")
            return None
        return self._point(line, (TourWindow(line.numbers[-2], line.numbers[-1]),))

    def _mctopmtw_point(self, line: _Line) -> TourPoint | None:
        n = 5 + N_WINDOWS + 1 + 2 + N_TYPES
        if len(line.numbers) != n:
            self._short(line, f"{n} numbers")
            return None
        edges, exchanged, fee = line.numbers[5:10], line.numbers[10], line.numbers[11]
        if exchanged not in {0, 1}:
            self._wrong("E", line, 10, "0 or 1")
        if fee < 0:
            self._wrong("b", line, 11, "0 or more")
        self._decimals_at_most("b", line, 11, 2)
        for z in range(N_TYPES):
            if line.numbers[12 + z] not in {0, 1}:
                self._wrong(f"e{z + 1}", line, 12 + z, "0 or 1")
        windows = tuple(
            TourWindow(edges[w], edges[w + 1], "odd" if (w % 2 == 0) == (exchanged == 1) else "even")
            for w in range(N_WINDOWS)
        )
        return self._point(line, windows, fee, tuple(int(v) for v in line.numbers[12:]))

    def _point(
        self, line: _Line, windows: tuple[TourWindow, ...], fee: Decimal = Decimal(0), types: tuple[int, ...] = ()
    ) -> TourPoint | None:
        number, x, y, stay, score = line.numbers[:5]
        n_found = len(self.found)
        if number != int(number) or number < 0:
            self._wrong("number", line, 0, "a whole number, 0 or more")
        for name, i in (("stay", 3), ("score", 4)):
            if line.numbers[i] < 0:
                self._wrong(name, line, i, "0 or more")
        self._decimals_at_most("score", line, 4, 2)
        self._decimals_at_most("stay", line, 3, MAX_TIME_DECIMALS)
        for window in windows:
            for time in (window.opens, window.closes):
                if time < 0 or _decimals_of(time) > MAX_TIME_DECIMALS:
                    expected = f"0 or more, with at most {MAX_TIME_DECIMALS} decimals"
                    self.found.append(Problem("window", str(time), expected, file=str(self.path), row=line.row))
        if len(self.found) > n_found:
            return None
        return TourPoint(int(number), x, y, stay, score, windows, fee, types)

    def _decimals(self, base: TourPoint, points: tuple[TourPoint, ...]) -> int:
        """To which distances are rounded: what the name says, else what the coordinates look like."""
        named = _SET.search(self.path.stem.casefold())
        if named:
            return 2 if named[1] == "pr" else 1
        return 2 if any(_decimals_of(v) > 2 for point in (base, *points) for v in (point.x, point.y)) else 1

    def _count(self, name: str, line: _Line, i: int, most: int, *, least: int = 1) -> int:
        value = line.numbers[i]
        if value != int(value) or not least <= value <= most:
            self._wrong(name, line, i, f"a whole number from {least} to {most:,}")
            return 0
        return int(value)

    def _decimals_at_most(self, name: str, line: _Line, i: int, most: int) -> None:
        if _decimals_of(line.numbers[i]) > most:
            self._wrong(name, line, i, f"at most {most} decimals")

    def _wrong(self, name: str, line: _Line, i: int, expected: str) -> None:
        self.found.append(Problem(name, str(line.numbers[i]), expected, file=str(self.path), row=line.row))

    def _short(self, line: _Line, expected: str) -> None:
        says = f"the line has {len(line.numbers)} numbers"
        self.found.append(Problem("", "", expected, file=str(self.path), row=line.row, says=says))


def _decimals_of(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _lines(path: Path) -> list[_Line]:
    """The lines that hold anything, as numbers; every word that is none is named."""
    lines: list[_Line] = []
    found: list[Problem] = []
    for row, text in enumerate(decode(read_bytes(path, max_bytes=MAX_BYTES), str(path)).splitlines(), start=1):
        words = text.split()
        numbers = [_number(word) for word in words]
        bad = next((word for word, number in zip(words, numbers, strict=True) if number is None), None)
        if bad is not None:
            expected = f"numbers between -{MAX_NUMBER:,} and {MAX_NUMBER:,}"
            found.append(Problem("", "", expected, file=str(path), row=row, says=f"{bad[:60]!r} stands there"))
        elif words:
            lines.append(_Line(row, tuple(number for number in numbers if number is not None)))
        if len(found) >= MAX_PROBLEMS:
            break
    if found:
        raise InputError(found)
    return lines


def _number(word: str) -> Decimal | None:
    if len(word) > 40 or not _NUMBER.fullmatch(word):
        return None
    try:
        value = Decimal(word)
    except InvalidOperation:
        return None
    return value if abs(value) <= MAX_NUMBER and _decimals_of(value) <= 12 else None
