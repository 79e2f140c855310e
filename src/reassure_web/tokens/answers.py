"""Answers of the API: problems as on the forms, and versions that a caller may hold against ours."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from ninja import Schema

from reassure.errors import Problem, ReassureError


class ProblemOut(Schema):
    """One fault that a caller can mend."""

    column: str = ""
    value: str = ""
    expected: str = ""
    text: str


class ProblemsOut(Schema):
    """Why a request was refused: every reason."""

    problems: list[ProblemOut]


class VersionError(Exception):
    """A change that does not say which version it changes (428), or changes one that is no longer (409)."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        super().__init__(text)


def json_text(value: Any) -> str:
    """A value as JSON text; dates and instants in ISO 8601."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))


def json_answer(text: str, status: int = 200) -> HttpResponse:
    """JSON text as an answer."""
    return HttpResponse(text, status=status, content_type="application/json")


def tag_of(text: str) -> str:
    """The ETag of a text: the first half of its SHA-256."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tagged(request: HttpRequest, value: Any) -> HttpResponse:
    """A value with its ETag; 304 where the caller has it already."""
    text = json_text(value)
    tag = tag_of(text)
    response = HttpResponse(status=304) if request.headers.get("If-None-Match") == tag else json_answer(text)
    response["ETag"] = tag
    return response


def check_version(if_match: str | None, value: Any) -> None:
    """Let a change pass that names the version as it is now; `VersionError` for none or another."""
    if not if_match:
        raise VersionError(428, "If-Match is missing; expected the ETag of what is changed.")
    if if_match != tag_of(json_text(value)):
        raise VersionError(409, "This was changed since you read it; read it again.")


def problems_of(error: ReassureError) -> dict[str, Any]:
    """The problems of an error as values."""
    return problem_values(error.problems or (Problem("", "", "", says=str(error).rstrip(".")),))


def problem_values(problems: Iterable[Problem]) -> dict[str, Any]:
    """Problems as values of `ProblemsOut`."""
    return {
        "problems": [
            {"column": p.column, "value": p.value[:200], "expected": p.expected, "text": p.text} for p in problems
        ]
    }
