"""Tags of the layout: the scripts that a page may import by name, and words that stand in two places."""

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString

from reassure_web.pages.bridge import json_text

register = template.Library()

MODULES = {
    "govuk-frontend": "vendor/govuk-frontend.js",
    "poller": "pages/poller.js",
    "card-outbox": "patrols/outbox.js",
    "map": "pages/map.js",
    "maplibre-gl": "vendor/maplibre-gl.mjs",
    "maplibre-gl-worker": "vendor/maplibre-gl-worker.mjs",
}
"""Names that our scripts import, so that a file's name may carry its hash."""


@register.simple_tag
def import_map() -> SafeString:
    """The import map as JSON; the only thing inline, and it has a nonce."""
    return json_text({"imports": {name: static(path) for name, path in MODULES.items()}})


@register.simple_block_tag
def words(content: str) -> str:
    """What stands between, to be written again: `{% words as marking %}…{% endwords %}`."""
    return content.strip()
