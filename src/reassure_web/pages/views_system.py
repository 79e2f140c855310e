"""Pages of administrators: health of the installation, retention, holds and erasures."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure_web.accounts.forms import done
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit.answers import form_page
from reassure_web.pages import queries_system, services_purge, services_retention
from reassure_web.pages.forms_system import HoldForm, LiftForm


@require_http_methods(["GET", "HEAD", "POST"])
def system(request: SignedIn) -> HttpResponse:
    """Health; a post computes the chain of the audit anew."""
    now = timezone.now()
    verdict = queries_system.checked(request.user, now=now) if request.method == "POST" else None
    lines = queries_system.health(request.user, now=now)
    return render(request, "pages/system.html", {"lines": lines, "verdict": verdict})


@require_safe
def retention(request: SignedIn) -> HttpResponse:
    """What is kept for how long, holds, and the erasure that waits."""
    page = queries_system.retention(request.user, now=timezone.now())
    return render(request, "pages/retention.html", {"page": page})


@require_POST
@fresh_sign_in
def ask(request: SignedIn) -> HttpResponse:
    """Count what is due and ask for its erasure."""
    services_retention.ask_erasure(request.user, now=timezone.now())
    return redirect("system:retention")


@require_POST
@fresh_sign_in
@not_found_as_404
def erase(request: SignedIn, asked_id: int) -> HttpResponse:
    """Erase what another asked for."""
    services_retention.do_erasure(request.user, asked_id, now=timezone.now())
    return redirect("system:retention")


@require_POST
@not_found_as_404
def withdraw(request: SignedIn, asked_id: int) -> HttpResponse:
    """Let an erasure go."""
    services_retention.withdraw_erasure(request.user, asked_id, now=timezone.now())
    return redirect("system:retention")


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: SignedIn) -> HttpResponse:
    """Place a hold."""
    now = timezone.now()
    form = HoldForm(request.POST or None)
    queries_system.holder(request.user, now=now)
    if request.method == "POST" and done(
        form, lambda: services_purge.place_hold(request.user, **form.cleaned_data, now=now)
    ):
        return redirect("system:retention")
    return form_page(request, "pages/hold.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def lift(request: SignedIn, hold_id: int) -> HttpResponse:
    """Lift a hold."""
    now = timezone.now()
    form = LiftForm(request.POST or None)
    held = queries_system.hold_in_force(request.user, hold_id, now=now)
    if request.method == "POST" and done(
        form, lambda: services_purge.lift_hold(request.user, hold_id, form.cleaned_data["reason"], now=now)
    ):
        return redirect("system:retention")
    return form_page(request, "pages/lift.html", {"form": form, "hold": held})
