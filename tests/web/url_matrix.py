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
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import running_day
from reassure.access.allowed import ALLOWED, Action, Role
from reassure.patrols.stops import visit_ref
from reassure.periods import london_date
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.engagement.models import Visit
from reassure_web.pages.models import ErasureAsked, Hold
from reassure_web.patrols.models import Day, PlanRun
from reassure_web.tokens.models import ApiToken
from web.occasions import records as occasions
from web.patrols import records as planning
from web.places import records as places

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
    password and factors; `accounts/test_sign_in` asks, the walker asks signed out alone. `is_json`: `data` is posted
    as JSON.
    """

    get: frozenset[str] | None = None
    post: frozenset[str] | None = None
    kwargs: Callable[[], Mapping[str, Any]] = dict
    data: Callable[[], Mapping[str, Any]] = dict
    query: str = ""
    scoped: bool = False
    public: bool = False
    depends_on_factors: bool = False
    is_json: bool = False


ROWS: dict[str, Row] = {}


def a_file() -> SimpleUploadedFile:
    """A small file that no reader takes, which is for the form to say."""
    return SimpleUploadedFile("any.csv", b"nothing")


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
ROWS["accounts:invite"] = Row(get=ADMIN, post=ADMIN, data=lambda: {"name": "New", "email": "new@demo.example"})
ROWS["accounts:give-grant"] = Row(
    get=ADMIN,
    post=ADMIN,
    kwargs=somebody,
    data=lambda: {"role": "analyst", "starts_on": "2026-01-01", "ends_on": "2026-12-01", "reason": "starts here"},
)
for form in ("take-factors", "disable"):
    ROWS[f"accounts:{form}"] = Row(get=ADMIN, post=ADMIN, kwargs=somebody, data=lambda: {"reason": "phone lost"})
ROWS["accounts:end-sessions"] = Row(post=ADMIN, kwargs=somebody)
ROWS["accounts:confirm-grant"] = Row(post=ADMIN, kwargs=a_grant)
ROWS["accounts:end-grant"] = Row(get=ADMIN, post=ADMIN, kwargs=a_grant, data=lambda: {"reason": "has left"})

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

# Planning.
PLANS, WRITE, APPROVE = roles(Action.PLAN_READ), roles(Action.PLAN_WRITE), roles(Action.PLAN_APPROVE)
REPLAN, UNITS = roles(Action.PLAN_REPLAN), roles(Action.UNIT_CHANGE)
in_draft = planning.plan_kwargs()
ROWS["patrols:areas"] = Row(get=PLANS)
ROWS["patrols:days"] = Row(get=PLANS, kwargs=planning.area_kwargs, scoped=True)
ROWS["patrols:day"] = Row(get=PLANS, kwargs=planning.day_kwargs, scoped=True)
ROWS["patrols:declaration"] = Row(post=WRITE, kwargs=planning.day_kwargs, data=lambda: {"file": a_file()}, scoped=True)
ROWS["patrols:terms"] = Row(post=WRITE, kwargs=planning.day_kwargs, scoped=True)
ROWS["patrols:need"] = Row(get=roles(Action.NEED_READ), kwargs=planning.day_kwargs, scoped=True)
ROWS["patrols:ask"] = Row(
    post=roles(Action.NEED_CHANGE),
    kwargs=planning.day_kwargs,
    data=lambda: {"place_ref": "m1", "kind": "must", "reason": "A long enough reason"},
    scoped=True,
)
ROWS["patrols:day-file"] = Row(
    get=roles(Action.NEED_CHANGE),
    post=roles(Action.NEED_CHANGE),
    kwargs=planning.day_kwargs,
    data=lambda: {"file": a_file(), "kind": "facts"},
    scoped=True,
)
ROWS["patrols:decide"] = Row(
    post=roles(Action.NEED_SIGN), kwargs=planning.override_kwargs, data=lambda: {"decision": "sign"}, scoped=True
)
ROWS["patrols:take-back"] = Row(post=roles(Action.NEED_CHANGE), kwargs=planning.override_kwargs, scoped=True)
ROWS["patrols:units"] = Row(get=roles(Action.UNIT_READ), kwargs=planning.day_kwargs, scoped=True)
ROWS["patrols:add-unit"] = Row(
    get=UNITS,
    post=UNITS,
    kwargs=planning.day_kwargs,
    data=lambda: {
        "ref": "car-9", "callsign": "Car 9", "kind": "car", "n_officers": "2", "base_lat_deg": "52.5",
        "base_lon_deg": "-1.9", "starts": "07:00", "ends": "15:00",
    },
    scoped=True,
)  # fmt: skip
ROWS["patrols:import-units"] = Row(post=UNITS, kwargs=planning.day_kwargs, data=lambda: {"file": a_file()}, scoped=True)
ROWS["patrols:copy-units"] = Row(
    post=UNITS, kwargs=planning.day_kwargs, data=lambda: {"from_on": "2026-11-20"}, scoped=True
)
ROWS["patrols:take-off"] = Row(
    get=UNITS, post=UNITS, kwargs=planning.unit_kwargs, data=lambda: {"reason": "Broken down"}, scoped=True
)
ROWS["patrols:put-back"] = Row(post=UNITS, kwargs=planning.unit_kwargs, scoped=True)
ROWS["patrols:runs"] = Row(
    get=PLANS, post=WRITE, kwargs=planning.day_kwargs, data=lambda: {"is_drawn": "yes", "seed": "1"}, scoped=True
)
ROWS["patrols:run"] = Row(get=PLANS, kwargs=planning.run_kwargs, scoped=True)
ROWS["patrols:run-state"] = Row(get=PLANS, kwargs=planning.run_kwargs, scoped=True)
ROWS["patrols:stop"] = Row(post=WRITE, kwargs=planning.run_kwargs, scoped=True)
ROWS["patrols:draw"] = Row(get=roles(Action.SEED_READ), kwargs=planning.day_kwargs)
for name in ("plan", "visits", "unmet", "map", "features", "fairness"):
    ROWS[f"patrols:{name}"] = Row(get=PLANS, kwargs=in_draft, scoped=True)
ROWS["patrols:compare"] = Row(get=PLANS, kwargs=planning.plan_kwargs(other=1), scoped=True)
ROWS["patrols:print"] = Row(get=PLANS, kwargs=planning.plan_kwargs(kind="cards"), scoped=True)
ROWS["patrols:move"] = Row(
    get=WRITE,
    post=WRITE,
    kwargs=planning.plan_kwargs(place="m1"),
    data=lambda: {"unit_ref": "1", "start": "12:20"},
    scoped=True,
)
ROWS["patrols:change"] = Row(
    post=WRITE, kwargs=planning.plan_kwargs(place="m1"), data=lambda: {"kind": "lock"}, scoped=True
)
for name in ("restore", "send", "withdraw"):
    ROWS[f"patrols:{name}"] = Row(post=WRITE, kwargs=in_draft, scoped=True)
ROWS["patrols:approve"] = Row(post=APPROVE, kwargs=planning.plan_kwargs("sent"), scoped=True)
ROWS["patrols:back"] = Row(
    post=APPROVE, kwargs=planning.plan_kwargs("sent"), data=lambda: {"reason": "A long enough reason"}, scoped=True
)
ROWS["patrols:replan"] = Row(get=REPLAN, post=REPLAN, kwargs=in_draft, data=lambda: {"at": "12:00"}, scoped=True)
ROWS["patrols:order"] = Row(get=PLANS, post=WRITE, kwargs=in_draft, scoped=True)
ROWS["patrols:issue"] = Row(post=roles(Action.ORDER_ISSUE), kwargs=planning.plan_kwargs("approved"), scoped=True)


# The API: who may is who may on the pages; the other methods of `card-setting` are asked in tests/web/api.
def api_day() -> Mapping[str, Any]:
    """The address of a day in the API."""
    return board_day()


def api_card() -> Mapping[str, Any]:
    """A card of this very day stands behind an address that names none."""
    own_stop()
    return {}


def api_run() -> Mapping[str, Any]:
    """A run that somebody asked for on that day."""
    day = board_day()
    planner = User.objects.create_user("asker@demo.example", "Demo asker")
    run = PlanRun.objects.create(
        ref="0123456789abcdef", day=Day.objects.get(), kind="plan", inputs="{}", input_hash="", software="0",
        asked_by=planner, asked_at=running_day.at("07:00"),
    )  # fmt: skip
    return {**day, "ref": run.ref}


def api_check_ins() -> Mapping[str, Any]:
    """A record of unit 1 as a phone sends it."""
    at = running_day.at("12:15").isoformat()
    record = {
        **TAP, "area_code": running_day.AREA, "on": str(running_day.ON), "unit_ref": "1", "visit_ref": M1,
        "place_ref": "m1", "started_at": at,
    }  # fmt: skip
    return {"sent_at": at, "records": [record]}


def read_place() -> Mapping[str, Any]:
    """A place of the hand-made plan."""
    board_day()
    return {"ref": "m1"}


AREA_READERS = roles(Action.PLACE_READ) - {"officer", "trustee"}
ROWS["v1:api-root"] = Row(get=ANYBODY, public=True)
ROWS["v1:openapi-json"] = Row(get=ANYBODY, public=True)
ROWS["v1:check-ins"] = Row(post=roles(Action.CHECK_IN), data=api_check_ins, is_json=True)
ROWS["v1:card"] = Row(get=roles(Action.CHECK_IN), kwargs=api_card, scoped=True)
ROWS["v1:places"] = Row(get=roles(Action.PLACE_READ) - {"officer"})
ROWS["v1:place"] = Row(get=AREA_READERS, kwargs=read_place, scoped=True)
ROWS["v1:plan"] = Row(get=roles(Action.PLAN_READ), kwargs=lambda: {**board_day(), "number": 1}, scoped=True)
ROWS["v1:runs"] = Row(
    post=roles(Action.PLAN_WRITE), kwargs=api_day, data=lambda: {"seed": 1}, is_json=True, scoped=True
)
ROWS["v1:run"] = Row(get=roles(Action.PLAN_READ), kwargs=api_run, scoped=True)
ROWS["v1:card-setting"] = Row(get=WATCHERS, kwargs=lambda: {"area": board_day()["area"]}, scoped=True)


def a_token() -> Mapping[str, Any]:
    """A token that another administrator made."""
    holder = User.objects.create_user("holder@demo.example", "Demo holder")
    maker = User.objects.create_user("maker@demo.example", "Demo maker")
    grant = RoleGrant.objects.create(
        user=holder, role="planner", scope="areas", refs=["DEMO-01"], starts_at=FIRST_DAY, ends_at=LAST_DAY
    )
    row = ApiToken.objects.create(
        prefix="x", digest="x", label="x", grant=grant, made_by=maker, made_at=FIRST_DAY, ends_at=LAST_DAY
    )
    return {"token_id": row.pk}


ROWS["tokens:tokens"] = Row(get=roles(Action.TOKEN_CHANGE), post=roles(Action.TOKEN_CHANGE))
ROWS["tokens:confirm"] = Row(post=roles(Action.TOKEN_CHANGE), kwargs=a_token)
ROWS["tokens:revoke"] = Row(post=roles(Action.TOKEN_CHANGE), kwargs=a_token)

PLACE_READERS = roles(Action.PLACE_READ) - {"officer"}
"""Officers find their stops on the card and have no list of places."""
CHANGERS = roles(Action.PLACE_CHANGE)
IMPORTERS = roles(Action.PLACE_IMPORT)
ROWS["places:list"] = Row(get=PLACE_READERS)
ROWS["places:map"] = Row(get=PLACE_READERS)
ROWS["places:export"] = Row(get=PLACE_READERS, post=PLACE_READERS, data=lambda: {"reason": "Mutual aid"})
ROWS["places:reports"] = Row(get=CHANGERS)
ROWS["places:import"] = Row(get=IMPORTERS, post=IMPORTERS)
ROWS["places:import_run"] = Row(get=IMPORTERS, kwargs=places.run_kwargs, scoped=True)
ROWS["places:import_accept"] = Row(post=IMPORTERS, kwargs=places.run_kwargs, scoped=True)
ROWS["places:import_drop"] = Row(post=IMPORTERS, kwargs=places.run_kwargs, scoped=True)
ROWS["places:duplicates"] = Row(get=PLACE_READERS)
ROWS["places:duplicates_look"] = Row(post=CHANGERS)
ROWS["places:duplicate"] = Row(
    get=AREA_READERS, post=CHANGERS, kwargs=places.pair_kwargs, data=lambda: {"verdict": "unsure"}, scoped=True
)
ROWS["places:duplicate_undo"] = Row(post=CHANGERS, kwargs=places.decided_kwargs, scoped=True)
ROWS["places:place"] = Row(get=PLACE_READERS, kwargs=places.place_kwargs, scoped=True)
ROWS["places:edit"] = Row(get=CHANGERS, post=CHANGERS, kwargs=places.place_kwargs, scoped=True)
ROWS["places:close"] = Row(get=CHANGERS, post=CHANGERS, kwargs=places.place_kwargs, scoped=True)
ROWS["places:report"] = Row(
    get=PLACE_READERS, post=PLACE_READERS, kwargs=places.place_kwargs, data=lambda: {"kind": "closed"}, scoped=True
)
ROWS["places:settle"] = Row(post=CHANGERS, kwargs=places.report_kwargs, scoped=True)

TIMERS = roles(Action.OCCASION_CHANGE)
ROWS["occasions:today"] = Row(get=AREA_READERS, kwargs=occasions.area_kwargs, scoped=True)
ROWS["occasions:day"] = Row(get=AREA_READERS, kwargs=occasions.day_kwargs, scoped=True)
ROWS["occasions:unread"] = Row(get=TIMERS)
ROWS["occasions:timetables"] = Row(get=TIMERS, post=TIMERS)
ROWS["occasions:timetable"] = Row(get=TIMERS, kwargs=occasions.timetable_kwargs, scoped=True)
ROWS["occasions:timetable_accept"] = Row(post=TIMERS, kwargs=occasions.timetable_kwargs, scoped=True)
ROWS["occasions:timetable_drop"] = Row(post=TIMERS, kwargs=occasions.timetable_kwargs, scoped=True)
ROWS["occasions:place"] = Row(get=PLACE_READERS, kwargs=places.place_kwargs, scoped=True)
ROWS["occasions:rule"] = Row(get=TIMERS, post=TIMERS, kwargs=places.place_kwargs, scoped=True)
ROWS["occasions:rule_end"] = Row(post=TIMERS, kwargs=occasions.rule_kwargs, scoped=True)
ROWS["occasions:discard"] = Row(post=TIMERS, kwargs=occasions.unread_kwargs, scoped=True)
ROWS["occasions:word"] = Row(get=TIMERS, post=TIMERS, kwargs=occasions.word_kwargs, scoped=True)
