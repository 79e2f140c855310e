"""Signing in: passwords, one-time codes, lock-out, idle and long sessions, the second factor."""

import base64
import hashlib
import hmac
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.utils import timezone

from reassure_web import settings as product
from reassure_web.accounts.models import User
from reassure_web.audit.models import AuditEntry
from web.test_url_matrix import address
from web.url_matrix import ROWS

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 - that of the examples in RFC 6238
PHRASE = "correct-horse-battery-9"


@pytest.fixture
def planner(person) -> User:
    """A planner with a password."""
    user = person("planner")
    user.set_password(PHRASE)
    user.save()
    return user


def code_of(secret: str, *, at: float | None = None) -> str:
    """The one-time code of an instant, as RFC 6238 has it."""
    counter = int(time.time() if at is None else at) // 30
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_codes_of_these_tests_are_those_of_the_standard():
    """RFC 6238, appendix B: 59 seconds after the epoch the last six digits are 287082."""
    assert code_of(SECRET, at=59) == "287082"


def sign_in(client: Client, user: User, password: str = PHRASE):
    """What the form of the first page sends."""
    return client.post("/sign-in/", {"login": user.email, "password": password})


def outcomes(action: str) -> list[str]:
    return list(AuditEntry.objects.filter(action=action).order_by("number").values_list("outcome", flat=True))


def test_without_a_second_factor_only_the_own_account_opens(planner):
    """A password alone lets a planner add a second factor and nothing else."""
    client = Client()
    sign_in(client, planner)

    assert client.get("/")["Location"] == "/account/"
    page = client.get("/account/")
    assert page.status_code == 200
    assert "needs a second factor" in page.text


@pytest.mark.django_db(transaction=True)
def test_adding_one_time_codes_opens_the_rest(planner):
    """Whoever has just typed a code from the new app is in; recovery codes are made with it."""
    client = Client()
    sign_in(client, planner)
    secret = client.get("/account/codes/").context["form"].secret

    answer = client.post("/account/codes/", {"code": code_of(secret)})

    assert answer["Location"] == "/account/recovery-codes/"
    assert client.get("/").status_code == 200
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert mail.outbox, "the owner is told by e-mail of a new factor"


def test_a_password_and_a_one_time_code_sign_in(planner):
    """The next time the code is asked for after the password; the audit has one sign-in."""
    TOTP.activate(planner, SECRET)
    client = Client()

    assert sign_in(client, planner)["Location"] == "/sign-in/factor/"
    assert client.get("/")["Location"].startswith("/sign-in/?")
    client.post("/sign-in/factor/", {"code": "000000"})
    client.post("/sign-in/factor/", {"code": code_of(SECRET)})

    assert client.get("/").status_code == 200
    assert outcomes("account.sign_in") == ["failed", "done"]


def test_the_session_gets_a_new_key_when_somebody_signs_in(planner):
    """A key that was planted before is worth nothing after."""
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["reassure"] = session.session_key

    sign_in(client, planner)

    assert client.session.session_key != session.session_key


def test_five_wrong_passwords_lock_the_account_for_fifteen_minutes(planner):
    """The sixth try is refused even with the right password; others from elsewhere still get in."""
    client = Client()

    answers = [sign_in(client, planner, "wrong-password") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    locked = sign_in(Client(REMOTE_ADDR="192.0.2.7"), planner)
    assert locked.status_code == 429
    assert "You can try again after" in locked.text
    assert outcomes("account.sign_in") == ["failed"] * 6


def test_an_address_is_locked_as_well(planner, person):
    """Five wrong passwords for five accounts lock the address that they came from."""
    client = Client()
    for n in range(5):
        client.post("/sign-in/", {"login": f"nobody{n}@demo.example", "password": "wrong-password"})

    assert sign_in(client, planner).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), planner).status_code == 302


def test_the_words_are_the_same_whether_or_not_the_account_exists(planner):
    """Nobody learns from the answer who has an account."""
    known = sign_in(Client(), planner, "wrong-password")
    unknown = Client().post("/sign-in/", {"login": "nobody@demo.example", "password": "wrong-password"})

    assert known.status_code == unknown.status_code
    assert known.context["form"].errors == unknown.context["form"].errors
    for form in ("/sign-in/password/", "/sign-in/code/"):
        answers = [Client().post(form, {"email": email}) for email in (planner.email, "nobody@demo.example")]
        assert answers[0].status_code == answers[1].status_code == 302
        assert answers[0]["Location"] == answers[1]["Location"]


def test_a_failed_sign_in_tells_the_auditor_which_account_without_its_name(planner):
    """The same account gives the same reference; the reference is no e-mail address."""
    sign_in(Client(), planner, "wrong-password")
    sign_in(Client(), planner, "wrong-again")

    subjects = AuditEntry.objects.filter(outcome="failed").values_list("subject", flat=True)
    assert len(subjects) == 2
    assert len(set(subjects)) == 1
    assert planner.email not in subjects[0]


