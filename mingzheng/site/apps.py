"""Django's name for this room."""

from typing import Any

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The app `mingzheng.site`."""

    name = "mingzheng.site"
    label = "site"

    def ready(self) -> None:
        """Let `check` refuse half a registration."""
        from django.core import checks

        def whole(**asked: Any) -> list[checks.CheckMessage]:
            from mingzheng.site import registrations

            return [checks.Error(fault) for fault in registrations.faults()]

        checks.register(whole)
