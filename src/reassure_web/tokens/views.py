"""Tokens: the list, a new one shown once, and the end of one."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit.answers import form_page
from reassure_web.tokens import queries, services
from reassure_web.tokens.forms import TokenForm


@not_found_as_404
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in
def tokens(request: SignedIn) -> HttpResponse:
    """Every token, and a form for a new one."""
    now = timezone.now()
    grants = [
        (row.pk, f"{row} until {row.ends_at:%d %b %Y}") for row in queries.grants_for_tokens(request.user, now=now)
    ]
    form = TokenForm(grants, request.POST if request.method == "POST" else None)
    made = ""
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        made = services.make_token(request.user, told["label"], told["grant"], told["days"], now=now)
        form = TokenForm(grants)
    shown = {"tokens": queries.all_tokens(request.user, now=now), "form": form, "made": made, "now": now}
    return form_page(request, "tokens/tokens.html", shown)


@not_found_as_404
@require_POST
@fresh_sign_in
def confirm(request: SignedIn, token_id: int) -> HttpResponse:
    """Let a token work that another administrator made."""
    services.confirm_token(request.user, token_id, now=timezone.now())
    return redirect("tokens:tokens")


@not_found_as_404
@require_POST
def revoke(request: SignedIn, token_id: int) -> HttpResponse:
    """End a token."""
    services.revoke_token(request.user, token_id, now=timezone.now())
    return redirect("tokens:tokens")
