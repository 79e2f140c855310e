"""The pause after much reading, and the audit's own pages; those ask for a fresh sign-in, see `accounts.urls`."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure_web.audit import queries, services
from reassure_web.audit.answers import form_page
from reassure_web.audit.forms import ReasonForm, SearchForm


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest) -> HttpResponse:
    """Ask why somebody reads so much, and let them go on."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.lift_pause(request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        return HttpResponseRedirect(_own_address(form.cleaned_data["next"]))
    return form_page(request, "audit/paused.html", {"form": form, "why": "You read many records in a short time."})


def _own_address(wanted: str) -> str:
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Who did or saw what: a search with a reason, notes from pauses, and how the chain stands."""
    now = timezone.now()
    shown: dict[str, object] = {"state": queries.chain_state(request.user, now), "page": None}
    form = SearchForm(request.GET if "reason" in request.GET else None)
    if form.is_bound and form.is_valid():
        reason, search = _searched(form)
        number = request.GET.get("page", "1")
        shown["page"] = services.see_entries(request.user, search, number=number, reason=reason, now=now)
    return form_page(request, "audit/entries.html", {"form": form, **shown})


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The entries of a search as a file."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        shown = {"form": form, "state": queries.chain_state(request.user, timezone.now()), "page": None}
        return form_page(request, "audit/entries.html", shown)
    reason, search = _searched(form)
    rows = services.export_entries(request.user, search, reason=reason, now=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-OFFICIAL.csv"'
    csv.writer(response).writerows(rows)
    return response


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain now."""
    found = services.check_chain(request.user, now=timezone.now())
    if found.fault:
        messages.error(request, found.fault)
    else:
        messages.success(request, f"The chain is whole: {found.n_entries} entries.")
    return redirect("audit:entries")


def _searched(form: SearchForm) -> tuple[str, queries.Search]:
    typed = dict(form.cleaned_data)
    return typed.pop("reason"), queries.Search(**typed)
