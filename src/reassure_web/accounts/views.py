"""One's own account, and what administrators do to others'."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure_web.accounts import queries, services, sessions
from reassure_web.accounts.forms import GrantForm, InviteForm, ReasonForm, done
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit.answers import form_page

LOCKED_MINUTES = 15
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def account(request: SignedIn) -> HttpResponse:
    """My grants, my factors, my sessions."""
    now = timezone.now()
    shown = {
        "grants": queries.own_grants(request.user, now),
        "factors": queries.factors_of(request.user),
        "lacks_factor": sessions.lacks_second_factor(request, request.user, now),
    }
    return render(request, "accounts/account.html", shown)


@require_safe
def factors(request: SignedIn) -> HttpResponse:  # noqa: ARG001
    """Where allauth sends people after a change of factors: their account."""
    return redirect("accounts:account")


@require_POST
def choose_grant(request: SignedIn) -> HttpResponse:
    """Act under another of one's grants from here on."""
    wanted = request.POST.get("grant", "")
    if wanted.isdecimal():
        request.session[sessions.GRANT] = int(wanted)
    following = request.POST.get("next", "")
    return HttpResponseRedirect(following if url_has_allowed_host_and_scheme(following, allowed_hosts=None) else "/")


@require_safe
def people(request: SignedIn) -> HttpResponse:
    """Who has an account, which roles, until when, last seen, which factors."""
    text, number = request.GET.get("text", "").strip(), request.GET.get("page", "1")
    found = services.see_people(request.user, text=text, number=number, now=timezone.now())
    shown = {"people": found.people, "page": found.page, "may_change": found.may_change, "text": text}
    return render(request, "accounts/people.html", shown)


@read_or_write
@fresh_sign_in
def invite(request: SignedIn) -> HttpResponse:
    """Make an account for somebody."""
    form = InviteForm(request.POST or None)

    def write() -> None:
        address = request.build_absolute_uri("/sign-in/password/")
        services.invite(request.user, **form.cleaned_data, address=address, now=timezone.now())

    if request.method == "POST" and done(form, write):
        messages.success(request, "The account is made, and its owner was told by e-mail.")
        return redirect("accounts:people")
    services.check_may_change(request.user, now=timezone.now())
    return form_page(request, "accounts/form.html", {"form": form, "heading": "Invite somebody", "button": "Invite"})


@require_safe
@not_found_as_404
def person(request: SignedIn, person_id: int) -> HttpResponse:
    """One person: grants, factors, sessions."""
    page = services.see_person(request.user, person_id, now=timezone.now())
    return render(request, "accounts/person.html", {"page": page, "now": timezone.now()})


@read_or_write
@fresh_sign_in
@not_found_as_404
def give_grant(request: SignedIn, person_id: int) -> HttpResponse:
    """Give somebody a role."""
    today = timezone.localdate()
    form = GrantForm(request.POST or None, initial={"starts_on": today, "ends_on": today + timedelta(days=364)})

    def write() -> None:
        typed = form.cleaned_data
        now = timezone.now()
        services.give_grant(
            request.user, person_id, form.grant(now), is_aid=typed["is_aid"], reason=typed["reason"], now=now
        )

    if request.method == "POST" and done(form, write):
        messages.success(request, "The grant is given. One for all areas waits for a second administrator.")
        return redirect("accounts:person", person_id)
    services.check_may_change(request.user, now=timezone.now(), person_id=person_id)
    return form_page(request, "accounts/form.html", {"form": form, "heading": "Give a role", "button": "Give"})


@require_POST
@fresh_sign_in
@not_found_as_404
def confirm_grant(request: SignedIn, grant_id: int) -> HttpResponse:
    """Say yes to a grant that reaches the nation."""
    row = services.confirm_grant(request.user, grant_id, now=timezone.now())
    messages.success(request, "The grant is confirmed.")
    return redirect("accounts:person", row.user_id)


@read_or_write
@fresh_sign_in
@not_found_as_404
def end_grant(request: SignedIn, grant_id: int) -> HttpResponse:
    """End a grant at once."""
    return _with_reason(request, "End this grant", "End the grant", services.end_grant, grant_id=grant_id)


@read_or_write
@fresh_sign_in
@not_found_as_404
def take_factors(request: SignedIn, person_id: int) -> HttpResponse:
    """Take away lost factors of somebody whose identity was checked."""
    heading = "Take away lost factors: check first who it is, as for a new account"
    return _with_reason(request, heading, "Take away", services.take_factors, person_id=person_id)


@read_or_write
@fresh_sign_in
@not_found_as_404
def disable(request: SignedIn, person_id: int) -> HttpResponse:
    """Close an account."""
    return _with_reason(request, "Close this account", "Close the account", services.disable, person_id=person_id)


@require_POST
@fresh_sign_in
@not_found_as_404
def end_sessions(request: SignedIn, person_id: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    services.end_sessions(request.user, person_id, now=timezone.now())
    messages.success(request, "All sessions of this person are ended.")
    return redirect("accounts:person", person_id)


def _with_reason(request: SignedIn, heading: str, button: str, write: Any, **target: int) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and done(
        form,
        lambda: write(request.user, **target, reason=form.cleaned_data["reason"], now=timezone.now()),
    ):
        messages.success(request, "It is done.")
        return redirect("accounts:people")
    services.check_may_change(request.user, now=timezone.now(), **target)
    return form_page(request, "accounts/form.html", {"form": form, "heading": heading, "button": button})


def locked_out(request: HttpRequest, _response: HttpResponse, _credentials: Any) -> HttpResponse:
    """Too many wrong passwords: the same words whether or not there is such an account."""
    until = timezone.localtime(timezone.now() + timedelta(minutes=LOCKED_MINUTES))
    return render(request, "accounts/locked.html", {"until": until}, status=429)
