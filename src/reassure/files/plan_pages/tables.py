"""Tables, lists of facts and figures of the plan page: one way each.

Rules: every table has a caption and scoped headers; on a narrow screen each row becomes a short list whose entries
carry the names of their columns; a drawing wider than the screen can be scrolled by keyboard.
"""

from collections.abc import Iterable, Sequence

from reassure.files.markup import Child, Markup, tag

NUMERIC = "n"
TIME = "t"


def table(
    caption: Child,
    columns: Sequence[str],
    rows: Iterable[Sequence[Child]],
    *,
    kinds: Sequence[str] = (),
    heads: int | None = 0,
    kind: str = "",
) -> Markup:
    """
    A table that stacks on a narrow screen.

    Parameters
    ----------
    kinds
        Of each column: `NUMERIC`, `TIME` or empty; as many as there are columns, or none.
    heads
        The column whose cells are headers of their rows; None for none.
    kind
        More classes of the table: `hush` for a caption that repeats the heading above it, `narrow` for few numbers.
    """
    kinds = kinds or [""] * len(columns)
    head = [tag("th", c, scope="col", class_=k if k == NUMERIC else None) for c, k in zip(columns, kinds, strict=True)]
    body = []
    for row in rows:
        cells = [
            tag("th", cell, scope="row") if n == heads else tag("td", cell, class_=kinds[n] or None, data_as=columns[n])
            for n, cell in enumerate(row)
        ]
        body.append(tag("tr", cells))
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", head)),
        tag("tbody", body),
        class_=f"stack {kind}".strip(),
    )


def facts(rows: Iterable[tuple[str, Child]]) -> Markup:
    """Pairs of a name and what is known; an empty value is "not stated"."""
    return tag(
        "dl", (tag("div", tag("dt", name), tag("dd", value or "not stated")) for name, value in rows), class_="facts"
    )


def scrolled(drawing: Markup, label: str) -> Markup:
    """A drawing that may be wider than the screen."""
    return tag("div", drawing, class_="scroll", tabindex=0, role="region", aria_label=label)


def section(ref: str, heading: str, *children: Child) -> Markup:
    """A landmark with its heading."""
    return tag("section", tag("h2", heading, id=f"{ref}-heading"), children, id=ref, aria_labelledby=f"{ref}-heading")


def named(name: str, under: str = "") -> Markup:
    """A name from outside, kept apart from the direction of the text around it, and a quiet line under it."""
    return Markup(tag("bdi", name) + (tag("small", under) if under else ""))
