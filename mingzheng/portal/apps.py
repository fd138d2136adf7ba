"""Django's name for this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `mingzheng.portal`."""

    name = "mingzheng.portal"
    label = "portal"

    def ready(self) -> None:
        """Put the sweeping of kept pages and the building of the index on the schedule."""
        from mingzheng.portal import indexing, sweeping  # noqa: F401
