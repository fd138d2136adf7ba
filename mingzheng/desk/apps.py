"""Django's name for this room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app `mingzheng.desk`."""

    name = "mingzheng.desk"
    label = "desk"
