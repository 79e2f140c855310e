"""Pages of bringing a file in: hand in, look, accept or drop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reassure.errors import InputError
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.audit.answers import form_page
from reassure_web.places import services_imports, services_reading
from reassure_web.places.forms import ImportForm, add_problems


@require_http_methods(["GET", "POST"])
@not_found_as_404
def hand_in(request: SignedIn) -> HttpResponse:
    """Hand a file in; the next page shows what it would do."""
    now = timezone.now()
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        try:
            run = services_imports.preview_import(request.user, form.upload(), now=now)
        except InputError as error:
            add_problems(form, error, {"": "file"})
        else:
            return redirect("places:import_run", run.ref)
    runs = services_reading.open_imports(request.user, now=now)
    return form_page(request, "places/import.html", {"form": form, "runs": runs})


@require_GET
@not_found_as_404
def preview(request: SignedIn, run: str) -> HttpResponse:
    """New, changed and refused rows of a file, with reasons."""
    found = services_reading.open_import(request.user, run, now=timezone.now())
    return render(request, "places/preview.html", {"run": found, "outcome": found.outcome})


@require_POST
@not_found_as_404
def accept(request: SignedIn, run: str) -> HttpResponse:
    """Take all of a file."""
    done = services_imports.accept_import(request.user, run, now=timezone.now())
    n_new, n_changed = done.outcome["n_new"], done.outcome["n_changed"]
    if done.state == "preview":
        messages.warning(request, "Nothing is taken yet: the register has changed. This is what the file does now.")
    else:
        messages.success(request, f"{n_new:,} places are new and {n_changed:,} changed.")
    return redirect("places:import_run", run)


@require_POST
@not_found_as_404
def drop(request: SignedIn, run: str) -> HttpResponse:
    """Take nothing of a file."""
    services_imports.drop_import(request.user, run, now=timezone.now())
    messages.success(request, "Nothing was taken from the file, and it is forgotten.")
    return redirect("places:import")
