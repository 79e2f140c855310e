"""
Who gets what at every address: one row for each name of the URLconf; `test_url_matrix` walks them.

A room adds its rows here: `ROWS["places:list"] = Row(get=PLACE_READERS)`. What a row says is for somebody in the
record's own area (DEMO-01, place P1, unit DEMO-01/1 as in `conftest`); the walker itself asks as everybody else, in
another area, and signed out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

import running_day
from reassure.access.allowed import ALLOWED, Action, Role
from reassure.patrols.stops import visit_ref
from reassure.periods import london_date
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.engagement.models import Visit
from reassure_web.pages.models import ErasureAsked, Hold

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2026, 12, 31, tzinfo=UTC)
ANYBODY = frozenset({*(role.value for role in Role), "outsider"})
"""Everybody who is signed in, with a role or without."""


def roles(action: Action) -> frozenset[str]:
    """The roles that the table of permissions gives an action to."""
    return frozenset(role.value for role in ALLOWED[action])


@dataclass(frozen=True)
class Row:
    """
    What one address answers.

    `get`, `post`: the roles that are let in; None where the address does not take the method (405). `kwargs` makes
    the records that the address needs, in DEMO-01, and gives what stands in it; `data` is what is posted. `scoped`:
    the record belongs to an area, a place or a unit, so that the same role elsewhere gets 404. `public`: opens for
    those who are not signed in as well. `depends_on_factors`: the answer to whoever is signed in depends on their
    password and factors; `accounts/test_sign_in` asks, the walker asks signed out alone.
    """

    get: frozenset[str] | None = None
    post: frozenset[str] | None = None
    kwargs: Callable[[], Mapping[str, Any]] = dict
    data: Callable[[], Mapping[str, Any]] = dict
    query: str = ""
    scoped: bool = False
    public: bool = False
    depends_on_factors: bool = False


ROWS: dict[str, Row] = {}

ROWS["pages:home"] = Row(get=ANYBODY)
for text in ("help", "accessibility", "privacy", "cookies"):
    ROWS[f"pages:{text}"] = Row(get=ANYBODY, public=True)
ROWS["audit:pause"] = Row(get=ANYBODY, post=ANYBODY)
ROWS["audit:entries"] = Row(get=roles(Action.AUDIT_READ), query="?reason=a+complaint")
ROWS["audit:export"] = Row(post=roles(Action.AUDIT_READ), data=lambda: {"reason": "a complaint"})
ROWS["audit:verify"] = Row(post=roles(Action.AUDIT_VERIFY))

ADMIN = roles(Action.PEOPLE_CHANGE)


def somebody() -> dict[str, Any]:
    """A person without any role."""
    return {"person_id": User.objects.create_user("somebody@demo.example", "Somebody").pk}


def a_grant() -> dict[str, Any]:
    """A grant that waits for a second person."""
    user = User.objects.create_user("somebody@demo.example", "Somebody")
    grant = RoleGrant.objects.create(
        user=user, role="coordinator", scope="nation", starts_at=FIRST_DAY, ends_at=LAST_DAY, needs_second=True
    )
    return {"grant_id": grant.pk}


ROWS["accounts:account"] = Row(get=ANYBODY)
ROWS["accounts:grant"] = Row(post=ANYBODY)
ROWS["accounts:people"] = Row(get=roles(Action.PEOPLE_READ))
ROWS["accounts:person"] = Row(get=roles(Action.PEOPLE_READ), kwargs=somebody)
ROWS["accounts:invite"] = Row(get=ADMIN, post=ADMIN)
for form in ("give-grant", "take-factors", "disable"):
    ROWS[f"accounts:{form}"] = Row(get=ADMIN, post=ADMIN, kwargs=somebody)
ROWS["accounts:end-sessions"] = Row(post=ADMIN, kwargs=somebody)
ROWS["accounts:confirm-grant"] = Row(post=ADMIN, kwargs=a_grant)
ROWS["accounts:end-grant"] = Row(get=ADMIN, post=ADMIN, kwargs=a_grant)

# What allauth answers: signing in is for everybody, one's own account for whoever is signed in.
ENTRANCE = (
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reset_password",
    "account_signup",
    "account_logout",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_signup",
)
READ_AT_ENTRANCE = (
    "account_inactive",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
)
OWN = (
    "account_change_password",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "usersessions_list",
    "socialaccount_connections",
)
OWN_FACTORS = (
    "socialaccount_login_error",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
)
ROWS |= {name: Row(get=ANYBODY, post=ANYBODY, public=True) for name in ENTRANCE}
ROWS |= {name: Row(get=ANYBODY, public=True) for name in READ_AT_ENTRANCE}
ROWS |= {name: Row(get=ANYBODY, post=ANYBODY) for name in OWN}
ROWS |= {name: Row(get=ANYBODY) for name in ("mfa_index", "mfa_list_webauthn")}
ROWS |= {name: Row(get=ANYBODY, post=ANYBODY, depends_on_factors=True) for name in OWN_FACTORS}
for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
    ROWS[name] = Row(get=ANYBODY, post=ANYBODY, depends_on_factors=True, kwargs=lambda: {"pk": 1})
ROWS["account_reset_password_from_key"] = Row(
    get=ANYBODY, post=ANYBODY, public=True, kwargs=lambda: {"uidb36": "1", "key": "no-such-key"}
)
for name in ("openid_connect_login", "openid_connect_callback"):
    ROWS[name] = Row(get=frozenset(), post=frozenset(), kwargs=lambda: {"provider_id": "own"})

# The administrators' pages.
SYSTEM, OPERATE = roles(Action.SYSTEM_READ), roles(Action.SYSTEM_CHANGE)


def another_admin() -> User:
    """An administrator of the nation."""
    user = User.objects.create_user("other@demo.example", "Demo other admin")
    RoleGrant.objects.create(user=user, role="admin", scope="nation", starts_at=FIRST_DAY, ends_at=LAST_DAY)
    return user


def an_erasure() -> dict[str, Any]:
    """An erasure of nothing that another administrator asked for."""
    asked = ErasureAsked.objects.create(counts=[], n_rows=0, asked_by=another_admin(), asked_at=FIRST_DAY)
    return {"asked_id": asked.pk}


def a_due_session() -> dict[str, Any]:
    """A session that ended long ago, so that something is due."""
    Session.objects.get_or_create(session_key="old", defaults={"session_data": "", "expire_date": LONG_AGO})
    return {}


def a_hold() -> dict[str, Any]:
    """A hold that another administrator placed."""
    hold = Hold.objects.create(kind="check_ins", reason="An inquiry.", placed_by=another_admin(), placed_at=FIRST_DAY)
    return {"hold_id": hold.pk}


ROWS["system:system"] = Row(get=SYSTEM, post=SYSTEM)
ROWS["system:retention"] = Row(get=SYSTEM)
ROWS["system:ask"] = Row(post=OPERATE, kwargs=a_due_session)
ROWS["system:erase"] = Row(post=OPERATE, kwargs=an_erasure)
ROWS["system:withdraw"] = Row(post=OPERATE, kwargs=an_erasure)
ROWS["system:hold"] = Row(get=OPERATE, post=OPERATE, data=lambda: {"kind": "check_ins", "reason": "An inquiry."})
ROWS["system:lift"] = Row(get=OPERATE, post=OPERATE, kwargs=a_hold, data=lambda: {"reason": "It is over."})

# The running day: card, board, paper, debrief; unit 1 of the hand-made plan goes to m1.
M1 = visit_ref("m1")
WATCHERS = roles(Action.BOARD_READ)
TAP = {"client_id": "0b2e4f6a-1111-4222-8333-444455556666"}


def own_stop() -> Mapping[str, Any]:
    """A stop of unit 1 in a plan of this very day."""
    running_day.running_day(london_date(timezone.now()))
    return {"visit": M1}


def board_day() -> Mapping[str, Any]:
    """A day with a plan in force."""
    running_day.running_day()
    return {"area": running_day.SLUG, "on": running_day.ON}


def board_visit() -> Mapping[str, Any]:
    """A visit of that day."""
    return {**board_day(), "visit": M1}


def board_skip() -> Mapping[str, Any]:
    """A visit of that day that was not made."""
    miss = running_day.visit("m1", minutes=0, outcome="not_reached", miss_reason="access", **TAP)
    by = User.objects.create_user("tapper@demo.example", "Demo tapper")
    values = {name: getattr(miss, name) for name in miss.__slots__}
    Visit.objects.create(**{**values, "topics": [], "leaflets": []}, received_at=miss.started_at, recorded_by=by)
    return {**board_day(), **TAP}


ROWS["day:card"] = Row(get=roles(Action.CHECK_IN))
ROWS["day:outbox"] = Row(get=roles(Action.CHECK_IN))
ROWS["day:worker"] = Row(get=ANYBODY)
ROWS["day:stop"] = Row(get=roles(Action.CHECK_IN), kwargs=own_stop, scoped=True)
for step, told in (("start", {}), ("end", {"outcome": "nobody_in"}), ("skip", {"miss_reason": "access"})):
    ROWS[f"day:{step}"] = Row(
        post=roles(Action.CHECK_IN), kwargs=own_stop, data=lambda told=told: {**TAP, **told}, scoped=True
    )
ROWS["day:board"] = Row(get=WATCHERS, kwargs=board_day, scoped=True)
ROWS["day:board-rows"] = Row(get=WATCHERS, kwargs=board_day, scoped=True)
ROWS["day:unit"] = Row(
    get=WATCHERS,
    post=roles(Action.BOARD_CHANGE),
    kwargs=lambda: {**board_day(), "unit": "1"},
    data=lambda: {"kind": "lost_phone"},
    scoped=True,
)
ROWS["day:accept-skip"] = Row(post=roles(Action.BOARD_CHANGE), kwargs=board_skip, scoped=True)
ROWS["day:visit"] = Row(
    get=WATCHERS,
    post=roles(Action.BOARD_CHANGE),
    kwargs=board_visit,
    data=lambda: {**TAP, "miss_reason": "diverted"},
    scoped=True,
)
ROWS["day:paper"] = Row(
    get=roles(Action.PAPER_RECORD),
    post=roles(Action.PAPER_RECORD),
    kwargs=board_visit,
    data=lambda: {
        **TAP, "started": "12:31", "ended": "12:44", "uncertainty_min": 5, "outcome": "nobody_in", "is_attested": "on"
    },
    scoped=True,
)  # fmt: skip
ROWS["day:debrief"] = Row(
    get=WATCHERS, post=roles(Action.DEBRIEF_WRITE), kwargs=board_day, data=lambda: {"notes": "Quiet."}, scoped=True
)
ROWS["day:sign"] = Row(post=roles(Action.DEBRIEF_WRITE), kwargs=board_day, scoped=True)
ROWS["day:card-setting"] = Row(
    get=WATCHERS,
    post=roles(Action.ORDER_ISSUE),
    kwargs=lambda: {"area": board_day()["area"]},
    data=lambda: {"is_on": "yes"},
    scoped=True,
)
