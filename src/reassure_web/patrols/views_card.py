"""The officer's card: own stops alone, three taps for a full record, with HTML alone and without a network."""

from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.audit.answers import form_page
from reassure_web.patrols import queries_card, queries_day, services_day
from reassure_web.patrols.forms_day import OutcomeForm, SkipForm, StartForm

WORKER = Path(__file__).parent / "static" / "patrols" / "sw.js"
EXPIRES = "X-Card-Expires"
"""Until when a phone may keep an answer, in ISO 8601; an answer without it is not kept."""


@not_found_as_404
@require_safe
def card(request: SignedIn) -> HttpResponse:
    """My stops today."""
    found = services_day.open_card(request.user, now=timezone.now())
    shown = {
        "card": found,
        "start_form": StartForm(),
        "outcome_form": OutcomeForm(),
        "skip_form": SkipForm(),
    }
    response = render(request, "patrols/card.html", shown)
    if found is not None and found.is_offline_on:
        response[EXPIRES] = found.expires_at.isoformat(timespec="seconds")
    return response


@not_found_as_404
@require_safe
def stop(request: SignedIn, visit: str) -> HttpResponse:
    """One stop, with the form for what comes next."""
    return _stop_page(request, visit)


@not_found_as_404
@require_POST
def start(request: SignedIn, visit: str) -> HttpResponse:
    """The officers are there."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return _stop_page(request, visit, start_form=form)
    services_day.start_visit(request.user, visit, form.record_id, now=timezone.now())
    return redirect("day:stop", visit)


@not_found_as_404
@require_POST
def end(request: SignedIn, visit: str) -> HttpResponse:
    """The visit is over."""
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _stop_page(request, visit, outcome_form=form)
    services_day.end_visit(request.user, visit, form.fields_told(), now=timezone.now())
    return redirect("day:card")


@not_found_as_404
@require_POST
def skip(request: SignedIn, visit: str) -> HttpResponse:
    """The place is not reached."""
    form = SkipForm(request.POST)
    if not form.is_valid():
        return _stop_page(request, visit, skip_form=form)
    reason = form.cleaned_data["miss_reason"]
    services_day.skip_visit(request.user, visit, form.record_id, reason, now=timezone.now())
    return redirect("day:card")


@not_found_as_404
@require_safe
def outbox(request: SignedIn) -> HttpResponse:
    """What the phone has not sent yet; the page knows nothing, its script reads the phone."""
    return render(request, "patrols/outbox.html", {"card": queries_card.own_card(request.user, now=timezone.now())})


@require_safe
def worker(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 - a view takes its request
    """The script that answers without a network; it stands here because it may only answer for addresses below it."""
    return FileResponse(WORKER.open("rb"), content_type="text/javascript; charset=utf-8")


@not_found_as_404
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: SignedIn, area: str) -> HttpResponse:
    """Whether phones of an area may keep the card."""
    now = timezone.now()
    if request.method == "POST":
        services_day.set_offline_cards(request.user, area, is_on=request.POST.get("is_on") == "yes", now=now)
        return redirect("day:card-setting", area)
    found, is_on = queries_day.is_offline_on(request.user, area, now=now)
    return render(request, "patrols/card_setting.html", {"area": found, "is_on": is_on})


def _stop_page(
    request: SignedIn,
    visit: str,
    *,
    start_form: StartForm | None = None,
    outcome_form: OutcomeForm | None = None,
    skip_form: SkipForm | None = None,
) -> HttpResponse:
    card, stop = services_day.open_stop(request.user, visit, now=timezone.now())
    shown = {
        "card": card,
        "stop": stop,
        "start_form": start_form or StartForm(),
        "outcome_form": outcome_form or OutcomeForm(),
        "skip_form": skip_form or SkipForm(),
        "form": start_form or outcome_form or skip_form,
    }
    return form_page(request, "patrols/card_stop.html", shown)
