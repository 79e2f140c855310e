"""Every address as every role, in the own area, elsewhere and signed out, by GET and by POST."""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from reassure.access.allowed import Role
from reassure.access.grants import Scope
from reassure_web.audit.models import AuditEntry
from web.url_matrix import ANYBODY, ROWS, Row

ELSEWHERE = {Scope.AREAS: ["DEMO-02"], Scope.UNIT: ["DEMO-02/1"], Scope.PLACES: ["P2"]}
"""Where each kind of scope is somebody else's; the nation is nowhere else."""
SCOPES_OF_ROLES = {
    "planner": Scope.AREAS,
    "commander": Scope.AREAS,
    "supervisor": Scope.AREAS,
    "adviser": Scope.AREAS,
    "officer": Scope.UNIT,
    "trustee": Scope.PLACES,
}
NOT_THERE = {403, 404}
HANDLER = ClientHandler(enforce_csrf_checks=False)
"""One for all browsers: each would load the middleware anew."""
LEFT_OUT = ("django_session", "audit_", "accounts_counters", "axes_", "usersessions_", "tokens_givenanswer")


SignedIn = Callable[..., Client]


def url_names(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """The name of every pattern below; a pattern without a name has no row and fails here."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


NAMES = sorted(set(url_names(get_resolver().url_patterns)))


def test_every_address_has_a_row():
    """A new address without a row fails here, and so does a row whose address is gone."""
    assert sorted(ROWS) == NAMES


def address(name: str, row: Row) -> str:
    """The address of a row with the records it needs."""
    return reverse(name, kwargs=dict(row.kwargs())) + row.query


def asked(client: Client, url: str, method: str, row: Row) -> Any:
    """The answer, with everything it did to the database noted and taken back, cookies too."""
    cookies = deepcopy(client.cookies)
    client.handler = HANDLER
    with transaction.atomic():
        before = AuditEntry.objects.count()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url) if method == "get" else posted(client, url, row)
        response.new_entries = list(AuditEntry.objects.order_by("number")[before:])
        response.changed = sorted(tables_changed(query["sql"] for query in queries.captured_queries))
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def posted(client: Client, url: str, row: Row) -> Any:
    """The answer to what a row posts, as a form or as JSON with a key."""
    if not row.is_json:
        return client.post(url, dict(row.data()))
    headers = {"Idempotency-Key": "matrix-key"}
    return client.post(url, row.data(), content_type="application/json", headers=headers)


def tables_changed(statements: Iterable[str]) -> set[str]:
    """The tables that statements write to, those of sessions, counters and the audit left out."""
    written = {
        found[1] for sql in statements if (found := re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql))
    }
    return {table for table in written if not table.startswith(LEFT_OUT)}


def is_let_in(response: Any) -> bool:
    """Whether the answer is the page or what follows a form, and not a refusal or the way to sign in."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith("/sign-in/?")
    return response.status_code not in {401, 403, 404, 405} and response.status_code < 500 and not to_sign_in


def faults_of_own_area(row: Row, method: str, url: str, signed_in: SignedIn) -> list[str]:
    """What is wrong in the answers to people of the record's own area."""
    allowed = getattr(row, method)
    faults = []
    for role in sorted(ANYBODY):
        response = asked(signed_in(role), url, method, row)
        status = response.status_code
        if allowed is None:
            if status not in {405, 403, 404}:
                faults.append(f"{role}: {status}, but {method} is not taken here")
        elif role in allowed and not is_let_in(response):
            faults.append(f"{role}: {status}, but the row lets them in")
        elif role not in allowed and status not in NOT_THERE:
            faults.append(f"{role}: {status}, but the row keeps them out")
        elif status == 403 and [entry.outcome for entry in response.new_entries] != ["refused"]:
            faults.append(f"{role}: refused without an entry")
        elif status == 404 and response.new_entries:
            faults.append(f"{role}: not found, but with an entry")
        elif status in NOT_THERE and response.changed:
            faults.append(f"{role}: {status}, but {response.changed} changed")
        elif response.changed and all(entry.outcome == "refused" for entry in response.new_entries):
            faults.append(f"{role}: {response.changed} changed without an entry")
    return faults


def faults_of_elsewhere(row: Row, method: str, url: str, signed_in: SignedIn) -> list[str]:
    """What is wrong in the answers to the same roles in another area, at another place, in another unit."""
    faults = []
    for role in sorted(getattr(row, method) or ()):
        scope = SCOPES_OF_ROLES.get(role)
        if scope is None:
            continue
        status = asked(signed_in(role, refs=ELSEWHERE[scope]), url, method, row).status_code
        if status != 404:
            faults.append(f"{role} elsewhere: {status} instead of 404")
    return faults


def fault_of_signed_out(row: Row, method: str, url: str) -> list[str]:
    """What is wrong in the answer to nobody."""
    response = asked(Client(), url, method, row)
    if getattr(row, method) is None or row.public == is_let_in(response):
        return []
    return [f"signed out: {response.status_code}"]


@pytest.fixture
def people(signed_in) -> SignedIn:
    """`signed_in`, with one browser for each role however often it is asked for."""
    browsers: dict[str, Client] = {}

    def make(role: str, *, refs: list[str] | None = None) -> Client:
        key = f"{role} {refs}"
        if key not in browsers:
            browsers[key] = signed_in(role, refs=refs)
        return browsers[key]

    return make


@pytest.mark.parametrize("name", NAMES)
def test_an_address_opens_for_its_roles_alone(name, db, people):
    """Each role gets in or not as the row says; elsewhere it is not found; signed out one is asked to sign in."""
    row = ROWS[name]
    url = address(name, row)
    faults = []
    for method in ("get", "post"):
        found = [] if row.depends_on_factors else faults_of_own_area(row, method, url, people)
        found += faults_of_elsewhere(row, method, url, people) if row.scoped else []
        found += fault_of_signed_out(row, method, url)
        faults += [f"{method.upper()} {fault}" for fault in found]

    assert not faults, f"{url}\n" + "\n".join(faults)


FORMS = [name for name in NAMES if ROWS[name].post and not ROWS[name].is_json]


@pytest.mark.parametrize("name", FORMS)
def test_a_page_that_says_what_is_wrong_answers_422(name, db, people):
    """One status in all rooms for a form with errors, once "Error:" before its title; never 400."""
    row = replace(ROWS[name], data=lambda: {"no-such-field": "x"})

    response = asked(people(min(row.post or ())), address(name, row), "post", row)

    titles = "".join(re.findall(r"<title>.*?</title>", response.text, re.DOTALL))
    assert response.status_code != 400
    assert titles.count("Error: ") == (response.status_code == 422)


def test_every_role_with_a_scope_is_asked_elsewhere():
    """The walker knows where each role is somebody else's; the others reach the nation or no place at all."""
    nowhere = {"coordinator", "fund_officer", "assessor", "finance", "chair", "analyst", "auditor", "admin"}

    assert set(SCOPES_OF_ROLES) | nowhere == {role.value for role in Role}
