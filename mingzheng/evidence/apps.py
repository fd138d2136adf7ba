"""Django's name for this room."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The app `mingzheng.evidence`."""

    name = "mingzheng.evidence"
    label = "evidence"
