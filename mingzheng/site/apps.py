"""Django's name for this room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The app `mingzheng.site`."""

    name = "mingzheng.site"
    label = "site"
