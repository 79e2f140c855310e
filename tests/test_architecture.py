"""The house keeps its own rules: import contracts hold, modules stay small, nothing is named a drawer."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "src").rglob("*.py"))
MOST_LINES = 400
DRAWERS = {"utils", "helpers", "common", "base", "manager", "misc", "tools"}
PURE_ROOMS = ("places", "occasions", "threats", "engagement", "patrols", "fund", "operations", "hatecrime", "access")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "src").with_suffix("").as_posix()


@pytest.mark.slow
def test_import_contracts_hold() -> None:
    """Data flow one way between rooms, rules touch no files or network, the checker shares nothing with the planner."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_small_and_has_a_name(path: Path) -> None:
    """A module has at most 400 lines and is named after an idea; __init__ files are empty."""
    text = path.read_text("utf-8")

    assert len(text.splitlines()) <= MOST_LINES
    assert path.stem not in DRAWERS
    assert path.name != "__init__.py" or not text.strip()


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if p.relative_to(ROOT / "src").parts[0] == "reassure" and p.parent.name in PURE_ROOMS],
    ids=name_of,
)
def test_rules_read_no_clock_and_no_global_chance(path: Path) -> None:
    """Rooms of rules never ask for the time and draw only from a generator that was seeded."""
    tree = ast.parse(path.read_text("utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    imported = {
        f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    chance = {c for c in called if c.startswith(("np.random.", "numpy.random.", "random."))}
    seeded = {c for c in chance if c.endswith((".default_rng", ".Generator", ".PCG64", ".SeedSequence", ".Random"))}

    assert not {c for c in called if c.endswith((".now", ".today", ".utcnow")) or c in {"open", "print", "input"}}
    assert not {i for i in imported if i.split(".")[0] == "time" or i in {"secrets", "uuid"}}
    assert chance == seeded


def test_no_in_function_import_dodges_a_cycle() -> None:
    """Imports of our own inside functions stand only where start-up asks for them: in files, engines and cli."""
    found = []
    for path in MODULES:
        parts = path.relative_to(ROOT / "src").parts
        if parts[0] != "reassure" or parts[1] in {"files", "engines", "cli"}:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        found += [
            f"{name_of(path)}: {ast.unparse(inner)}"
            for function in functions
            for inner in ast.walk(function)
            if isinstance(inner, ast.Import | ast.ImportFrom) and "reassure" in ast.unparse(inner)
        ]

    assert found == []


def test_the_checker_contract_names_every_module_of_the_checker() -> None:
    """A new module of the checker cannot be left out of the contract that keeps it apart."""
    contract = (ROOT / ".importlinter").read_text("utf-8").split("[importlinter:contract:checker-stands-alone]")[1]
    modules = {f"reassure.patrols.{p.stem}" for p in (ROOT / "src/reassure/patrols").glob("check*.py")}

    named = {line.strip() for line in contract.splitlines() if line.strip().startswith("reassure.patrols.check")}

    assert named == modules


ORDER = (("urls",), ("views", "api"), ("forms", "background"), ("services",), ("queries",), ("models",))
"""What a module of a shell's room may be called before an underscore, from the top; import-linter knows whole names."""


def rank(stem: str) -> int | None:
    """How far down a module of a room stands; None for one that is not in the order."""
    for n, names in enumerate(ORDER):
        if any(stem == name or stem.startswith(f"{name}_") for name in names):
            return n
    return None


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.parent.parent.name == "reassure_web" and rank(p.stem) is not None], ids=name_of
)
def test_modules_of_a_shells_room_stand_in_their_order(path: Path) -> None:
    """Nothing below imports what stands above it, and addresses, views and the API never import models."""
    room, own = f"reassure_web.{path.parent.name}", rank(path.stem)
    imports = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ImportFrom) and n.module]
    inside = [m for n in imports if n.module == room for m in (alias.name for alias in n.names)]
    inside += [n.module.split(".")[2] for n in imports if n.module.startswith(f"{room}.")]
    all_models = [n.module for n in imports if n.module.startswith("reassure_web.") and n.module.endswith(".models")]

    assert own is not None
    assert not [m for m in inside if (below := rank(m)) is not None and below < own]
    assert own > 1 or not all_models
