"""The register by the API: lists and one place, with the same scope and the same entries as the pages."""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from reassure.files.place_json import place_object
from reassure_web.accounts.http import SignedIn
from reassure_web.places import services_reading
from reassure_web.places.queries import Filters
from reassure_web.tokens.answers import ProblemsOut, tagged

router = Router(tags=["places"])
Word = Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")]


class PlaceLine(Schema):
    """A place in a list."""

    ref: str
    name: str
    faiths: list[str]
    status: str
    area_code: str
    lat_deg: float
    lon_deg: float
    postcode: str


class PlacesOut(Schema):
    """50 places at most, how many there are, and where the next begin; empty after the last."""

    n: int
    places: list[PlaceLine]
    next_cursor: str


class FiltersIn(Schema):
    """What a list is narrowed to, as on the page."""

    area: Word = ""
    faith: Word = ""
    status: Word = ""
    doubt: Word = ""
    text: Word = ""
    cursor: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}$")] = "1"


@router.get(
    "/places",
    response={200: PlacesOut, 403: ProblemsOut},
    url_name="places",
    operation_id="list_places",
    summary="List places",
)
def list_places(request: SignedIn, filters: Query[FiltersIn]) -> HttpResponse:
    """The places that the caller may see, by name; follow `next_cursor` to the end."""
    wanted = Filters(filters.area, filters.faith, filters.status, filters.doubt, filters.text)
    page = services_reading.look_at_list(request.user, wanted, int(filters.cursor), now=timezone.now())
    lines = [
        {
            "ref": row.ref,
            "name": row.name,
            "faiths": row.faiths.split(),
            "status": row.status,
            "area_code": row.area_code,
            "lat_deg": row.lat_deg,
            "lon_deg": row.lon_deg,
            "postcode": row.postcode,
        }
        for row in page.rows
    ]
    next_cursor = str(page.number + 1) if page.number < page.n_pages else ""
    return tagged(request, {"n": page.n, "places": lines, "next_cursor": next_cursor})


@router.get(
    "/places/{ref}",
    response={200: dict[str, Any], 404: ProblemsOut},
    url_name="place",
    operation_id="read_place",
    summary="Read a place",
)
def read_place(request: SignedIn, ref: str) -> HttpResponse:
    """One place with each fact's source and date, as `reassure places` writes them."""
    page = services_reading.look_at_place(request.user, ref, now=timezone.now())
    return tagged(request, place_object(page.place))
