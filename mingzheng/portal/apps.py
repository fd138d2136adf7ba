"""Django's name for this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `mingzheng.portal`."""

    name = "mingzheng.portal"
    label = "portal"

    def ready(self) -> None:
        """Put the sweeping of kept pages and the building of the index on the schedule."""
        from mingzheng.portal import cache_audit, indexing  # noqa: F401
        from mingzheng.procedures.chapters import Chapter, register

        register(
            Chapter(
                "portal",
                nouns={
                    "portal:home": "首页",
                    "portal:decisions": "执法决定",
                    "portal:officers": "执法人员",
                    "portal:verify": "核验文书",
                    "portal:withdrawals": "撤下记录",
                    "portal:feedback": "投诉咨询",
                    "portal:progress": "查办理情况",
                    "portal:rules": "适用规则",
                    "portal:about": "关于本平台",
                    "portal:open": "开放数据",
                    "portal:proofs": "核对证明",
                    "portal:samples": "文书示范文本",
                },
            )
        )
