"""Django's name for this room."""

from django.apps import AppConfig


class UnsentConfig(AppConfig):
    """The app `mingzheng.unsent`."""

    name = "mingzheng.unsent"
    label = "unsent"
