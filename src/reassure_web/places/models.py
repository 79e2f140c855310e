"""The register as rows: police areas, places, what they were before, files brought in, pairs and reports.

A row of a place holds the whole place as JSON; the other columns are made from it, to be filtered by.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from reassure.faiths import in_order
from reassure.files.place_json import place_of_object
from reassure.geo import Point
from reassure.places.matching import Verdict, name_key
from reassure.places.place import Place as Facts
from reassure.places.quality import RULES
from reassure.provenance import Source
from reassure_web.places.wording import DOUBTS, PAIR_KINDS, REPORTS, RUN_STATES, STATES, faith_words


class Area(models.Model):
    """A police area; the outline is the geometry of a GeoJSON MultiPolygon, or nothing until one is loaded."""

    code = models.CharField(max_length=12, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    outline = models.JSONField(null=True)
    attribution = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """Which police area a district lies in."""

    lad_code = models.CharField(max_length=12, unique=True)
    area_code = models.CharField(max_length=12)

    def __str__(self) -> str:
        return self.lad_code


class Postcode(models.Model):
    """Where a postcode, sector or outward code is; `quality` is that of Code-Point Open, 0 for a middle."""

    code = models.CharField(max_length=8, primary_key=True)
    lat_deg = models.FloatField()
    lon_deg = models.FloatField()
    quality = models.SmallIntegerField(default=0)
    lad_code = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.code


class SourceNote(models.Model):
    """Where facts come from: title, licence and the words that the licence asks for."""

    ref = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    attribution = models.CharField(max_length=300, blank=True)
    retrieved_on = models.DateField(null=True)
    url = models.CharField(max_length=300, blank=True)
    is_share_alike = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.ref

    def facts(self) -> Source:
        """The source as the rules read it."""
        return Source(
            self.ref, self.title, self.licence, self.attribution, self.retrieved_on, self.url, self.is_share_alike
        )


class Place(models.Model):
    """
    A place of worship.

    `faiths` and `doubts` are words with a space before and after each, so that one of them can be looked for;
    `doubts` are the rules of the quality report that speak of the place. `is_standing` is false for a record that
    was merged into another. `service_times` is the text of OpenStreetMap as it was read; `times_state` says whether
    a rule could read it (`read`), none could (`unread`), or a person has `typed` or `discarded` it.
    """

    ref = models.CharField(max_length=130, unique=True)
    name = models.CharField(max_length=120, blank=True)
    words = models.TextField(blank=True)
    faiths = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10)
    area_code = models.CharField(max_length=12, blank=True, db_index=True)
    lat_deg = models.FloatField()
    lon_deg = models.FloatField()
    postcode = models.CharField(max_length=40, blank=True)
    doubts = models.CharField(max_length=300, blank=True)
    is_standing = models.BooleanField(default=True)
    service_times = models.CharField(max_length=500, blank=True)
    times_state = models.CharField(max_length=10, blank=True)
    record = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "ref"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area_code", "name", "ref"], name="place_in_area_by_name"),
            models.Index(fields=["name", "ref"], name="place_by_name"),
        ]

    def __str__(self) -> str:
        return self.ref

    def facts(self) -> Facts:
        """The place as the rules read it, as its own record has it."""
        return place_of_object(self.record)

    @property
    def title(self) -> str:
        """The name, or words that say it has none."""
        return self.name or Facts(self.ref).title

    @property
    def faith_words(self) -> str:
        """The faiths in words."""
        return faith_words(self.faiths.split())

    @property
    def status_words(self) -> str:
        """The status in words."""
        return STATES[self.status]

    @property
    def doubt_words(self) -> list[str]:
        """What is doubtful of it, in words, without what nearly every place has."""
        return [DOUBTS[rule] for rule in self.doubts.split() if rule != "never_confirmed"]


def columns_of(place: Facts) -> dict[str, Any]:
    """The columns of a row that stand for a place, in the words that lists look for."""
    said = (place.name, *place.other_names, place.address, place.postcode, place.ref)
    return {
        "name": place.name,
        "words": " ".join(map(name_key, said)),
        "faiths": spaced(in_order(place.faiths) or ("unknown",)),
        "status": place.status,
        "area_code": place.area_code,
        "lat_deg": place.point.lat_deg,
        "lon_deg": place.point.lon_deg,
        "postcode": place.postcode[:40],
        "doubts": spaced(rule for rule, _, speaks_of in RULES if speaks_of(place)),
    }


def spaced(words: Iterable[str]) -> str:
    """Words with a space before and after each; empty for none."""
    joined = " ".join(words)
    return f" {joined} " if joined else ""


class PlaceVersion(models.Model):
    """What a record was before a change, and who changed it, when, on whose word and why."""

    place_ref = models.CharField(max_length=130, db_index=True)
    number = models.PositiveIntegerField()
    record = models.JSONField()
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place_ref", "number"], name="place_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place_ref} {self.number}"


class Alias(models.Model):
    """A merge that stands: `absorbed` stands for `kept`."""

    absorbed = models.CharField(max_length=130, unique=True)
    kept = models.CharField(max_length=130, db_index=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.absorbed} -> {self.kept}"


class Pair(models.Model):
    """Two places that may be one, first ref first by alphabet, and what a person said of them."""

    first = models.CharField(max_length=130)
    second = models.CharField(max_length=130)
    first_area = models.CharField(max_length=12, blank=True, db_index=True)
    second_area = models.CharField(max_length=12, blank=True, db_index=True)
    kind = models.CharField(max_length=10)
    distance_m = models.FloatField()
    likeness = models.FloatField()
    verdict = models.CharField(max_length=10, blank=True)
    then = models.JSONField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"

    @property
    def kind_words(self) -> str:
        """How sure the proposal is, in words."""
        return PAIR_KINDS[self.kind]

    def facts(self) -> Verdict:
        """What was said of the pair, with the names and points that they had then."""
        then: dict[str, Any] = self.then or {"names": ["", ""], "points": [[0.0, 0.0], [0.0, 0.0]]}
        first, second = (Point(*point) for point in then["points"])
        return Verdict((self.first, self.second), self.verdict, (then["names"][0], then["names"][1]), (first, second))


class ImportRun(models.Model):
    """
    A file that somebody handed in: what it would do, until it is accepted or dropped as a whole.

    `areas` are the codes that it may reach, parted by spaces, in order; empty for the whole nation.
    """

    ref = models.CharField(max_length=16, unique=True)
    areas = models.CharField(max_length=600, blank=True)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, blank=True)
    faith = models.CharField(max_length=10, blank=True)
    observed_on = models.DateField(null=True)
    content = models.BinaryField(blank=True, default=b"")
    state = models.CharField(max_length=10, default="preview")
    outcome = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]

    def __str__(self) -> str:
        return self.ref

    @property
    def state_words(self) -> str:
        """What became of the file, in words."""
        return RUN_STATES[self.state]


class Report(models.Model):
    """Somebody says that a record is mistaken; open until a person has looked."""

    place_ref = models.CharField(max_length=130, db_index=True)
    area_code = models.CharField(max_length=12, blank=True, db_index=True)
    kind = models.CharField(max_length=20)
    says = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.place_ref}: {self.kind}"

    @property
    def kind_words(self) -> str:
        """What is said to be mistaken, in words."""
        return REPORTS[self.kind]
