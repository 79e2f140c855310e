"""Headers that every answer of ours carries and that neither Django nor a package sets.

Static files are answered before this and may be kept; everything else is not to be stored, shown in a search or
embedded elsewhere.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SIGN_OUT = "/sign-out/"
"""Whoever signs out leaves nothing in the browser: no card, no check-in, no script that answers without a network."""
Answer = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Middleware that adds the headers; one that a view has set stays."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with its headers."""
        response = self.get_response(request)
        if request.method == "POST" and request.path == SIGN_OUT:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response
