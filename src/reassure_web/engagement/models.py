"""Visits as rows, records that said something else, what became of units on the day, and how a day was closed."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from reassure.engagement.visits import METHODS, MISS_REASONS, OUTCOMES, VisitSent, skew_s

EVENT_KINDS = {"unit_off": "Unit off", "lost_phone": "Phone lost"}


class Visit(models.Model):
    """One record of a visit, as the phone or the paper card gave it; times are never corrected."""

    client_id = models.CharField(max_length=36, unique=True)
    area_code = models.CharField(max_length=20)
    on = models.DateField()
    unit_ref = models.CharField(max_length=60)
    visit_ref = models.CharField(max_length=12, blank=True)
    place_ref = models.CharField(max_length=130)
    kind = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, choices=list(OUTCOMES.items()))
    method = models.CharField(max_length=5, choices=[(name, name) for name in METHODS])
    uncertainty_min = models.PositiveSmallIntegerField(default=0)
    spoke_to = models.CharField(max_length=15, blank=True)
    reach = models.CharField(max_length=5, blank=True)
    topics = models.JSONField(default=list)
    leaflets = models.JSONField(default=list)
    miss_reason = models.CharField(max_length=12, blank=True, choices=list(MISS_REASONS.items()))
    follow_up_on = models.DateField(null=True)
    distance_m = models.PositiveIntegerField(null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    device_sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    skip_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area_code", "on"], name="visits_of_a_day")]

    def __str__(self) -> str:
        return self.client_id

    def facts(self) -> VisitSent:
        """The record as the rules read it."""
        return VisitSent(
            client_id=self.client_id,
            area_code=self.area_code,
            on=self.on,
            unit_ref=self.unit_ref,
            visit_ref=self.visit_ref,
            place_ref=self.place_ref,
            kind=self.kind,
            started_at=self.started_at,
            ended_at=self.ended_at,
            outcome=self.outcome,
            method=self.method,
            uncertainty_min=self.uncertainty_min,
            spoke_to=self.spoke_to,
            reach=self.reach,
            topics=tuple(self.topics),
            leaflets=tuple(self.leaflets),
            miss_reason=self.miss_reason,
            follow_up_on=self.follow_up_on,
            distance_m=self.distance_m,
            accuracy_m=self.accuracy_m,
            device_sent_at=self.device_sent_at,
        )

    @property
    def skew_s(self) -> int | None:
        """Seconds by which the phone's clock was behind ours when it sent."""
        return skew_s(self.device_sent_at, self.received_at)


class VisitCount(models.Model):
    """How many visits of a day were alike; what is left of them once the records with people are erased."""

    area_code = models.CharField(max_length=20)
    on = models.DateField()
    kind = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20, blank=True)
    miss_reason = models.CharField(max_length=12, blank=True)
    is_planned = models.BooleanField()
    is_short = models.BooleanField()
    n_visits = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area_code", "on", "kind", "outcome", "miss_reason", "is_planned", "is_short"],
                name="one_count_of_visits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n_visits} visits {self.area_code}/{self.on}"


class VisitConflict(models.Model):
    """A second record under the same client id that says something else; the first one counts."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="conflicts")
    sent = models.JSONField()
    received_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"conflict of {self.visit}"


class UnitEvent(models.Model):
    """What a supervisor said of a unit on the running day."""

    area_code = models.CharField(max_length=20)
    on = models.DateField()
    unit_ref = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=list(EVENT_KINDS.items()))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area_code", "on", "unit_ref", "kind"], name="unit_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_ref}"


class BoardVersion(models.Model):
    """A number that rises with everything that somebody watching a day should see."""

    area_code = models.CharField(max_length=20)
    on = models.DateField()
    number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area_code", "on"], name="one_board_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.area_code}/{self.on} {self.number}"


class CardSetting(models.Model):
    """Whether a force lets phones keep the card and use it without a network; off until somebody says so."""

    area_code = models.CharField(max_length=20, unique=True)
    is_offline_on = models.BooleanField(default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.area_code


class Debrief(models.Model):
    """How a day was closed: what was written, and the numbers when it was signed off."""

    area_code = models.CharField(max_length=20)
    on = models.DateField()
    notes = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    counts = models.JSONField(default=dict)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area_code", "on"], name="one_debrief_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.area_code}/{self.on}"
