"""Tags of every page: components of the design system, fields, error summary, drawings."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from reassure.files.markup import Markup
from reassure_web.pages.bridge import component_html, drawn, nested
from reassure_web.pages.form_fields import error_summary, field_component

register = template.Library()


@register.simple_tag
def gds(component: str, **options: Any) -> SafeString:
    """`{% gds "button" text="Save" %}`: a component with its options; `a__b` reaches inside."""
    return component_html(component, nested(options))


@register.simple_block_tag
def gds_block(content: str, component: str, **options: Any) -> SafeString:
    """`{% gds_block "details" summaryText="Why" %}…{% endgds_block %}`: what stands between is the component's html."""
    return component_html(component, nested(options) | {"html": content})


@register.simple_tag
def gds_field(field: BoundField, **options: Any) -> SafeString:
    """A form's field with label, hint, error and what was typed; options go over those of the field."""
    if field.is_hidden:
        return field.as_widget()
    component, own = field_component(field)
    return component_html(component, _merged(own, nested(options)))


@register.simple_tag
def gds_errors(form: BaseForm) -> SafeString | str:
    """The error summary of a form; nothing where there is no error."""
    return component_html("error-summary", error_summary(form)) if form.errors else ""


@register.simple_tag
def gds_problems(texts: list[str]) -> SafeString | str:
    """The error summary of problems that have no field, such as what a rule said no to."""
    errors = [{"text": text} for text in texts]
    return component_html("error-summary", {"titleText": "There is a problem", "errorList": errors}) if texts else ""


@register.inclusion_tag("pages/form.html", takes_context=True)
def gds_form(context: template.Context, form: BaseForm, button: str = "Save") -> dict[str, Any]:
    """A whole form: error summary, fields in order, button; for forms that need nothing special."""
    return {"form": form, "button": button, "csrf_token": context.get("csrf_token")}


@register.filter
def markup(drawing: Markup) -> SafeString:
    """SVG made by `reassure.files`, as it stands."""
    return drawn(drawing)


def _merged(own: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` laid over `own`, inside as well."""
    merged = dict(own)
    for key, value in over.items():
        inner = merged.get(key)
        merged[key] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged
