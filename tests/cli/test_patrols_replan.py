"""`reassure patrols replan`, `explain`, `compare` and `forces` on a small generated area."""

import json

import pytest

from reassure.cli.main import build
from reassure.cli.plan_files import refuse_faulty
from reassure.errors import InputError
from reassure.files.demo_area import demo_area
from reassure.files.demo_ground import DEMO_DAY
from reassure.files.demo_inputs import PLACES, UNITS, input_files
from reassure.files.writing import write_folder
from reassure.patrols.check import check


def run(*words):
    """Run a command as a user does; the exit code."""
    return build().main([str(w) for w in words], standalone_mode=False)


def document(folder):
    """The plan in a folder."""
    return json.loads((folder / "plan.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """The demo area planned in few iterations, drawn by lot."""
    folder = tmp_path_factory.mktemp("demo")
    write_folder(folder / "inputs", input_files(demo_area(1, DEMO_DAY)))
    files = ("--places", folder / "inputs" / PLACES, "--units", folder / "inputs" / UNITS)
    run("patrols", "plan", *files, "--on", DEMO_DAY, "--area", "DEMO-01", "--iterations", 1_000, "--bound", "off",
        "--allow-shortfall", "--out", folder / "plan")  # fmt: skip
    return folder


@pytest.mark.slow
def test_a_lost_unit_leaves_a_plan_that_the_checker_accepts(planned, tmp_path, capsys):
    """What the unit had done stays, it starts nothing more, the limit holds and every change is listed."""
    before = document(planned / "plan")
    busiest = max(before["routes"], key=lambda r: len(r["stops"]))["unit_ref"]

    run("patrols", "replan", planned / "plan", "--lost", busiest, "--at", "13:00", "--out", tmp_path)

    after = document(tmp_path)
    refuse_faulty(check(after))
    row = after["replan"]
    assert row["of"] == before["digest"]
    assert row["n_changed"] <= row["most_changed"]
    [route] = [r for r in after["routes"] if r["unit_ref"] == busiest]
    assert all(stop["start"] <= "2026-11-27T13:00:00+00:00" for stop in route["stops"])
    assert "Bronze may approve this" in capsys.readouterr().out


@pytest.mark.slow
def test_without_a_change_the_same_bytes_are_written(planned, tmp_path):
    """Nothing lost, added or cancelled: plan.json is the same file."""
    run("patrols", "replan", planned / "plan", "--at", "12:00", "--out", tmp_path)

    assert (tmp_path / "plan.json").read_bytes() == (planned / "plan" / "plan.json").read_bytes()


@pytest.mark.slow
def test_a_unit_that_is_not_there_is_named(planned, tmp_path):
    """A unit and a place that the plan does not have, and a time outside it: told together, nothing written."""
    with pytest.raises(InputError) as told:
        run("patrols", "replan", planned / "plan", "--lost", "nobody", "--cancelled", "nowhere", "--at", "03:00",
            "--out", tmp_path / "new")  # fmt: skip

    assert [p.column for p in told.value.problems] == ["lost", "cancelled", "at"]
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_compare_counts_each_visit_once(planned, tmp_path, capsys):
    """Kept, moved, reassigned and dropped add up to the visits before; with itself a plan keeps all."""
    before = document(planned / "plan")
    unit = before["routes"][0]["unit_ref"]
    run("patrols", "replan", planned / "plan", "--lost", unit, "--at", "11:30", "--out", tmp_path)
    capsys.readouterr()

    run("patrols", "compare", planned / "plan", tmp_path, "--json")
    found = json.loads(capsys.readouterr().out)
    run("patrols", "compare", planned / "plan", planned / "plan")

    counts = found["counts"]
    n_after = document(tmp_path)["totals"]["n_visits"]
    assert sum(counts.values()) - counts["added"] == before["totals"]["n_visits"]
    assert (
        counts["kept"] + counts["moved"] + counts["reassigned"] + counts["added"] + counts["orphans_reassigned"]
        == n_after
    )
    assert "The two plans are the same." in capsys.readouterr().out


@pytest.mark.slow
def test_explain_says_need_visit_and_chance_or_the_reason(planned, capsys):
    """For a visited place the unit and its chance, for another its first reason; a part of a name will do."""
    plan = document(planned / "plan")
    visited = plan["routes"][0]["stops"][0]["place_ref"]
    left = plan["unvisited"][0]

    run("patrols", "explain", planned / "plan", "--place", visited, "--json")
    found = json.loads(capsys.readouterr().out)
    run("patrols", "explain", planned / "plan", "--place", left["place_ref"])

    assert found["visits"]
    assert found["unvisited"] == [u for u in plan["unvisited"] if u["place_ref"] == visited]
    assert 0 < found["chance"] <= 1
    assert left["text"] in capsys.readouterr().out
    with pytest.raises(InputError, match="a part of one name"):
        run("patrols", "explain", planned / "plan", "--place", "no such place")


@pytest.mark.slow
def test_forces_plans_every_area_with_the_bytes_of_one_process_or_two(planned, tmp_path):
    """The area of the register, on one process and on two: the same plan.json, accepted by the checker."""
    for n in (1, 2):
        run("patrols", "forces", "--places", planned / "inputs" / PLACES, "--on", DEMO_DAY, "--units-per-area", 3,
            "--iterations", 300, "--bound", "off", "--workers", n, "--json-only",
            "--out", tmp_path / str(n))  # fmt: skip

    one, two = ((tmp_path / n / "DEMO-01" / "plan.json").read_bytes() for n in ("1", "2"))
    assert one == two
    assert check(json.loads(one)) == []


def test_forces_wants_one_way_to_get_units(tmp_path):
    """Neither or both of --units and --units-per-area is refused before anything is read."""
    with pytest.raises(InputError, match="either --units DIR or --units-per-area N"):
        run("patrols", "forces", "--places", tmp_path / "none.csv", "--on", DEMO_DAY, "--out", tmp_path)
