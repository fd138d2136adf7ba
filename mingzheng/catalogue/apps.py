"""Django's name for this room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The app `mingzheng.catalogue`."""

    name = "mingzheng.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.catalogue import pages  # noqa: F401
        from mingzheng.catalogue.acts import pages as page_acts  # noqa: F401
        from mingzheng.procedures.registry import register_facts

        register_facts("page", lambda record: {"kind": "page"})
