"""The page of the demonstration: somebody of each role, signed in with one click."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from reassure_web.pages import demo


@login_not_required
@require_safe
def personas(request: HttpRequest) -> HttpResponse:
    """Whom one may be."""
    return render(request, "pages/demo.html", {"people": demo.people_to_be()})


@login_not_required
@require_POST
def sign_in(request: HttpRequest, person_id: int) -> HttpResponse:
    """Be somebody."""
    return redirect(demo.sign_in_as(request, person_id))
