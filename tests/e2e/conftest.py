"""A real Chromium before a real server: pages as people get them, looked at by axe and by our own eyes.

Skipped in words where there is no Chromium or where the front end was not built.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from web.conftest import forgotten_boards, person, signed_in

__all__ = ["forgotten_boards", "person", "signed_in"]

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("REASSURE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
AXE = ROOT / "node_modules/axe-core/axe.min.js"
STYLES = ROOT / "src/reassure_web/pages/static/vendor/reassure.css"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, MIDDLE, NARROW = (1280, 900), (800, 900), (320, 640)
"""CSS pixels; 320 is the width at which nothing may scroll sideways (WCAG 1.4.10)."""

TOO_WIDE = """() => {
  const width = window.innerWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1);
  const named = wide.filter((e) => !e.closest(".scrolls, .table-scroll, svg")).map((e) => e.outerHTML.slice(0, 160));
  return [`by ${document.documentElement.scrollWidth - width} px`, ...named.slice(0, 3)];
}"""
"""By how much a page is wider than its window, and the first elements that stand out."""

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the driver of the browser keeps a loop in the thread of the tests


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window, for the whole run."""
    if CHROMIUM is None:
        pytest.skip("no Chromium at hand: install chromium, or set REASSURE_CHROMIUM")
    if not STYLES.is_file() or not AXE.is_file():
        pytest.skip("the front end is not built: make assets")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


class Visitor:
    """Somebody before a browser: `open` a path, `see` what is wrong with the page."""

    def __init__(self, context: BrowserContext, address: str, client: Any) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.client = client
        self._address = address
        self._complaints: list[str] = []
        self._expected: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda m: self._complaints.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    @property
    def complaints(self) -> list[str]:
        """What the browser complained of so far, beside what the test expects."""
        return [line for line in self._complaints if not any(words in line for words in self._expected)]

    def expects(self, *words: str) -> None:
        """Complaints with these words belong to the test, said before or after: a browser may report late."""
        self._expected += words

    def open(self, path: str, *, status: int = 200) -> Page:
        """The page at that path, loaded with its scripts; the answer has to have that status."""
        answer = self.page.goto(self._address + path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    def resize(self, size: tuple[int, int]) -> None:
        """The window as wide and high as that."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def barriers(self) -> list[str]:
        """What axe finds, and sideways scrolling; each as a line with the element."""
        self.page.evaluate(AXE.read_text("utf-8") + ";0")
        found = self.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        lines = [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]
        return [*lines, *self.sideways()]

    def sideways(self) -> list[str]:
        """By how much the page is wider than its window, and what stands out."""
        return [f"scrolls sideways: {html}" for html in self.page.evaluate(TOO_WIDE)]


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, signed_in: Any) -> Iterator[Callable[..., Visitor]]:
    """`visitor("planner")` is signed in as one, `visitor()` is nobody; complaints of the browser fail the test."""
    opened: list[Visitor] = []

    def come(role: str | None = None, *, refs: list[str] | None = None, **options: Any) -> Visitor:
        size = {"width": WIDE[0], "height": WIDE[1]}
        context = chromium.new_context(viewport=size, locale="en-GB", timezone_id="Europe/London", **options)
        client = Client() if role is None else signed_in(role, refs=refs)
        if role is not None:
            cookies = [{"name": n, "value": m.value, "url": live_server.url} for n, m in client.cookies.items()]
            context.add_cookies(cookies)
        opened.append(Visitor(context, live_server.url, client))
        return opened[-1]

    yield come
    complaints = [line for one in opened for line in one.complaints]
    hosts = {host for one in opened for host in one.hosts}
    for one in opened:
        one.context.close()
    assert complaints == []
    assert hosts <= {live_server.url.split("/")[2]}
