"""Pages of when people gather: a day by hour and place, one place's times, its word for a date, unread texts."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reassure.errors import InputError, RuleError
from reassure.files.hours_chart import hours_chart
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.audit.answers import form_page
from reassure_web.occasions import services, services_reading
from reassure_web.occasions.forms import RuleForm, WordForm, add_problems
from reassure_web.places.queries import area_by_slug


@require_GET
@not_found_as_404
def today(request: SignedIn, area: str) -> HttpResponse:
    """The page of today, London's date."""
    now = timezone.now()
    return redirect("occasions:day", area_by_slug(request.user, area, now).slug, localdate(now))


@require_GET
@not_found_as_404
def day(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Who gathers in an area on a day, by hour and place."""
    now = timezone.now()
    hour = _number(request.GET.get("hour"), 23)
    page = services_reading.look_at_day(
        request.user, area, on, hour=hour, number=_number(request.GET.get("page"), 10_000) or 1, now=now
    )
    shown: dict[str, Any] = {"page": page, "hour": hour, "now": now, "chart": hours_chart(page.counts, on)}
    shown |= {"pages": _pages(page.number, page.n_pages, hour)}
    if on > date.min:
        shown["before"] = on - timedelta(days=1)
    if on < date.max:
        shown["after"] = on + timedelta(days=1)
    return render(request, "occasions/day.html", shown)


@require_GET
@not_found_as_404
def place(request: SignedIn, ref: str) -> HttpResponse:
    """When a place gathers: its rules, and the days to come."""
    page = services_reading.look_at_place(request.user, ref, now=timezone.now())
    return render(request, "occasions/place.html", {"page": page})


@require_http_methods(["GET", "POST"])
@not_found_as_404
def word(request: SignedIn, ref: str, on: date, key: str) -> HttpResponse:
    """What a place says of a kind of occasion on a date: confirm, cancel, correct."""
    now = timezone.now()
    page = services_reading.open_word(request.user, ref, key, on, now=now)
    first = {"starts": ", ".join(page.starts), "length_min": page.length_min}
    form = WordForm(request.POST if request.method == "POST" else None, code=key, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.say_word(request.user, ref, form.told(on), now=now)
        except (InputError, RuleError) as error:
            add_problems(form, error)
        else:
            messages.success(request, "Written down: the place's own word stands for that date.")
            return redirect("occasions:place", ref)
    return form_page(request, "occasions/word.html", {"page": page, "form": form})


@require_http_methods(["GET", "POST"])
@not_found_as_404
def add_rule(request: SignedIn, ref: str) -> HttpResponse:
    """Type when a place gathers by days of the week."""
    now = timezone.now()
    page = services_reading.open_rule(request.user, ref, now=now)
    form = RuleForm(request.POST if request.method == "POST" else None, initial={"rank": 4 if page.unread else 3})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_rules(request.user, ref, form.typed(), now=now)
        except (InputError, RuleError) as error:
            add_problems(form, error)
        else:
            messages.success(request, "The rule holds from now on.")
            return redirect("occasions:place", ref)
    return form_page(request, "occasions/rule.html", {"page": page, "form": form})


@require_POST
@not_found_as_404
def end_rule(request: SignedIn, ref: str, number: int) -> HttpResponse:
    """Let a rule hold no longer."""
    services.end_rule(request.user, ref, number, now=timezone.now())
    messages.success(request, "The rule holds no longer. It is kept.")
    return redirect("occasions:place", ref)


@require_GET
@not_found_as_404
def unread(request: SignedIn) -> HttpResponse:
    """Texts that no rule could read."""
    found = services_reading.look_at_unread(request.user, now=timezone.now())
    return render(request, "occasions/unread.html", {"texts": found})


@require_POST
@not_found_as_404
def discard(request: SignedIn, ref: str) -> HttpResponse:
    """Throw a text away that says nothing about times."""
    services.discard_text(request.user, ref, now=timezone.now())
    messages.success(request, "The text waits no longer. It is kept with the place.")
    return redirect("occasions:unread")


def _number(text: str | None, most: int) -> int | None:
    is_number = bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) < 6
    return min(int(str(text)), most) if is_number else None


def _pages(number: int, n_pages: int, hour: int | None) -> dict[str, Any]:
    """Links to the page before and after, within the hour that was chosen."""
    chosen = "" if hour is None else f"hour={hour}&"
    found: dict[str, Any] = {}
    if number > 1:
        found["previous"] = {"href": f"?{chosen}page={number - 1}"}
    if number < n_pages:
        found["next"] = {"href": f"?{chosen}page={number + 1}"}
    return found