def test_a_trustee_signs_in_with_a_code_by_e_mail(person):
    """Ten minutes, once; no second factor for reading the own place."""
    trustee = person("trustee")
    client = Client()
    client.post("/sign-in/code/", {"email": trustee.email})
    (code,) = re.findall(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE)

    client.post("/sign-in/code/enter/", {"code": code})

    assert client.get("/").status_code == 200
    other = Client()
    other.post("/sign-in/code/enter/", {"code": code})
    assert other.get("/")["Location"].startswith("/sign-in/?")


def move_back(client: Client, *, started: timedelta = timedelta(0), seen: timedelta = timedelta(0)) -> None:
    """Make a session older, with everything it knows of."""
    session = client.session
    now = timezone.now()
    session["started_at"] = (now - started).timestamp()
    session["seen_at"] = (now - seen).timestamp()
    session["account_authentication_methods"] = [
        record | {"at": (now - max(started, seen)).timestamp()} for record in session["account_authentication_methods"]
    ]
    session.save()


@pytest.mark.parametrize(
    ("role", "minutes", "stays"),
    [("planner", 14, True), ("planner", 16, False), ("officer", 29, True), ("officer", 31, False)],
)
def test_an_idle_session_ends_for_somebody_without_a_password(role, minutes, stays, signed_in):
    """A quarter of an hour for a planner, half an hour for an officer in the street."""
    client = signed_in(role)
    move_back(client, started=timedelta(hours=1), seen=timedelta(minutes=minutes))

    answer = client.get("/")

    assert (answer.status_code == 200) is stays
    assert ("_auth_user_id" in client.session) is stays


def test_an_idle_session_asks_again_and_loses_nothing_that_was_typed(signed_in):
    """What was posted waits until its owner has proved who they are, and then goes through."""
    client = signed_in("admin")
    client.user.set_password(PHRASE)
    client.user.save()
    session = client.session
    session["_auth_user_hash"] = client.user.get_session_auth_hash()
    session.save()
    move_back(client, started=timedelta(hours=1), seen=timedelta(minutes=16))

    waiting = client.post("/people/invite/", {"name": "New Colleague", "email": "new@demo.example"})
    assert waiting["Location"].startswith("/sign-in/again/?")
    assert not User.objects.filter(email="new@demo.example").exists()
    assert client.get("/people/")["Location"].startswith("/sign-in/again/?")
    client.post("/people/invite/", {"name": "New Colleague", "email": "new@demo.example"})
    answer = client.post(waiting["Location"], {"password": PHRASE})

    assert answer.status_code == 302
    assert User.objects.filter(email="new@demo.example").exists()


def test_a_session_ends_after_twelve_hours_whatever_one_does(signed_in):
    """Twelve hours is a shift; after it one signs in again."""
    client = signed_in("planner")
    move_back(client, started=timedelta(hours=12, minutes=1))
    session = client.session
    session["seen_at"] = time.time()
    session.save()

    assert client.get("/")["Location"].startswith("/sign-in/?")
    assert "_auth_user_id" not in client.session


def test_a_session_that_ended_keeps_what_was_typed_for_sending_again(signed_in):
    """After twelve hours nothing is saved, and the page that says so holds the form; signed in, it goes through."""
    client = signed_in("admin")
    move_back(client, started=timedelta(hours=12, minutes=1))
    typed = {"name": "New Colleague", "email": "new@demo.example"}

    kept = client.post("/people/invite/", typed)

    assert kept.status_code == 403
    assert "_auth_user_id" not in client.session
    assert 'name="name" value="New Colleague"' in kept.text
    assert 'action="/people/invite/"' in kept.text
    assert "Sign in again" in kept.text
    assert not User.objects.filter(email="new@demo.example").exists()
    assert signed_in("admin").post("/people/invite/", typed).status_code == 302


def test_a_page_that_refreshes_itself_does_not_keep_a_session_awake(signed_in):
    """Only what a person does counts as a step."""
    client = signed_in("planner")
    move_back(client, started=timedelta(hours=1), seen=timedelta(minutes=10))
    before = client.session["seen_at"]

    client.get("/", headers={"HX-Request": "true"})
    assert client.session["seen_at"] == before
    client.get("/")
    assert client.session["seen_at"] > before


def test_people_ask_for_a_fresh_sign_in(signed_in):
    """Twenty minutes after signing in the form of a grant asks again who one is."""
    client = signed_in("admin")
    assert client.get("/people/invite/").status_code == 200
    move_back(client, started=timedelta(minutes=20))
    session = client.session
    session["seen_at"] = time.time()
    session.save()

    assert client.get("/people/").status_code == 200
    assert client.get("/people/invite/")["Location"].startswith("/sign-in/?")


def test_somebody_signs_out_everywhere_else(planner):
    """The list of sessions ends those that are not this one."""
    TOTP.activate(planner, SECRET)
    first, second = Client(), Client()
    sign_in(first, planner)
    first.post("/sign-in/factor/", {"code": code_of(SECRET)})
    sign_in(second, planner)
    second.post("/sign-in/factor/", {"code": code_of(SECRET, at=time.time() + 30)})
    assert [client.get("/").status_code for client in (first, second)] == [200, 200]

    first.post("/account/sessions/")

    assert [client.get("/").status_code for client in (first, second)] == [200, 302]


