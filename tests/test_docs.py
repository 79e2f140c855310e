"""What the documents say of the code is so: sources exist, commands exist, the plan file's page is the schema's."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reassure.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "docs" / "sources.md").read_text("utf-8")
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    headings = re.findall(r"^#+ (.*?)\s*$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings}


def test_every_source_named_in_the_code_or_the_pages_exists() -> None:
    """Whoever follows docs/sources.md#anchor from a docstring or a page finds a heading there."""
    files = [*(ROOT / "src").rglob("*.py"), *PAGES]
    named = {
        (anchor, str(path.relative_to(ROOT)))
        for path in files
        for anchor in re.findall(r"sources\.md#([\w-]+)", path.read_text("utf-8"))
    }
    missing = sorted((anchor, path) for anchor, path in named if anchor not in anchors(SOURCES))

    assert len(named) >= 6
    assert missing == []


def test_every_source_says_what_was_taken_from_it() -> None:
    """Each source has text; headings stand once."""
    sections = re.split(r"^### ", SOURCES, flags=re.MULTILINE)[1:]
    titles = [section.splitlines()[0] for section in sections]

    assert len(titles) == len(set(titles)) > 20
    assert all(len(section.split("\n", 1)[1].split("\n## ")[0].strip()) > 20 for section in sections)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(path: Path) -> None:
    """A relative link is a file of this repository, its anchor a heading of that file."""
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        page = (path.parent / file) if file else path
        assert page.exists(), f"{path.name}: {target}"
        if anchor and page.suffix == ".md":
            assert anchor in anchors(page.read_text("utf-8")), f"{path.name}: {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_the_pages_exists(path: Path) -> None:
    """A `reassure` command that a page shows in code is one of the table of commands."""
    text = path.read_text("utf-8")
    blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    code = re.findall(r"`([^`\n]+)`", text) + [line for block in blocks for line in block.splitlines()]
    known = {f"{group} {name}".strip() for group, names in COMMANDS.items() for name in names}
    for line in code:
        match = re.match(r"(?:\.venv/bin/)?reassure ([a-z]+)(?: ([a-z]+))?(?= |$)", line.strip())
        if not match:
            continue
        group, name = match.groups()
        is_known = group in known or (group in COMMANDS and (name is None or f"{group} {name}" in known))
        assert is_known, f"{path.name}: {line}"


# --- docs/plan-file.md and the schema ------------------------------------------------------------------------------

Rows = dict[str, dict[str, tuple[str, bool]]]
"""Kind of each field, and whether it has to be there, by path and field."""

ROW = re.compile(r"^\| `(\w+)`( \(may be missing\))? \| (.+?) \| .+ \|$", re.MULTILINE)


def test_the_page_of_the_plan_file_says_what_the_schema_says() -> None:
    """Every object and field of plan.schema.json stands in docs/plan-file.md with its kind, and nothing else does."""
    schema = json.loads((ROOT / "src/reassure/files/plan.schema.json").read_text("utf-8"))
    expected: Rows = {}
    _collect("plan.json", schema, schema, expected)

    documented = _documented((ROOT / "docs" / "plan-file.md").read_text("utf-8"))

    assert list(documented) == list(expected)
    for path, fields in expected.items():
        assert documented[path] == fields, path


def test_the_digest_example_of_the_page_is_right(tmp_path: Path) -> None:
    """The Python that the page prints accepts a plan made by hand and refuses an altered one."""
    from sound_plan import sound_plan  # noqa: PLC0415

    page = (ROOT / "docs" / "plan-file.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "plan.json"
    code = code.replace('"plan.json"', repr(str(path)))

    path.write_text(json.dumps(sound_plan()), "utf-8")
    exec(code, {})  # noqa: S102
    path.write_text(json.dumps(sound_plan() | {"marking": "OFFICIAL"}), "utf-8")
    with pytest.raises(AssertionError):
        exec(code, {})  # noqa: S102


def _documented(page: str) -> Rows:
    found: Rows = {}
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        if not section.startswith("`"):
            continue
        path = section.split("`")[1]
        found[path] = {}
        for name, missing, kind in ROW.findall(section):
            found[path][name] = (kind, not missing)
    return found


def _collect(path: str, node: dict[str, Any], schema: dict[str, Any], rows: Rows) -> None:
    node = _resolved(node, schema)
    for branch in node.get("anyOf", []):
        _collect(path, branch, schema, rows)
    if node.get("type") == "array" and "items" in node:
        _collect(path + "[]", node["items"], schema, rows)
    if node.get("type") == "object" and "properties" in node:
        fields = node["properties"]
        rows[path] = {name: (_kind(inner, schema), name in node["required"]) for name, inner in fields.items()}
        for name, inner in fields.items():
            _collect(name if path == "plan.json" else f"{path}.{name}", inner, schema, rows)


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    name = node["$ref"].split("/")[-1]
    return {**schema["$defs"][name], "named": name}


WORDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "array": "list",
}


def _kind(node: dict[str, Any], schema: dict[str, Any]) -> str:
    node = _resolved(node, schema)
    if node.get("named") in {"instant", "date"}:
        return str(node["named"])
    if "const" in node:
        return f"always `{json.dumps(node['const'])}`"
    if "enum" in node:
        return "one of " + ", ".join(f"`{word}`" for word in node["enum"])
    if "anyOf" in node:
        return " or ".join(_kind(branch, schema) for branch in node["anyOf"])
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    return " or ".join(WORDS.get(word, word) for word in types)
