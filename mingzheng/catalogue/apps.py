"""Django's name for this room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The app `mingzheng.catalogue`."""

    name = "mingzheng.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.catalogue import charts, guides, lists, pages, texts  # noqa: F401
        from mingzheng.catalogue.acts import pages as page_acts  # noqa: F401
        from mingzheng.procedures.chapters import Chapter, Entry, Scene, register

        register(
            Chapter(
                "catalogue",
                pages="mingzheng.desk.urls.catalogue",
                nouns={"catalogue:pages": "公示信息", "catalogue:bases": "执法依据"},
                menu=(
                    Entry(
                        "catalogue:pages",
                        70,
                        "eye",
                        lambda seen: bool(seen.body.pack),
                        kinds=("page",),
                    ),
                ),
                scenes=(Scene(30, "mingzheng.site.demo.published.play"),),
                docs=("docs/items.md",),
            )
        )
