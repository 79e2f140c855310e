"""Tokens: one grant, two administrators, an end; and one answer a key, however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from reassure.errors import InputError, NotAllowedError, RuleError
from reassure_web.accounts.models import RoleGrant
from reassure_web.audit.models import AuditEntry
from reassure_web.tokens import services
from reassure_web.tokens.models import ApiToken, GivenAnswer
from running_day import running_day

CARD = "/api/v1/card"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def made(db, person):
    """A token for a planner that waits for a second administrator, its maker, and the token's row."""
    running_day()
    maker = person("admin")
    grant = person("planner").role_grants.get()
    token = services.make_token(maker, "nightly export", grant.pk, 30, now=timezone.now())
    return token, maker, ApiToken.objects.get()


def test_a_token_is_not_kept(made):
    """Only a digest and the first letters, to know it by."""
    token, _, row = made

    assert token.startswith("rsr_")
    assert token not in "".join(str(value) for value in vars(row).values())
    assert row.prefix == token[4:12]


def test_a_token_waits_for_a_second_administrator(made, person):
    """The maker cannot confirm it; another can; then it acts as the planner."""
    token, maker, row = made
    assert Client().get("/api/v1/places", headers=bearer(token)).status_code == 401
    with pytest.raises(RuleError):
        services.confirm_token(maker, row.pk, now=timezone.now())

    services.confirm_token(person("admin"), row.pk, now=timezone.now())

    assert Client().get("/api/v1/places", headers=bearer(token)).status_code == 200
    assert Client().get(CARD, headers=bearer(token)).status_code == 403


def test_the_database_refuses_a_token_confirmed_by_its_maker(made):
    """Even one who writes rows by hand."""
    _, maker, row = made
    row.confirmed_by = maker

    with pytest.raises(IntegrityError):
        row.save()


def test_a_revoked_token_and_an_ended_grant_open_nothing(made, person):
    """At once."""
    token, _, row = made
    second = person("admin")
    services.confirm_token(second, row.pk, now=timezone.now())
    RoleGrant.objects.filter(pk=row.grant_id).update(ended_at=timezone.now())
    assert Client().get("/api/v1/places", headers=bearer(token)).status_code in {401, 403}
    RoleGrant.objects.filter(pk=row.grant_id).update(ended_at=None)
    assert Client().get("/api/v1/places", headers=bearer(token)).status_code == 200

    services.revoke_token(second, row.pk, now=timezone.now())

    assert Client().get("/api/v1/places", headers=bearer(token)).status_code == 401


def test_a_token_lasts_90_days_at_most_and_not_beyond_its_grant(made, person):
    """91 days are refused; a grant of one day gives a day."""
    _, maker, row = made
    grant, now = row.grant, timezone.now()
    with pytest.raises(InputError, match="1 to 90"):
        services.make_token(maker, "long", grant.pk, 91, now=now)
    RoleGrant.objects.filter(pk=grant.pk).update(ends_at=now + timedelta(days=1))

    services.make_token(maker, "short", grant.pk, 90, now=now)

    assert ApiToken.objects.get(label="short").ends_at == now + timedelta(days=1)


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_nobody_gets_a_token_of_an_administrator_or_an_auditor(made, person, role):
    """Their duties need a person."""
    _, maker, _ = made
    grant = person(role).role_grants.get()

    with pytest.raises(RoleGrant.DoesNotExist):
        services.make_token(maker, "no", grant.pk, 1, now=timezone.now())


def test_only_administrators_make_tokens(made, person):
    """A planner does not, not even for the own grant."""
    planner = person("planner")

    with pytest.raises(NotAllowedError):
        services.make_token(planner, "mine", planner.role_grants.get().pk, 1, now=timezone.now())


def test_the_page_shows_a_token_once(made, signed_in):
    """Right after it was made, and never again."""
    client = signed_in("admin")
    told = {"label": "figures", "grant": made[2].grant_id, "days": 7}

    page = client.post("/tokens/", told).content.decode()

    assert "rsr_" in page
    assert "rsr_" not in client.get("/tokens/").content.decode()
    assert AuditEntry.objects.filter(action="token.change").count() == 2


def test_work_for_a_key_is_done_once(db, person):
    """The second asking gets the first answer; a failure leaves no answer behind."""
    actor, now, done = person("planner"), timezone.now(), []

    def work():
        done.append(1)
        return 202, '{"n":1}'

    def fails():
        raise RuleError("Not today.")

    with pytest.raises(RuleError):
        services.answer_once(actor, "key", b"a", fails, now=now)
    first = services.answer_once(actor, "key", b"a", work, now=now)
    again = services.answer_once(actor, "key", b"a", work, now=now)

    assert first == again == (202, '{"n":1}')
    assert len(done) == 1
    with pytest.raises(RuleError, match="another request"):
        services.answer_once(actor, "key", b"b", work, now=now)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_one_works(person):
    """One key from 20 threads: one row, 20 equal answers."""
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lives in memory and takes no second writer; PostgreSQL's run asks this")
    actor, now, done = person("planner"), timezone.now(), []

    def work():
        done.append(1)
        return 202, '{"n":1}'

    def ask(_):
        try:
            return services.answer_once(actor, "key-of-20", b"a", work, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(ask, range(20)))

    assert answers == [(202, '{"n":1}')] * 20
    assert GivenAnswer.objects.count() == 1
    assert len(done) >= 1
