"""`reassure patrols bench` prints answers that hold, and the best ones where all can be tried."""

import json
from itertools import permutations
from math import floor, hypot
from pathlib import Path
from typing import Any

import pytest

from reassure.cli import patrols_bench
from reassure.cli.main import run
from reassure.errors import Problem

POINTS = (
    # number, x, y, stay, score, opens, closes
    (1, 3, 4, 5, 7, 0, 60),
    (2, -3, 4, 5, 6, 10, 20),
    (3, 6, 0, 8, 9, 30, 38),
    (4, 0, -7, 4, 5, 0, 45),
    (5, 8, 8, 3, 8, 14, 25),
    (6, -6, -6, 6, 11, 40, 50),
)
CLOSES = 62
TOPTW = "5 2 6 1\n0 100\n0 0.0 0.0 0.0 0.0 0 0 0 62\n" + "".join(
    f"{n} {x}.0 {y}.0 {stay} {score} 1 1 1 {opens} {closes}\n" for n, x, y, stay, score, opens, closes in POINTS
)
MCTOPMTW = "2 6 10 1 9 9 9 9 9 9 9 9 9\n0 0.0 0.0 0.0 0.0 0 62\n" + "".join(
    f"{n + 1} {x}.0 {y}.0 {stay} {score} 0 15 30 45 60 {n % 2} {n} {int(n in {1, 5})}{' 0' * 9}\n"
    for n, x, y, stay, score, _, _ in POINTS
)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def called(*arguments: Any) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["reassure", "patrols", "bench", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            run()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return called


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "c1.txt").write_text(TOPTW, "utf-8")
    (tmp_path / "m1.txt").write_text(MCTOPMTW, "utf-8")
    return tmp_path


def _tenths(a: tuple[int, int], b: tuple[int, int]) -> float:
    return floor(10 * hypot(a[0] - b[0], a[1] - b[1])) / 10


def _can_drive(order: tuple[int, ...], windows: dict[int, list[tuple[float, float]]]) -> bool:
    now, here = 0.0, (0, 0)
    for n in order:
        _, x, y, stay, *_ = POINTS[n - 1]
        now += _tenths(here, (x, y))
        starts = [max(now, opens) for opens, closes in windows[n] if max(now, opens) <= closes + 1e-9]
        if not starts:
            return False
        now, here = min(starts) + stay, (x, y)
    return now + _tenths(here, (0, 0)) <= CLOSES + 1e-9


def _subsets(windows: dict[int, list[tuple[float, float]]]) -> set[frozenset[int]]:
    """Every set of points that one tour can visit in some order."""
    orders = (order for k in range(len(POINTS) + 1) for order in permutations(range(1, len(POINTS) + 1), k))
    return {frozenset(order) for order in orders if _can_drive(order, windows)}


def _score(numbers: frozenset[int]) -> int:
    return sum(POINTS[n - 1][4] for n in numbers)


@pytest.mark.parametrize("tours", [1, 2])
def test_the_best_tours_of_a_small_problem_are_found(call: Any, folder: Path, tours: int) -> None:
    """Of all sets that tours can visit, tried one by one, none is worth more; the bound says so too."""
    single = _subsets({n: [(opens, closes)] for n, _, _, _, _, opens, closes in POINTS})
    best = max(_score(a | b) for a in single for b in (single if tours == 2 else {frozenset[int]()}))

    code, printed, _ = call(folder / "c1.txt", "--tours", tours, "--iterations", 3000, "--bound", "--json")

    row = json.loads(printed)
    assert code == 0
    assert (row["instance"], row["tours"], row["value"]) == ("c1", tours, best)
    assert row["bound"] >= best
    assert row["gap_to_bound"] == pytest.approx((row["bound"] - best) / row["bound"])
    assert set(row) == {
        *("instance", "tours", "value", "bound", "gap_to_bound", "iterations", "seconds", "routes"),
    }


def test_windows_by_tour_fees_and_types_are_kept(call: Any, folder: Path) -> None:
    """Two tours with windows of their own share a budget of 10 and one visit of type 1; the best is found."""
    edges = [(0, 15), (15, 30), (30, 45), (45, 60)]
    odd = {n: [edges[w] for w in range(4) if (w % 2 == 0) == (n % 2 == 1)] for n in range(1, 7)}
    even = {n: [edges[w] for w in range(4) if (w % 2 == 0) != (n % 2 == 1)] for n in range(1, 7)}
    pairs = ((a, b) for a in _subsets(odd) for b in _subsets(even) if not a & b)
    allowed = [a | b for a, b in pairs if sum(a | b) <= 10 and len({1, 5} & (a | b)) <= 1]

    code, printed, _ = call(folder / "m1.txt", "--iterations", 3000, "--json")

    row = json.loads(printed)
    assert code == 0
    assert row["value"] == max(_score(numbers) for numbers in allowed)
    assert frozenset(n - 1 for route in row["routes"] for n in route) in allowed


def test_the_same_seed_gives_the_same_answer(call: Any, folder: Path) -> None:
    """One object a line and file, the same again for the same seed and iterations."""
    asked = (folder / "c1.txt", folder / "m1.txt", "--iterations", 500, "--seed", 4, "--json")

    first, second = ([json.loads(line) for line in call(*asked)[1].splitlines()] for _ in range(2))

    assert [row["instance"] for row in first] == ["c1", "m1"]
    assert [{**row, "seconds": 0} for row in first] == [{**row, "seconds": 0} for row in second]


def test_people_get_a_table(call: Any, folder: Path) -> None:
    """A heading and a line a file."""
    code, printed, _ = call(folder / "c1.txt", "--iterations", 200)

    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()] == ["instance", "c1"]


def test_a_time_limit_is_a_budget_too(call: Any, folder: Path) -> None:
    """With seconds instead of iterations the answer still holds, and says how many iterations there were."""
    code, printed, _ = call(folder / "c1.txt", "--time-limit", 0.2, "--json")

    assert code == 0
    assert json.loads(printed)["iterations"] >= 1


def test_an_answer_that_does_not_hold_is_not_printed(call: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the verifier refuses is named on standard error, and the command ends with 1."""
    monkeypatch.setattr(patrols_bench, "tour_faults", lambda *_, **__: [Problem("tour 1, return", "63", "by 62")])

    code, printed, noted = call(folder / "c1.txt", "--iterations", 100, "--json")

    assert (code, printed) == (1, "")
    assert "c1: tour 1, return is 63; expected by 62." in noted


def test_faults_of_all_files_are_named_before_any_is_solved(call: Any, folder: Path) -> None:
    """A missing file and a torn one are both named, nothing is printed."""
    (folder / "torn.txt").write_text(TOPTW.replace("3.0 4.0 5 7", "3.0 4.0 x 7"), "utf-8")

    code, printed, noted = call(folder / "c1.txt", folder / "torn.txt", folder / "none.txt", "--json")

    assert (code, printed) == (2, "")
    assert "torn.txt, row 4: 'x' stands there" in noted
    assert "none.txt" in noted


def test_iterations_and_seconds_exclude_each_other(call: Any, folder: Path) -> None:
    """A budget is one or the other."""
    code, _, noted = call(folder / "c1.txt", "--iterations", 5, "--time-limit", 1)

    assert code == 2
    assert "--iterations and --time-limit are both given" in noted
