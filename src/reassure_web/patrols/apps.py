"""The room of planning a day: units, need, runs, plans and orders."""

from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    """Patrols."""

    name = "reassure_web.patrols"
    label = "patrols"
