"""Django's name for this room."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """The app `mingzheng.archive`."""

    name = "mingzheng.archive"
    label = "archive"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.archive import (
            acts,  # noqa: F401
            panels,
        )
        from mingzheng.procedures.chapters import Chapter, Panel, register

        register(
            Chapter(
                "archive",
                pages="mingzheng.desk.urls.archive",
                panels=(Panel(40, "desk/volumes.html", panels.volumes),),
            )
        )
