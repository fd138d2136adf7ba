"""Django's name for this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `mingzheng.portal`."""

    name = "mingzheng.portal"
    label = "portal"
