"""Whom a failed sign-in counts against: the account that was tried, whether or not it exists, and the address."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def tried_account(_request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The e-mail address that was typed, in small letters; empty where none was."""
    tried = credentials or {}
    return str(tried.get("email") or tried.get("username") or "").strip().lower()


def address_of(request: HttpRequest) -> str | None:
    """The network address of whoever asks, behind a proxy the one that the proxy saw; None without a network."""
    if "REMOTE_ADDR" not in request.META:
        return None
    return str(get_adapter().get_client_ip(request))
