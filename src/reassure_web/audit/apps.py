"""The room of what was done and seen."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit."""

    name = "reassure_web.audit"
    label = "audit"
