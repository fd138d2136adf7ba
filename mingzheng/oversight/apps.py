"""Django's name for this room."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The app `mingzheng.oversight`."""

    name = "mingzheng.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.oversight import kind, procedures  # noqa: F401
        from mingzheng.oversight.acts import complaints, corrections, findings  # noqa: F401
