"""Tokens as rows, without the token, and answers that are given again to the same key."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reassure_web.accounts.models import RoleGrant


class ApiToken(models.Model):
    """
    A token that acts as the holder of one grant, once a second administrator has confirmed it.

    Only its digest is kept, and a prefix to know it by.
    """

    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    grant = models.ForeignKey(RoleGrant, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("made_by")),
                name="token_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class GivenAnswer(models.Model):
    """What was answered to a key, so that the same request sent again gets the same answer and does nothing."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    asked_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "key"], name="one_answer_a_key"),
        ]

    def __str__(self) -> str:
        return self.key
