"""Reading people and their grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from reassure.access.allowed import Action, Role
from reassure.access.grants import Scope, may, require
from reassure_web.accounts.models import RoleGrant, User

PAGE_ROWS = 50


def person_with_grants(user_id: Any) -> User | None:
    """A person who may sign in, with all their grants, in one question to the database; None for nobody."""
    rows = list(RoleGrant.objects.filter(user_id=user_id).select_related("user").order_by("id"))
    user = rows[0].user if rows else User.objects.filter(pk=user_id).first()
    if user is None or not user.is_active:
        return None
    user.held = rows
    return user


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant in words: role and where, until when, whether the page acts under it."""

    id: int
    role: str
    where: str
    starts_at: datetime
    ends_at: datetime
    state: str
    is_in_use: bool = False

    @property
    def words(self) -> str:
        """Role and where in one line."""
        return f"{self.role}, {self.where}" if self.where else self.role


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list."""

    id: int
    name: str
    email: str
    is_active: bool
    last_login: datetime | None
    factors: str
    grants: tuple[GrantLine, ...]


def grant_line(row: RoleGrant, now: datetime, *, in_use: int | None = None) -> GrantLine:
    """One grant in words."""
    facts = row.facts()
    where = {Scope.NATION: "all areas", Scope.TOTALS: "totals", Scope.ASSIGNED: "what is assigned"}.get(facts.scope, "")
    return GrantLine(
        id=row.pk,
        role=facts.role.value.replace("_", " "),
        where=where or ", ".join(sorted(facts.refs)),
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        state=_state(row, now),
        is_in_use=row.pk == in_use,
    )


def _state(row: RoleGrant, now: datetime) -> str:
    facts = row.facts()
    if row.ended_at is not None or facts.ends_at <= now:
        return "ended"
    if not row.is_confirmed():
        return "waits for a second person"
    return "in force" if facts.holds(now) else "not yet in force"


def grants_in_use(actor: User, now: datetime) -> list[GrantLine]:
    """The grants somebody can choose from, the one in use marked; for the head of each page."""
    return [grant_line(row, now, in_use=actor.grant_in_use) for row in actor.grant_rows(now)]


def own_grants(actor: User, now: datetime) -> list[GrantLine]:
    """All of somebody's grants, ended ones too, newest first."""
    rows = actor.role_grants.order_by("-id")
    return [grant_line(row, now, in_use=actor.grant_in_use) for row in rows]


def people_visible_to(actor: User, now: datetime) -> "QuerySet[User]":
    """The people somebody may see: all for the nation, else those with a grant in own areas or with none at all."""
    grants = actor.grants(now)
    require(grants, Action.PEOPLE_READ, now=now)
    if any(grant.scope is Scope.NATION for grant in grants):
        return User.objects.all()
    areas = frozenset[str]().union(*(grant.refs for grant in grants if grant.role is Role.ADMIN))
    inside = [
        row.user_id
        for row in RoleGrant.objects.only("user_id", "scope", "refs")
        if row.scope in {Scope.AREAS, Scope.UNIT} and {ref.partition("/")[0] for ref in row.refs} & areas
    ]
    has_grant = Exists(RoleGrant.objects.filter(user=OuterRef("pk")))
    return User.objects.filter(Q(pk__in=inside) | ~has_grant)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people; `page` says which of how many."""

    people: list[PersonLine]
    page: "Page[User]"
    may_change: bool


def people_page(actor: User, *, text: str, number: str, now: datetime) -> PeoplePage:
    """One page of the people that somebody may see, by name, with their grants and factors."""
    people = people_visible_to(actor, now).order_by("name", "pk")
    if text:
        people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
    page = Paginator(people, PAGE_ROWS).get_page(number)
    may_change = may(actor.grants(now), Action.PEOPLE_CHANGE, now=now)
    return PeoplePage(person_lines(list(page), now), page, may_change)


def person_lines(people: Sequence[User], now: datetime) -> list[PersonLine]:
    """People with their grants and factors, in three questions however many there are."""
    ids = [person.pk for person in people]
    grants: dict[int, list[GrantLine]] = {}
    for row in RoleGrant.objects.filter(user_id__in=ids).order_by("-id"):
        grants.setdefault(row.user_id, []).append(grant_line(row, now))
    factors: dict[int, set[str]] = {}
    for user_id, kind in Authenticator.objects.filter(user_id__in=ids).values_list("user_id", "type"):
        factors.setdefault(user_id, set()).add(FACTOR_WORDS[kind])
    return [
        PersonLine(
            id=person.pk,
            name=person.name,
            email=person.email,
            is_active=person.is_active,
            last_login=person.last_login,
            factors=", ".join(sorted(factors.get(person.pk, ()))) or "none",
            grants=tuple(grants.get(person.pk, ())),
        )
        for person in people
    ]


FACTOR_WORDS = {"totp": "one-time codes", "webauthn": "passkey", "recovery_codes": "recovery codes"}


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person with what the page about them shows."""

    person: PersonLine
    n_sessions: int
    may_change: bool


def person_page(actor: User, person_id: int, now: datetime) -> PersonPage:
    """
    One person.

    Raises
    ------
    User.DoesNotExist
        Not there, or outside the areas of whoever asks.
    """
    person = people_visible_to(actor, now).get(pk=person_id)
    sessions = UserSession.objects.filter(user_id=person.pk).count()
    may_change = may(actor.grants(now), Action.PEOPLE_CHANGE, now=now)
    return PersonPage(person_lines([person], now)[0], sessions, may_change)


def factors_of(actor: User) -> list[str]:
    """The kinds of factor that somebody has, such as `totp`."""
    return sorted(set(Authenticator.objects.filter(user_id=actor.pk).values_list("type", flat=True)))


def admins_in_force(now: datetime) -> list[RoleGrant]:
    """Every administrator's grant for the nation in force."""
    rows = RoleGrant.objects.filter(role=Role.ADMIN, scope=Scope.NATION, user__is_active=True)
    return [row for row in rows.select_related("user") if row.is_confirmed() and row.facts().holds(now)]
