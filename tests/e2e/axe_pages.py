"""Every page that axe looks at: normal, empty and in error; each room adds its own rows."""

from collections.abc import Callable
from dataclasses import dataclass

from reassure_web.places.models import Place
from web.occasions import records as occasions
from web.places import records as places


@dataclass(frozen=True, slots=True)
class AxePage:
    """
    A page in one state.

    `url` is a path, or a function that makes the data of that state and returns the path; it may take the `visitor`
    who looks. `act` presses what has to be pressed to reach the state, given the browser's page.
    """

    name: str
    role: str | None
    url: str | Callable[..., str]
    act: Callable[..., None] | None = None


PAGES = [
    AxePage("home, nothing to do", "planner", "/"),
    AxePage("home, no grant", "outsider", "/"),
    AxePage("help", None, "/help/"),
    AxePage("help, signed in", "auditor", "/help/"),
    AxePage("accessibility", None, "/accessibility/"),
    AxePage("privacy", None, "/privacy/"),
    AxePage("cookies", None, "/cookies/"),
]


def full_list() -> str:
    """A list with a place of each look: usual, doubtful, closed, without a name."""
    places.place("P1")
    places.place("P2", name="", status="closed")
    places.place("P3", name="Former Chapel", flags=("maybe_closed",), postcode="QQ1 1AA")
    return "/places/"


def full_preview() -> str:
    """A file with new, changed and refused rows."""
    places.place("a1", name="Old name")
    run = places.run_kwargs(
        "ref,name,faith,lat,lon,area_code\na1,New name,sikh,52.5,-1.9,DEMO-01\nb,B,sikh,91,0,DEMO-01\n"
    )
    return f"/places/import/{run['run']}/"


def unread_times() -> str:
    """A place with a rule, and a text that waits."""
    occasions.rule("P1")
    places.place("P2", times="Sundays at ten")
    Place.objects.filter(ref="P1").update(service_times="ask the warden", times_state="unread")
    return "/occasions/places/P1/"


def full_day() -> str:
    """A Sunday with an occasion."""
    occasions.rule("P1")
    return "/occasions/demo/2026-11-29/"


def empty_day() -> str:
    """A day on which nobody gathers."""
    places.place("P1")
    return "/occasions/demo/2026-12-01/"


PAGES += [
    AxePage("places, a full list", "planner", full_list),
    AxePage("places, nothing matches", "planner", "/places/?text=nothing"),
    AxePage("places, a file with refused rows", "planner", full_preview),
    AxePage(
        "places, a pair that was decided", "planner", lambda: f"/places/duplicates/{places.decided_kwargs()['pair']}/"
    ),
    AxePage("occasions, a full day", "planner", full_day),
    AxePage("occasions, an empty day", "planner", empty_day),
    AxePage("occasions, a place with rules and a text", "planner", unread_times),
]
