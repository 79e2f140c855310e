"""The forms of signing in, in the product's words: labels above the fields, no text inside them."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

EMAIL_WORDS = "E-mail address"
RULE_WORDS = "At least 12 characters; none that many use, and nothing like your name or address."
"""AUTH_PASSWORD_VALIDATORS in words."""


def _plain(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "govuk-input--width-20"


def _new_password(form: forms.Form) -> None:
    _plain(form)
    form.fields["password1"].label, form.fields["password2"].label = "New password", "The new password again"
    form.fields["password1"].help_text = RULE_WORDS


class SignInForm(LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["login"].label = EMAIL_WORDS
        self.fields["password"].help_text = ""


class CodeForm(RequestLoginCodeForm):
    """Where a code is to be sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = EMAIL_WORDS


class NewPasswordForm(ResetPasswordForm):
    """Where a link for a password is to be sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = EMAIL_WORDS


class FirstPasswordForm(SetPasswordForm):
    """A password for somebody who has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


class OtherPasswordForm(ChangePasswordForm):
    """Another password, by somebody who knows the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)
        self.fields["oldpassword"].label = "Password until now"
        self.fields["oldpassword"].help_text = ""


class LinkedPasswordForm(ResetPasswordKeyForm):
    """A password by the link that was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


class PasskeyForm(AddWebAuthnForm):
    """A name for a passkey, and whether it is enough by itself: it is, unless somebody says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["name"].label = "Name, such as My phone"
        self.fields["passwordless"].label = "Sign in with this passkey alone, without a password"
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True


class CodesForm(ActivateTOTPForm):
    """The first code from the app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["code"].label = "Code"
