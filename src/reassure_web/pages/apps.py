"""The room of the first page, the layout and the fixed texts."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Pages."""

    name = "reassure_web.pages"
    label = "pages"
