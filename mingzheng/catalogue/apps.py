"""Django's name for this room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The app `mingzheng.catalogue`."""

    name = "mingzheng.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.catalogue import charts, guides, lists, pages, texts  # noqa: F401
        from mingzheng.catalogue.acts import pages as page_acts  # noqa: F401
