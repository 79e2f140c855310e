"""Days, a day's tasks, its declaration and terms, need and overrides, units."""

from collections.abc import Callable
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure.errors import InputError, RuleError
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit.answers import form_page
from reassure_web.patrols import (
    forms,
    queries_need,
    queries_planning,
    queries_units,
    services_begin,
    services_needs,
    services_units,
)


@require_safe
@not_found_as_404
def areas(request: SignedIn) -> HttpResponse:
    """The areas that somebody plans; the only one opens at once."""
    found = queries_planning.areas_to_plan(request.user, now=timezone.now())
    if len(found) == 1:
        return redirect("patrols:days", found[0].slug)
    return render(request, "patrols/areas.html", {"areas": found})


@require_safe
@not_found_as_404
def days(request: SignedIn, area: str) -> HttpResponse:
    """The days of an area."""
    page = queries_planning.days_page(request.user, area, page_number(request), now=timezone.now())
    return render(request, "patrols/days.html", {"page": page})


@require_safe
@not_found_as_404
def day(request: SignedIn, area: str, on: date) -> HttpResponse:
    """One day as a task list."""
    return _day(request, area, on, forms.FileForm())


@require_POST
@not_found_as_404
def declaration(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Load a declaration file for the day."""
    form = forms.FileForm(request.POST, request.FILES)

    def load() -> None:
        services_begin.load_declaration(request.user, area, on, form.content, form.name, now=timezone.now())

    if done(form, load):
        return redirect("patrols:day", area, on)
    return _day(request, area, on, form)


@require_POST
@not_found_as_404
def terms(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Say how strict the day's plan is."""
    form = forms.TermsForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        services_begin.set_terms(
            request.user,
            area,
            on,
            must_unknown=data["must_unknown"],
            allow_shortfall=data["allow_shortfall"],
            now=timezone.now(),
        )
    return redirect("patrols:day", area, on)


@require_safe
@not_found_as_404
def need(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Why each place."""
    return _need(request, area, on, forms.OverrideForm(initial={"place_ref": request.GET.get("place", "")}))


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def day_file(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Load facts of places, or incidents, for the day."""
    form = forms.DayFileForm(request.POST or None, request.FILES or None)

    def load() -> None:
        kind = form.cleaned_data["kind"]
        services_begin.load_day_file(request.user, area, on, kind, form.content, form.name, now=timezone.now())

    if request.method == "POST" and done(form, load):
        return redirect("patrols:need", area, on)
    head = queries_planning.may_change_need(request.user, area, on, now=timezone.now())
    shown = {"head": head, "form": form}
    return form_page(request, "patrols/day_file.html", shown)


@require_POST
@not_found_as_404
def ask(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Ask for an override."""
    form = forms.OverrideForm(request.POST)

    def keep() -> None:
        data = form.cleaned_data
        services_needs.ask_override(
            request.user, area, on, data["place_ref"].strip(), data["kind"], data["reason"], now=timezone.now()
        )

    if done(form, keep):
        return redirect("patrols:need", area, on)
    return _need(request, area, on, form)


@require_POST
@fresh_sign_in
@not_found_as_404
def decide(request: SignedIn, area: str, on: date, override: int) -> HttpResponse:
    """Sign or refuse an override."""
    is_signed = request.POST.get("decision") == "sign"
    services_needs.decide_override(request.user, area, on, override, is_signed=is_signed, now=timezone.now())
    return redirect("patrols:need", area, on)


@require_POST
@not_found_as_404
def take_back(request: SignedIn, area: str, on: date, override: int) -> HttpResponse:
    """Take an override back."""
    services_needs.withdraw_override(request.user, area, on, override, now=timezone.now())
    return redirect("patrols:need", area, on)


@require_safe
@not_found_as_404
def units(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Who can go."""
    return _units(request, area, on)


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def add_unit(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Add one unit."""
    form = forms.UnitForm(request.POST or None)

    def keep() -> None:
        services_units.add_unit(request.user, area, on, form.unit(on), now=timezone.now())

    if request.method == "POST" and done(form, keep):
        return redirect("patrols:units", area, on)
    head = queries_units.may_change_units(request.user, area, on, now=timezone.now())
    return form_page(request, "patrols/unit_add.html", {"head": head, "form": form})


@require_POST
@not_found_as_404
def import_units(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Take every unit of a file onto the day, or none."""
    form = forms.FileForm(request.POST, request.FILES)

    def keep() -> None:
        services_units.import_units(request.user, area, on, form.content, form.name, now=timezone.now())

    if done(form, keep):
        return redirect("patrols:units", area, on)
    return _units(request, area, on, file_form=form)


@require_POST
@not_found_as_404
def copy_units(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Copy another day's units."""
    form = forms.CopyForm(request.POST)

    def keep() -> None:
        services_units.copy_units(request.user, area, on, form.cleaned_data["from_on"], now=timezone.now())

    if done(form, keep):
        return redirect("patrols:units", area, on)
    return _units(request, area, on, copy_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def take_off(request: SignedIn, area: str, on: date, unit: str) -> HttpResponse:
    """Take a unit off with a reason."""
    form = forms.ReasonForm(request.POST or None)

    def keep() -> None:
        services_units.take_off(request.user, area, on, unit, form.cleaned_data["reason"], now=timezone.now())

    if request.method == "POST" and done(form, keep):
        return redirect("patrols:units", area, on)
    head = queries_units.may_change_units(request.user, area, on, unit=unit, now=timezone.now())
    shown = {"head": head, "form": form, "unit": unit}
    return form_page(request, "patrols/unit_off.html", shown)


@require_POST
@not_found_as_404
def put_back(request: SignedIn, area: str, on: date, unit: str) -> HttpResponse:
    """Put a unit back that was taken off."""
    services_units.put_back(request.user, area, on, unit, now=timezone.now())
    return redirect("patrols:units", area, on)


def done(form: forms.RuleForm, act: Callable[[], object]) -> bool:
    """Whether a form was sound and its use case went through; what the rules say no to stands on the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except (InputError, RuleError) as error:
        form.take(error)
        return False
    return True


def page_number(request: SignedIn) -> int:
    """The page of a list that the address asks for, from 1."""
    return whole_number(request.GET.get("page", "")) or 1


def whole_number(text: str) -> int:
    """A number that an address asks for; 0 where it is none."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _day(request: SignedIn, area: str, on: date, form: forms.FileForm) -> HttpResponse:
    page = queries_planning.day_page(request.user, area, on, now=timezone.now())
    terms_form = forms.TermsForm(
        initial={"must_unknown": page.day.must_unknown, "allow_shortfall": page.day.allow_shortfall} if page.day else {}
    )
    shown = {"page": page, "form": form, "terms": terms_form}
    return form_page(request, "patrols/day.html", shown)


def _need(request: SignedIn, area: str, on: date, form: forms.OverrideForm) -> HttpResponse:
    gate = request.GET.get("gate", "open")
    page = queries_need.need_page(request.user, area, on, gate, page_number(request), now=timezone.now())
    return form_page(request, "patrols/need.html", {"page": page, "form": form})


def _units(
    request: SignedIn,
    area: str,
    on: date,
    *,
    file_form: forms.FileForm | None = None,
    copy_form: forms.CopyForm | None = None,
) -> HttpResponse:
    page = queries_units.units_page(request.user, area, on, page_number(request), now=timezone.now())
    shown = {
        "page": page,
        "file_form": file_form or forms.FileForm(),
        "copy_form": copy_form or forms.CopyForm(initial={"from_on": next(iter(page.other_days), None)}),
        "form": file_form or copy_form,
    }
    return form_page(request, "patrols/units.html", shown)
