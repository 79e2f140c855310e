"""Tags of the planning pages."""

from typing import Any

from django import template

from reassure.patrols.order import Block

register = template.Library()


@register.inclusion_tag("patrols/order_block.html")
def order_block(block: Block) -> dict[str, Any]:
    """A block of an operation order as HTML; the sketch of a round stands in the PDF alone."""
    return {"kind": type(block).__name__, "block": block}
