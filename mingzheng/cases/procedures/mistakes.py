"""Rows by which a mistake is put right."""

from __future__ import annotations

from mingzheng.core.steps import Step
from mingzheng.procedures.publishing import States


def rows(states: States, stage: str) -> tuple[Step, ...]:
    """A paper corrected or voided, its signed sheet scanned, a file replaced; an entry is declared
    void on its own page.
    """
    return (
        Step(
            "document.corrected",
            "更正（补正）文书",
            stage,
            states,
            documents=("correction-notice",),
            source="《行政处罚法》第五十九条",
        ),
        Step(
            "document.voided",
            "文书作废登记",
            stage,
            states,
            by=("unit-head", "head"),
            source="GB/T 9704",
        ),
        Step(
            "document.scanned",
            "登记签字扫描件",
            stage,
            states,
            source="国办发〔2018〕118号 三（一）",
        ),
        Step(
            "file.corrected", "更换传错的附件", stage, states, source="国办发〔2018〕118号 三（三）"
        ),
    )
