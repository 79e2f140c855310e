"""Whether the compiled planner is at hand, and what a user is told when it is not."""

import pytest

from reassure.cli.output import note_compiling
from reassure.engines.compiled import has_compiled_code


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in which numba would keep compiled code."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_the_first_plan_on_a_machine_says_why_it_takes_long(folder, capsys):
    """In an empty folder nothing was built, and the line says so once for this machine."""
    assert not has_compiled_code()

    note_compiling()

    assert capsys.readouterr().err == "Compiling the planner, once on this machine (about 40 s).\n"


def test_later_plans_say_nothing(folder, capsys):
    """Once numba has kept the search there, nothing is said."""
    kept = folder / "patrols_1"
    kept.mkdir()
    (kept / "search_loop.anneal-171.py311.nbi").touch()

    note_compiling()

    assert has_compiled_code()
    assert capsys.readouterr().err == ""
