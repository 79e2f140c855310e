"""The request of somebody who is signed in; views that are not public take it."""

from django.http import HttpRequest

from reassure_web.accounts.models import User


class SignedIn(HttpRequest):
    """A request that the middleware let through: `user` is a person, never anonymous."""

    user: User
    session_is_idle: bool = False
    """Only pages that stay readable on a wall are opened by an idle session; they show no button."""
