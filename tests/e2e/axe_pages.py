"""Every page that axe looks at: normal, empty and in error; each room adds its own rows."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Page

from reassure.access.allowed import Action
from reassure_web.accounts.models import User
from reassure_web.audit.services import lift_pause, record
from reassure_web.places.models import Place
from web.occasions import records as occasions
from web.places import records as places
from web.url_matrix import FIRST_DAY, LAST_DAY, ROWS


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
    status: int = 200


def a_pair_waits() -> str:
    """Two places that may be one; the first page then has something to do."""
    ROWS["places:duplicate"].kwargs()
    return "/"


PAGES = [
    AxePage("home, nothing to do", "planner", "/"),
    AxePage("home, something to do", "planner", a_pair_waits),
    AxePage("not found", "planner", "/no/such/page/", status=404),
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


def wrong_password(page: Page) -> None:
    """Sign in with what is no password."""
    page.get_by_label("E-mail address").fill("nobody@demo.example")
    page.locator("input[type=password]").fill("no-such-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_selector(".govuk-error-summary")


def locked(page: Page) -> None:
    """Sign in wrongly until it is locked."""
    for _ in range(4):
        wrong_password(page)
    page.get_by_label("E-mail address").fill("nobody@demo.example")
    page.locator("input[type=password]").fill("no-such-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Signing in is locked").wait_for()


def somebody_with_grants() -> str:
    """A person with a grant in force, one that waits and one that ended."""
    person = User.objects.create_user("somebody@demo.example", "Somebody")
    for role, scope, needs_second, ended_at in (
        ("planner", "areas", False, None),
        ("coordinator", "nation", True, None),
        ("supervisor", "areas", False, FIRST_DAY),
    ):
        person.role_grants.create(
            role=role,
            scope=scope,
            refs=["DEMO-01"] if scope == "areas" else [],
            starts_at=FIRST_DAY,
            ends_at=LAST_DAY,
            needs_second=needs_second,
            ended_at=ended_at,
        )
    return f"/people/{person.pk}/"


def full_audit() -> str:
    """Entries of every kind, and a reason given after a pause."""
    person = User.objects.create_user("somebody@demo.example", "Somebody")
    record(person, Action.PLACE_CHANGE, "place:P1", now=FIRST_DAY, reason="moved to another street")
    record(None, Action.SIGN_IN, "account:0123456789abcdef", now=FIRST_DAY, outcome="failed")
    lift_pause(person, reason="A flood in the whole district", now=timezone.now())
    return "/audit/?reason=complaint"


PAGES += [
    AxePage("sign in, a wrong password", None, "/sign-in/", wrong_password),
    AxePage("sign in, locked", None, "/sign-in/", locked),
    AxePage("people, nobody matches", "admin", "/people/?text=zzz"),
    AxePage("people, somebody with grants of each state", "admin", somebody_with_grants),
    AxePage("audit, entries of each kind", "auditor", full_audit),
    AxePage("audit, no entries match", "auditor", "/audit/?reason=complaint&subject=nothing"),
    AxePage("audit, no reason", "auditor", "/audit/?reason=", status=422),
]
