"""Django's name for this room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The app `mingzheng.records`."""

    name = "mingzheng.records"
    label = "records"

    def ready(self) -> None:
        """Say who seals what a transaction did."""
        from mingzheng.records import effects, unit

        unit.seal_with(effects.seal)
