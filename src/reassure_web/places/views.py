"""Pages of the register: the list with its map, one place, corrections, closing, reports."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reassure.errors import InputError, RuleError
from reassure.files.spots_map import Spot
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit.answers import form_page
from reassure_web.places import queries_place, services, services_reading
from reassure_web.places.forms import (
    CloseForm,
    ExportForm,
    FilterForm,
    PlaceForm,
    ReportForm,
    WordForm,
    add_problems,
    filters_of,
)
from reassure_web.places.queries import PlacesPage
from reassure_web.places.wording import FIELDS, value_words

COLUMNS = {"valid_to": "closed_on", "faith": "faiths", "point": "lat_deg"}
"""Which field of a form a problem of the rules belongs to, where the names differ."""


@require_GET
@not_found_as_404
def place_list(request: SignedIn) -> HttpResponse:
    """The list of places with its filters and map; over the whole nation the areas."""
    now = timezone.now()
    filters, number = filters_of(request.GET)
    page = services_reading.look_at_list(request.user, filters, number, now=now)
    form = FilterForm({"text": filters.text, "area": filters.area, **_choices(request)}, page.areas)
    spots = [Spot(row.lat_deg, row.lon_deg, row.title, services_reading.kind_of(row)) for row in page.rows]
    query = f"?{filters.query}" if filters.query else ""
    shown = {"page": page, "filter": form, "now": now, "spots": spots, "pages": pages_of(page)}
    shown["credits"] = services_reading.credits_of_page(page)
    shown["map_url"] = reverse("places:map") + query
    return render(request, "places/list.html", shown)


@require_GET
@not_found_as_404
def place_map(request: SignedIn) -> JsonResponse:
    """The places of the filters as GeoJSON, for the map that moves."""
    filters, _ = filters_of(request.GET)
    return JsonResponse(services_reading.look_at_map(request.user, filters, now=timezone.now()))


@require_http_methods(["GET", "POST"])
@fresh_sign_in
@not_found_as_404
def export(request: SignedIn) -> HttpResponse:
    """The places of the filters as a file, once somebody has said what for."""
    now = timezone.now()
    filters, _ = filters_of(request.GET)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        content = services_reading.export_places(request.user, filters, form.cleaned_data["reason"], now=now)
        name = f"places-official-{localdate(now).isoformat()}.csv"
        return HttpResponse(
            content,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    n = services_reading.count_places(request.user, filters, now=now)
    return form_page(request, "places/export.html", {"form": form, "n": n, "filters": filters})


@require_GET
@not_found_as_404
def place(request: SignedIn, ref: str) -> HttpResponse:
    """One place: fields with their sources, times, history, reports."""
    now = timezone.now()
    page = services_reading.look_at_place(request.user, ref, now=now)
    spots = [Spot(page.row.lat_deg, page.row.lon_deg, page.place.title, "chosen")]
    return render(request, "places/place.html", {"page": page, "spots": spots, "today": localdate(now)})


@require_http_methods(["GET", "POST"])
@not_found_as_404
def edit(request: SignedIn, ref: str) -> HttpResponse:
    """Correct a place on somebody's word."""
    now = timezone.now()
    if request.method == "GET":
        row = services_reading.open_to_change(request.user, ref, now=now)
        form = PlaceForm(initial=PlaceForm.initial_of(row.facts(), row.version) | {"observed_on": localdate(now)})
        return render(request, "places/edit.html", {"form": form, "ref": ref, "title": row.title})
    form = PlaceForm(request.POST)
    if form.is_valid():
        told, version = form.told(), form.cleaned_data["version"]
        try:
            overruled = services.correct_place(request.user, ref, told, version=version, now=now)
        except services.EditedMeanwhileError as error:
            return _edited(request, ref, form, error)
        except (InputError, RuleError) as error:
            add_problems(form, error, COLUMNS)
        else:
            return _told(request, ref, overruled)
    title = services_reading.open_to_change(request.user, ref, now=now).title
    return form_page(request, "places/edit.html", {"form": form, "ref": ref, "title": title})


