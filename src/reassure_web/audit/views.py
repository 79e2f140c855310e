"""The pause after much reading, and the audit's own pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from reassure_web.audit import services
from reassure_web.audit.forms import ReasonForm


@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest) -> HttpResponse:
    """Ask why somebody reads so much, and let them go on."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.lift_pause(request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        return HttpResponseRedirect(_own_address(form.cleaned_data["next"]))
    return render(request, "audit/paused.html", {"form": form, "why": "You read many records in a short time."})


def _own_address(wanted: str) -> str:
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
