"""Personas for the web shell: one a role, in the area DEMO-01, and outsiders of every kind."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.signals import user_logged_in
from django.test import Client

from reassure.access.allowed import Role
from reassure.access.grants import Scope
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.accounts.signals import note_sign_in
from reassure_web.patrols.queries_board import made_once

AREA = "DEMO-01"
OTHER_AREA = "DEMO-02"
NOW = datetime(2026, 11, 27, 5, 10, tzinfo=UTC)

SCOPES: dict[Role, tuple[Scope, list[str]]] = {
    Role.COORDINATOR: (Scope.NATION, []),
    Role.PLANNER: (Scope.AREAS, [AREA]),
    Role.COMMANDER: (Scope.AREAS, [AREA]),
    Role.SUPERVISOR: (Scope.AREAS, [AREA]),
    Role.OFFICER: (Scope.UNIT, [f"{AREA}/1"]),
    Role.ADVISER: (Scope.AREAS, [AREA]),
    Role.TRUSTEE: (Scope.PLACES, ["P1"]),
    Role.FUND_OFFICER: (Scope.ASSIGNED, []),
    Role.ASSESSOR: (Scope.ASSIGNED, []),
    Role.FINANCE: (Scope.ASSIGNED, []),
    Role.CHAIR: (Scope.ASSIGNED, []),
    Role.ANALYST: (Scope.TOTALS, []),
    Role.AUDITOR: (Scope.NATION, []),
    Role.ADMIN: (Scope.NATION, []),
}


@pytest.fixture(autouse=True)
def forgotten_boards():
    """No board of the test before: its rows are rolled back, and the next test counts versions from 1 again."""
    made_once.cache_clear()


@pytest.fixture
def person(db) -> Callable[..., User]:
    """`person("planner")` makes somebody with that role; `refs` puts them elsewhere; `outsider` has no grant."""

    def make(role: str, *, refs: list[str] | None = None, name: str = "") -> User:
        n = User.objects.count() + 1
        user = User.objects.create_user(f"{role}{n}@demo.example", name or f"Demo {role.replace('_', ' ')} {n}")
        if role != "outsider":
            scope, default = SCOPES[Role(role)]
            RoleGrant.objects.create(
                user=user,
                role=role,
                scope=scope,
                refs=default if refs is None else refs,
                starts_at=datetime(2020, 1, 1, tzinfo=UTC),
                ends_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=365 * 30),
            )
        return user

    return make


@pytest.fixture
def signed_in(person) -> Callable[..., Client]:
    """A browser in which somebody of that role is signed in, second factor done; `client.user` is the person."""

    def make(role: str, *, refs: list[str] | None = None) -> Client:
        client = Client()
        client.user = person(role, refs=refs)
        user_logged_in.disconnect(note_sign_in)  # so that a test finds in the audit what it did itself
        client.force_login(client.user)
        user_logged_in.connect(note_sign_in)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
        session["account_authentication_methods_user"] = str(client.user.pk)
        session.save()
        return client

    return make
