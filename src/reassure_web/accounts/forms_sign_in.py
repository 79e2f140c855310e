"""The forms of signing in, in the product's words: labels above the fields, no text inside them."""

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm, ResetPasswordForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

EMAIL_WORDS = "E-mail address"


def _plain(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "govuk-input--width-20"


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
