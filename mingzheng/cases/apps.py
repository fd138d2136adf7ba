"""Django's name for this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The app `mingzheng.cases`."""

    name = "mingzheng.cases"
    label = "cases"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.cases import documents, facts, forms, kinds, menu, procedures  # noqa: F401
        from mingzheng.cases.acts import (  # noqa: F401
            across,
            certificate,
            coercion,
            decision,
            execution,
            hearing,
            inspection,
            investigation,
            licence,
            licence_decision,
            licence_ending,
            mistakes,
            opening,
            other,
            parties,
            registration,
            remedies,
            reminding,
            service,
            store,
        )
        from mingzheng.procedures.chapters import Chapter, Entry, Scene, Tie, register

        register(
            Chapter(
                "cases",
                pages="mingzheng.desk.urls.cases",
                nouns={
                    "cases:property": "涉案财物",
                    "cases:licences": "许可证件",
                    "cases:handover": "人员交接",
                },
                menu=(
                    Entry("cases:property", 40, "box", menu.keeps_property),
                    Entry("cases:licences", 50, "badge", menu.licenses),
                    Entry("cases:handover", 110, "user", menu.hands_over),
                ),
                ties=(
                    Tie("follow-up", "由此立案的线索", "来自这次检查"),
                    # A matter that ends a licence is tied to the one in which the licence was given.
                    Tie("follow-up", "原许可", "对本许可的处理", of="licence"),
                    Tie("joint-visit", "联合检查", "联合检查"),
                    Tie("merged", "并入", "并入本案的案件"),
                    Tie("split", "分出", "从该案分出"),
                ),
                scenes=(Scene(40, "mingzheng.site.demo.stories.play_all"),),
                docs=("docs/decisions/0007-every-kind.md",),
            )
        )
