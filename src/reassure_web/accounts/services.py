"""Changing people, their grants and their sessions; each change leaves an entry in the audit."""

from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F

from reassure.access.allowed import Action, Role
from reassure.access.giving import giver_problems, grant_problems, needs_second_person
from reassure.access.grants import Grant, Scope, require
from reassure.errors import Problem, RuleError
from reassure_web.accounts import queries
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.audit.services import keyed_digest, record, record_seen

INVITATION = """An account was made for you in Reassure, which plans patrols of places of worship.

Open {address} and give this e-mail address. You get a link to set a password;
after that you add a passkey or an app for one-time codes.
"""


def _person(actor: User, person_id: int, now: datetime) -> User:
    """The person under a lock, if whoever asks may see and change them."""
    person = queries.people_visible_to(actor, now).select_for_update().get(pk=person_id)
    require(actor.grants(now), Action.PEOPLE_CHANGE, now=now)
    return person


@transaction.atomic
def see_people(actor: User, *, text: str, number: str, now: datetime) -> queries.PeoplePage:
    """One page of the people that somebody may see; an entry tells of the list, not of what was looked for."""
    found = queries.people_page(actor, text=text, number=number, now=now)
    asked = f"people:?page={found.page.number}" + (f"&text={keyed_digest(text)[:8]}" if text else "")
    record_seen(actor, Action.PEOPLE_READ, asked, now=now, outcome="listed", rows=len(found.people))
    return found


@transaction.atomic
def see_person(actor: User, person_id: int, *, now: datetime) -> queries.PersonPage:
    """One person's page; `User.DoesNotExist` when they are not there or outside one's areas."""
    page = queries.person_page(actor, person_id, now)
    record_seen(actor, Action.PEOPLE_READ, f"person:{person_id}", now=now)
    return page


def check_may_change(actor: User, *, now: datetime, person_id: int | None = None, grant_id: int | None = None) -> None:
    """Whether somebody may open a form that changes people; `DoesNotExist` when it is about nobody they may see."""
    people = queries.people_visible_to(actor, now)
    if person_id is not None:
        people.get(pk=person_id)
    if grant_id is not None:
        RoleGrant.objects.get(pk=grant_id, user__in=people)
    require(actor.grants(now), Action.PEOPLE_CHANGE, now=now)


@transaction.atomic
def invite(actor: User, *, email: str, name: str, address: str, now: datetime) -> User:
    """Make an account without a password and tell its owner by e-mail how to set one."""
    require(actor.grants(now), Action.PEOPLE_CHANGE, now=now)
    if User.objects.filter(email=email.lower()).exists():
        raise RuleError([Problem("email", email, "an address without an account", says="there is an account already")])
    person = User.objects.create_user(email, name)
    record(actor, Action.PEOPLE_CHANGE, f"person:{person.pk} invited", now=now)
    send_mail("Your account in Reassure", INVITATION.format(address=address), None, [person.email])
    return person


@transaction.atomic
def give_grant(
    actor: User, person_id: int, grant: Grant, *, is_aid: bool = False, reason: str, now: datetime
) -> RoleGrant:
    """Give a role; one that reaches the nation waits for a second person."""
    person = _person(actor, person_id, now)
    held = [row.facts() for row in person.role_grants.all()]
    problems = giver_problems(grant, is_own=actor.pk == person.pk, giver=actor.grants(now))
    problems += grant_problems(grant, held, is_aid=is_aid)
    if problems:
        raise RuleError(problems)
    row = RoleGrant.objects.create(
        user=person,
        role=grant.role,
        scope=grant.scope,
        refs=sorted(grant.refs),
        is_aid=is_aid,
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        needs_second=needs_second_person(grant),
        given_by=actor,
    )
    record(actor, Action.PEOPLE_CHANGE, f"grant:{row.pk} person:{person.pk} given", now=now, reason=reason)
    return row


@transaction.atomic
def confirm_grant(actor: User, grant_id: int, *, now: datetime) -> RoleGrant:
    """Say yes to a grant that somebody else gave to somebody else."""
    row = _grant(actor, grant_id, now)
    if row.is_confirmed() or row.ended_at is not None:
        raise RuleError("This grant waits for nobody.")
    if actor.pk in {row.given_by_id, row.user_id}:
        raise RuleError("You gave this grant, or it is yours; expected another administrator to confirm it.")
    _check_giver(actor, row, now)
    held = [other.facts() for other in row.user.role_grants.exclude(pk=row.pk)]
    problems = grant_problems(row.facts(), held, is_aid=row.is_aid)
    if problems:
        raise RuleError(problems)
    row.confirmed_by = actor
    row.save(update_fields=["confirmed_by"])
    record(actor, Action.PEOPLE_CHANGE, f"grant:{row.pk} person:{row.user_id} confirmed", now=now)
    return row


