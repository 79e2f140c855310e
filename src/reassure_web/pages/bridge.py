"""From Django's templates to the macros of the GOV.UK Design System.

Rules: options are those of the macro; a name with two underscores reaches inside (`label__text`). Text is escaped by
the macro; what a macro writes as it stands (`html`, `…Html`, a slot, attributes as one string) is taken only when it
is marked safe. `mark_safe` stands in this module and nowhere else.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.safestring import SafeData, SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader

from reassure.files.markup import Markup

PACKAGE = "govuk_frontend_jinja"


@cache
def _macros() -> Environment:
    loader = PrefixLoader({PACKAGE: PackageLoader(PACKAGE)})
    return Environment(loader=loader, autoescape=True, undefined=ChainableUndefined)


@cache
def _macro(component: str) -> Any:
    template = _macros().get_template(f"{PACKAGE}/components/{component}/macro.html")
    return getattr(template.module, "govuk" + "".join(part.capitalize() for part in component.split("-")))


def component_html(component: str, options: Mapping[str, Any]) -> SafeString:
    """
    A component of the design system as HTML.

    Raises
    ------
    TypeError
        An option that is written as it stands is not marked safe.
    """
    _refuse_unsafe(options, component)
    return mark_safe(str(_macro(component)(options)).strip())  # noqa: S308 - the macro has escaped every text


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """
    Options with `a__b` turned into `a` holding `b`.

    Examples
    --------
    >>> nested({"text": "Save", "hint__text": "Once a day"})
    {'text': 'Save', 'hint': {'text': 'Once a day'}}
    """
    options: dict[str, Any] = {}
    for key, value in flat.items():
        *outer, last = key.split("__")
        inside = options
        for name in outer:
            inside = inside.setdefault(name, {})
        inside[last] = value
    return options


def drawn(markup: Markup) -> SafeString:
    """SVG or HTML made by `reassure.files.markup`, which escapes every text that it is given."""
    if not isinstance(markup, Markup):
        msg = f"{type(markup).__name__} is no Markup"
        raise TypeError(msg)
    return mark_safe(markup)  # noqa: S308 - made by `tag`, which escapes


def json_text(value: Any) -> SafeString:
    """A value as JSON that may stand inside a script element: no `<`, `>` or `&` of its own."""
    text = json.dumps(value, separators=(",", ":"))
    return mark_safe(text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&"}))  # noqa: S308 - escaped just here


def _refuse_unsafe(value: Any, where: str) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            is_raw = key in {"html", "attributes"} or key.endswith("Html") or ".slots" in where
            if is_raw and isinstance(inner, str) and inner and not isinstance(inner, SafeData):
                msg = f"{where}.{key} is not marked safe"
                raise TypeError(msg)
            _refuse_unsafe(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for n, inner in enumerate(value):
            _refuse_unsafe(inner, f"{where}[{n}]")
