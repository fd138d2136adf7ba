"""Django's name for this room."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """The app `mingzheng.disclosure`."""

    name = "mingzheng.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.disclosure import acts, panels, rebuilding  # noqa: F401
        from mingzheng.disclosure.channels import connections
        from mingzheng.procedures.chapters import Chapter, Entry, Panel, Scene, register

        register(
            Chapter(
                "disclosure",
                pages="mingzheng.desk.urls.disclosure",
                nouns={"disclosure:channels": "渠道与回执"},
                menu=(Entry("disclosure:channels", 60, "send", lambda seen: bool(seen.body.pack)),),
                panels=(
                    Panel(10, "desk/panel.html", panels.files),
                    Panel(30, "desk/publications.html", panels.publications),
                ),
                scenes=(Scene(20, "mingzheng.site.demo.exchange.connect"),),
                settings=(connections.FILE,),
                docs=("docs/channels.md", "docs/platform.md", "docs/redaction.md"),
            )
        )
