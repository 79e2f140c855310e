"""What is to be erased: records that have to stay all the same, and erasures that wait for a second person."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reassure.retention import SCHEDULE


class Hold(models.Model):
    """Keeps a kind of record from being erased, in one police area or everywhere, until somebody lifts it."""

    kind = models.CharField(max_length=30, choices=[(kind, kept.words) for kind, kept in SCHEDULE.items()])
    area_code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "area_code"], condition=Q(lifted_at__isnull=True), name="pages_one_hold_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.area_code or 'everywhere'}"


class ErasureAsked(models.Model):
    """An erasure that one administrator asked for with its counts, and that another does or withdraws."""

    counts = models.JSONField()
    n_rows = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_done = models.BooleanField(default=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["is_done"], condition=Q(ended_at__isnull=True), name="pages_one_erasure_asked"
            ),
            models.CheckConstraint(
                condition=Q(is_done=False) | ~Q(ended_by=F("asked_by")), name="pages_erased_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n_rows} rows asked {self.asked_at:%Y-%m-%d}"
