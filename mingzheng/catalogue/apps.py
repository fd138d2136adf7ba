"""Django's name for this room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The app `mingzheng.catalogue`."""

    name = "mingzheng.catalogue"
    label = "catalogue"
