"""Accounts and grants: invited, given, confirmed by another, ended; every step leaves one entry."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from reassure.access.allowed import Role
from reassure.access.grants import Grant, Scope
from reassure.errors import NotAllowedError, RuleError
from reassure_web.accounts import queries, services
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.audit.models import AuditEntry
from web.conftest import NOW

YEAR = timedelta(days=365)


def planner_grant(area: str = "DEMO-01") -> Grant:
    return Grant(Role.PLANNER, Scope.AREAS, frozenset({area}), NOW, NOW + YEAR)


def coordinator_grant() -> Grant:
    return Grant(Role.COORDINATOR, Scope.NATION, frozenset(), NOW, NOW + YEAR)


def give(actor, person, grant, **more):
    return services.give_grant(actor, person.pk, grant, reason="starts here", now=NOW, **more)


def test_an_administrator_invites_somebody_who_then_sets_a_password(signed_in):
    """The account has no password and no role; its owner hears of it by e-mail."""
    client = signed_in("admin")

    answer = client.post("/people/invite/", {"name": "New Colleague", "email": "New@Demo.Example"})

    assert answer["Location"] == "/people/"
    person = User.objects.get(email="new@demo.example")
    assert not person.has_usable_password()
    assert person.grants(timezone.now()) == []
    assert mail.outbox[0].to == ["new@demo.example"]
    assert "/sign-in/password/" in mail.outbox[0].body
    assert [entry.subject for entry in AuditEntry.objects.all()] == [f"person:{person.pk} invited"]


def test_an_invitation_for_a_known_address_says_so_and_loses_nothing(signed_in):
    """The form comes back with what was typed and the error at its field."""
    client = signed_in("admin")

    page = client.post("/people/invite/", {"name": "Me again", "email": client.user.email})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["email"]
    assert 'value="Me again"' in page.text


def test_a_role_in_an_area_is_in_force_at_once(person):
    """One administrator is enough for an area."""
    admin, colleague = person("admin"), person("outsider")

    give(admin, colleague, planner_grant())

    (held,) = User.objects.get(pk=colleague.pk).grants(NOW)
    assert held == planner_grant()
    assert AuditEntry.objects.get().reason == "starts here"


def test_a_role_for_the_nation_waits_for_a_second_administrator(person):
    """Neither who gave it nor whose it is can confirm it."""
    admin, other, colleague = person("admin"), person("admin"), person("outsider")
    row = give(admin, colleague, coordinator_grant())
    assert User.objects.get(pk=colleague.pk).grants(NOW) == []

    with pytest.raises(RuleError, match="another administrator"):
        services.confirm_grant(admin, row.pk, now=NOW)
    services.confirm_grant(other, row.pk, now=NOW)

    assert User.objects.get(pk=colleague.pk).grants(NOW) == [coordinator_grant()]
    with pytest.raises(RuleError, match="waits for nobody"):
        services.confirm_grant(other, row.pk, now=NOW)


@pytest.mark.parametrize("column", ["given_by", "user"])
def test_the_database_refuses_a_grant_confirmed_by_its_giver_or_holder(person, column):
    """Even code that goes round the service cannot confirm alone."""
    admin, colleague = person("admin"), person("outsider")
    row = give(admin, colleague, coordinator_grant())

    with pytest.raises(DatabaseError), transaction.atomic():
        RoleGrant.objects.filter(pk=row.pk).update(confirmed_by=getattr(row, column))


@pytest.mark.parametrize(("held", "new"), [("planner", "auditor"), ("admin", "planner"), ("auditor", "admin")])
def test_the_database_refuses_two_duties_in_one_person(person, held, new):
    """The rule says no first; a trigger says no to whoever goes round it."""
    colleague = person(held)

    with pytest.raises(DatabaseError, match="one duty"), transaction.atomic():
        colleague.role_grants.create(role=new, scope="nation", starts_at=NOW, ends_at=NOW + YEAR)


def test_a_duty_may_follow_another(person):
    """Who stops being a planner may become an auditor."""
    colleague = person("planner")
    colleague.role_grants.update(ended_at=NOW)

    colleague.role_grants.create(role="auditor", scope="nation", starts_at=NOW, ends_at=NOW + YEAR)

    assert [grant.role for grant in User.objects.get(pk=colleague.pk).grants(NOW)] == [Role.AUDITOR]


def test_an_administrator_of_an_area_sees_and_gives_there_alone(person):
    """Another force's people are not found."""
    admin = person("outsider")
    admin.role_grants.create(role="admin", scope="areas", refs=["DEMO-01"], starts_at=NOW, ends_at=NOW + YEAR)
    near, far, new = person("planner"), person("planner", refs=["DEMO-02"]), person("outsider")

    page = queries.people_page(admin, text="", number="1", now=NOW)
    assert {line.id for line in page.people} == {admin.pk, near.pk, new.pk}
    with pytest.raises(User.DoesNotExist):
        services.see_person(admin, far.pk, now=NOW)
    with pytest.raises(User.DoesNotExist):
        give(admin, far, planner_grant())
    with pytest.raises(RuleError, match="outside your areas"):
        give(admin, new, planner_grant("DEMO-02"))
    give(admin, new, planner_grant("DEMO-01"))


