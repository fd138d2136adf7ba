"""Django's name for this room."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """The app `mingzheng.capture`."""

    name = "mingzheng.capture"
    label = "capture"

    def ready(self) -> None:
        """Let this room say what it brings."""
        from mingzheng.procedures.chapters import Chapter, Entry, Seen, register

        def out_there(seen: Seen) -> bool:
            return bool(seen.powers) and "handler" in seen.by.roles

        register(
            Chapter(
                "capture",
                nouns={"capture:capture": "手机采集"},
                menu=(Entry("capture:capture", 30, "phone", out_there),),
            )
        )
