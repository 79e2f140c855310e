"""The room of people, their grants and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "reassure_web.accounts"
    label = "accounts"
