"""Where and until when a decision may be objected to, and what came of it."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.wording import long_date
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


def remedies_of(context: StepContext) -> str:
    """Where and until when to object: by body, procedure and date, from the rules in force that
    day.
    """
    agency = context.agency
    if agency.reconsideration is None or not agency.court:
        return ""
    rows = context.regime.rows("remedies", context.happened_at.date(), context.facts()).rows
    said = [
        str(row["text"]).format(organ=agency.reconsideration.name, court=agency.court)
        for row in rows
    ]
    if not said:
        return ""
    # A row whose text begins with 应当 follows the first instead of standing beside it (复议前置).
    first = next((text for text in said[1:] if text.startswith("应当")), "")
    way = (
        f"应当先{said[0]}；{first.partition('；')[2]}" if first else f"可以{'；也可以'.join(said)}"
    )
    return f"如不服本决定，{way}。复议、诉讼期间，本决定不停止执行，法律另有规定的除外。"


@paper("outcome-notice", "决定效力变动登记表")
def outcome_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第四十八条第二款: who changed the decision, on which paper, why."""
    data = context.data
    return {
        **base(context),
        "fields": [
            ["案由", context.record.case.cause],
            ["变动情形", context.step.name],
            ["作出机关", data["organ"]],
            ["文书号", data["number"]],
            ["收到日期", long_date(data["received_on"])],
            ["理由", data["reason"]],
        ],
        "signs": [{"label": "登记人", "name": context.by.name}],
        "elements": {},
    }
