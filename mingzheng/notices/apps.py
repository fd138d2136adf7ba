"""Django's name for this room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The app `mingzheng.notices`."""

    name = "mingzheng.notices"
    label = "notices"
