"""Whether visits go to communities and areas alike, at equal need: the report that stands before every approval.

Rules: deciles of need, coverage of each community within its decile, and which differences ask for a written reason.
Planned: the chance of a visit; delivered: whether there was one. Faith enters here and nowhere in the points.
Limits 0.8 and 1.25 are our choice. Source: docs/rooms/patrols-need.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import fsum

from reassure.errors import InputError, Problem, RuleError
from reassure.faiths import CODES

KINDS = ("planned", "delivered")
N_DECILES = 10
LEAST_SHOWN = 5
LEAST_FLAGGED = 10
"""Places of a cell from which it is shown, and from which its ratio can be flagged."""
RATIO_LIMITS = (0.8, 1.25)
REASON_CHARACTERS = 10


@dataclass(frozen=True, slots=True)
class FairnessRow:
    """
    One eligible place-occasion.

    Parameters
    ----------
    faiths
        Every faith the place lists; it counts for each. Empty counts as unknown.
    points
        Its need, 0 to 100.
    p
        Chance of a visit (planned), or 1 or 0 (delivered).
    area
        Ward or district, for the same table by area; empty where it is not known.
    """

    place_ref: str
    faiths: frozenset[str]
    points: int
    p: float
    area: str = ""


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth of the place-occasions: 1 has the highest need; `n` counts places, `n_rows` place-occasions."""

    decile: int
    n: int
    n_rows: int
    highest_points: int
    lowest_points: int
    coverage: float


@dataclass(frozen=True, slots=True)
class Cell:
    """
    A community, or an area, within a decile.

    Parameters
    ----------
    by
        faith or area.
    ratio
        Its coverage by that of the decile; None where the decile has no visits.
    """

    decile: int
    by: str
    group: str
    n: int
    coverage: float
    ratio: float | None
    is_flagged: bool

    @property
    def key(self) -> str:
        """Names the cell where a reason is given for it, such as `1/faith/sikh`."""
        return f"{self.decile}/{self.by}/{self.group}"


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """
    The report; `n_hidden` counts cells of fewer than five places, which are not shown.

    Deciles from the highest need; cells by decile, faiths in their one order before areas by name.
    """

    kind: str
    deciles: tuple[Decile, ...]
    cells: tuple[Cell, ...]
    n_hidden: int

    @property
    def flagged(self) -> tuple[Cell, ...]:
        """The cells that need a written reason before approval."""
        return tuple(cell for cell in self.cells if cell.is_flagged)


def fairness_report(rows: Iterable[FairnessRow], *, kind: str) -> FairnessReport:
    """
    Coverage by community and area within deciles of need; without rows, a report without deciles.

    Parameters
    ----------
    rows
        The eligible place-occasions of one force: those whose gate is open.
    kind
        planned or delivered.

    Raises
    ------
    InputError
        For another kind, a chance outside 0 to 1, or a faith that is none.
    """
    ranked = sorted(rows, key=lambda row: (-row.points, row.place_ref))
    if found := _problems(ranked, kind):
        raise InputError(found)
    deciles: list[Decile] = []
    cells: list[Cell] = []
    n_hidden = 0
    for number in range(1, N_DECILES + 1):
        tenth = [row for i, row in enumerate(ranked) if i * N_DECILES // len(ranked) + 1 == number]
        if not tenth:
            continue
        decile = _decile(number, tenth)
        deciles.append(decile)
        for by, groups_of in _TABLES:
            found_cells = [_cell(decile, by, group, of_group) for group, of_group in _grouped(tenth, groups_of)]
            cells += [cell for cell in found_cells if cell.n >= LEAST_SHOWN]
            n_hidden += sum(cell.n < LEAST_SHOWN for cell in found_cells)
    return FairnessReport(kind, tuple(deciles), tuple(cells), n_hidden)


def require_reasons(report: FairnessReport, reasons: Mapping[str, str]) -> None:
    """
    `RuleError` unless every flagged cell has a written reason of 10 characters or more, by its key.
    """
    missing = [
        Problem(cell.key, reasons.get(cell.key, ""), f"a reason of at least {REASON_CHARACTERS} characters")
        for cell in report.flagged
        if len(reasons.get(cell.key, "").strip()) < REASON_CHARACTERS
    ]
    if missing:
        raise RuleError(missing)


def as_document(report: FairnessReport) -> dict[str, object]:
    """The report as the `fairness` field of `plan.json`: shares to six decimals, flags in words."""
    deciles = [{**asdict(d), "coverage": round(d.coverage, 6)} for d in report.deciles]
    cells = []
    for cell in report.cells:
        ratio = None if cell.ratio is None else round(cell.ratio, 6)
        cells.append({**asdict(cell), "coverage": round(cell.coverage, 6), "ratio": ratio, "text": _ratio_words(cell)})
    coverage = {d.decile: d.coverage for d in report.deciles}
    flags = [
        f"Decile {cell.decile}, {cell.by} {cell.group}: {cell.n} places, coverage {cell.coverage:.2f} against "
        f"{coverage[cell.decile]:.2f}, ratio {_ratio_words(cell)}; a written reason is needed before approval"
        for cell in report.flagged
    ]
    return {"kind": report.kind, "deciles": deciles, "cells": cells, "flags": flags}


def _ratio_words(cell: Cell) -> str:
    return "no visits" if cell.ratio is None else f"{cell.ratio:.3f}"


def _problems(rows: Sequence[FairnessRow], kind: str) -> list[Problem]:
    found = [] if kind in KINDS else [Problem("kind", kind, "one of " + ", ".join(KINDS))]
    for row in rows:
        if not 0 <= row.p <= 1:
            found.append(Problem("p", f"{row.p:g}", f"0 to 1 for {row.place_ref}"))
        found += [Problem("faiths", f, "one of " + ", ".join(CODES)) for f in sorted(row.faiths - set(CODES))]
    return found


def _decile(number: int, rows: Sequence[FairnessRow]) -> Decile:
    return Decile(
        decile=number,
        n=len({row.place_ref for row in rows}),
        n_rows=len(rows),
        highest_points=rows[0].points,
        lowest_points=rows[-1].points,
        coverage=_coverage(rows),
    )


def _cell(decile: Decile, by: str, group: str, rows: Sequence[FairnessRow]) -> Cell:
    n = len({row.place_ref for row in rows})
    coverage = _coverage(rows)
    ratio = coverage / decile.coverage if decile.coverage > 0 else None
    is_far = ratio is not None and not RATIO_LIMITS[0] <= round(ratio, 9) <= RATIO_LIMITS[1]
    return Cell(decile.decile, by, group, n, coverage, ratio, is_far and n >= LEAST_FLAGGED)


def _coverage(rows: Sequence[FairnessRow]) -> float:
    return fsum(row.p for row in rows) / len(rows)


def _faiths_of(row: FairnessRow) -> tuple[str, ...]:
    return tuple(code for code in CODES if code in row.faiths) or ("unknown",)


def _areas_of(row: FairnessRow) -> tuple[str, ...]:
    return (row.area,) if row.area else ()


_TABLES: tuple[tuple[str, Callable[[FairnessRow], tuple[str, ...]]], ...] = (("faith", _faiths_of), ("area", _areas_of))


def _grouped(
    rows: Sequence[FairnessRow], groups_of: Callable[[FairnessRow], tuple[str, ...]]
) -> list[tuple[str, list[FairnessRow]]]:
    groups: dict[str, list[FairnessRow]] = {}
    for row in rows:
        for group in groups_of(row):
            groups.setdefault(group, []).append(row)
    order = {code: i for i, code in enumerate(CODES)}
    return sorted(groups.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
