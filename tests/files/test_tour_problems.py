"""Files of published tour problems: what they say is taken exactly, what they cannot say is named."""

from decimal import Decimal
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.tour_problems import read_tours
from reassure.patrols.tours import tour_problem

TOPTW = """4 2 3 1
0 200
 0 0.00 0.00 0.00 0.00 0 0 0 100
 1 1.00 1.00 10.00 7.00 1 1 1 5 20
 2 3.00 4.00 10.00 8.00 1 2 1 2 0 30.5
 3 -3.00 0.00 10.00 9.00 1 1 4 40 40
"""
TYPES = "0 " * 9
MCTOPMTW = f"""2 2 30.5 1 {TYPES}
0 0.0 0.0 0.0 0.0 0 90
2 3.0 4.0 10.0 6.0 0 10.5 20 30 40 1 12 1 {TYPES}
3 6.0 8.0 10.0 5.0 0 10.5 20 30 40 0 18.5 0 {TYPES}
"""


def _write(folder: Path, text: str, name: str = "c901.txt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def _problems(path: Path, form: str | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_tours(path, form=form)
    return [problem.text.removeprefix(str(path)) for problem in caught.value.problems]


def test_a_toptw_file_is_taken_as_it_says(tmp_path: Path) -> None:
    """Stay, score and window stand where the format puts them, however long the list before the window is."""
    instance = read_tours(_write(tmp_path, TOPTW))

    rows = [(p.number, p.stay, p.score, p.windows[0].opens, p.windows[0].closes) for p in instance.points]
    assert rows == [(1, 10, 7, 5, 20), (2, 10, 8, 0, Decimal("30.5")), (3, 10, 9, 40, 40)]
    assert instance.tours is None
    assert (instance.base.number, instance.base.windows[0].closes) == (0, 100)


def test_distances_are_rounded_down_to_a_decimal_and_in_pr_files_to_two(tmp_path: Path) -> None:
    """The root of 2 is 1.4 in the sets of Solomon and 1.41 in those of Cordeau; 5 stays 5."""
    solomon = tour_problem(read_tours(_write(tmp_path, TOPTW)), tours=1).travel["car"]
    cordeau = tour_problem(read_tours(_write(tmp_path, TOPTW, "pr91.txt")), tours=1).travel["car"]

    assert (solomon[0, 3], solomon[3, 1]) == (14, 50)
    assert (cordeau[0, 3], cordeau[3, 1]) == (141, 500)


def test_a_name_that_says_nothing_leaves_it_to_the_coordinates(tmp_path: Path) -> None:
    """Cordeau's coordinates have three decimals, Solomon's none; `spread1` is of no set."""
    fine = TOPTW.replace(" 1 1.00", " 1 1.001")

    assert read_tours(_write(tmp_path, TOPTW, "spread1.txt")).decimals == 1
    assert read_tours(_write(tmp_path, fine, "spread2.txt")).decimals == 2


def test_times_finer_than_distances_are_kept(tmp_path: Path) -> None:
    """A window that closes at 30.25 closes at 30.25, though distances have one decimal."""
    problem = tour_problem(read_tours(_write(tmp_path, TOPTW.replace("30.5", "30.25"))), tours=1)

    assert problem.options[1].latest_s == 3025
    assert problem.travel["car"][0, 3] == 140


def test_windows_of_an_mctopmtw_file_belong_to_odd_or_even_tours(tmp_path: Path) -> None:
    """Windows 1 and 3 are of the odd tours where E is 1, of the even ones where it is 0."""
    instance = read_tours(_write(tmp_path, MCTOPMTW))

    assert [[w.parity for w in p.windows] for p in instance.points] == [["odd", "even"] * 2, ["even", "odd"] * 2]
    assert [(w.opens, w.closes) for w in instance.points[0].windows] == [
        (0, Decimal("10.5")),
        (Decimal("10.5"), 20),
        (20, 30),
        (30, 40),
    ]
    assert instance.tours == 2


def test_fees_and_types_are_shared_limits(tmp_path: Path) -> None:
    """The budget of 30.5 counts fees in hundredths; type 1 allows one visit and is used by the first point."""
    limits = tour_problem(read_tours(_write(tmp_path, MCTOPMTW)), tours=2).limits

    assert (limits[0].capacity, limits[0].use) == (3050, ((0, 1200), (1, 1850)))
    assert (limits[1].capacity, limits[1].use) == (1, ((0, 1),))
    assert {limit.capacity for limit in limits[2:]} == {0}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (" 3 -3.00 0.00 10.00 9.00 1 1 4 40 40\n", "", ": there are 2 points behind point 0; expected 3, as the first"),
        ("1 1 4 40 40", "1 1 4 40", ", row 6: the line has 9 numbers; expected 9 numbers and as many as the seventh"),
        (" 3 -3.00", " 2 -3.00", ", row 6: number is 2; expected each point once."),
        ("10.00 7.00", "-10.00 7.00", ", row 4: stay is -10.00; expected 0 or more."),
        ("10.00 7.00", "10.00 nan", ", row 4: 'nan' stands there; expected numbers"),
        ("10.00 7.00", "10.00 1e9", ", row 4: '1e9' stands there; expected numbers"),
        ("0 0 0 100", "0 0 0 0", ", row 3: closing time is 0; expected after 0."),
        ("4 2 3 1", "4 2 3.5 1", ", row 1: N is 3.5; expected a whole number from 1"),
        ("5 20", "5.0001 20", ", row 4: window is 5.0001; expected 0 or more, with at most 3 decimals."),
    ],
)
def test_each_faulty_line_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """File, line, value and what was expected; nothing is taken from a file that is cut off or torn."""
    assert old in TOPTW
    found = _problems(_write(tmp_path, TOPTW.replace(old, new, 1)), "toptw")

    assert any(text.startswith(said) for text in found), found


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    """Two faulty points give two problems."""
    found = _problems(_write(tmp_path, TOPTW.replace("10.00 7.00", "-1 7").replace("10.00 9.00", "10 -9")))

    assert len(found) == 2


def test_an_mctopmtw_line_has_22_numbers_and_ones_or_noughts(tmp_path: Path) -> None:
    """A type is 0 or 1, so is E; a line that lacks a number is named."""
    odd = MCTOPMTW.replace("40 1 12 1", "40 2 12 3", 1).replace("18.5 0 ", "18.5 ", 1)

    found = _problems(_write(tmp_path, odd))

    assert [text.split(";")[0] for text in found] == [
        ", row 3: E is 2",
        ", row 3: e1 is 3",
        ", row 4: the line has 21 numbers",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "1 2\n", "4 2 3 1\n"])
def test_a_file_without_points_is_refused(tmp_path: Path, text: str) -> None:
    """An empty file is no problem to plan."""
    assert _problems(_write(tmp_path, text))
