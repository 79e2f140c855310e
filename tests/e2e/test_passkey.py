"""A passkey from the first visit on: added with a password at hand, then enough by itself."""

import pytest
from allauth.mfa.models import Authenticator

from reassure_web.audit.models import AuditEntry

PHRASE = "correct-horse-battery-9"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""An authenticator that Chromium plays: it keeps keys, and its owner is always there and verified."""


@pytest.mark.slow
def test_a_passkey_is_added_and_then_signs_in_by_itself(visitor, person):
    """Password, then only the own account; a passkey is added; from then on one button is enough."""
    planner = person("planner")
    planner.set_password(PHRASE)
    planner.save()
    nobody = visitor()
    page = nobody.page
    device = nobody.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})

    nobody.open("/sign-in/")
    page.get_by_label("E-mail address").fill(planner.email)
    page.locator("input[type=password]").fill(PHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account/")
    assert page.get_by_text("needs a second factor").is_visible()

    nobody.open("/account/passkeys/add/")
    page.locator("input[type=text]").fill("My phone")
    assert page.get_by_role("checkbox").is_checked()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/account/recovery-codes/")
    nobody.open("/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

    nobody.open("/patrols/")
    assert set(Authenticator.objects.filter(user=planner).values_list("type", flat=True)) == {
        "webauthn",
        "recovery_codes",
    }
    assert list(AuditEntry.objects.filter(action="account.sign_in").values_list("outcome", flat=True)) == [
        "done",
        "done",
    ]
