"""Tags for pages that live and for maps: `live`, `svg_map`, `map_frame`. All work without a script."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from reassure.files.markup import Markup
from reassure.files.spots_map import Spot, spots_map
from reassure_web.pages.bridge import drawn

register = template.Library()


@register.simple_block_tag
def live(content: str, url: str, version: int | str, says: str = "") -> SafeString:
    """
    `{% live url=rows_url version=version %}…{% endlive %}`: a part that is asked for again every 5 seconds.

    The address answers 304 to `If-None-Match: "version"`, else what stands between the tags, with its `ETag`.
    Without a script a link asks for the whole page again. An element with `data-live-says` in the answer is read out;
    one with `data-live-end` ends the asking.
    """
    shown = {"content": content, "url": url, "version": version, "says": says, "now": timezone.now()}
    return render_to_string("pages/live.html", shown)


@register.simple_tag
def svg_map(
    spots: Sequence[Spot], title: str, outline: Iterable[Any] | None = None, data: str = "", caption: str = ""
) -> SafeString:
    """
    A map as SVG; with `data`, the address of a GeoJSON of the same spots, a button opens a map that moves.

    Features of that GeoJSON have the properties `name`, `kind` (as `Spot`), `words` and `href`.
    """
    return map_frame(spots_map(spots, title=title, outline=outline), title, data=data, caption=caption)


@register.simple_tag
def map_frame(drawing: Markup, title: str, data: str = "", caption: str = "", key: Markup | None = None) -> SafeString:
    """A map that is drawn already, with a key if it has one; the rest is as in `svg_map`."""
    shown = {"svg": drawn(drawing), "data": data, "title": title, "caption": caption}
    return render_to_string("pages/map.html", shown | {"key": drawn(key) if key else ""})
