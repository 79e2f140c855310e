"""Loading what places lie in: police areas, districts, postcodes."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils.text import slugify

from reassure.files.areas import read_areas, read_districts
from reassure.files.postcodes import list_rows
from reassure.forces import FORCES
from reassure.places.areas import AreaMap
from reassure.provenance import AREA_ATTRIBUTION
from reassure_web.places.models import Area, District, Postcode

BATCH = 20_000
INSERT_POSTCODE = (
    "INSERT INTO places_postcode (code, lat_deg, lon_deg, quality, lad_code) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING"
)


def add_force_areas(*, using: str = "default") -> None:
    """Have a row for each police area of the United Kingdom, without an outline until one is loaded."""
    rows = [Area(code=f.area_code, slug=slugify(f.area_name), name=f.area_name) for f in FORCES if f.has_area]
    Area.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def load_areas(path: Path, *, attribution: str = AREA_ATTRIBUTION) -> int:
    """Take the outlines of a GeoJSON file; areas that are there already get the new outline."""
    return save_areas(read_areas(path), attribution=attribution)


@transaction.atomic
def save_areas(areas: AreaMap, *, attribution: str) -> int:
    """Take outlines; an area that nobody knew gets a row."""
    for code, outline in areas.items():
        geometry = {"type": "MultiPolygon", "coordinates": outline.outline}
        Area.objects.update_or_create(
            code=code,
            defaults={"outline": geometry, "attribution": attribution},
            create_defaults={
                "slug": slugify(outline.name) or slugify(code),
                "name": outline.name,
                "outline": geometry,
                "attribution": attribution,
            },
        )
    return len(areas)


@transaction.atomic
def load_districts(path: Path) -> int:
    """Take the list of districts in place of the one that is there."""
    found = read_districts(path)
    District.objects.all().delete()
    District.objects.bulk_create(District(lad_code=lad, area_code=area) for lad, area in sorted(found.items()))
    return len(found)


@transaction.atomic
def load_postcodes(paths: Iterable[Path]) -> int:
    """
    Take lists of postcodes in place of those that are there; an earlier row of a code stands.

    Rows go to the database as they are, since 1.7 million objects would take minutes.
    """
    Postcode.objects.all().delete()
    with connection.cursor() as cursor:
        for path in paths:
            rows = list_rows(path)
            while batch := list(islice(rows, BATCH)):
                cursor.executemany(INSERT_POSTCODE, batch)
    return Postcode.objects.count()
