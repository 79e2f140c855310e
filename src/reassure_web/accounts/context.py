"""Who the head of each page says is signed in, and under which grant."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from reassure_web.accounts.models import User
from reassure_web.accounts.queries import grants_in_use


def grants(request: HttpRequest) -> dict[str, Any]:
    """For every template: `grants_held`, those one can choose from, and `grant_in_use`, None without one."""
    user = getattr(request, "user", None)
    held = grants_in_use(user, timezone.now()) if isinstance(user, User) else []
    return {"grants_held": held, "grant_in_use": next((line for line in held if line.is_in_use), None)}
