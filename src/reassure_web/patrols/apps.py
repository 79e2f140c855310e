"""The room of planning a day: units, need, runs, plans and orders."""

from django.apps import AppConfig
from django.urls import register_converter

from reassure_web.patrols.addresses import IsoDate, PrintKind


class PatrolsConfig(AppConfig):
    """Patrols."""

    name = "reassure_web.patrols"
    label = "patrols"

    def ready(self) -> None:
        """Let addresses hold dates and kinds of print."""
        register_converter(IsoDate, "day")
        register_converter(PrintKind, "print")
