"""Django's name for this room."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The app `mingzheng.pages`."""

    name = "mingzheng.pages"
    label = "pages"
