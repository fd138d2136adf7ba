"""Django's name for this room."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The app `mingzheng.jobs`."""

    name = "mingzheng.jobs"
    label = "jobs"
