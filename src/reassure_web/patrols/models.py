"""A day's planning as rows: the day, its units and overrides, runs, plans that never change, and orders."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reassure.geo import Point
from reassure.patrols import units as rules

RUN_STATES = ("waiting", "running", "done", "failed")
PLAN_STATES = ("draft", "sent", "approved", "withdrawn", "superseded")
OVERRIDE_STATES = ("asked", "signed", "refused", "withdrawn")
OVERRIDE_KINDS = ("must", "bar")
"""A visit whatever the points, or no visit."""


def _choices(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class Day(models.Model):
    """
    A day of an area that somebody plans.

    Declaration, facts and incidents are kept as the files that were loaded; `sealed_salt` is the sealed part of the
    seed of the draw.
    """

    area_code = models.CharField(max_length=20)
    on = models.DateField()
    declaration_text = models.TextField(blank=True)
    declaration_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    declaration_at = models.DateTimeField(null=True)
    facts_text = models.TextField(blank=True)
    incidents_text = models.TextField(blank=True)
    must_unknown = models.BooleanField(default=False)
    allow_shortfall = models.BooleanField(default=False)
    sealed_salt = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area_code", "on"], name="patrols_one_day_an_area"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """Area code and date, such as `DEMO-01/2026-11-27`."""
        return f"{self.area_code}/{self.on.isoformat()}"


class Unit(models.Model):
    """A unit on a day; one that was taken off stays as a row with its reason."""

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="units")
    ref = models.CharField(max_length=60)
    callsign = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=_choices(rules.KINDS))
    n_officers = models.PositiveSmallIntegerField()
    base_lat_deg = models.FloatField()
    base_lon_deg = models.FloatField()
    end_lat_deg = models.FloatField(null=True, blank=True)
    end_lon_deg = models.FloatField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    breaks = models.JSONField(default=list)
    skills = models.JSONField(default=list)
    is_off = models.BooleanField(default=False)
    off_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "ref"], name="patrols_one_unit_a_day"),
        ]
        ordering: ClassVar[list[str]] = ["starts_at", "ref"]

    def __str__(self) -> str:
        return self.ref

    def facts(self) -> rules.Unit:
        """The unit as the rules read it."""
        has_end = self.end_lat_deg is not None and self.end_lon_deg is not None
        return rules.Unit(
            ref=self.ref,
            callsign=self.callsign,
            kind=self.kind,
            n_officers=self.n_officers,
            base=Point(self.base_lat_deg, self.base_lon_deg),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            end_base=Point(self.end_lat_deg or 0.0, self.end_lon_deg or 0.0) if has_end else None,
            breaks=tuple(
                rules.Break(datetime.fromisoformat(earliest), datetime.fromisoformat(latest), minutes)
                for earliest, latest, minutes in self.breaks
            ),
            skills=frozenset(self.skills),
        )


class NeedOverride(models.Model):
    """A must-visit, or a place left out, that a planner asks for and a commander signs."""

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="overrides")
    place_ref = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=_choices(OVERRIDE_KINDS))
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=_choices(OVERRIDE_STATES), default="asked")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["day", "place_ref"],
                condition=Q(state__in=("asked", "signed")),
                name="patrols_one_override_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | ~Q(decided_by=F("asked_by")), name="patrols_override_signed_by_another"
            ),
        ]
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.place_ref}"


class PlanRun(models.Model):
    """
    A computation of a plan: its frozen input and all its state.

    A worker's result counts only for the attempt that it was given, so that none counts twice; `n_deaths` is how
    often its worker was killed. `version` rises with every change that somebody watching should see.
    """

    ref = models.CharField(max_length=16, unique=True)
    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=_choices(("plan", "replan")))
    inputs = models.TextField()
    input_hash = models.CharField(max_length=64)
    software = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=_choices(RUN_STATES), default="waiting")
    attempt = models.PositiveIntegerField(default=0)
    n_deaths = models.PositiveSmallIntegerField(default=0)
    is_stop_wished = models.BooleanField(default=False)
    heartbeat_at = models.DateTimeField(null=True)
    progress = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    of_plan = models.ForeignKey("PatrolPlan", on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey("PatrolPlan", on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "id"], name="patrols_runs_by_state")]
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.ref


class PatrolPlan(models.Model):
    """
    A plan of a day; its document has passed the checker and never changes: every change makes a new number.

    `what` says in words how it came about; `of_number` is the plan that it was changed from.
    """

    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    what = models.CharField(max_length=300)
    of_number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12, choices=_choices(PLAN_STATES), default="draft")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    n_prints = models.PositiveIntegerField(default=0)
    sent_back_reason = models.CharField(max_length=500, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "number"], name="patrols_plan_numbers"),
            models.UniqueConstraint(
                fields=["day"], condition=Q(state="approved"), name="patrols_one_approved_plan_a_day"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="patrols_plan_approved_by_another",
            ),
        ]
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """Area code, date and number, such as `DEMO-01/2026-11-27/3`."""
        return f"{self.day.ref}/{self.number}"


class Order(models.Model):
    """The operation order of a plan: what people wrote under its headings, and who issued it."""

    plan = models.OneToOneField(PatrolPlan, on_delete=models.PROTECT, related_name="order")
    texts = models.JSONField(default=dict)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    audit_head = models.CharField(max_length=64, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"order of {self.plan.ref}"
