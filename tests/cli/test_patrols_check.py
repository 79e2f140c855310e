"""`reassure patrols check` accepts, refuses or says that it was handed something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from reassure.cli.main import run
from reassure.files.plan_json import plan_bytes
from sound_plan import sign, sound_plan

Printed = pytest.CaptureFixture[str]


def outcome(arguments: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a call."""
    monkeypatch.setattr("sys.argv", ["reassure", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        run()
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out, printed.err


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> Any:
    return lambda *arguments: outcome(["patrols", "check", *arguments], monkeypatch, capsys)


def faulty_plan() -> dict[str, Any]:
    plan = sound_plan()
    plan["totals"]["travel_s"] = 1_586
    plan["routes"][1]["stops"][0]["wait_s"] = 400
    return plan


def test_a_sound_plan_is_accepted_with_what_was_checked(call: Any, tmp_path: Path) -> None:
    """A plan that holds ends with 0, its digest, and what was worked out again."""
    path = tmp_path / "plan.json"
    path.write_bytes(plan_bytes(sound_plan()))

    code, out, err = call(path)

    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"Accepted: West Midlands, 2026-11-27, digest {sound_plan()['digest'][:12]}"
    assert "4 visits by 3 units" in out
    assert "7 journeys worked out again by great circle" in out


def test_the_folder_of_a_plan_will_do(call: Any, tmp_path: Path) -> None:
    """A folder stands for the plan.json in it."""
    (tmp_path / "plan.json").write_bytes(plan_bytes(sound_plan()))

    assert call(tmp_path)[0] == 0


def test_a_faulty_plan_is_refused_with_every_fault(call: Any, tmp_path: Path) -> None:
    """A plan that does not hold ends with 1 and one line a fault."""
    path = tmp_path / "plan.json"
    path.write_bytes(plan_bytes(faulty_plan()))

    code, out, _ = call(path)

    assert code == 1
    assert out.splitlines()[0].startswith(f"Refused: {path} has 2 faults (West Midlands, 2026-11-27, digest ")
    assert "  the total travel_s is 1586; expected 1587, the sum over the plan." in out.splitlines()
    assert len(out.splitlines()) == 3


def test_an_altered_plan_is_refused(call: Any, tmp_path: Path) -> None:
    """A plan that was changed after it was signed ends with 1."""
    altered = sound_plan() | {"marking": "OFFICIAL"}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(altered), "utf-8")

    code, out, _ = call(path)

    assert code == 1
    assert "altered after it was signed" in out


def test_json_holds_every_fault_with_its_path(call: Any, tmp_path: Path) -> None:
    """With --json standard output is one document with the path of each fault, and the exit code stays."""
    path = tmp_path / "plan.json"
    path.write_bytes(plan_bytes(faulty_plan()))

    code, out, _ = call(path, "--json")
    result = json.loads(out)

    assert code == 1
    assert result["accepted"] is False
    assert [f["where"] for f in result["faults"]] == ["routes[1].stops[0].wait_s", "totals.travel_s"]
    assert result["digest"] == sign(faulty_plan())["digest"]


def test_many_faults_are_listed_up_to_fifty(call: Any, tmp_path: Path) -> None:
    """More than fifty faults are counted, not printed; --json holds them all."""
    plan = sound_plan()
    for option in plan["options"]:
        option["dwell_min"] = 9
        option["prize"] += 1
    path = tmp_path / "plan.json"
    path.write_bytes(plan_bytes(plan))

    _, out, _ = call(path)
    _, as_json, _ = call(path, "--json")

    n = len(json.loads(as_json)["faults"])
    assert n > 60
    assert len(out.splitlines()) == 52
    assert out.splitlines()[-1] == f"  ... and {n - 50} more; --json lists them all."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "cannot be read as JSON"),
        (b"[1, 2]", "this is not a plan; expected a plan.json"),
        (b'{"format": "something"}', "this is not a plan"),
        (b"ref,callsign\n", "cannot be read as JSON"),
        (b"\xff\xfe", "is not UTF-8"),
        (b'{"format": "reassure-plan", "version": 2}', "version is 2; expected 1"),
    ],
)
def test_what_is_no_plan_ends_with_two(call: Any, tmp_path: Path, content: bytes, expected: str) -> None:
    """A file that is no plan ends with 2, names the file, and puts nothing on standard output."""
    path = tmp_path / "plan.json"
    path.write_bytes(content)

    code, out, err = call(path)

    assert (code, out) == (2, "")
    assert expected in err
    assert str(path) in err


def test_a_file_that_is_not_there_ends_with_two(call: Any, tmp_path: Path) -> None:
    """A path at which nothing stands ends with 2."""
    code, _, err = call(tmp_path / "missing.json")

    assert code == 2
    assert "cannot be read" in err