@transaction.atomic
def end_grant(actor: User, grant_id: int, *, reason: str, now: datetime) -> RoleGrant:
    """End a grant at once, and the person's sessions with it."""
    row = _grant(actor, grant_id, now)
    if row.ended_at is not None or row.ends_at <= now:
        raise RuleError("This grant has ended already.")
    _check_giver(actor, row, now, ends=True)
    _check_an_administrator_stays(row.user_id, now, grant_id=row.pk)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _end_sessions(row.user)
    record(actor, Action.PEOPLE_CHANGE, f"grant:{row.pk} person:{row.user_id} ended", now=now, reason=reason)
    return row


@transaction.atomic
def end_sessions(actor: User, person_id: int, *, now: datetime) -> int:
    """Sign somebody out everywhere; how many sessions that were."""
    person = _person(actor, person_id, now)
    n_sessions = _end_sessions(person)
    record(actor, Action.PEOPLE_CHANGE, f"person:{person.pk} sessions ended", now=now)
    return n_sessions


@transaction.atomic
def disable(actor: User, person_id: int, *, reason: str, now: datetime) -> None:
    """Close an account and end its sessions; its entries in the audit stay."""
    person = _person(actor, person_id, now)
    _check_an_administrator_stays(person.pk, now)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _end_sessions(person)
    record(actor, Action.PEOPLE_CHANGE, f"person:{person.pk} disabled", now=now, reason=reason)


@transaction.atomic
def take_factors(actor: User, person_id: int, *, reason: str, now: datetime) -> None:
    """Take away lost factors once another administrator has checked who it is, so that new ones can be added."""
    person = _person(actor, person_id, now)
    if person.pk == actor.pk:
        raise RuleError("These factors are yours; expected another administrator to take them away.")
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    record(actor, Action.PEOPLE_CHANGE, f"person:{person.pk} factors taken", now=now, reason=reason)


@transaction.atomic
def make_first_administrators(people: Sequence[tuple[str, str]], *, until: datetime, now: datetime) -> list[User]:
    """Make the first two administrators of an empty installation, each the other's second person."""
    if queries.admins_in_force(now):
        raise RuleError("There are administrators already; expected them to invite others.")
    if len({email.lower() for email, _ in people}) < 2:
        raise RuleError("Fewer than two people are named; expected two, since a grant for all areas needs two.")
    made = [User.objects.create_user(email, name) for email, name in people]
    for person, other in zip(made, made[1:] + made[:1], strict=True):
        row = RoleGrant.objects.create(
            user=person,
            role=Role.ADMIN,
            scope=Scope.NATION,
            starts_at=now,
            ends_at=until,
            needs_second=True,
            confirmed_by=other,
        )
        record(None, Action.PEOPLE_CHANGE, f"grant:{row.pk} person:{person.pk} given", now=now, reason="first")
    return made


def _grant(actor: User, grant_id: int, now: datetime) -> RoleGrant:
    people = queries.people_visible_to(actor, now)
    row = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant_id, user__in=people)
    require(actor.grants(now), Action.PEOPLE_CHANGE, now=now)
    return row


def _check_giver(actor: User, row: RoleGrant, now: datetime, *, ends: bool = False) -> None:
    is_own = actor.pk == row.user_id and not ends
    problems = giver_problems(row.facts(), is_own=is_own, giver=actor.grants(now))
    if problems:
        raise RuleError(problems)


@transaction.atomic
def end_sessions_of_unit(unit: str) -> int:
    """
    Sign out everybody who holds a grant for a unit (`area/unit`); how many sessions that were.

    Whoever calls has asked whether it may be done, and leaves the entry in the audit.
    """
    rows = RoleGrant.objects.filter(scope=Scope.UNIT).select_related("user")
    people = {row.user_id: row.user for row in rows if unit in row.refs}
    return sum(_end_sessions(person) for person in people.values())


def _check_an_administrator_stays(person_id: int, now: datetime, *, grant_id: int | None = None) -> None:
    admins = queries.admins_in_force(now)
    left = [row for row in admins if row.user_id != person_id or (grant_id is not None and row.pk != grant_id)]
    if admins and not left:
        raise RuleError("This is the last administrator; expected another one before this one goes.")


def _end_sessions(person: User) -> int:
    """End every session of a person at once; how many of them the list of sessions knew."""
    User.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)
    sessions = list(UserSession.objects.filter(user_id=person.pk))
    for session in sessions:
        session.end()
    return len(sessions)