def test_codes_cannot_be_guessed(planner):
    """After ten wrong codes in a quarter of an hour not even the right one is taken."""
    TOTP.activate(planner, SECRET)
    client = Client()
    sign_in(client, planner)
    wrong = f"{(int(code_of(SECRET)) + 500_000) % 1_000_000:06}"
    for _ in range(10):
        client.post("/sign-in/factor/", {"code": wrong})

    client.post("/sign-in/factor/", {"code": code_of(SECRET)})

    assert client.get("/")["Location"].startswith("/sign-in/?")


def test_a_one_time_code_is_good_for_one_sign_in(planner):
    """Who looks over a shoulder cannot use the code again."""
    TOTP.activate(planner, SECRET)
    code = code_of(SECRET)
    for client in (first := Client(), second := Client()):
        sign_in(client, planner)
        client.post("/sign-in/factor/", {"code": code})

    assert first.get("/").status_code == 200
    assert second.get("/")["Location"].startswith("/sign-in/?")


def test_somebody_who_was_invited_sets_a_password_by_the_link_in_a_mail(person):
    """The link is good once; with the password only the own account opens."""
    planner = person("planner")
    Client().post("/sign-in/password/", {"email": planner.email})
    (link,) = re.findall(r"http://testserver(/sign-in/password/set/\S+)", mail.outbox[0].body)
    client = Client()
    form = client.get(link)["Location"]

    client.post(form, {"password1": PHRASE, "password2": PHRASE})
    answer = sign_in(client, planner)

    assert answer.status_code == 302
    assert client.get("/")["Location"] == "/account/"
    again = Client().get(link, follow=True)
    assert again.context["token_fail"]


def test_a_short_password_is_refused(person):
    """Twelve characters at least, and none of the common ones."""
    planner = person("planner")
    Client().post("/sign-in/password/", {"email": planner.email})
    (link,) = re.findall(r"http://testserver(/sign-in/password/set/\S+)", mail.outbox[0].body)
    client = Client()
    form = client.get(link)["Location"]

    for weak in ("short-one", "password123456"):
        page = client.post(form, {"password1": weak, "password2": weak})
        assert page.status_code == 422

    assert not User.objects.get(pk=planner.pk).has_usable_password()


def test_a_board_on_a_wall_stays_readable_but_loses_its_buttons(signed_in):
    """Idle, it can be read to the end of the shift; every other page asks who one is."""
    client = signed_in("supervisor")
    move_back(client, started=timedelta(hours=3), seen=timedelta(hours=2))

    page = client.get(address("day:board", ROWS["day:board"]))

    assert page.status_code == 200
    assert page.wsgi_request.session_is_idle
    assert client.get("/")["Location"].startswith("/sign-in/?")


def test_nobody_signs_up(db):
    """Accounts come by invitation."""
    page = Client().get("/sign-in/invitation/")
    assert "Accounts come by invitation" in page.text

    Client().post("/sign-in/invitation/", {"email": "new@demo.example", "password1": PHRASE})

    assert not User.objects.exists()


def test_the_grant_in_use_is_chosen_and_noted(signed_in):
    """Whoever has several roles acts under one at a time; the audit says which."""
    client = signed_in("supervisor")
    first = client.user.role_grants.get()
    second = client.user.role_grants.create(
        role="planner", scope="areas", refs=["DEMO-02"], starts_at=first.starts_at, ends_at=first.ends_at
    )
    assert client.get("/").context["grant_in_use"].id == first.pk

    client.post("/account/grant/", {"grant": second.pk, "next": "https://elsewhere.example/"})
    page = client.get("/")

    assert page.context["grant_in_use"].words == "planner, DEMO-02"
    client.get("/audit/?reason=curious")
    assert AuditEntry.objects.get(outcome="refused").grant == f"{second.pk} planner"


def test_the_product_keeps_passwords_as_argon2():
    """What the tests leave out for speed: the product's own settings name Argon2 alone."""
    assert product.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_pages_of_passwords_say_the_rule_in_words(person, signed_in):
    """A first one, one by link and another one: no mark-up of a list in the hint, and the length that is asked for."""
    officer = signed_in("officer")
    Client().post("/sign-in/password/", {"email": person("planner").email})
    (link,) = re.findall(r"http://testserver(/sign-in/password/set/\S+)", mail.outbox[0].body)
    pages = [officer.get("/account/password/new/").text, Client().get(link, follow=True).text]
    owner = User.objects.get(email__startswith="officer")
    owner.set_password(PHRASE)
    owner.save()
    officer.force_login(owner)
    pages.append(officer.get("/account/password/").text)

    for page in pages:
        assert "&lt;" not in page
        assert "At least 12 characters" in page