@require_http_methods(["GET", "POST"])
@not_found_as_404
def close(request: SignedIn, ref: str) -> HttpResponse:
    """Close a place from a day on."""
    now = timezone.now()
    row = services_reading.open_to_change(request.user, ref, now=now)
    if request.method == "GET":
        day = localdate(now)
        form = CloseForm(initial={"version": row.version, "observed_on": day, "closed_on": day})
        return render(request, "places/close.html", {"form": form, "ref": ref, "title": row.title})
    form = CloseForm(request.POST)
    if form.is_valid():
        word = (form.closed_from(), form.told())
        try:
            overruled = services.close_place(request.user, ref, *word, version=form.cleaned_data["version"], now=now)
        except (InputError, RuleError) as error:
            add_problems(form, error, COLUMNS)
        else:
            return _told(request, ref, overruled)
    return form_page(request, "places/close.html", {"form": form, "ref": ref, "title": row.title})


@require_http_methods(["GET", "POST"])
@not_found_as_404
def report(request: SignedIn, ref: str) -> HttpResponse:
    """Say that something about a place is mistaken."""
    now = timezone.now()
    form = ReportForm(request.POST if request.method == "POST" else None)
    title = services_reading.title_of(request.user, ref, now=now)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            services.report_mistake(request.user, ref, cleaned["kind"], cleaned["says"], now=now)
        except InputError as error:
            add_problems(form, error)
        else:
            messages.success(request, "Thank you. Somebody who may change this place will look at it.")
            return redirect("places:place", ref)
    return form_page(request, "places/report.html", {"form": form, "ref": ref, "title": title})


@require_GET
@not_found_as_404
def reports(request: SignedIn) -> HttpResponse:
    """Reports of mistakes that wait for somebody."""
    found = queries_place.reports_visible_to(request.user, timezone.now())
    return render(request, "places/reports.html", {"reports": found})


@require_POST
@not_found_as_404
def settle(request: SignedIn, ref: str, number: int) -> HttpResponse:
    """Say that a report was looked at."""
    services.settle_report(request.user, ref, number, now=timezone.now())
    messages.success(request, "The report is settled.")
    return redirect("places:place", ref)


def pages_of(page: PlacesPage) -> dict[str, Any]:
    """The links to the page before and the page after, with the filters."""

    def link(number: int) -> dict[str, str]:
        query = urlencode({"page": number})
        return {"href": f"?{page.filters.query}&{query}" if page.filters.query else f"?{query}"}

    found: dict[str, Any] = {}
    if page.number > 1:
        found["previous"] = link(page.number - 1)
    if page.number < page.n_pages:
        found["next"] = link(page.number + 1)
    return found


def _choices(request: SignedIn) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("faith", "status", "doubt")}


def _told(request: SignedIn, ref: str, overruled: tuple[str, ...]) -> HttpResponse:
    """Back to the place, with what of the correction does not stand."""
    if overruled:
        fields = ", ".join(FIELDS[name].lower() for name in overruled)
        messages.warning(request, f"Kept on record, but a word of more weight still stands: {fields}.")
    else:
        messages.success(request, "Saved. The old values stand in the history.")
    return redirect("places:place", ref)


def _edited(request: SignedIn, ref: str, form: WordForm, error: services.EditedMeanwhileError) -> HttpResponse:
    """Both versions, who and when, and the form once more with what was typed over the record as it is now."""
    mine = dict(error.mine)
    typed = PlaceForm.initial_of(error.place, error.version)
    if "point" in mine:
        typed["lat_deg"], typed["lon_deg"], _ = mine.pop("point")
    word = {name: form.cleaned_data[name] for name in ("rank", "source", "observed_on", "reason")}
    again = PlaceForm(initial=typed | mine | word)
    theirs = [(FIELDS[c.field], value_words(c.field, c.before), value_words(c.field, c.after)) for c in error.theirs]
    yours = [(FIELDS[name], value_words(name, value)) for name, value in error.mine.items()]
    shown = {"form": again, "ref": ref, "title": error.place.title, "theirs": theirs, "mine": yours, "error": error}
    return render(request, "places/conflict.html", shown, status=409)
