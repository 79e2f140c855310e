"""The operation order and the units' cards as PDF/UA-1 by Typst: tagged, paged, marked, the same bytes each time.

Rules: how values of `patrols.order` and `patrols.briefing` become pages. Text goes to the templates as data and is
never part of their source; fonts of the machine, the clock and the network are not used. A page of cards.pdf
carries one unit's card and neither the number of units nor anything of another one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

import typst

from reassure.errors import InputError, Problem
from reassure.files.plan_glyphs import DRAWN, SURE, drawable
from reassure.files.plan_map import round_map, round_words
from reassure.patrols.briefing import (
    KIND_WORDS,
    TASKS,
    Card,
    Index,
    Visit,
    attribution,
    cards,
    day_words,
    index_plan,
    minutes,
)
from reassure.patrols.order import Block, Sketch, order_sections
from reassure.patrols.order_texts import Issued, filled

SHOWN_DIGEST = 16
"""Digits of the plan's digest in a foot line; the order's first page carries all 64."""

Shown = Callable[[str], str]


def order_pdf(
    document: Mapping[str, Any], texts: Mapping[str, str] | None = None, issued: Issued | None = None
) -> bytes:
    """
    The operation order of a plan; `InputError` for a document whose rows do not fit together.

    Parameters
    ----------
    texts
        What people wrote, by the name of the line; a line without words prints "not stated".
    issued
        Who approved and issued it; None for a draft.
    """
    index = index_plan(document)
    return _compiled("order.typ", _order_data(index, texts or {}, issued))


def cards_pdf(document: Mapping[str, Any]) -> bytes:
    """One page for each unit, in the order of the routes."""
    index = index_plan(document)
    return _compiled("cards.typ", _cards_data(index, cards(index), f"Cards for {day_words(index.clock.on)}"))


def card_pdf(document: Mapping[str, Any], unit_ref: str) -> bytes:
    """The card of one unit alone, to be handed to it; `InputError` when the plan has no such unit."""
    index = index_plan(document)
    own = [card for card in cards(index) if card.unit_ref == unit_ref]
    if not own:
        raise InputError([Problem("unit_ref", unit_ref, "a unit of the plan")])
    title = f"Card of {own[0].callsign} for {day_words(index.clock.on)}"
    return _compiled("cards.typ", _cards_data(index, own, title))


def status_words(document: Mapping[str, Any]) -> str:
    """What a plan that nobody has approved carries on each page; empty for an approved one."""
    return "DRAFT" if document["status"] == "draft" else ""


def _order_data(index: Index, texts: Mapping[str, str], issued: Issued | None) -> dict[str, Any]:
    document = index.document
    rounds = {card.unit_ref: card for card in cards(index) if card.visits}
    search = document["search"]
    return {
        "title": f"Operation order: {document['area']['name']}",
        "marking": document["marking"],
        "status": status_words(document),
        "day": day_words(index.clock.on),
        "area": f"{document['area']['force']}, {document['area']['code']}",
        "digest": document["digest"][:SHOWN_DIGEST],
        "facts": [
            ["Marking", document["marking"]],
            ["Status", "draft, not approved" if document["status"] == "draft" else document["status"]],
            ["Plan digest (SHA-256)", document["digest"]],
            ["Made", index.clock.moment(document["created_at"]) if document["created_at"] else ""],
            ["Search", f"seed {search['seed']}, {search['iterations']} iterations"],
            ["Approved by", issued.approved_by if issued else ""],
            *([["Issued by", issued.issued_by], ["Audit chain", issued.audit_head]] if issued else []),
        ],
        "sections": [
            {"heading": section.heading, "blocks": [_block(block, rounds) for block in section.blocks]}
            for section in filled(order_sections(index), texts)
        ],
        "attributions": list(document["attributions"]),
    }


def _block(block: Block, rounds: Mapping[str, Card]) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, Sketch):
        card = rounds[block.unit_ref]
        return {"kind": kind, "svg": round_map(card), "alt": round_words(card)}
    value = asdict(block)
    return {"kind": kind, "grave": value.pop("is_grave", False), **value}


def _cards_data(index: Index, own: Sequence[Card], title: str) -> dict[str, Any]:
    document = index.document
    return {
        "title": title,
        "marking": document["marking"],
        "status": status_words(document),
        "day": day_words(index.clock.on),
        "digest": document["digest"][:SHOWN_DIGEST],
        "attribution": attribution(document),
        "cards": [_face(card, index) for card in own],
    }


def _face(card: Card, index: Index) -> dict[str, Any]:
    clock = index.clock
    outro = ["An incident comes first: 999 or the radio. Do not record worshippers, faces or number plates."]
    intro = [f"Shift {clock.span(card.starts_at, card.ends_at)}, {KIND_WORDS[card.kind]}, {_officers(card)}."]
    intro.append(f"Base {position(*card.base)}")
    if card.visits:
        intro.append(f"Leave base at {clock.time(card.leaves_at)}.")
        where = "" if card.end_base == card.base else f" ({position(*card.end_base)})"
        outro.insert(0, f"Back at base{where} at {clock.time(card.back_at)}, after {minutes(card.back_travel_s)}.")
    else:
        intro.append("No visits are planned for you. Stay ready for a change of plan.")
    return {
        "callsign": card.callsign,
        "intro": intro,
        "svg": round_map(card, width=390, height=170) if card.visits else "",
        "alt": round_words(card),
        "steps": [_step(step, index) for step in card.steps],
        "outro": outro,
    }


def _step(step: Any, index: Index) -> dict[str, Any]:
    clock = index.clock
    if not isinstance(step, Visit):
        return {"kind": "break", "text": f"Break {clock.span(step.starts_at, step.ends_at)}, {step.where}"}
    late = f"start by {clock.time(step.start_by)}" if step.start_by > step.starts_at else ""
    occasion = f" {step.occasion}." if step.occasion else ""
    return {
        "kind": "visit",
        "number": f"{step.number}.",
        "span": clock.span(step.starts_at, step.ends_at),
        "name": step.name,
        "where": step.where,
        "position": f"{position(step.lat_deg, step.lon_deg)}, {minutes(step.travel_s)} away",
        "late": late,
        "task": f"{TASKS[step.kind]}.{occasion}",
        "manners": step.manners,
        "manners_mark": index.places[step.place_ref]["presence"] != "welcome",
        "lines": list(step.lines),
    }


def _officers(card: Card) -> str:
    return "1 officer" if card.n_officers == 1 else f"{card.n_officers} officers"


def position(lat_deg: float, lon_deg: float) -> str:
    """A position as map programs take it: degrees with five decimals, about a metre."""
    return f"{lat_deg:.5f}, {lon_deg:.5f}"


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    """
    The PDF of a template and its data.

    Characters that cannot be drawn are replaced beforehand; should a mixture of drawable ones still have no
    common font, the document is made again with plain Latin only, because a plan must always come out.
    """
    try:
        return _typst(template, _shown(data, lambda text: drawable(text, DRAWN)))
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _typst(template, _shown(data, lambda text: drawable(text, SURE)))


def _typst(template: str, data: Any) -> bytes:
    return typst.compile(
        _source(template),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )


@cache
def _source(template: str) -> bytes:
    return resources.files("reassure.files.plan_pages").joinpath(template).read_bytes()


def _shown(value: Any, shown: Shown) -> Any:
    """The data with every text as it can be drawn; the drawings themselves are left alone."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list | tuple):
        return [_shown(item, shown) for item in value]
    if isinstance(value, dict):
        return {key: item if key == "svg" else _shown(item, shown) for key, item in value.items()}
    return value
