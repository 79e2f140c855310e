"""What a page weighs on the wire: pages as they are, static files as the server sends them compressed."""

import gzip

import pytest

from e2e.conftest import ROOT

FIRST_VISIT_BYTES = 60_000
LATER_VISIT_BYTES = 25_000
"""Budgets of the design, without the map that moves; our choice."""

VENDOR = ROOT / "src/reassure_web/pages/static"
WITH_MAP_BYTES = 550_000


def packed(body: bytes) -> int:
    return len(gzip.compress(body, 9))


@pytest.mark.slow
@pytest.mark.parametrize(("role", "path"), [(None, "/help/"), ("planner", "/"), ("planner", "/places/")])
def test_a_first_visit_is_light(role, path, visitor):
    """The page itself and every style sheet, script and picture it asks for."""
    somebody = visitor(role)
    weights: dict[str, int] = {}

    def weigh(response) -> None:
        if response.status == 200:
            body = response.body()
            is_static = "/static/" in response.url
            weights[response.url] = packed(body) if is_static else len(body)

    somebody.page.on("response", weigh)
    somebody.open(path)

    assert sum(weights.values()) <= FIRST_VISIT_BYTES, weights
    assert sum(weight for url, weight in weights.items() if "/static/" not in url) <= LATER_VISIT_BYTES
    assert any("/static/" in url for url in weights)


def test_the_map_that_moves_keeps_to_its_budget(chromium):
    """Only those who open it load it; with everything else it stays below 550 kB."""
    parts = ["vendor/maplibre-gl.mjs", "vendor/maplibre-gl-worker.mjs", "vendor/maplibre-gl.css", "pages/map.js"]

    assert sum(packed((VENDOR / part).read_bytes()) for part in parts) + FIRST_VISIT_BYTES <= WITH_MAP_BYTES
