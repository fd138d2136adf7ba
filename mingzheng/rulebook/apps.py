"""Django's name for this room."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """The app `mingzheng.rulebook`."""

    name = "mingzheng.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Let this room say what it brings."""
        from mingzheng.procedures.chapters import Chapter, Entry, register

        register(
            Chapter(
                "rulebook",
                pages="mingzheng.desk.urls.rulebook",
                nouns={"rulebook:rules": "规则与期限"},
                menu=(Entry("rulebook:rules", 120, "list", lambda seen: bool(seen.body.pack)),),
                docs=("docs/rules.md", "docs/vocabulary.md"),
            )
        )
