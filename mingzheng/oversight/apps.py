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
        from mingzheng.oversight.procedures import SUPERVISORS
        from mingzheng.procedures.chapters import Chapter, Entry, Seen, Tie, register

        def assesses(seen: Seen) -> bool:
            return bool(seen.body.pack) and bool(seen.by.roles & set(SUPERVISORS))

        register(
            Chapter(
                "oversight",
                pages="mingzheng.desk.urls.oversight",
                nouns={"oversight:assessment": "公示考核", "oversight:feedback": "投诉与更正"},
                menu=(
                    Entry("oversight:assessment", 80, "chart", assesses),
                    Entry(
                        "oversight:feedback",
                        90,
                        "flag",
                        lambda seen: bool(seen.body.pack),
                        kinds=("feedback",),
                    ),
                ),
                ties=(
                    Tie("finding", "查出问题的案件", "对本案公示的检查"),
                    Tie("correction", "申请更正的案件", "对本案公示的更正申请"),
                ),
            )
        )
