"""Third-party code is installed, never committed: exact versions, hashes, no address of a registry."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "src/reassure_web/pages/static/pages/",
    "src/reassure_web/patrols/static/",
    "src/reassure_web/engagement/static/",
)


def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git here")
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def test_the_lock_file_has_a_hash_for_each_package_and_no_address():
    """What is installed is what was looked at, from wherever it comes."""
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}

    assert packages
    assert [name for name, facts in packages.items() if not facts.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
    assert "http" not in json.dumps({name: f for name, f in packages.items() if f.pop("funding", None) or True})


def test_front_end_versions_are_exact_and_scripts_of_packages_never_run():
    """A range would let something in that nobody looked at."""
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    pins = package["dependencies"] | package["devDependencies"]
    npmrc = (ROOT / ".npmrc").read_text("utf-8").split()

    assert [name for name, version in pins.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true", "save-exact=true"} <= set(npmrc)


def test_python_pins_hold_no_address():
    """`name==version` and nothing else."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

    assert [line for line in lines if line and not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_no_front_end_file_of_others_is_committed():
    """Scripts and styles in git are ours; the built folder and the packages are not in git."""
    suffixes = {".js", ".mjs", ".css", ".woff", ".woff2"}
    web = [path for path in tracked() if path.startswith("src/reassure_web/")]

    foreign = [p for p in web if Path(p).suffix in suffixes and not p.startswith(OURS)]

    assert foreign == []
    assert [p for p in tracked() if "node_modules/" in p or "/static/vendor/" in p] == []
    assert not any("min." in Path(p).name for p in web)


@pytest.mark.parametrize("path", sorted((ROOT / "src/reassure_web").glob("*/static/*/*.js")), ids=lambda p: p.name)
def test_a_script_of_ours_is_small_and_asks_nobody_else(path):
    """At most 250 lines; no address of another host, no `eval`."""
    text = path.read_text("utf-8")

    assert len(text.splitlines()) <= 250
    assert not re.search(r"https?://|\beval\(|innerHTML|document\.write|new Function", text)
