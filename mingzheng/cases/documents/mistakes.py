"""The notice that puts a slip of an issued paper right."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_of
from mingzheng.cases.documents.wording import long_date
from mingzheng.documents.models import Document
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper(
    "correction-notice",
    "更正（补正）通知书",
    "更正",
    "letter",
    sealed=True,
    source="《行政处罚法》第五十九条",
)
def correction_notice(context: StepContext, act: Act, made: Document) -> dict[str, Any]:
    """《行政处罚法》第五十九条: which paper, which words, what they should have been."""
    data = context.data
    number = f"（{made.full_number}）" if made.full_number else ""
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            f"本机关于{long_date(made.issued_on)}作出的《{made.title}》{number}文字有误，现更正如下：",
            f"原文“{data['wrong']}”更正为“{data['right']}”。",
            f"更正理由：{data['reason']}",
            "本通知书是原文书的组成部分，其他内容不变。",
        ],
        "elements": {},
    }
