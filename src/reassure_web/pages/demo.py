"""A demonstration: a generated area with a plan of today in force, and somebody of each role that has a screen.

Rules: everything goes through the services, in the name of those who would do it; every name says that it is
generated. It stands in a home of its own. Elsewhere: the board that moves (`demo_board`), the page that signs
somebody in with one click (`views_demo`), which exists only where the command `demo` runs.
"""

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from reassure.access.allowed import Role
from reassure.access.grants import Scope
from reassure.errors import RuleError
from reassure.files.areas import read_areas
from reassure.files.demo_area import DemoArea
from reassure.files.demo_inputs import AREAS, DECLARATION, FACTS, INCIDENTS, PLACES, UNITS, input_files
from reassure.files.demo_live import live_area
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.engagement.services import set_offline_cards
from reassure_web.occasions.services import save_rules
from reassure_web.patrols.queries_day import plans_in_force
from reassure_web.patrols.services_begin import load_day_file, load_declaration, set_terms
from reassure_web.patrols.services_plans import approve_plan, send_plan
from reassure_web.patrols.services_runs import Options, compute_here, request_run
from reassure_web.patrols.services_units import import_units
from reassure_web.places.models import Area
from reassure_web.places.services_areas import save_areas
from reassure_web.places.services_imports import Upload, accept_import, preview_import

MARK = "demo.txt"
ITERATIONS = 3_000
"""Enough for the demo area and a few seconds only."""
BACKEND = "reassure_web.accounts.backends.Passwords"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of a role, and what to look at first."""

    role: Role
    name: str
    does: str
    start: str = "/"


PERSONAS = (
    Persona(Role.PLANNER, "Demo planner", "plans the day: need, units, runs, plans", "/patrols/"),
    Persona(Role.COMMANDER, "Demo commander", "approves plans and orders, lets phones keep the card", "/patrols/"),
    Persona(Role.SUPERVISOR, "Demo supervisor", "watches the board, keys in paper cards, closes the day"),
    Persona(Role.OFFICER, "Demo officer", "has the card of a unit that is out", "/card/"),
    Persona(Role.ADVISER, "Demo adviser", "keeps places and times right", "/places/"),
    Persona(Role.COORDINATOR, "Demo coordinator", "reads the register of the nation", "/places/"),
    Persona(Role.TRUSTEE, "Demo trustee", "sees the own place and nothing else", "/places/"),
    Persona(Role.AUDITOR, "Demo auditor", "reads who did and saw what", "/audit/"),
    Persona(Role.ADMIN, "Demo administrator", "keeps people, grants and tokens", "/people/"),
    Persona(Role.ADMIN, "Demo second administrator", "confirms what the first one gives", "/people/"),
)


def clear_home(home: Path) -> None:
    """
    Empty the home of an earlier demonstration.

    Raises
    ------
    RuleError
        Something else stands there.
    """
    if home.exists() and any(home.iterdir()):
        if not (home / MARK).exists():
            raise RuleError(f"{home} holds something that no demonstration made; expected another --home.")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text("Made by `reassure-web demo`; the next one empties this folder.\n", "utf-8")


def build(*, now: datetime) -> str:
    """The area, its people and a plan of today in force; the address of its day."""
    area = live_area(now)
    on = area.on
    files = input_files(area)
    slug = _area(files[AREAS], area)
    people = _people(area, now)
    planner, commander = people["Demo planner"], people["Demo commander"]
    run = preview_import(planner, Upload(PLACES, files[PLACES]), now=now)
    accept_import(planner, run.ref, now=now)
    save_rules(planner, area.rules, reason="Generated timetables", now=now)
    load_declaration(planner, slug, on, files[DECLARATION], DECLARATION, now=now)
    import_units(planner, slug, on, files[UNITS], UNITS, now=now)
    load_day_file(planner, slug, on, "facts", files[FACTS], FACTS, now=now)
    load_day_file(planner, slug, on, "incidents", files[INCIDENTS], INCIDENTS, now=now)
    set_terms(planner, slug, on, must_unknown=False, allow_shortfall=True, now=now)
    _plan(planner, commander, slug, on, now)
    _officer(area, now)
    set_offline_cards(commander, area.code, is_on=True, now=now)
    return f"/patrols/{slug}/{on.isoformat()}/"


def people_to_be() -> list[tuple[User, Persona]]:
    """Those whom the page of the demonstration signs in, in order."""
    by_name = {user.name: user for user in User.objects.filter(name__in=[p.name for p in PERSONAS])}
    return [(by_name[persona.name], persona) for persona in PERSONAS if persona.name in by_name]


def sign_in_as(request: HttpRequest, user_id: int) -> str:
    """
    Sign somebody of the demonstration in with one click, as if their second factor were given; where they start.

    Raises
    ------
    RuleError
        This is no demonstration.
    """
    if not settings.PERSONAS or settings.MODE != "demo":
        raise RuleError("Nobody is signed in with one click here.")
    user, persona = next((u, p) for u, p in people_to_be() if u.pk == user_id)
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="mfa", type="totp")
    return persona.start


def _area(content: bytes, area: DemoArea) -> str:
    path = settings.HOME / AREAS
    path.write_bytes(content)
    save_areas(read_areas(path), attribution="Generated for a demonstration")
    return Area.objects.get(code=area.code).slug


def _people(area: DemoArea, now: datetime) -> dict[str, User]:
    for unit in area.units:
        _person(f"Demo officer of {unit.callsign}", Role.OFFICER, area, now, unit=unit.ref)
    others = [persona for persona in PERSONAS if persona.role is not Role.OFFICER]
    return {persona.name: _person(persona.name, persona.role, area, now) for persona in others}


def _officer(area: DemoArea, now: datetime) -> None:
    """The persona with a card: of the unit that is out and has most to do from now on."""
    ahead = Counter(v.unit_ref for v in plans_in_force(area.code, area.on)[-1].visits if v.starts_at > now)
    is_out = [unit.ref for unit in area.units if unit.starts_at <= now < unit.ends_at]
    unit = max(is_out, key=lambda ref: ahead[ref])
    name = next(persona.name for persona in PERSONAS if persona.role is Role.OFFICER)
    _person(name, Role.OFFICER, area, now, unit=unit)


def _person(name: str, role: Role, area: DemoArea, now: datetime, *, unit: str = "") -> User:
    scope, refs = {
        Role.COORDINATOR: (Scope.NATION, []),
        Role.AUDITOR: (Scope.NATION, []),
        Role.ADMIN: (Scope.NATION, []),
        Role.OFFICER: (Scope.UNIT, [f"{area.code}/{unit}"]),
        Role.TRUSTEE: (Scope.PLACES, [area.places[0].ref]),
    }.get(role, (Scope.AREAS, [area.code]))
    user = User.objects.create_user(f"{name.lower().replace(' ', '.')}@demo.example", name)
    RoleGrant.objects.create(
        user=user, role=role, scope=scope, refs=refs, starts_at=now, ends_at=now + timedelta(days=30)
    )
    return user


def _plan(planner: User, commander: User, slug: str, on: date, now: datetime) -> None:
    run = request_run(planner, slug, on, Options(seed=1, iterations=ITERATIONS, rounds=0), now=now)
    compute_here(now=now)
    run.refresh_from_db()
    if run.plan is None:
        raise RuleError(f"The demonstration's plan could not be made: {run.failure}")
    send_plan(planner, slug, on, run.plan.number, now=now)
    approve_plan(commander, slug, on, run.plan.number, now=now)
