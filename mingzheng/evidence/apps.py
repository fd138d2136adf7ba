"""Django's name for this room."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The app `mingzheng.evidence`."""

    name = "mingzheng.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.evidence import renditions  # noqa: F401
        from mingzheng.evidence.acts import (  # noqa: F401
            erasing,
            items,
            recordings,
            scans,
            transfers,
        )
        from mingzheng.procedures.chapters import Chapter, register

        register(
            Chapter(
                "evidence",
                pages="mingzheng.desk.urls.evidence",
                nouns={"evidence:evidence": "证据与音像"},
                docs=("docs/decisions/0010-evidence.md",),
            )
        )
