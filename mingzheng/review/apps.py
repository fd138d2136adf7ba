"""Django's name for this room."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The app `mingzheng.review`."""

    name = "mingzheng.review"
    label = "review"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.review import acts  # noqa: F401
