"""The room of visits: what officers recorded, and what a supervisor said of the running day."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Engagement."""

    name = "reassure_web.engagement"
    label = "engagement"