def test_ending_a_grant_ends_the_sessions_at_once(signed_in, person):
    """Somebody who is no longer a planner is out with the next click."""
    client, admin = signed_in("planner"), person("admin")
    assert client.get("/").status_code == 200

    services.end_grant(admin, client.user.role_grants.get().pk, reason="has left", now=timezone.now())

    assert client.get("/")["Location"].startswith("/sign-in/?")
    assert User.objects.get(pk=client.user.pk).grants(timezone.now()) == []


def test_closing_an_account_ends_it_at_once(signed_in, person):
    """A closed account has no grants, no sessions, and cannot sign in."""
    client, admin = signed_in("planner"), person("admin")

    services.disable(admin, client.user.pk, reason="has left", now=timezone.now())

    assert client.get("/")["Location"].startswith("/sign-in/?")
    assert User.objects.get(pk=client.user.pk).grants(timezone.now()) == []


def test_the_last_administrator_cannot_leave(person):
    """Neither by ending the grant nor by closing the account; with a second one both go."""
    admin = person("admin")
    grant = admin.role_grants.get()

    with pytest.raises(RuleError, match="last administrator"):
        services.end_grant(admin, grant.pk, reason="going", now=NOW)
    with pytest.raises(RuleError, match="last administrator"):
        services.disable(admin, admin.pk, reason="going", now=NOW)
    other = person("admin")
    services.end_grant(other, grant.pk, reason="going", now=NOW)

    assert [row.user for row in queries.admins_in_force(NOW)] == [other]


def test_lost_factors_are_taken_away_by_another_administrator(signed_in, person):
    """Not by oneself; the sessions end, and the reason stays."""
    client, admin = signed_in("planner"), person("admin")
    TOTP.activate(client.user, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    TOTP.activate(admin, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

    services.take_factors(admin, client.user.pk, reason="phone lost, passport seen", now=timezone.now())

    assert list(Authenticator.objects.values_list("user", flat=True)) == [admin.pk]
    assert client.get("/")["Location"].startswith("/sign-in/?")
    with pytest.raises(RuleError, match="another administrator"):
        services.take_factors(admin, admin.pk, reason="mine", now=timezone.now())


def test_auditors_see_people_and_change_nobody(person):
    """They read grants; giving one is refused in words."""
    auditor, colleague = person("auditor"), person("planner")

    assert services.see_person(auditor, colleague.pk, now=NOW).may_change is False
    with pytest.raises(NotAllowedError, match="Who may: admin"):
        give(auditor, colleague, planner_grant())


def test_a_grant_by_the_form_runs_from_now_to_the_end_of_its_last_day(signed_in, person):
    """Dates are civil dates in London; the last day counts to its end."""
    client, colleague = signed_in("admin"), person("outsider")
    today = timezone.localdate()
    typed = {"role": "officer", "refs": "DEMO-01/4", "starts_on": today, "ends_on": today, "reason": "one shift"}

    answer = client.post(f"/people/{colleague.pk}/grants/", typed)

    assert answer["Location"] == f"/people/{colleague.pk}/"
    row = colleague.role_grants.get()
    assert (row.role, row.scope, row.refs) == ("officer", "unit", ["DEMO-01/4"])
    assert row.starts_at <= timezone.now() < row.ends_at
    assert timezone.localtime(row.ends_at).date() == today + timedelta(days=1)


def test_a_grant_that_the_rules_refuse_comes_back_with_its_reasons(signed_in, person):
    """Each problem stands at its field; nothing is given."""
    client, colleague = signed_in("admin"), person("outsider")
    today = timezone.localdate()
    typed = {"role": "planner", "refs": "", "starts_on": today, "ends_on": today + timedelta(days=400), "reason": "x"}

    page = client.post(f"/people/{colleague.pk}/grants/", typed)

    assert set(page.context["form"].errors) == {"refs", "ends_on"}
    assert not colleague.role_grants.exists()


def test_people_are_listed_in_pages_of_fifty_with_few_queries(signed_in, person, django_assert_max_num_queries):
    """A page takes the same few questions for ten people and for a hundred."""
    client = signed_in("admin")
    for _ in range(60):
        person("planner")

    client.get("/account/")  # the first page of a session also keeps its token
    with django_assert_max_num_queries(12):
        first = client.get("/people/")
    second = client.get("/people/?page=2")

    assert len(first.context["people"]) == 50
    assert len(second.context["people"]) == 11
    assert AuditEntry.objects.filter(outcome="listed").count() == 2


def test_a_search_for_people_leaves_no_name_in_the_audit(signed_in, person):
    """The entry says that there was a search, not for whom."""
    client, colleague = signed_in("admin"), person("planner", name="Very Rare Name")

    page = client.get("/people/?text=rare")

    assert [line.id for line in page.context["people"]] == [colleague.pk]
    assert "rare" not in AuditEntry.objects.get().subject.lower()
    assert "Nobody matches" in client.get("/people/?text=zzz").text


def test_the_first_two_administrators_of_an_empty_installation(db):
    """Two people, each the other's second; afterwards only administrators make others."""
    with pytest.raises(CommandError, match="Fewer than two"):
        call_command("first_administrators", "one@demo.example")

    call_command("first_administrators", "one@demo.example", "two@demo.example")

    now = timezone.now()
    assert [len(user.grants(now)) for user in User.objects.all()] == [1, 1]
    with pytest.raises(CommandError, match="already"):
        call_command("first_administrators", "three@demo.example", "four@demo.example")


def test_somebody_elses_account_is_nobodys_to_signed_out_people(db):
    """The list of people asks for signing in like every other page."""
    assert Client().get("/people/")["Location"].startswith("/sign-in/?")
