"""The audit: what was done and seen, by whom, each entry chained to the one before; nothing is ever changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """
    One thing that was done, seen or refused.

    No content stands here, only references: old and new values are in the rooms' own versions, so that a person can
    be erased and the chain still verifies. Triggers of the database refuse to change or delete an entry.
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

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "at"], name="audit_person_at"),
            models.Index(fields=["action", "number"], name="audit_action_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"


class ChainHead(models.Model):
    """
    Number and hash of the newest entry, in one row that every writer locks first.

    An empty chain has no entry to lock; this row is there from the first migration on.
    """

    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"
