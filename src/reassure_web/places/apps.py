"""The room of the register: places, where they lie, files brought in, pairs to decide."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlacesConfig(AppConfig):
    """Places."""

    name = "reassure_web.places"
    label = "places"

    def ready(self) -> None:
        """Have the police areas of the United Kingdom there as soon as there is a table for them."""
        post_migrate.connect(_add_areas, sender=self)


def _add_areas(using: str, **_: Any) -> None:
    from reassure_web.places.services_areas import add_force_areas  # noqa: PLC0415 - models load after this module

    add_force_areas(using=using)
