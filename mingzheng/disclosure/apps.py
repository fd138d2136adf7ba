"""Django's name for this room."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """The app `mingzheng.disclosure`."""

    name = "mingzheng.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.disclosure import acts, rebuilding  # noqa: F401
