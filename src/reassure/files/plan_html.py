"""The plan as one page to read: no network, no scripts, printable; what is not visited comes first.

Rules: the order of the page's parts and its policy (nothing is loaded; only its own style sheet is used). Every
text goes through `files.markup`. Elsewhere: the parts (`files.plan_pages`), drawings (`plan_map`, `plan_timeline`).
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from reassure.files.markup import Child, Markup, tag
from reassure.files.plain_text import plain
from reassure.files.plan_pages.grounds import (
    attribution_lines,
    fairness_section,
    inputs_section,
    lottery_section,
    replan_section,
)
from reassure.files.plan_pages.unvisited import unvisited_section
from reassure.files.plan_pages.visits import hours_section, map_section, need_section, timeline_section, visits_section
from reassure.patrols.briefing import Card, Index, cards, day_words, index_plan

CONTENTS = (
    ("summary", "Summary"),
    ("unvisited", "Not visited"),
    ("map", "Map"),
    ("timeline", "Timeline"),
    ("hours", "Occasions by hour"),
    ("visits", "Visits by unit"),
    ("need", "Need explained"),
    ("fairness", "Fairness"),
    ("lottery", "Draw"),
    ("inputs", "Inputs and sources"),
)


def plan_html(document: Mapping[str, Any]) -> bytes:
    """The page of a plan, UTF-8; `InputError` for a document whose rows do not fit together."""
    index = index_plan(document)
    rounds = cards(index)
    title = f"Patrol plan: {document['area']['name']}"
    style = Markup(_style_sheet() + _page_marks(document))
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{title}, {day_words(index.clock.on)} ({document['marking']})"),
        tag("style", style),
    )
    body = tag(
        "body",
        tag("a", "Skip to the plan", href="#main", class_="skip"),
        _mark(document),
        tag("header", _heading(index, title)),
        tag(
            "nav",
            tag("ul", (tag("li", tag("a", words, href=f"#{ref}")) for ref, words in CONTENTS)),
            aria_label="Contents",
        ),
        tag("main", _summary(index, rounds), _parts(index, rounds), id="main"),
        tag(
            "footer", tag("div", tag("h2", "Attribution"), attribution_lines(index), _digest(document)), _mark(document)
        ),
    )
    return ("<!doctype html>\n" + tag("html", head, body, lang="en-GB") + "\n").encode("utf-8")


def _parts(index: Index, rounds: Sequence[Card]) -> list[Child]:
    return [
        replan_section(index),
        unvisited_section(index),
        map_section(index, rounds),
        timeline_section(index, rounds),
        hours_section(index),
        visits_section(index, rounds),
        need_section(index),
        fairness_section(index),
        lottery_section(index),
        inputs_section(index),
    ]


def _heading(index: Index, title: str) -> list[Child]:
    document = index.document
    is_draft = document["status"] == "draft"
    status = [tag("span", "DRAFT", class_="tag"), "not approved"] if is_draft else "Approved"
    area = f"{document['area']['force']}, area {document['area']['code']}"
    return [
        tag("h1", title),
        tag("p", day_words(index.clock.on), class_="lead"),
        tag("p", status),
        tag("p", area, class_="quiet"),
        _digest(document),
    ]


def _summary(index: Index, rounds: Sequence[Card]) -> Markup:
    document, totals = index.document, index.document["totals"]
    n_gathering = len({o["place_ref"] for o in document["occasions"] if o["status"] != "cancelled"})
    out = sum(bool(card.visits) for card in rounds)
    spent = totals["travel_s"] + totals["wait_s"] + totals["dwell_s"] + totals["break_s"]
    words = (
        f"{totals['n_places_visited']:,} of {len(document['places']):,} places of worship get a visit, by {out:,} of "
        f"{len(rounds):,} units. People gather at {n_gathering:,} places; {totals['n_occasions_visited']:,} of "
        f"{document['inputs']['n_occasions']:,} occasions are visited. Of {_hours(totals['shift_s'])} on shift, "
        f"{_hours(totals['dwell_s'])} are spent at places, {_hours(totals['travel_s'])} travelling, "
        f"{_hours(totals['wait_s'])} waiting and {_hours(totals['break_s'])} in breaks; "
        f"{_hours(max(totals['shift_s'] - spent, 0))} are free."
    )
    figures = (
        ("Places visited", f"{totals['n_places_visited']:,} of {len(document['places']):,}"),
        ("Occasions visited", f"{totals['n_occasions_visited']:,} of {document['inputs']['n_occasions']:,}"),
        ("Must-visits planned", f"{totals['n_must_served']:,} of {totals['n_must']:,}"),
        ("Units sent out", f"{out:,} of {len(rounds):,}"),
        ("Need points earned", f"{totals['prize'] / 100:,.0f}"),
    )
    shown = tag("dl", (tag("div", tag("dt", name), tag("dd", value)) for name, value in figures), class_="figures")
    certificate = document["certificate"]
    best = tag("p", f"{str(certificate['text']).rstrip('.')}.") if certificate else None
    heading = tag("h2", "Summary", id="summary-heading")
    parts = [heading, _shortfall(document), tag("p", words, class_="lead"), shown, best]
    return tag("section", parts, id="summary", aria_labelledby="summary-heading")


def _shortfall(document: Mapping[str, Any]) -> Markup | None:
    shortfall = document["shortfall"]
    if not shortfall:
        return None
    counts = (
        f"{shortfall['n_served']:,} of {shortfall['n_must']:,} must-visits are planned; with these units at most "
        f"{shortfall['fits_at_most']:,} could be. Missing: {shortfall['missing_unit_min']:,} minutes of a unit."
    )
    return tag("div", tag("p", tag("strong", f"Shortfall: {shortfall['text']}")), tag("p", counts), class_="warn")


def _hours(seconds: int) -> str:
    """Seconds as hours and minutes, such as `3 h 20 min`."""
    minutes = round(seconds / 60)
    hours = f"{minutes // 60:,} h" if minutes >= 60 else ""
    rest = f"{minutes % 60} min" if minutes % 60 or not hours else ""
    return " ".join(filter(None, (hours, rest)))


def _mark(document: Mapping[str, Any]) -> Markup:
    return tag("div", _marking(document), class_="mark", role="note", aria_label="Protective marking")


def _marking(document: Mapping[str, Any]) -> str:
    return f"{document['marking']}{' | DRAFT' if document['status'] == 'draft' else ''}"


def _digest(document: Mapping[str, Any]) -> Markup:
    return tag("p", f"Plan digest (SHA-256): {document['digest']}", class_="digest")


@cache
def _style_sheet() -> str:
    return resources.files("reassure.files.plan_pages").joinpath("plan.css").read_text("utf-8")


def _page_marks(document: Mapping[str, Any]) -> str:
    """Rules that print the marking, digest and page number on each sheet; every character of the words is escaped."""
    marking = _css_string(_marking(document))
    foot = _css_string(f"Plan {document['digest'][:16]}")
    return (
        f"@page{{size:A4;margin:18mm 14mm;@top-center{{content:{marking};font:bold 9pt sans-serif}}"
        f"@bottom-center{{content:{marking};font:bold 9pt sans-serif}}"
        f"@bottom-left{{content:{foot};font:8pt sans-serif}}"
        '@bottom-right{content:counter(page) " of " counter(pages);font:8pt sans-serif}}'
    )


def _css_string(text: str) -> str:
    return '"' + "".join(f"\\{ord(c):06x}" for c in plain(text)) + '"'


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
