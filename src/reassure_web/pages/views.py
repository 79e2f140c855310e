"""The first page and the fixed texts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """What needs this person now."""
    return render(request, "pages/home.html")
