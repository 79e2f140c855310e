"""What answers when something typed or asked for is wrong: one status, on every page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WRONG = 422
"""The request was read, and what it says is wrong; as in the API. 400 is for what cannot be read."""


def form_page(request: HttpRequest, template: str, shown: Mapping[str, Any]) -> HttpResponse:
    """A page with its `form`: as usual, or `WRONG` where the form (None if there is none) has errors."""
    return render(request, template, shown, status=WRONG if has_errors(shown) else 200)


def has_errors(shown: Mapping[str, Any]) -> bool:
    """Whether the form of a page has errors."""
    form = shown.get("form")
    return form is not None and bool(form.errors)
