"""Rows about who takes part: who handles, who keeps away, who is called in."""

from __future__ import annotations

from mingzheng.core.steps import Step
from mingzheng.procedures.publishing import States


def rows(
    working: States, live: States, stage: str, *, source: str = "《公务员法》第七十六条"
) -> tuple[Step, ...]:
    """Recusal, other handlers, another section's opinion, changes of the counterpart."""
    return (
        Step(
            "recusal.requested",
            "提出回避申请",
            stage,
            working,
            by=("handler", "legal-reviewer"),
            source=source,
        ),
        Step(
            "officer.recused",
            "决定回避",
            stage,
            working,
            by=("handler", "unit-head"),
            route="officer.recused",
            source=source,
            after=("recusal.requested",),
        ),
        Step(
            "case.reassigned",
            "转办（更换承办人）",
            stage,
            live,
            by=("unit-head",),
            source="国办发〔2018〕118号 三（一）",
        ),
        Step(
            "case.countersigned",
            "请其他科室会签",
            stage,
            live,
            by=("handler",),
            source="国办发〔2018〕118号 三（一）",
        ),
        Step("party.changed", "变更当事人", stage, live, source="《行政处罚法》第四十条"),
        Step(
            "grant.made",
            "请外单位人员参加",
            stage,
            live,
            verb="across",
            by=("head",),
            source=source,
        ),
    )
