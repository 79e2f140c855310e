"""Single records for the tests of this room and for the walk over every address."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from reassure.files.place_json import place_object
from reassure.geo import Point
from reassure.places.place import Place as Facts
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.places.models import Area, Pair, Place, Report, columns_of
from reassure_web.places.services_imports import Upload, preview_import
from web.conftest import NOW


def counted(queries: Any) -> list[str]:
    """The queries of a page: those that mark transactions, and the session's own clock, are not its doing."""
    every = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in every if "SAVEPOINT" not in sql and not sql.startswith('UPDATE "django_session"')]


def area() -> Area:
    """The area DEMO-01 of the personas."""
    return Area.objects.get_or_create(code="DEMO-01", defaults={"slug": "demo", "name": "Demo area"})[0]


def place(ref: str = "P1", *, times: str = "", **fields: Any) -> Place:
    """A place of DEMO-01; `times` is a text that waits to be read."""
    area()
    facts = {
        "name": "Demo Chapel",
        "faiths": frozenset({"christian"}),
        "point": Point(52.5, -1.9),
        "area_code": "DEMO-01",
    }
    held = Facts(ref, **(facts | fields))
    row, _ = Place.objects.get_or_create(
        ref=ref,
        defaults={
            "record": place_object(held),
            "recorded_at": NOW,
            "changed_at": NOW,
            "service_times": times,
            "times_state": "unread" if times else "",
            **columns_of(held),
        },
    )
    return row


def place_kwargs() -> Mapping[str, Any]:
    """A place for an address."""
    return {"ref": place().ref}


def pair_kwargs() -> Mapping[str, Any]:
    """A pair for an address."""
    place()
    place("P1b", name="Demo Chapel again")
    pair, _ = Pair.objects.get_or_create(
        first="P1",
        second="P1b",
        defaults={"first_area": "DEMO-01", "second_area": "DEMO-01", "kind": "likely", "distance_m": 9, "likeness": 95},
    )
    return {"pair": pair.pk}


def decided_kwargs() -> Mapping[str, Any]:
    """A pair that somebody called different."""
    found = pair_kwargs()
    Pair.objects.filter(pk=found["pair"]).update(verdict="different")
    return found


def somebody() -> User:
    """A person who handed something in or said something; not the one who asks."""
    found = User.objects.filter(email="earlier@demo.example").first()
    return found or User.objects.create_user("earlier@demo.example", "Demo person")


def report_kwargs() -> Mapping[str, Any]:
    """A report of a mistake for an address."""
    row = place()
    report = Report.objects.create(
        place_ref=row.ref, area_code=row.area_code, kind="closed", made_by=somebody(), made_at=NOW
    )
    return {"ref": row.ref, "number": report.pk}


ONE_PLACE = "ref,name,faith,lat,lon,area_code\na1,Demo Temple,sikh,52.5,-1.9,DEMO-01\n"


def run_kwargs(text: str = ONE_PLACE) -> Mapping[str, Any]:
    """A file that somebody of the area handed in."""
    area()
    planner = User.objects.filter(role_grants__role="planner").first() or _planner()
    return {"run": preview_import(planner, Upload("x.csv", text.encode()), now=NOW).ref}


def _planner() -> User:
    user = somebody()
    RoleGrant.objects.create(
        user=user,
        role="planner",
        scope="areas",
        refs=["DEMO-01"],
        starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=300),
    )
    return user
