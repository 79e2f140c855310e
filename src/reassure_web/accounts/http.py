"""The request of somebody who is signed in; views that are not public take it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse

from reassure_web.accounts.models import User


class SignedIn(HttpRequest):
    """A request that the middleware let through: `user` is a person, never anonymous."""

    user: User
    session_is_idle: bool = False
    """Only pages that stay readable on a wall are opened by an idle session; they show no button."""


def not_found_as_404(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A record that is not there, or not there for this person, is "not found": the same page, the same words."""

    @wraps(view)
    def found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404 from None

    return found
