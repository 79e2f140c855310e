"""The part of the plan page that comes first: what is not visited, why, and what would change that."""

from collections.abc import Mapping, Sequence
from typing import Any

from reassure.files.markup import Child, Markup, tag
from reassure.files.plan_pages.tables import NUMERIC, named, section, table
from reassure.patrols.briefing import REASON_WORDS, Index, unmet_must

SHOWN_ROWS = 40
"""Rows of one reason that stand open; the others follow in a part that can be opened."""

Row = Mapping[str, Any]


def unvisited_section(index: Index) -> Markup:
    """Must-visits first, then by reason; places where nobody gathers are counted and folded away."""
    rows = index.document["unvisited"]
    must = unmet_must(index)
    grave = {(row["place_ref"], row["occasion_ref"]) for row in must}
    rest = [row for row in rows if (row["place_ref"], row["occasion_ref"]) not in grave]
    idle = [row for row in rest if row["reason"] == "gate_closed" and not row["occasion_ref"]]
    parts: list[Child] = [_lead(len(rows), len(idle), len(must))]
    if must:
        parts += [tag("h3", "Must-visits that are not planned"), _rows(index, must, "Must-visits that are not planned")]
    for reason, words in REASON_WORDS.items():
        found = [row for row in rest if row["reason"] == reason and (reason != "gate_closed" or row["occasion_ref"])]
        if found:
            parts += [tag("h3", f"{words} ({len(found):,})"), *_grouped(index, found, words)]
    if idle:
        words = f"Places where nobody is known to gather that day ({len(idle):,})"
        names = tag("ul", (tag("li", named(index.name(row["place_ref"]))) for row in idle), class_="cols")
        parts += [tag("h3", "Nobody gathers"), tag("details", tag("summary", words), names)]
    return section("unvisited", "Not visited", parts)


def _lead(n_rows: int, n_idle: int, n_must: int) -> Markup:
    if not n_rows:
        return tag("p", "Every place and every occasion has a visit.")
    words = f"{n_rows:,} occasions or places have no visit, each with its first reason."
    if n_idle:
        words += f" At {n_idle:,} of these places nobody is known to gather."
    grave = "1 of them is a must-visit." if n_must == 1 else f"{n_must:,} of them are must-visits."
    return tag(
        "div", tag("p", words), tag("p", tag("strong", grave)) if n_must else None, class_="warn" if n_must else None
    )


def _grouped(index: Index, rows: Sequence[Row], words: str) -> list[Markup]:
    ranked = sorted(rows, key=lambda row: (-row["points"], row["place_ref"], row["occasion_ref"]))
    if len(ranked) <= SHOWN_ROWS + 10:
        return [_rows(index, ranked, words)]
    first, more = ranked[:SHOWN_ROWS], ranked[SHOWN_ROWS:]
    return [
        _rows(index, first, f"{words}: the {SHOWN_ROWS} with the most points"),
        tag("details", tag("summary", f"{len(more):,} more"), _rows(index, more, f"{words}: the others")),
    ]


def _rows(index: Index, rows: Sequence[Row], caption: str) -> Markup:
    has_change = any(row.get("change") for row in rows)
    columns = ["Place", "Occasion", "Points", "Why not", *(["What would serve it"] if has_change else [])]
    cells = [
        (
            named(index.name(row["place_ref"]), index.where(row["place_ref"])),
            index.occasion_words(row["occasion_ref"]) or "None known",
            row["points"],
            row["text"],
            *([row.get("change") or ""] if has_change else []),
        )
        for row in rows
    ]
    return table(caption, columns, cells, kinds=["", "", NUMERIC, "", ""][: len(columns)], kind="hush gaps")
