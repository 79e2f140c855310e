"""The room of when people gather."""

from django.apps import AppConfig


class OccasionsConfig(AppConfig):
    """Occasions."""

    name = "reassure_web.occasions"
    label = "occasions"
