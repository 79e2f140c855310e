"""Making HTML and SVG so that no text from outside can ever become markup.

Rules: an element is made by `tag`, which escapes every child and attribute that is not already `Markup`; only
`tag` and constants of this package make `Markup`. No style attributes: the page's policy refuses them.
"""

from collections.abc import Iterable
from functools import lru_cache

from reassure.files.plain_text import plain

VOID = frozenset({"br", "col", "link", "meta", "hr", "img"})
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#x27;"}


class Markup(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


Child = str | int | Iterable["Child"] | None
"""What an element may hold; None is nothing."""


def tag(name: str, /, *children: Child, **attributes: str | int | float | bool | None) -> Markup:
    """
    An element with its children, escaped.

    Attribute names lose an underscore at the end, and other underscores become hyphens; None and False leave
    the attribute out, True writes it without a value.

    Examples
    --------
    >>> tag("p", "1 < 2", tag("br"), class_="note", hidden=True)
    '<p class="note" hidden>1 &lt; 2<br></p>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Child) -> Markup:
    """Children one after another, escaped where they are not markup."""
    if children is None:
        return Markup("")
    if isinstance(children, Markup):
        return children
    if isinstance(children, str):
        return _escaped(children)
    if isinstance(children, int):
        return Markup(f"{children:,}")
    return Markup("".join(join(child) for child in children))


@lru_cache(maxsize=65_536)
def _escaped(text: str) -> Markup:
    return Markup(plain(text).translate(_ESCAPES))


def _attribute(key: str, value: str | int | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = number(value) if isinstance(value, float) else str(value)
    return f' {name}="{_escaped(text)}"'


def number(value: float) -> str:
    """A length or position with at most one decimal, the shortest way."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text
