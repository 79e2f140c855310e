"""The operation order: read, written, issued, printed."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure.access.allowed import Action
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit.answers import form_page
from reassure_web.patrols import forms, queries_draw, queries_order, services_orders
from reassure_web.patrols.views_planning import done


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_as_404
def order(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """The order of a plan, with the lines that people write."""
    action = Action.PLAN_WRITE if request.method == "POST" else Action.PLAN_READ
    page = queries_order.order_page(request.user, area, on, number, action=action, now=timezone.now())
    form = forms.OrderForm(page.asked, request.POST or None, texts=page.texts)

    def act() -> None:
        services_orders.write_order(request.user, area, on, number, form.texts, now=timezone.now())

    if request.method == "POST" and done(form, act):
        messages.success(request, "Saved.")
        return redirect("patrols:order", area, on, number)
    shown = {"order_page": page, "page": page.page, "form": form}
    return form_page(request, "patrols/order.html", shown)


@require_POST
@fresh_sign_in
@not_found_as_404
def issue(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """Issue the order."""
    services_orders.issue_order(request.user, area, on, number, now=timezone.now())
    messages.success(request, "The order is issued.")
    return redirect("patrols:order", area, on, number)


@require_safe
@not_found_as_404
def printed(request: SignedIn, area: str, on: date, number: int, kind: str) -> HttpResponse:
    """The order or the cards as PDF; each print has a number."""
    data, n = services_orders.printed(request.user, area, on, number, kind, now=timezone.now())
    name = f"OFFICIAL-SENSITIVE {kind} {area} {on.isoformat()} plan {number} print {n}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_safe
@not_found_as_404
def draw(request: SignedIn, area: str, on: date) -> HttpResponse:
    """The sealed part of a draw's seed, for auditors, from the day after."""
    page = queries_draw.draw_page(request.user, area, on, now=timezone.now())
    return render(request, "patrols/draw.html", {"page": page})
