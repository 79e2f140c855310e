"""No page has a barrier that a machine can find, wide and narrow; no page asks another host or breaks its policy."""

import pytest

from e2e.axe_pages import PAGES
from e2e.conftest import NARROW, WIDE


@pytest.mark.slow
@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_a_page_has_no_barrier(case, visitor):
    """axe with WCAG 2.2 AA and good practice, at 1280 and 320 CSS pixels, and no sideways scroll."""
    somebody = visitor(case.role)
    page = somebody.open(case.url() if callable(case.url) else case.url)
    if case.act:
        case.act(page)

    for size in (WIDE, NARROW):
        somebody.resize(size)

        assert somebody.barriers() == []
