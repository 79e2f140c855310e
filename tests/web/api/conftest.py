"""Callers of the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from reassure_web.tokens import services
from reassure_web.tokens.models import ApiToken


@pytest.fixture
def token_of(person) -> Callable[..., str]:
    """`token_of("officer")` makes a token for somebody of that role, confirmed by a second administrator."""

    def make(role: str, **how: Any) -> str:
        now = timezone.now()
        token = services.make_token(person("admin"), "test", person(role, **how).role_grants.get().pk, 30, now=now)
        services.confirm_token(person("admin"), ApiToken.objects.latest("id").pk, now=now)
        return token

    return make
