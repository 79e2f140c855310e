"""What a form's field and a form's errors are as options of the design system's macros.

Rules: the widget says which component; every error is shown at its field and linked from the summary; the first wrong
field takes the focus, with or without script.
"""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField

Options = dict[str, Any]


def field_component(field: BoundField) -> tuple[str, Options]:
    """The component for a field and its options; one widget, one component."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):  # first, since Django derives it from radio buttons
        return "checkboxes", _choices(field)
    if isinstance(widget, forms.RadioSelect):
        return "radios", _choices(field)
    if isinstance(widget, forms.CheckboxInput):
        return "checkboxes", _tick(field)
    if isinstance(widget, forms.Select):
        return "select", _labelled(field) | {"items": list(_items(field, "selected"))}
    if isinstance(widget, forms.Textarea):
        return "textarea", _labelled(field) | {"value": _value(field), "rows": widget.attrs.get("rows", 5)}
    if isinstance(widget, forms.FileInput):
        return "file-upload", _labelled(field)
    if isinstance(widget, forms.PasswordInput):
        return "password-input", _labelled(field) | {"autocomplete": widget.attrs.get("autocomplete")}
    return "input", _labelled(field) | _typed(field)


def error_summary(form: BaseForm) -> Options:
    """Every error of a form: those of the whole form first, then field by field in the form's order."""
    errors = [{"text": str(text)} for text in form.non_field_errors()]
    for field in form:
        errors += [{"text": str(text), "href": f"#{field.auto_id}"} for text in field.errors]
    return {"titleText": "There is a problem", "errorList": errors, "disableAutoFocus": True}


def _is_first_wrong(field: BoundField) -> bool:
    return next((f.name for f in field.form if f.errors and not f.is_hidden), None) == field.name


def _shared(field: BoundField) -> Options:
    options: Options = {}
    if field.help_text:
        options["hint"] = {"text": field.help_text}
    if field.errors:
        options["errorMessage"] = {"text": " ".join(str(e) for e in field.errors)}
    return options


def _labelled(field: BoundField) -> Options:
    widget = field.field.widget
    left = {"type", "rows", "cols", "autocomplete", "inputmode", "class", "pattern", "autocapitalize"}
    attributes = {k: v for k, v in widget.attrs.items() if k not in left and v not in {None, False}}
    options = _shared(field) | {
        "id": field.auto_id,
        "name": field.html_name,
        "label": {"text": field.label},
        "classes": widget.attrs.get("class"),
        "disabled": field.field.disabled,
        "attributes": {k: {"value": v, "optional": True} for k, v in attributes.items()},
    }
    if _is_first_wrong(field):
        options["attributes"]["autofocus"] = {"value": True, "optional": True}
    return options


def _typed(field: BoundField) -> Options:
    widget = field.field.widget
    kind = getattr(widget, "input_type", "text")
    options = {k: widget.attrs.get(k) for k in ("autocomplete", "inputmode", "pattern", "autocapitalize")}
    if kind == "number":  # the design system asks for text: a wheel turn must not change a number
        has_decimals = isinstance(field.field, forms.FloatField | forms.DecimalField)
        kind, options["inputmode"] = "text", "decimal" if has_decimals else "numeric"
    return options | {"type": kind, "value": _value(field)}


def _value(field: BoundField) -> str:
    value = field.field.widget.format_value(field.value())
    return "" if value is None else str(value)


def _choices(field: BoundField) -> Options:
    items = list(_items(field, "checked"))
    if items and _is_first_wrong(field):
        items[0]["attributes"] = {"autofocus": {"value": True, "optional": True}}
    legend = {"text": field.label, "classes": "govuk-fieldset__legend--s"}
    names = {"name": field.html_name, "idPrefix": field.auto_id}
    return _shared(field) | names | {"fieldset": {"legend": legend}, "items": items}


def _tick(field: BoundField) -> Options:
    value = field.field.widget.attrs.get("value", "on")
    item: Options = {"value": value, "text": field.label, "checked": bool(field.value())}
    if field.help_text:
        item["hint"] = {"text": field.help_text}
    if _is_first_wrong(field):
        item["attributes"] = {"autofocus": {"value": True, "optional": True}}
    options = _shared(field)
    options.pop("hint", None)
    return options | {"name": field.html_name, "idPrefix": field.auto_id, "items": [item]}


def _items(field: BoundField, mark: str) -> Iterator[Options]:
    """The choices that stand, groups one after another; "" is no radio button but stays in a list to select from."""
    value = field.value()
    chosen = {str(v) for v in (value if isinstance(value, list | tuple | set) else [value]) if v is not None}
    if value is None:
        chosen = {""}
    for key, text in _flat(cast("forms.ChoiceField", field.field).choices):
        if key == "" and mark == "checked":
            continue
        yield {"value": str(key), "text": str(text), mark: str(key) in chosen}


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, text in choices:
        if isinstance(text, list | tuple):
            yield from text
        else:
            yield key, text
