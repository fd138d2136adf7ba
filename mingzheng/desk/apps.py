"""Django's name for this room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app `mingzheng.desk`."""

    name = "mingzheng.desk"
    label = "desk"

    def ready(self) -> None:
        """Let this room say what it brings."""
        from mingzheng.desk import menu, panels
        from mingzheng.procedures.chapters import Chapter, Entry, Panel, Scene, register

        register(
            Chapter(
                "desk",
                nouns={"desk:home": "工作台", "desk:cases": "执法案件", "desk:begin": "新办事项"},
                menu=(
                    Entry("desk:home", 10, "home", waiting=lambda seen: seen.counts["todo"]),
                    Entry("desk:cases", 20, "case", menu.has_matters),
                ),
                panels=(Panel(20, "desk/panel.html", panels.tied),),
            )
        )
        # The agency's own pages: its room is on a floor below the one where chapters register.
        register(
            Chapter(
                "agencies",
                pages="mingzheng.desk.urls.agencies",
                nouns={
                    "agencies:equipment": "装备与场所",
                    "agencies:people": "账号与登录",
                    "agencies:office": "代理与日历",
                    "agencies:account": "我的账号",
                    "agencies:audit": "审计记录",
                },
                menu=(
                    Entry("agencies:equipment", 100, "video", lambda seen: bool(seen.body.pack)),
                    Entry("agencies:people", 130, "key", menu.minds_accounts),
                    Entry("agencies:audit", 135, "history", menu.audits),
                    Entry("agencies:office", 140, "calendar", menu.minds_office),
                ),
                scenes=(Scene(10, "mingzheng.site.demo.outfit.fit_out"),),
            )
        )
