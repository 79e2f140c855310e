"""Live parts and maps in a page: what works without a script, and what a script finds."""

from django.template import Context, Template

from reassure.files.spots_map import Spot


def shown(text: str, **context: object) -> str:
    return Template("{% load drawings %}" + text).render(Context(context))


def test_a_live_part_says_when_it_is_from_and_can_be_asked_again_by_a_link():
    """Without a script there is a time and a link; the button shows only when a script can pause something."""
    html = shown('{% live url="/rows/" version=17 says="2 of 3 there" %}<p>{{ name }}</p>{% endlive %}', name="<b>")

    assert 'data-live="/rows/"' in html
    assert 'data-version="17"' in html
    assert "Last updated" in html
    assert "Update now" in html
    assert 'type="button"' in html
    assert " hidden" in html.split("Pause")[0].rsplit("<button", 1)[1]
    assert "<p>&lt;b&gt;</p>" in html
    assert html.count('role="status"') == 1


def test_a_map_is_there_without_a_script_and_a_name_in_it_is_only_words():
    """The drawing comes from the server; the moving map needs an address and a press of a button."""
    spots = [Spot(52.5, -1.5, "<script>")]

    still = shown('{% svg_map spots title="Places" %}', spots=spots)
    moving = shown('{% svg_map spots title="Places" data="/places/map.geojson" %}', spots=spots)

    assert "<svg" in still
    assert "<script>" not in still
    assert "data-map" not in still
    assert 'data-map="/places/map.geojson"' in moving
    assert "style=" not in still + moving
