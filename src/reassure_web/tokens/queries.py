"""Reading tokens: whom one acts as, and the list of them."""

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.tokens.models import ApiToken


def digest_of(token: str) -> str:
    """SHA-256 of a token; tokens are 256 random bits, so that a plain digest tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_in_force(token: str, *, now: datetime) -> ApiToken | None:
    """The row of a token that may be used, with the person it acts as; None for one that is not in force."""
    rows = ApiToken.objects.select_related("grant__user").filter(confirmed_by__isnull=False, revoked_at__isnull=True)
    row = rows.filter(digest=digest_of(token), ends_at__gt=now).first()
    return row if row is not None and row.grant.user.is_active else None


def all_tokens(actor: User, *, now: datetime) -> QuerySet[ApiToken]:
    """Every token, newest first, for those who may make them."""
    require(actor.grants(now), Action.TOKEN_CHANGE, now=now)
    return ApiToken.objects.select_related("grant__user", "made_by")


def grants_for_tokens(actor: User, *, now: datetime) -> QuerySet[RoleGrant]:
    """The grants in force that a token may be made for: not those of administrators and auditors."""
    require(actor.grants(now), Action.TOKEN_CHANGE, now=now)
    rows = RoleGrant.objects.filter(starts_at__lte=now, ends_at__gt=now, user__is_active=True)
    return rows.exclude(role__in=("admin", "auditor")).select_related("user").order_by("user__name", "id")
