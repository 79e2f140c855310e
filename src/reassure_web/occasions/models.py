"""When people gather, as rows: what somebody says of a place's times, and what was announced about dates."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from reassure.files.rules_json import rule_of_object
from reassure.occasions.values import Announcement as Said
from reassure.occasions.values import Rule as Facts
from reassure_web.places.wording import RUN_STATES


class Rule(models.Model):
    """
    A rule of when a place gathers, its own word for one date (rank 1) too; never changed, only ended.

    `record` is the whole rule; `on_date` is the date of a word, to be shown beside the occasion it speaks of.
    """

    place_ref = models.CharField(max_length=130, db_index=True)
    key = models.CharField(max_length=40)
    rank = models.SmallIntegerField()
    on_date = models.DateField(null=True)
    record = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["place_ref", "rank", "id"]

    def __str__(self) -> str:
        return f"{self.place_ref} {self.key}"

    def facts(self) -> Facts:
        """The rule as it is expanded."""
        return rule_of_object(self.record)


class Announcement(models.Model):
    """What an authority, or a place by its ref, announced about the date of an event."""

    authority = models.CharField(max_length=130)
    event = models.CharField(max_length=40)
    hijri_year = models.SmallIntegerField()
    on = models.DateField()
    announced_at = models.DateTimeField()
    source_ref = models.CharField(max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["authority", "event", "hijri_year", "on", "announced_at"], name="announcement_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.event} {self.hijri_year}"

    def facts(self) -> Said:
        """The announcement as the rules read it."""
        return Said(self.authority, self.event, self.hijri_year, self.on, self.announced_at, self.source_ref)


class TimetableRun(models.Model):
    """A timetable that somebody handed in: what it would add, until it is accepted or dropped as a whole."""

    ref = models.CharField(max_length=16, unique=True)
    area_code = models.CharField(max_length=12)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    records = models.JSONField(default=list)
    outcome = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="preview")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]

    def __str__(self) -> str:
        return self.ref

    @property
    def state_words(self) -> str:
        """What became of the timetable, in words."""
        return RUN_STATES[self.state]
