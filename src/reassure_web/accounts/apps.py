"""The room of people, their grants and how they sign in."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "reassure_web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to what is told of signing in."""
        import_module("reassure_web.accounts.signals")
