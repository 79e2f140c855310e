"""Whatever is sent to the API, it answers as it says it does, and never with a fault of its own."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from reassure_web.wsgi import application
from running_day import running_day

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True
)


@pytest.fixture(autouse=True)
def one_connection():
    """The end of a request closes a connection of PostgreSQL, and with it the test's own transaction: not here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", ["officer", "planner"])
def test_no_request_breaks_the_api(role, token_of):
    """Made-up requests of every operation, by somebody who may do some and by somebody who may do others."""
    running_day()
    headers = {"Authorization": f"Bearer {token_of(role)}"}
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    asked = []

    for found in described.get_all_operations():
        operation = found.ok()

        @BOUNDED
        @given(case=operation.as_strategy())
        def ask(case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked.append(operation.label)

    assert "POST /api/v1/check-ins" in asked
    assert len(asked) >= 8
