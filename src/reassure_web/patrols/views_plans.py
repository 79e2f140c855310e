"""A plan: its pages, single changes by hand, sending and approving, what differs, re-planning."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure.access.allowed import Action
from reassure.periods import london_wall
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit.answers import form_page
from reassure_web.patrols import forms, queries_changes, queries_plan, services_plans, services_runs
from reassure_web.patrols.editing import Edit
from reassure_web.patrols.queries_changes import EditPage
from reassure_web.patrols.queries_plan import PlanPage
from reassure_web.patrols.services_runs import Happened
from reassure_web.patrols.views_planning import done, page_number, whole_number


@require_safe
@not_found_as_404
def plan(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """A plan: what is not visited first, then the timeline."""
    return _plan(request, area, on, number, forms.ReasonForm())


@require_safe
@not_found_as_404
def visits(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """The visits of one unit."""
    unit = request.GET.get("unit", "")
    page = queries_plan.visits_page(request.user, area, on, number, unit, now=timezone.now())
    return render(request, "patrols/plan_visits.html", {"visits": page, "page": page.page})


@require_safe
@not_found_as_404
def unmet(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Everything that is not visited."""
    reason = request.GET.get("reason", "")
    page = queries_plan.unmet_page(request.user, area, on, number, reason, page_number(request), now=timezone.now())
    return render(request, "patrols/plan_unmet.html", {"unmet": page, "page": page.page})


@require_safe
@not_found_as_404
def plan_map(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Where the visits are, round by round."""
    chosen = whole_number(request.GET.get("units", ""))
    shown = queries_plan.map_page(request.user, area, on, number, chosen, now=timezone.now())
    return render(request, "patrols/plan_map.html", {"map": shown, "page": shown.page})


@require_safe
@not_found_as_404
def plan_features(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """The map's rows as GeoJSON."""
    found = queries_plan.plan_features(request.user, area, on, number, now=timezone.now())
    return JsonResponse(found, content_type="application/geo+json")


@require_safe
@not_found_as_404
def fairness(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Who is reached, how the plan was drawn, and what it rests on."""
    page = queries_plan.plan_page(request.user, area, on, number, now=timezone.now())
    return render(request, "patrols/plan_fairness.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def move(request: SignedIn, area: str, on: date, number: int, place: str) -> HttpResponse:
    """Move a visit, or add one: windows, then the effect, then save."""
    now = timezone.now()
    page = queries_changes.edit_page(request.user, area, on, number, place, now=now)
    units = [(u["ref"], u["callsign"]) for u in page.page.document["units"]]
    initial = {"unit_ref": request.GET.get("unit", page.visit.unit_ref if page.visit else "")}
    initial["start"] = request.GET.get("start", f"{page.page.index.clock.time(page.visit.starts_at)[-5:]}"
                                       if page.visit else "")  # fmt: skip
    form = forms.PlaceForm(units, request.POST or None, initial=initial)
    if request.method != "POST":
        return _edit(request, page, form)
    saved: list[int] = []

    def act() -> None:
        nonlocal page
        edit = Edit("place", place, form.cleaned_data["unit_ref"], form.starts_at(_window(page.page), on))
        if "save" in request.POST:
            saved.append(services_plans.change_plan(request.user, area, on, number, edit, now=now).number)
        else:
            page = queries_changes.edit_page(request.user, area, on, number, place, edit, now=now)

    if done(form, act) and saved:
        return redirect("patrols:plan", area, on, saved[0])
    return _edit(request, page, form)


@require_POST
@not_found_as_404
def change(request: SignedIn, area: str, on: date, number: int, place: str) -> HttpResponse:
    """Drop, lock or unlock a visit."""
    edit = Edit(request.POST.get("kind", ""), place)
    made = services_plans.change_plan(request.user, area, on, number, edit, now=timezone.now())
    return redirect("patrols:plan", area, on, made.number)


@require_POST
@not_found_as_404
def restore(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Make an earlier plan the latest again."""
    made = services_plans.restore_plan(request.user, area, on, number, now=timezone.now())
    return redirect("patrols:plan", area, on, made.number)


@require_POST
@not_found_as_404
def send(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Send a plan for approval."""
    return _acted(request, area, on, number, services_plans.send_plan, "Sent for approval.")


@require_POST
@not_found_as_404
def withdraw(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Take a plan back."""
    return _acted(request, area, on, number, services_plans.withdraw_plan, "Withdrawn.")


@require_POST
@fresh_sign_in
@not_found_as_404
def approve(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Put a plan in force."""
    return _acted(request, area, on, number, services_plans.approve_plan, "Approved. The plan is in force.")


@require_POST
@not_found_as_404
def back(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Return a plan with a reason."""
    form = forms.ReasonForm(request.POST)

    def act() -> None:
        services_plans.send_back(request.user, area, on, number, form.cleaned_data["reason"], now=timezone.now())

    if done(form, act):
        return redirect("patrols:plan", area, on, number)
    return _plan(request, area, on, number, form)


@require_safe
@not_found_as_404
def compare(request: SignedIn, area: str, on: date, number: int, other: int) -> HttpResponse:
    """What differs between two plans."""
    page = queries_changes.compare_page(request.user, area, on, number, other, now=timezone.now())
    return render(request, "patrols/compare.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def replan(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Plan the rest of the day again after what happened."""
    now = timezone.now()
    page = queries_plan.plan_page(request.user, area, on, number, action=Action.PLAN_REPLAN, now=now)
    units = [(u["ref"], u["callsign"]) for u in page.document["units"]]
    starts_at, ends_at = _window(page)
    known_at = london_wall(min(max(now, starts_at), ends_at))
    initial = {"lost": request.GET.getlist("lost"), "at": f"{known_at:%H:%M}"}
    form = forms.ReplanForm(units, (starts_at, ends_at), request.POST or None, initial=initial)
    asked: list[str] = []

    def act() -> None:
        data = form.cleaned_data
        refs = tuple(ref.strip() for ref in data["cancelled"].split(",") if ref.strip())
        happened = Happened(form.known_at(on), tuple(data["lost"]), refs, data["with_new_units"])
        asked.append(services_runs.request_replan(request.user, area, on, number, happened, now=now).ref)

    if request.method == "POST" and done(form, act):
        return redirect("patrols:run", area, on, asked[0])
    return form_page(request, "patrols/replan.html", {"page": page, "form": form})


def _plan(request: SignedIn, area: str, on: date, number: int, form: forms.ReasonForm) -> HttpResponse:
    page = queries_plan.plan_page(request.user, area, on, number, now=timezone.now())
    return form_page(request, "patrols/plan.html", {"page": page, "form": form})


def _edit(request: SignedIn, page: EditPage, form: forms.PlaceForm) -> HttpResponse:
    shown = {"edit": page, "page": page.page, "form": form}
    return form_page(request, "patrols/move.html", shown)


def _acted(request: SignedIn, area: str, on: date, number: int, act: Callable[..., Any], words: str) -> HttpResponse:
    act(request.user, area, on, number, now=timezone.now())
    messages.success(request, words)
    return redirect("patrols:plan", area, on, number)


def _window(page: PlanPage) -> tuple[datetime, datetime]:
    window = page.document["window"]
    return datetime.fromisoformat(window["starts_at"]), datetime.fromisoformat(window["ends_at"])
