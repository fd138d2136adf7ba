"""Django's name for this room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The app `mingzheng.records`."""

    name = "mingzheng.records"
    label = "records"
