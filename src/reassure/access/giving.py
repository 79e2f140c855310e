"""Which grants may be given: their scope, how long, by whom, and what one person never holds together.

Two people give a grant that reaches the nation. An auditor holds nothing else; an administrator holds nothing
operational. Mutual aid is a grant in the host's area for three days at most.
Source: docs/permissions.md.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from reassure.access.allowed import Role
from reassure.access.grants import Grant, Scope
from reassure.errors import Problem

LONGEST_GRANT = timedelta(days=365)
LONGEST_AID = timedelta(hours=72)
_ASSIGNED = frozenset({Scope.ASSIGNED})
SCOPES_OF_ROLE: Mapping[Role, frozenset[Scope]] = {
    Role.COORDINATOR: frozenset({Scope.NATION}),
    Role.PLANNER: frozenset({Scope.AREAS}),
    Role.COMMANDER: frozenset({Scope.AREAS}),
    Role.SUPERVISOR: frozenset({Scope.AREAS}),
    Role.OFFICER: frozenset({Scope.UNIT}),
    Role.ADVISER: frozenset({Scope.AREAS}),
    Role.TRUSTEE: frozenset({Scope.PLACES}),
    Role.FUND_OFFICER: _ASSIGNED,
    Role.ASSESSOR: _ASSIGNED,
    Role.FINANCE: _ASSIGNED,
    Role.CHAIR: _ASSIGNED,
    Role.ANALYST: frozenset({Scope.NATION, Scope.TOTALS}),
    Role.AUDITOR: frozenset({Scope.NATION}),
    Role.ADMIN: frozenset({Scope.NATION, Scope.AREAS}),
}
"""What a role can reach."""
_NAMES_OF_REFS = {Scope.AREAS: "police area codes", Scope.UNIT: "area/unit", Scope.PLACES: "references of places"}


def scope_of(role: Role, *, has_refs: bool) -> Scope:
    """The scope that a role has with or without references; that of the role where it has only one."""
    scopes = sorted(SCOPES_OF_ROLE[role])
    return next((scope for scope in scopes if (scope in _NAMES_OF_REFS) == has_refs), scopes[0])


def duty(role: Role) -> str:
    """`audit`, `administration` or `operations`: one person has one of them at a time."""
    return {Role.AUDITOR: "audit", Role.ADMIN: "administration"}.get(role, "operations")


def needs_second_person(grant: Grant) -> bool:
    """Whether somebody else has to confirm the grant before it is in force."""
    return grant.scope is Scope.NATION


def grant_problems(grant: Grant, held: Iterable[Grant], *, is_aid: bool = False) -> list[Problem]:
    """
    List every reason why a grant may not be given.

    Parameters
    ----------
    held
        Grants that the person has or will have; only those of the same time count.
    is_aid
        Whether the grant is mutual aid: an operational one in the host's areas for 72 hours at most.

    Returns
    -------
    list[Problem]
        In the order of the form; empty when the grant may be given.
    """
    problems = []
    if grant.scope not in SCOPES_OF_ROLE[grant.role]:
        expected = " or ".join(sorted(SCOPES_OF_ROLE[grant.role]))
        problems.append(Problem("scope", grant.scope, f"{expected} for the role {_words(grant.role)}"))
    if grant.scope in _NAMES_OF_REFS and not grant.refs:
        problems.append(Problem("refs", "", _NAMES_OF_REFS[grant.scope]))
    if grant.scope not in _NAMES_OF_REFS and grant.refs:
        problems.append(Problem("refs", ", ".join(sorted(grant.refs)), f"none for the scope {grant.scope}"))
    return problems + _time_problems(grant, is_aid=is_aid) + _together_problems(grant, held)


def _time_problems(grant: Grant, *, is_aid: bool) -> list[Problem]:
    if grant.ends_at <= grant.starts_at:
        return [Problem("ends_at", grant.ends_at.isoformat(), "an end after the start")]
    if is_aid and grant.ends_at - grant.starts_at > LONGEST_AID:
        return [Problem("ends_at", grant.ends_at.isoformat(), "72 hours at most for mutual aid")]
    if grant.ends_at - grant.starts_at > LONGEST_GRANT:
        return [Problem("ends_at", grant.ends_at.isoformat(), "365 days after the start at most")]
    return []


def _together_problems(grant: Grant, held: Iterable[Grant]) -> list[Problem]:
    others = {
        other.role
        for other in held
        if other.starts_at < grant.ends_at and grant.starts_at < other.ends_at and duty(other.role) != duty(grant.role)
    }
    return [
        Problem(
            "role",
            _words(grant.role),
            "an auditor to hold nothing else, and an administrator nothing operational",
            says=f"the role {_words(grant.role)} cannot stand beside the role {_words(other)}",
        )
        for other in sorted(others)
    ]


def giver_problems(grant: Grant, *, is_own: bool, giver: Iterable[Grant]) -> list[Problem]:
    """
    List every reason why this person may not give, confirm or end that grant.

    Nobody gives a role to themselves; an administrator of some areas gives only what lies in them.
    """
    if is_own:
        return [Problem("person", "", "somebody else to give you a role", says="the grant is for yourself")]
    mine = [own for own in giver if own.role is Role.ADMIN]
    if any(own.scope is Scope.NATION for own in mine):
        return []
    reach = frozenset[str]().union(*(own.refs for own in mine))
    areas = {ref.partition("/")[0] for ref in grant.refs}
    if grant.scope in {Scope.AREAS, Scope.UNIT} and areas <= reach:
        return []
    return [Problem("scope", grant.scope, "areas that you administer", says="the grant reaches outside your areas")]


def _words(role: Role) -> str:
    return role.value.replace("_", " ")
