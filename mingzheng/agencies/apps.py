"""Django's name for this room."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """The app `mingzheng.agencies`."""

    name = "mingzheng.agencies"
    label = "agencies"
