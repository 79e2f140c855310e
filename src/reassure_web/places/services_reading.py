"""Looking at the register: the same as the queries, with the entry in the audit that reading leaves."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.files.register_csv import register_bytes
from reassure_web.accounts.models import User
from reassure_web.audit.services import record_seen
from reassure_web.places import queries, queries_place, queries_sources
from reassure_web.places.models import Area, ImportRun, Place, SourceNote
from reassure_web.places.queries import Filters, PlacesPage

UNREMARKABLE = {"never_confirmed"}
"""Doubts that nearly every place has; they do not mark it on a map."""
FEATURES = 10_000


@transaction.atomic
def look_at_list(actor: User, filters: Filters, number: int, *, now: datetime) -> PlacesPage:
    """A page of the list of places."""
    page = queries.places_page(actor, filters, number, now)
    _seen(actor, f"places:?{filters.query}&page={page.number}", page.n, now)
    return page


def credits_of_page(page: PlacesPage) -> list[str]:
    """The credits that the rows of a page of the list ask for."""
    return queries_sources.credits_of(Place.objects.filter(pk__in=[row.pk for row in page.rows]))


@transaction.atomic
def look_at_place(actor: User, ref: str, *, now: datetime) -> queries_place.PlacePage:
    """The page of a place."""
    page = queries_place.place_page(actor, ref, now)
    record_seen(actor, Action.PLACE_READ, f"place:{ref}", now=now)
    return page


@transaction.atomic
def open_to_change(actor: User, ref: str, *, now: datetime) -> Place:
    """The record of a place for a form that changes it."""
    row = queries.place_row_visible(actor, ref, now)
    require(actor.grants(now), Action.PLACE_CHANGE, now=now, area=row.area_code, place=row.ref)
    record_seen(actor, Action.PLACE_READ, f"place:{ref}", now=now)
    return row


def title_of(actor: User, ref: str, *, now: datetime) -> str:
    """What a place is called, for a form about it."""
    return queries.place_row_visible(actor, ref, now).title


def open_imports(actor: User, *, now: datetime) -> list[ImportRun]:
    """The files that people of the same areas handed in last; `NotAllowedError` for those who may not."""
    require(actor.grants(now), Action.PLACE_IMPORT, now=now)
    return list(queries.imports_visible_to(actor, now).select_related("made_by").defer("content")[:20])


def open_import(actor: User, ref: str, *, now: datetime) -> ImportRun:
    """What a file would do, or did."""
    require(actor.grants(now), Action.PLACE_IMPORT, now=now)
    return queries.imports_visible_to(actor, now).defer("content").get(ref=ref)


@transaction.atomic
def look_at_pairs(actor: User, *, now: datetime) -> queries.PairsPage:
    """The pairs that wait, and those decided last."""
    queries.require_list(actor, now)
    page = queries.pairs_page(actor, now)
    _seen(actor, "places:pairs", page.n_waiting, now)
    return page


@transaction.atomic
def look_at_pair(actor: User, number: int, *, now: datetime) -> queries_place.PairView:
    """Two records side by side."""
    page = queries_place.pair_page(actor, number, now)
    record_seen(actor, Action.PLACE_READ, f"pair:{page.pair.first}+{page.pair.second}", now=now)
    return page


def count_places(actor: User, filters: Filters, *, now: datetime) -> int:
    """How many places a file of these filters would hold."""
    queries.require_list(actor, now)
    return filters.narrow(queries.places_visible_to(actor, now)).count()


@transaction.atomic
def look_at_map(actor: User, filters: Filters, *, now: datetime) -> dict[str, Any]:
    """The places of a filter as GeoJSON with the credits they ask for; over the nation its areas, never its places."""
    queries.require_list(actor, now)
    reach = queries.reach_of(actor, Action.PLACE_READ, now)
    if reach.is_national and not filters.query:
        counts = queries.counts_by_area(actor, queries.areas_visible_to(actor, now), now)
        features = [_area_feature(area, n) for area, n in counts if area.outline]
        credited = queries_sources.credits_of_areas([area for area, _ in counts])
    else:
        rows = filters.narrow(queries.places_visible_to(actor, now)).defer("record", "words")
        area = queries.areas_visible_to(actor, now).filter(slug=filters.area).first()
        outline = [_area_feature(area, None)] if area and area.outline else []
        features = [*outline, *_place_features(rows)]
        credited = queries_sources.credits_of(rows)
        credited += queries_sources.credits_of_areas([area] if area and outline else [])
    _seen(actor, f"places.map:?{filters.query}", len(features), now)
    return {"type": "FeatureCollection", "attribution": " ".join(dict.fromkeys(credited)), "features": features}


@transaction.atomic
def export_places(actor: User, filters: Filters, reason: str, *, now: datetime) -> bytes:
    """The places of a filter as a register file that may be passed on, with its licences."""
    queries.require_list(actor, now)
    rows = filters.narrow(queries.places_visible_to(actor, now)).order_by("ref")
    record_seen(
        actor,
        Action.PLACE_READ,
        f"places.csv:?{filters.query}",
        now=now,
        outcome="exported",
        rows=rows.count(),
        reason=reason,
    )
    places = queries.read(rows)
    used = {ref for place in places for ref in place.source_refs}
    sources = [note.facts() for note in SourceNote.objects.order_by("ref") if note.ref in used]
    return register_bytes(places, sources, for_passing_on=True)


def kind_of(row: Place) -> str:
    """What a place is on a map: closed, to be looked at, or a place."""
    if row.status == "closed":
        return "closed"
    return "flagged" if set(row.doubts.split()) - UNREMARKABLE else "place"


def _place_features(rows: QuerySet[Place]) -> Iterator[dict[str, Any]]:
    for row in rows[:FEATURES]:
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(row.lon_deg, 5), round(row.lat_deg, 5)]},
            "properties": {
                "name": row.title,
                "kind": kind_of(row),
                "words": row.faith_words,
                "href": reverse("places:place", args=[row.ref]),
            },
        }


def _area_feature(area: Area, n: int | None) -> dict[str, Any]:
    words = {} if n is None else {"words": f"{n:,} places", "href": f"{reverse('places:list')}?area={area.slug}"}
    return {"type": "Feature", "geometry": area.outline, "properties": {"name": area.name, "kind": "area", **words}}


def _seen(actor: User, subject: str, rows: int, now: datetime) -> None:
    record_seen(actor, Action.PLACE_READ, subject, now=now, outcome="listed", rows=rows)
