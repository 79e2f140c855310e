"""Whom a list or a map of places has to credit: the sources of what it holds, and no others."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from reassure_web.places.models import Area, Place, SourceNote


def credits_of(rows: QuerySet[Place]) -> list[str]:
    """The words that the licences of these places' sources ask for, by source; one question, whatever their number."""
    named = Concat(Value('"'), OuterRef("ref"), Value('"'))
    told = rows.order_by().annotate(told=Cast("record", TextField())).filter(told__contains=named)
    notes = SourceNote.objects.filter(Exists(told)).exclude(attribution="").order_by("ref")
    return list(dict.fromkeys(notes.values_list("attribution", flat=True)))


def credits_of_areas(areas: Iterable[Area]) -> list[str]:
    """The words that the licences of these areas' outlines ask for."""
    return list(dict.fromkeys(area.attribution for area in areas if area.attribution))
