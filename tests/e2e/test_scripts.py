"""The scripts of every page in a real browser, under the real content policy: live parts and maps that move."""

import json
from types import SimpleNamespace

import pytest
from csp.utils import build_policy
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

from e2e.conftest import CHROMIUM, NARROW, WIDE, Visitor
from reassure.files.spots_map import Spot

NONCE = "bm9uY2U="
POLICY = build_policy(config=settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], nonce=NONCE)
SPOTS = [Spot(52.48, -1.90, "First hall"), Spot(52.50, -1.85, "Second hall", "flagged")]
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [spot.lon_deg, spot.lat_deg]},
            "properties": {"name": spot.name, "kind": spot.kind, "words": "", "href": "/places/x/"},
        }
        for spot in SPOTS
    ],
}


def page_of(content: str, **context: object) -> str:
    """A page of the product with that content, as the server would send it."""
    request = SimpleNamespace(csp_nonce=NONCE, user=SimpleNamespace(is_authenticated=False), path="/probe/")
    text = '{% extends "pages/layout.html" %}{% load drawings %}{% block content %}<h1>Probe</h1>' + content
    return Template(text + "{% endblock %}").render(Context({"request": request, **context}))


def answers(page: Page, html: str) -> None:
    """The browser gets that page at /probe/, with the headers of the product."""
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    page.route("**/probe/", lambda route: route.fulfill(body=html, headers=headers))


class Rows:
    """The address of a live part: counts what it is asked, answers 304 to its own version, or nothing at all."""

    def __init__(self, page: Page) -> None:
        self.version, self.html, self.asked, self.is_silent = "1", "<p>nobody there</p>", 0, False
        page.route("**/probe/rows/", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked += 1
        if self.is_silent:
            route.abort()
        elif route.request.headers.get("if-none-match") == f'"{self.version}"':
            route.fulfill(status=304)
        else:
            route.fulfill(body=self.html, headers={"ETag": f'"{self.version}"', "Content-Type": "text/html"})


@pytest.fixture
def live(visitor) -> tuple[Visitor, Page, Rows]:
    somebody = visitor()
    page = somebody.page
    answers(page, page_of('{% live url="/probe/rows/" version=1 %}<p>nobody there</p>{% endlive %}'))
    rows = Rows(page)
    page.clock.install()
    somebody.open("/probe/")
    return somebody, page, rows


def wait(page: Page, seconds: int) -> None:
    """Let that long pass for the page, and a moment for the network."""
    for _ in range(0, seconds, 5):
        page.clock.run_for(5_000)
        page.wait_for_timeout(60)


@pytest.mark.slow
def test_a_live_part_shows_what_changed_and_says_it_once(live):
    """Unchanged rows stay; changed ones come in; the line that is read out changes only with them."""
    _, page, rows = live

    wait(page, 10)
    expect(page.get_by_text("Last updated")).to_be_visible()
    assert rows.asked >= 2
    assert page.locator("[data-live-status]").inner_text() == ""

    rows.version, rows.html = "2", "<p>one there</p><p hidden data-live-says>Unit 1 is there</p>"
    wait(page, 10)
    expect(page.get_by_text("one there")).to_be_visible()
    expect(page.locator("[data-live-status]")).to_have_text("Unit 1 is there")
    assert page.locator("[data-version]").get_attribute("data-version") == "2"


@pytest.mark.slow
def test_a_live_part_can_be_paused(live):
    """Nothing is asked while it is paused; the button says what it does next."""
    _, page, rows = live

    page.get_by_role("button", name="Pause").click()
    asked = rows.asked
    wait(page, 20)
    assert rows.asked == asked

    page.get_by_role("button", name="Go on").click()
    wait(page, 5)
    assert rows.asked > asked


@pytest.mark.slow
def test_silence_is_said_in_words(live):
    """After 30 seconds without an answer old rows are called old, and an answer takes it back."""
    somebody, page, rows = live

    rows.is_silent = True
    wait(page, 40)
    expect(page.get_by_text("Not updated since")).to_be_visible()
    somebody.expects("ERR_FAILED")

    rows.is_silent = False
    wait(page, 10)
    expect(page.get_by_text("Last updated")).to_be_visible()


@pytest.mark.slow
def test_a_part_that_has_ended_is_not_asked_for_again(live):
    """A finished run needs no poller."""
    _, page, rows = live

    rows.version, rows.html = "3", "<p data-live-end>Ready</p>"
    wait(page, 10)
    expect(page.get_by_text("Ready")).to_be_visible()
    asked = rows.asked
    wait(page, 20)

    assert rows.asked == asked
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()


@pytest.mark.slow
def test_a_map_that_moves_opens_on_a_press_and_breaks_no_policy(chromium, live_server):
    """The drawing stands until then; a spot opens a box with its name; nothing comes from elsewhere."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    )
    page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answers(page, page_of('{% svg_map spots title="Two halls" data="/probe.geojson" %}', spots=SPOTS))
    page.route("**/probe.geojson", lambda route: route.fulfill(body=json.dumps(GEOJSON)))
    page.goto(live_server.url + "/probe/", wait_until="networkidle")
    if page.evaluate("!document.createElement('canvas').getContext('webgl2')"):
        browser.close()
        pytest.skip("this Chromium draws no WebGL 2")
    drawing = page.locator("svg.spots")
    expect(drawing).to_be_visible()

    page.get_by_role("button", name="Open a map that moves").click()
    expect(page.locator(".maplibregl-canvas")).to_be_visible(timeout=20_000)
    expect(drawing).to_be_hidden()
    page.wait_for_timeout(2_500)  # until the spots are drawn, so that what they complain of is heard
    browser.close()

    assert complaints == []


@pytest.mark.slow
def test_without_webgl_the_drawing_stays(visitor):
    """A browser that cannot draw the map that moves never offers it."""
    somebody = visitor()
    somebody.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    answers(somebody.page, page_of('{% svg_map spots title="Two halls" data="/probe.geojson" %}', spots=SPOTS))

    somebody.open("/probe/")

    expect(somebody.page.locator("svg.spots")).to_be_visible()
    expect(somebody.page.get_by_role("button", name="Open a map")).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize("template", ["400", "403", "429", "500", "503", "pages/stale"])
def test_a_page_that_says_what_went_wrong_has_no_barrier(template, visitor):
    """These have no address of their own; what they hold is what a form had."""
    somebody = visitor()
    shown = {"method": "POST", "path": "/probe/", "answers": [("name", "Hall"), ("name", "Other hall")]}
    answers(somebody.page, render_to_string(f"{template}.html", shown))

    somebody.open("/probe/")

    for size in (WIDE, NARROW):
        somebody.resize(size)
        assert somebody.barriers() == []
