"""No page has a barrier that a machine can find, wide and narrow; no page asks another host or breaks its policy."""

import pytest

from e2e.axe_pages import PAGES
from e2e.conftest import MIDDLE, NARROW, WIDE, Visitor
from web.test_url_matrix import NAMES, address
from web.url_matrix import ANYBODY, ROWS

LOOKERS = ("planner", "commander", "supervisor", "officer", "adviser", "coordinator", "auditor", "admin", "trustee")
"""Who looks at a page: the first of these that is let in."""
READ = [name for name in NAMES if ROWS.get(name) and ROWS[name].get and not ROWS[name].depends_on_factors]
POSTED = [name for name in READ if ROWS[name].post]


def who_looks(name: str) -> str | None:
    """Nobody for a public page, else the first role that is let in."""
    row = ROWS[name]
    return None if row.public else next(role for role in LOOKERS if role in row.get)


def barriers(somebody: Visitor) -> list[str]:
    """What is wrong wide and narrow; between the two only what is wider than the window."""
    somebody.resize(MIDDLE)
    found = [f"at {MIDDLE[0]}: {line}" for line in somebody.sideways()]
    for size in (WIDE, NARROW):
        somebody.resize(size)
        found += [f"at {size[0]}: {line}" for line in somebody.barriers()]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_every_address_opens_without_a_barrier(name, visitor):
    """axe with WCAG 2.2 AA and good practice, at 1280 and 320 CSS pixels, and no sideways scroll."""
    somebody = visitor(who_looks(name))
    url = address(name, ROWS[name])
    answer = somebody.client.get(url, follow=True)
    if b"</html>" not in b"".join(answer):
        pytest.skip("a file or a part of a page, no page")

    somebody.open(url, status=answer.status_code)
    somebody.expects("status of 4")

    assert barriers(somebody) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", POSTED)
def test_a_form_sent_empty_comes_back_without_a_barrier(name, visitor):
    """The error summary, the errors at their fields and everything else; whatever the form answers."""
    somebody = visitor(who_looks(name))
    page = somebody.open(address(name, ROWS[name]))
    button = page.locator("main form button:not([type=button])").first
    if not button.count():
        pytest.skip("no form in this state")

    button.click()
    page.wait_for_load_state("networkidle")
    somebody.expects("status of 4")

    assert barriers(somebody) == []


@pytest.mark.slow
@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_a_page_in_another_state_has_no_barrier(case, visitor):
    """Empty, full and in error, where one address has several faces."""
    somebody = visitor(case.role)
    page = somebody.open(case.url() if callable(case.url) else case.url, status=case.status)
    if case.act:
        case.act(page)
    somebody.expects("status of 4")

    assert barriers(somebody) == []


def test_everybody_means_the_planner_too():
    """The choice of who looks leaves no address without somebody."""
    assert {who_looks(name) for name in READ} <= {None, *LOOKERS}
    assert set(LOOKERS) <= ANYBODY
