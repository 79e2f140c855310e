"""Pages of pairs: the list, two records side by side, and what a person says of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.places import services_pairs, services_reading

SAID = {
    "same": "The two are one place now. You can take that back.",
    "different": "Remembered as two places, until a name changes or one of them moves 100 m.",
    "unsure": "Left open for somebody who knows.",
}


@require_GET
@not_found_as_404
def pairs(request: SignedIn) -> HttpResponse:
    """Pairs that wait, and those that were decided last."""
    found = services_reading.look_at_pairs(request.user, now=timezone.now())
    return render(request, "places/pairs.html", {"page": found})


@require_POST
@not_found_as_404
def look(request: SignedIn) -> HttpResponse:
    """Look for pairs anew."""
    n = services_pairs.look_for_pairs(request.user, now=timezone.now())
    messages.success(request, f"{n:,} pairs wait for a decision.")
    return redirect("places:duplicates")


@require_http_methods(["GET", "POST"])
@not_found_as_404
def pair(request: SignedIn, pair: int) -> HttpResponse:
    """Two records side by side; say whether they are one place."""
    now = timezone.now()
    if request.method == "POST":
        verdict = request.POST.get("verdict", "")
        try:
            services_pairs.decide_pair(request.user, pair, verdict, now=now)
        except services_pairs.DecidedMeanwhileError as error:
            found = services_reading.look_at_pair(request.user, pair, now=now)
            return render(request, "places/pair.html", {"page": found, "problems": [str(error)]}, status=409)
        messages.success(request, SAID[verdict])
        return redirect("places:duplicate", pair)
    found = services_reading.look_at_pair(request.user, pair, now=now)
    return render(request, "places/pair.html", {"page": found})


@require_POST
@not_found_as_404
def undo(request: SignedIn, pair: int) -> HttpResponse:
    """Take back what was said of a pair."""
    services_pairs.undo_pair(request.user, pair, now=timezone.now())
    messages.success(request, "Taken back. Both records are as they were before.")
    return redirect("places:duplicate", pair)
