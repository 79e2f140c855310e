"""`reassure demo` from end to end: the files, the plan, the summary, and the same by hand."""

import io
import json
import re
import shlex
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

import pytest

from reassure.cli.demo import planner_command
from reassure.cli.main import build
from reassure.cli.plan_files import OUTPUT_WORDS
from reassure.errors import InputError

BINARY = {"order.pdf", "cards.pdf"}


def run(*words: str) -> str:
    """What a command prints."""
    with redirect_stdout(io.StringIO()) as printed:
        build().main(list(words), prog_name="reassure", standalone_mode=False)
    return printed.getvalue()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of one demo, and what the command printed."""
    out = tmp_path_factory.mktemp("demo") / "made"
    return out, run("demo", "--out", str(out), "--seed", "1")


@pytest.mark.slow
def test_the_demo_leaves_every_file(demo: tuple[Path, str]) -> None:
    """Seven inputs and every output stand in the folder, and nothing else."""
    out, _ = demo

    assert {path.name for path in out.iterdir()} == {"inputs", *OUTPUT_WORDS}
    assert len(list((out / "inputs").iterdir())) == 7
    assert all(path.stat().st_size > 0 for path in out.rglob("*"))


@pytest.mark.slow
def test_the_demo_says_what_is_covered_and_what_is_not(demo: tuple[Path, str]) -> None:
    """The summary names the day, counts both sides, says which file to open and how to check."""
    out, printed = demo

    for words in (
        "Demo area (generated) (DEMO-01), Friday 27 November 2026",
        "must-visits planned",
        "Not visited, by first reason",
        f"Open {out / 'plan.html'} first.",
        f"reassure patrols check {out / 'plan.json'}",
    ):
        assert words in printed


@pytest.mark.slow
def test_the_demo_plan_holds(demo: tuple[Path, str]) -> None:
    """The independent checker, run from the command line, accepts the plan; every must-visit is served."""
    out, _ = demo
    totals = json.loads((out / "plan.json").read_text("utf-8"))["totals"]

    run("patrols", "check", str(out / "plan.json"))

    assert totals["n_must"] == totals["n_must_served"] >= 3
    assert totals["n_visits"] > 30


@pytest.mark.slow
def test_the_demo_shows_every_side_of_the_product(demo: tuple[Path, str]) -> None:
    """One place is contact only, several kinds of reason occur, and the plan is not simply everything."""
    out, _ = demo
    plan = json.loads((out / "plan.json").read_text("utf-8"))

    reasons = {row["reason"] for row in plan["unvisited"]}
    assert {"opted_out", "gate_closed"} <= reasons
    assert len(reasons) >= 3
    assert {"named", "all_faiths"} <= {need["declaration_match"] for need in plan["needs"]}


@pytest.mark.slow
def test_the_demo_credits_nobody_else(demo: tuple[Path, str]) -> None:
    """All of it is generated, so no office, map or register is named as its source."""
    plan = json.loads((demo[0] / "plan.json").read_text("utf-8"))

    assert plan["attributions"] == ["Generated demo data; it describes no real place, person or event"]
    assert plan["area"]["force"] == "Demo Police (generated)"


@pytest.mark.slow
def test_the_command_it_prints_makes_the_same_plan(demo: tuple[Path, str], tmp_path: Path) -> None:
    """Copied and run with another folder, the printed command gives the same bytes, pictures and prints included."""
    out, printed = demo
    copied = re.search(r"reassure patrols plan .*?--out \S+", printed, re.DOTALL)
    assert copied is not None
    words = shlex.split(copied.group().replace("\\\n", " "))
    words[-1] = str(tmp_path / "again")

    run(*words[1:])

    for name in OUTPUT_WORDS:
        assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes(), name


@pytest.mark.slow
def test_everything_printed_says_that_it_is_generated(demo: tuple[Path, str]) -> None:
    """Plan, calendar and list of unvisited places carry the attribution or the mark of the demo."""
    out, _ = demo

    for name in set(OUTPUT_WORDS) - BINARY:
        text = (out / name).read_text("utf-8")
        assert "(demo)" in text, name


def test_a_bad_day_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """A date that is none gives one message and leaves no folder behind."""
    with pytest.raises(InputError, match="a date such as 2026-11-27"):
        run("demo", "--out", str(tmp_path / "x"), "--on", "27/11/2026")

    assert not (tmp_path / "x").exists()


def test_the_planners_command_can_be_copied() -> None:
    """A folder with a space is quoted, so that a shell reads the command as one."""
    words = shlex.split("\n".join(planner_command(Path("my plans/demo"), date(2026, 11, 27), 3)).replace("\\\n", " "))

    assert words[:3] == ["reassure", "patrols", "plan"]
    assert "--allow-shortfall" in words
    words.remove("--allow-shortfall")
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert options["--places"] == "my plans/demo/inputs/places.csv"
    assert options["--out"] == "my plans/demo"
    assert (options["--on"], options["--area"]) == ("2026-11-27", "DEMO-01")
    assert (options["--seed"], options["--iterations"]) == ("3", "20000")
