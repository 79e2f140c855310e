"""The audit: what was done and seen, by whom, each entry chained to the one before; nothing is ever changed."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """
    One thing that was done, seen or refused.

    No content stands here, only references: old and new values are in the rooms' own versions, so that a person can
    be erased and the chain still verifies.
    """

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    grant = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    change_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"
