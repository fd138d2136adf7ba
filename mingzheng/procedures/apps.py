"""Django's name for this room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The app `mingzheng.procedures`."""

    name = "mingzheng.procedures"
    label = "procedures"
