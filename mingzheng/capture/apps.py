"""Django's name for this room."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """The app `mingzheng.capture`."""

    name = "mingzheng.capture"
    label = "capture"
