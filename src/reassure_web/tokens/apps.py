"""The room of machines that ask: their tokens, and the answers that were given to each key."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Tokens."""

    name = "reassure_web.tokens"
    label = "tokens"
