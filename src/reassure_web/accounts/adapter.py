"""What django-allauth asks this product: nobody signs up, a fresh sign-in lasts 15 minutes, secrets lie sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from reassure_web.accounts.sealed import seal, unseal
from reassure_web.accounts.sessions import is_fresh


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never: an account comes by invitation."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002
        """Only when the last factor was shown more than 15 minutes ago."""
        return not is_fresh(context.request)


class ForceAdapter(DefaultSocialAccountAdapter):
    """A force's own sign-in lets in those who are invited, and makes no account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Never: an account comes by invitation."""
        return False


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return unseal(encrypted_text)
