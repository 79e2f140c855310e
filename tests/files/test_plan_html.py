"""The plan as a page: what stands in it, in which order, and that nothing from outside can become part of it."""

import base64
import hashlib
import re
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plan_documents import made_plan, plan_with_shortfall, plan_without_visits
from reassure.errors import InputError
from reassure.files.plain_text import plain
from reassure.files.plan_html import plan_html

SHAPES = {"path", "circle", "rect"}
VOID = {"meta", "br", "col", "hr", "img", "link"}
PLANS = {"full": made_plan, "short": plan_with_shortfall, "empty": plan_without_visits}


class Page(HTMLParser):
    """Reads a page: tags with attributes in order, text by section, and whether every tag is closed in its place."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags, self.faults, self.open, self.text, self.by_section = [], [], [], [], {}
        self.section = ""
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "section":
            self.section = dict(attrs)["id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in SHAPES:
            self.faults.append(f"<{tag}/>")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")
        if tag == "section":
            self.section = ""

    def handle_data(self, data):
        self.text.append(data)
        self.by_section[self.section] = self.by_section.get(self.section, "") + data

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@cache
def plan(kind: str):
    return PLANS[kind]()


@cache
def page(kind: str) -> Page:
    return Page(plan_html(PLANS[kind]()))


every_plan = pytest.mark.parametrize("kind", PLANS)


@every_plan
def test_every_tag_is_closed_where_it_was_opened(kind):
    """A page that is well formed reads the same in every browser."""
    assert page(kind).faults == []
    assert page(kind).open == []


@every_plan
def test_the_same_plan_gives_the_same_page(kind):
    """No clock and no chance: equal documents, equal bytes."""
    assert plan_html(PLANS[kind]()) == plan_html(PLANS[kind]())


@every_plan
def test_a_page_loads_nothing_and_runs_nothing(kind):
    """No script, no picture, no font, no style from elsewhere; links go to its own parts or a copyright page."""
    known = {"html", "head", "meta", "title", "style", "body", "a", "div", "header", "nav", "main", "footer", "section"}
    known |= {
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "strong",
        "span",
        "bdi",
        "small",
        "figure",
        "figcaption",
    }
    known |= {"table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"}
    known |= {"svg", "desc", "path", "circle", "rect", "polyline", "text", "tspan", "g"}

    assert {tag for tag, _ in page(kind).tags} <= known
    for tag, attributes in page(kind).tags:
        assert not {a for a in attributes if a.startswith("on")} | (attributes.keys() & {"src", "style", "action"})
        if "href" in attributes:
            assert tag == "a"
            assert attributes["href"].startswith("#") or attributes["href"] == "https://www.openstreetmap.org/copyright"
    style = plan_html(plan(kind)).decode().split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@every_plan
def test_the_policy_allows_its_own_style_sheet_alone(kind):
    """The hash in the policy is that of the style sheet as it stands in the page."""
    text = plan_html(plan(kind)).decode()
    style = text.split("<style>")[1].split("</style>")[0]
    policy = next(m["content"] for m in page(kind).all("meta") if "http-equiv" in m)

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@every_plan
def test_marking_stands_first_and_last(kind):
    """The first and the last words of the page are its marking; an exercise says so there."""
    words = [t.strip() for t in page(kind).text if t.strip()]
    marking = f"{plan(kind)['marking']} | DRAFT"

    assert words[-1] == marking
    assert marking in words[2:5], "after title, style sheet and the link that skips"


@every_plan
def test_what_is_not_visited_comes_first(kind):
    """After the summary come in order: not visited, map, timeline, hours, visits, need, fairness, draw, inputs"""
    order = [s["id"] for s in page(kind).all("section")]

    assert order == "summary unvisited map timeline hours visits need fairness lottery inputs".split()  # noqa: SIM905


@every_plan
def test_every_visit_and_every_gap_is_named_in_its_part(kind):
    """Each visit stands under its unit, each row of the unvisited list in the part that comes first."""
    document = plan(kind)
    names = {p["ref"]: plain(p["name"]) for p in document["places"]}

    for route in document["routes"]:
        for stop in route["stops"]:
            assert names[stop["place_ref"]] in page(kind).by_section["visits"]
    for row in document["unvisited"]:
        assert names[row["place_ref"]] in page(kind).by_section["unvisited"]


def test_each_need_is_explained_as_the_document_says():
    """Every open gate has its sum in words, and the closed ones are counted."""
    document = made_plan()
    said = page("full").by_section["need"]

    for need in document["needs"]:
        assert need["gate"] != "open" or need["explanation"] in said
    closed = sum(n["gate"] == "closed" for n in document["needs"])
    assert f"{closed} had no occasion, recent incident or request" in said


def test_missed_must_visits_come_before_all_other_gaps():
    """A commander reads them first, and the shortfall in the summary."""
    document = plan_with_shortfall()
    said = page("short").by_section["unvisited"]

    must = [row["name"] for row in document["unvisited"] if row["is_must"]]
    assert len(must) == 3
    assert max(said.index(plain(name)) for name in must) < said.index("Other visits earn more")
    assert document["shortfall"]["text"] in page("short").by_section["summary"]


def test_an_empty_plan_says_so():
    """Nobody gathers and no unit goes out: the page is whole and says both."""
    assert "0 of 5" in page("empty").by_section["summary"]
    assert "No declaration is in force" in page("empty").by_section["inputs"]
    assert "No place had an open gate." in page("empty").by_section["need"]


@every_plan
def test_headings_and_landmarks_lead_through_the_page(kind):
    """One first heading, no level left out, one main part, language, title, and a link that skips to the main part."""
    levels = [int(tag[1]) for tag, _ in page(kind).tags if re.fullmatch("h[1-6]", tag)]
    ids = [a["id"] for _, a in page(kind).tags if "id" in a]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert page(kind).all("html")[0]["lang"] == "en-GB"
    assert len(page(kind).all("main")) == 1
    assert page(kind).all("a")[0] == {"href": "#main", "class": "skip"}
    assert len(ids) == len(set(ids))
    for a in page(kind).all("a"):
        assert not a["href"].startswith("#") or a["href"][1:] in ids
    for s in page(kind).all("section"):
        assert s["aria-labelledby"] in ids


@every_plan
def test_tables_and_drawings_can_be_read_without_seeing_them(kind):
    """Tables have a caption and scoped headers; drawings a title, or are hidden because words stand beside them."""
    tags = [tag for tag, _ in page(kind).tags]

    assert tags.count("table") == tags.count("caption") == tags.count("thead")
    assert all(th.get("scope") in {"col", "row"} for th in page(kind).all("th"))
    for n, (tag, attributes) in enumerate(page(kind).tags):
        if tag == "svg" and attributes.get("aria-hidden") != "true":
            assert attributes["role"] == "img"
            assert page(kind).tags[n + 1][0] == "title"
        if attributes.get("class") == "scroll":
            assert attributes["tabindex"] == "0"
            assert attributes["aria-label"]


@given(st.lists(st.text(min_size=1, max_size=40), min_size=4, max_size=4))
@settings(max_examples=20)
def test_no_text_can_add_a_tag(texts):
    """Whatever stands in names, reasons and marking, the tags of the page are those of a plan with plain names."""
    quiet, loud = (made_plan(n_places=6, n_units=2) for _ in range(2))
    for document, words in ((quiet, ["plain"] * 4), (loud, [f"</style><script>{t}\"'" for t in texts])):
        for place in document["places"]:
            place["name"] = words[0]
        for row in document["unvisited"]:
            row["text"] = words[1]
        document["marking"] = words[2]
        document["units"][0]["callsign"] = words[3]

    def shape(document):
        return [tag for tag, _ in Page(plan_html(document)).tags]

    assert shape(loud) == shape(quiet)


def test_an_outline_that_is_none_is_refused():
    """The outline is coordinates of a MultiPolygon, or there is none."""
    document = made_plan(n_places=4, n_units=1)
    document["area"]["outline"] = [["x"]]

    with pytest.raises(InputError, match=r"area\.outline"):
        plan_html(document)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    """Contrast ratio after WCAG 2.2."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_that_wcag_aa_asks_for(theme):
    """Text 4.5 to 1 on its ground, shapes 3 to 1, in both themes."""
    css = resources.files("reassure.files.plan_pages").joinpath("plan.css").read_text("utf-8")
    block = re.findall(r":root\{(.*?)\}", css, re.S)[theme]
    colours = dict(re.findall(r"--(\w+):(#\w+)", block))

    for text in ("ink", "quiet", "link", "grave", "good"):
        assert contrast(colours[text], colours["paper"]) >= 4.5, text
        assert contrast(colours[text], colours["shade"]) >= 4.5, text
    for n in range(8):
        assert contrast(colours["on"], colours[f"u{n}"]) >= 4.5, n
        assert contrast(colours[f"u{n}"], colours["area"]) >= 3, n
    for part in "aitgrq":
        assert contrast(colours[part], colours["paper"]) >= 3, part
    assert contrast(colours["edge"], colours["paper"]) >= 3


@pytest.mark.slow
def test_the_page_of_a_large_force_stays_under_two_megabytes():
    """1,300 places and 45 units: a page that can be mailed and opened on an old machine."""
    assert len(plan_html(made_plan(n_places=1300, n_units=45))) < 2_000_000
