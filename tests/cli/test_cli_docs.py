"""The documented command line is the real one, and the README's example runs."""

import io
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from reassure.cli.main import COMMANDS, build

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "cli.md").read_text("utf-8")
EVERY = [" ".join(filter(None, (group, name))) for group, names in COMMANDS.items() for name in names]


def section(command: str) -> str:
    """The part of docs/cli.md that speaks of a command."""
    start = DOCS.index(f"\n## reassure {command}\n")
    end = DOCS.find("\n## ", start + 4)
    return DOCS[start : end if end > 0 else None]


def help_of(command: str) -> str:
    """What `reassure COMMAND --help` prints."""
    with redirect_stdout(io.StringIO()) as printed:
        build().main([*command.split(), "--help"], prog_name="reassure", standalone_mode=False)
    return printed.getvalue()


def options(text: str) -> set[str]:
    """Every long option that a text names."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text)) - {"--help"}


@pytest.mark.parametrize("command", EVERY)
def test_every_option_of_a_command_is_documented(command: str) -> None:
    """Whatever --help offers stands in docs/cli.md, under that command, and nothing else does."""
    offered, documented = options(help_of(command)), options(section(command))

    assert documented == offered


def test_every_exit_code_is_documented() -> None:
    """The codes in the table are those that the command knows."""
    from reassure.cli.output import BAD_INPUT, DONE, FAULTS_FOUND, REFUSED, STOPPED  # noqa: PLC0415

    table = {int(code) for code in re.findall(r"^\| (\d+) \|", DOCS, re.MULTILINE)}

    assert table == {DONE, FAULTS_FOUND, BAD_INPUT, REFUSED, STOPPED}


def test_the_example_of_the_readme_runs() -> None:
    """The ten lines of Python are ten lines, run as they stand, and list the demo area's Friday."""
    readme = (ROOT / "README.md").read_text("utf-8")
    code = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[0]

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    lines = run.stdout.splitlines()
    assert lines[0] == "Demo area (generated): 120 places, 14 units"
    assert sum("  jumuah  " in line for line in lines) == 45


def test_the_readme_names_the_two_commands_of_the_makefile() -> None:
    """`make demo` and `make test` stand in the README and are targets of the Makefile."""
    readme, makefile = ((ROOT / name).read_text("utf-8") for name in ("README.md", "Makefile"))

    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "docs/cli.md", "docs/decisions/README.md"])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    """Each relative link of the page is a file or folder of this repository, and each anchor a heading."""
    text = (ROOT / page).read_text("utf-8")
    headings = {
        re.sub(r"[^a-z0-9 -]", "", h.casefold()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }

    for target in re.findall(r"\]\(([^)#]*(?:#[^)]*)?)\)", text):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        assert not path or ((ROOT / page).parent / path).exists(), target
        assert path or anchor in headings, target


def test_every_decision_is_in_the_index() -> None:
    """Each note in docs/decisions has its row in the README there, in the order of the numbers."""
    folder = ROOT / "docs" / "decisions"

    listed = re.findall(r"^\| \[(\d{4})\]\((\1-[^)]+)\)", (folder / "README.md").read_text("utf-8"), re.MULTILINE)

    assert [name for _, name in listed] == sorted(path.name for path in folder.glob("[0-9]*.md"))
