"""What every page shows round its content: marking, kind of installation, and where this person may go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from reassure.access.allowed import Action
from reassure.access.grants import Grant, Scope, may

Link = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A room in the navigation: its words, its first page, and the action that opens it.

    `but_not` is a scope whose grants have another page for it: an officer finds places on the card.
    """

    text: str
    href: str
    action: Action
    but_not: Scope | None = None


ENTRIES = (
    Entry("Places", "/places/", Action.PLACE_READ, but_not=Scope.UNIT),
    Entry("Patrols", "/patrols/", Action.PLAN_READ),
    Entry("My card", "/card/", Action.CHECK_IN),
    Entry("Audit", "/audit/", Action.AUDIT_READ),
    Entry("People", "/people/", Action.PEOPLE_READ),
    Entry("Tokens", "/tokens/", Action.TOKEN_CHANGE),
    Entry("System", "/system/", Action.SYSTEM_READ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """For every template: `marking_words`, `mode`, `navigation` and whether the page lies in a demo."""
    now = timezone.now()
    grants = request.user.grants(now) if request.user.is_authenticated else []
    return {
        "marking_words": settings.MARKING,
        "marking_sensitive": settings.MARKING_SENSITIVE,
        "contact_words": settings.CONTACT,
        "cookie_name": settings.SESSION_COOKIE_NAME,
        "is_demo": settings.MODE == "demo",
        "navigation": navigation(grants, request.path, now=now),
    }


def navigation(grants: Iterable[Grant], path: str, *, now: datetime) -> list[Link]:
    """The rooms that a person may open, the one of `path` marked; nothing for somebody without a grant."""
    held = list(grants)
    entries = [e for e in ENTRIES if may((g for g in held if g.scope is not e.but_not), e.action, now=now)]
    links = [{"text": "Home", "href": "/", "current": path == "/"}] if held else []
    return links + [{"text": e.text, "href": e.href, "active": path.startswith(e.href)} for e in entries]
