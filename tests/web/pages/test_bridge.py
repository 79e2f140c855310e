"""The bridge from our templates to the design system's macros, against every fixture that the design system ships."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from reassure.files.markup import tag
from reassure_web.pages.bridge import component_html, drawn, json_text, nested

COMPONENTS = Path(__file__).resolve().parents[3] / "node_modules/govuk-frontend/dist/govuk/components"
N_COMPONENTS = 37
N_FIXTURES = 657
"""Of govuk-frontend 6.3.0, as counted in the package."""


class Tree(HTMLParser):
    """Collects elements, sorted attributes and words; spaces between them say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[object] = []
        self._words = ""

    def handle_starttag(self, name, attributes):
        self._end_words()
        self.nodes.append((name, sorted((key, " ".join((value or "").split())) for key, value in attributes)))

    def handle_endtag(self, name):
        self._end_words()
        self.nodes.append(f"/{name}")

    def handle_data(self, words):
        self._words += words

    def _end_words(self) -> None:
        if words := " ".join(self._words.split()):
            self.nodes.append(words)
        self._words = ""


def tree(html: str) -> list[object]:
    parser = Tree()
    parser.feed(html)
    parser.close()
    parser._end_words()
    return parser.nodes


def marked(value: object, key: str = "") -> object:
    """A fixture's options as a page gives them: what is written as it stands is marked safe."""
    if isinstance(value, dict):
        return {k: marked(v, "html" if key == "slots" else k) for k, v in value.items()}
    if isinstance(value, list):
        return [marked(v) for v in value]
    is_raw = isinstance(value, str) and (key in {"html", "attributes"} or key.endswith("Html"))
    return mark_safe(value) if is_raw else value  # noqa: S308 - fixtures of the design system


@pytest.fixture(scope="module")
def fixtures() -> dict[str, list[dict]]:
    if not COMPONENTS.is_dir():
        pytest.skip("the design system is not installed: make assets")
    files = sorted(COMPONENTS.glob("*/fixtures.json"))
    return {f.parent.name: json.loads(f.read_text("utf-8"))["fixtures"] for f in files}


def test_every_fixture_of_the_design_system_comes_out_the_same(fixtures):
    """All components with all their options give the very elements, attributes and words of the design system."""
    different = [
        f"{component}: {fixture['name']}"
        for component, all_of_it in fixtures.items()
        for fixture in all_of_it
        if tree(component_html(component, marked(fixture["options"]))) != tree(fixture["html"])
    ]

    assert different == []
    assert len(fixtures) == N_COMPONENTS
    assert sum(map(len, fixtures.values())) == N_FIXTURES


def test_text_is_escaped_and_html_is_taken_only_when_it_is_marked_safe():
    """A name that looks like markup stays words; unmarked html stops the page rather than reach it."""
    assert "&lt;b&gt;" in component_html("button", {"text": "<b>"})
    for unsafe in (
        {"html": "<b>"},
        {"titleHtml": "<b>"},
        {"rows": [{"key": {"html": "<b>"}}]},
        {"attributes": "onclick=x"},
        {"slots": {"start": "<b>"}},
    ):
        with pytest.raises(TypeError, match="not marked safe"):
            component_html("summary-list", unsafe)


def test_a_block_is_the_html_of_its_component_and_escapes_what_it_holds():
    """What stands in the block has gone through the template engine, so a name in it is escaped."""
    template = Template('{% load gds %}{% gds_block "inset-text" classes="x" %}<p>{{ name }}</p>{% endgds_block %}')

    html = template.render(Context({"name": "<script>"}))

    assert tree(html) == tree('<div class="govuk-inset-text x"><p>&lt;script&gt;</p></div>')


def test_only_our_own_drawings_are_written_as_they_stand():
    """SVG is taken from the maker that escapes, never from a plain text."""
    assert drawn(tag("svg", "<")) == "<svg>&lt;</svg>"
    with pytest.raises(TypeError):
        drawn("<svg>")


def test_options_with_two_underscores_reach_inside():
    """One level of a tag's options becomes any level of the macro's."""
    assert nested({"a__b__c": 1, "a__d": 2, "e": 3}) == {"a": {"b": {"c": 1}, "d": 2}, "e": 3}


def test_json_inside_a_script_cannot_end_the_script():
    """`<`, `>` and `&` are written as escapes, and read back as themselves."""
    text = json_text({"a": "</script>&"})

    assert "<" not in text
    assert json.loads(text) == {"a": "</script>&"}


def test_nothing_is_marked_safe_but_in_the_bridge():
    """One module answers for what is written as it stands; no template switches escaping off."""
    shell = Path(__file__).resolve().parents[3] / "src/reassure_web"
    sources = [p for p in shell.rglob("*") if p.suffix in {".py", ".html"} and "static" not in p.parts]
    marks = re.compile(r"mark_safe|SafeString\(|SafeText|\|\s*safe\b|autoescape off")

    found = {p.relative_to(shell).as_posix() for p in sources if marks.search(p.read_text("utf-8"))}

    assert found == {"pages/bridge.py"}
