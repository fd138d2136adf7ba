"""Rows of what reconsideration, litigation and supervision bring, the same in every kind."""

from __future__ import annotations

from mingzheng.core.steps import Step
from mingzheng.procedures.publishing import States


def rows(states: States, *, stage: str, at: str, back: str = "") -> tuple[Step, ...]:
    """What reconsideration, litigation and supervision bring; `back` is where a decision is made
    anew.
    """
    undone = (
        ("decision.revoked", "登记决定被撤销"),
        ("decision.altered", "登记决定被变更"),
        ("decision.confirmed-unlawful", "登记决定被确认违法"),
        ("decision.confirmed-invalid", "登记决定被确认无效"),
        ("decision.ordered-redone", "登记被责令重新作出决定"),
    )
    return (
        Step(
            "reconsideration.accepted", "登记行政复议受理", stage, states, source="《行政复议法》"
        ),
        Step(
            "reconsideration.decided",
            "登记行政复议结果",
            stage,
            states,
            source="《行政复议法》",
            after=("reconsideration.accepted",),
        ),
        Step("litigation.accepted", "登记行政诉讼立案", stage, states, source="《行政诉讼法》"),
        Step(
            "litigation.decided",
            "登记行政诉讼结果",
            stage,
            states,
            source="《行政诉讼法》",
            after=("litigation.accepted",),
        ),
        *(
            Step(
                act,
                name,
                at,
                states,
                by=("handler", "legal-reviewer"),
                documents=("outcome-notice",),
                to=back if act == "decision.ordered-redone" else "",
                source="《行政处罚法》第四十八条第二款；国办发〔2018〕118号 二（三）",
            )
            for act, name in undone
        ),
    )
