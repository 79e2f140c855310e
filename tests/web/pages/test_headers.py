"""Every answer of every address carries every header, signed in or not, and no page holds anything inline."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from web.test_url_matrix import NAMES, ROWS, address

POLICY = {
    "default-src": {"'none'"},
    "style-src": {"'self'"},
    "connect-src": {"'self'"},
    "worker-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "img-src": {"'self'", "data:"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def header_faults(response) -> list[str]:
    """Headers that are missing or wrong."""
    wrong = [f"{k}: {response.headers.get(k)}" for k, v in EXACT.items() if response.headers.get(k) != v]
    directives = response.headers.get("Content-Security-Policy", "").split(";")
    policy = {words[0]: set(words[1:]) for words in (d.split() for d in directives) if words}
    scripts = policy.pop("script-src", set())
    if policy != POLICY or not {"'self'"} <= scripts or any("unsafe" in s or "http" in s for s in scripts):
        wrong.append(f"Content-Security-Policy: {response.headers.get('Content-Security-Policy')}")
    if "no-store" not in response.headers.get("Cache-Control", ""):
        wrong.append(f"Cache-Control: {response.headers.get('Cache-Control')}")
    permissions = response.headers.get("Permissions-Policy", "")
    if "camera=()" not in permissions or "geolocation=()" not in permissions or "*" in permissions:
        wrong.append(f"Permissions-Policy: {permissions}")
    if not re.fullmatch(r"[0-9a-f-]{36}", response.headers.get("X-Request-Id", "")):
        wrong.append("X-Request-Id")
    return wrong


def inline_faults(html: str) -> list[str]:
    """Styles and scripts that stand in the page, and addresses that lead to another host."""
    found = re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    data = 'type="application/json"'  # values for a script, which no browser runs
    scripts = re.findall(r"<script\b[^>]*>", html)
    found += [s for s in scripts if "src=" not in s and "nonce=" not in s and data not in s]
    loaded = re.findall(r"<(?:script|img|link|iframe|form|use)\b[^>]*\b(?:src|href|action)=\"([^\"]+)\"", html)
    return found + [url for url in loaded if urlsplit(url).netloc]


@pytest.fixture
def secure(settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


@pytest.mark.parametrize("name", NAMES)
def test_every_address_sends_every_header(name, secure, signed_in):
    """Pages, refusals, redirects and "not found" alike, over TLS as in production."""
    url = address(name, ROWS[name])

    for client in (Client(), signed_in("planner"), signed_in("admin")):
        for answer in (client.get(url, secure=True), client.post(url, secure=True)):
            is_page = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming

            assert header_faults(answer) == []
            assert not is_page or inline_faults(answer.content.decode()) == []


def test_what_is_not_there_sends_every_header(secure, signed_in):
    """An address that nobody made is no way round."""
    for client in (Client(), signed_in("planner")):
        assert header_faults(client.get("/no/such/page/", secure=True)) == []


def test_a_fault_sends_every_header(secure, signed_in, monkeypatch):
    """Even the page that says that something went wrong."""
    monkeypatch.setattr("reassure_web.pages.queries.waiting_for", lambda *_: 1 / 0)
    client = signed_in("planner")
    client.raise_request_exception = False

    answer = client.get("/", secure=True)

    assert answer.status_code == 500
    assert header_faults(answer) == []
    assert inline_faults(answer.content.decode()) == []


def test_a_page_with_something_inline_is_found():
    """The guard itself: each kind of inline code or foreign address is seen."""
    for html in (
        '<p style="color:red">',
        '<button onclick="x()">',
        "<style>p{}</style>",
        "<script>x()</script>",
        '<img src="https://tiles.example/1.png">',
    ):
        assert inline_faults(html) != []
