"""What stands round every page: marking at head and foot, where one may go, and nothing of GOV.UK's signs."""

from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from reassure.access.allowed import Role
from reassure_web.pages.context import ENTRIES

VENDOR = Path(__file__).resolve().parents[3] / "src/reassure_web/pages/static/vendor"
ROOMS = {
    "coordinator": ["Places"],
    "planner": ["Places", "Patrols"],
    "commander": ["Places", "Patrols"],
    "supervisor": ["Places", "Patrols"],
    "officer": ["My card"],  # finds the places of the day on the card
    "adviser": ["Places"],
    "trustee": ["Places"],
    "auditor": ["Audit", "People", "System"],
    "admin": ["People", "Tokens", "System"],
}
"""What the design gives each role a room for; the roles of the fund have none yet."""

FOREIGN_SIGNS = ("GDS Transport", "crown", "crest")


def rooms(html: str) -> list[str]:
    """The rooms that the navigation of a page names."""
    navigation = (
        html.split('aria-label="Rooms"')[1].split("</nav>", maxsplit=1)[0] if 'aria-label="Rooms"' in html else ""
    )
    return [entry.text for entry in ENTRIES if f'href="{entry.href}"' in navigation]


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_the_navigation_names_the_rooms_that_a_role_may_open(role, signed_in):
    """No link leads to a refusal, and no room that one may open is left out."""
    html = signed_in(role).get("/").content.decode()

    assert rooms(html) == ROOMS.get(role, [])


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_link_of_the_navigation_opens(role, signed_in):
    """For whoever sees it."""
    client = signed_in(role)
    shown = rooms(client.get("/").content.decode())

    answers = {e.text: client.get(e.href, follow=True).status_code for e in ENTRIES if e.text in shown}

    assert answers == dict.fromkeys(shown, 200)


def test_a_page_carries_its_marking_at_head_and_foot():
    """A page that says OFFICIAL-SENSITIVE says it twice; one that says nothing has the installation's words."""
    page = '{% extends "pages/layout.html" %}{% block marking %}OFFICIAL-SENSITIVE{% endblock %}'

    marked = Template(page).render(Context())
    plain = Template('{% extends "pages/layout.html" %}').render(Context({"marking_words": "OFFICIAL"}))

    assert marked.count('<p class="marking">OFFICIAL-SENSITIVE</p>') == 2
    assert plain.count('<p class="marking">OFFICIAL</p>') == 2


def test_a_page_with_an_error_says_so_in_its_title(rf: RequestFactory):
    """The first thing that a screen reader says is that something has to be mended."""
    page = Template('{% extends "pages/layout.html" %}{% block title %}Change a place{% endblock %}')

    assert "<title>Error: Change a place – Reassure</title>" in page.render(Context({"problems": ["x"]}))
    assert "<title>Change a place – Reassure</title>" in page.render(Context())


def test_the_built_folder_and_a_page_show_no_sign_of_somebody_else(signed_in):
    """Reassure is not GOV.UK: neither its font nor its crown nor a crest is used."""
    if not (VENDOR / "reassure.css").is_file():
        pytest.skip("the front end is not built: make assets")
    texts = {p.name: p.read_text("utf-8") for p in VENDOR.rglob("*") if p.suffix in {".css", ".js", ".mjs", ".svg"}}
    texts["page"] = signed_in("planner").get("/").content.decode()

    found = [
        f"{name}: {sign}" for name, text in texts.items() for sign in FOREIGN_SIGNS if sign.lower() in text.lower()
    ]

    assert found == []
    assert not any(path.suffix in {".woff", ".woff2"} for path in VENDOR.rglob("*"))
