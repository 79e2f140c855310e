"""Plan runs: ask for one, watch it, stop it."""

from datetime import date

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.audit.answers import form_page
from reassure_web.patrols import forms, queries_planning, services_runs
from reassure_web.patrols.services_runs import Options
from reassure_web.patrols.views_planning import done


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def runs(request: SignedIn, area: str, on: date) -> HttpResponse:
    """The runs of a day, and a form to ask for one."""
    form = forms.RunForm(request.POST or None)
    asked: list[str] = []

    def ask() -> None:
        data = form.cleaned_data
        options = Options(data["seed"], data["iterations"], None, is_drawn=data["is_drawn"])
        keep = request.POST.get("of_number", "")
        number = int(keep) if keep.isdecimal() else None
        asked.append(
            services_runs.request_run(request.user, area, on, options, of_number=number, now=timezone.now()).ref
        )

    if request.method == "POST" and done(form, ask):
        return redirect("patrols:run", area, on, asked[0])
    page = queries_planning.day_page(request.user, area, on, now=timezone.now())
    return form_page(request, "patrols/runs.html", {"page": page, "form": form})


@require_safe
@not_found_as_404
def run(request: SignedIn, area: str, on: date, run: str) -> HttpResponse:
    """One run as it stands."""
    page = queries_planning.run_page(request.user, area, on, run, now=timezone.now())
    return render(request, "patrols/run.html", {"page": page})


@require_safe
@not_found_as_404
def run_state(request: SignedIn, area: str, on: date, run: str) -> HttpResponse:
    """The state of a run alone, or 304 where nothing has changed."""
    now = timezone.now()
    tag = f'"{queries_planning.run_version(request.user, area, on, run, now=now)}"'
    if request.headers.get("If-None-Match", "") == tag:
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = tag
        return unchanged
    page = queries_planning.run_page(request.user, area, on, run, now=now)
    response = render(request, "patrols/run_state.html", {"page": page})
    response["ETag"] = tag
    return response


@require_POST
@not_found_as_404
def stop(request: SignedIn, area: str, on: date, run: str) -> HttpResponse:
    """Stop a run and keep the best plan so far."""
    services_runs.wish_stop(request.user, area, on, run, now=timezone.now())
    return redirect("patrols:run", area, on, run)
