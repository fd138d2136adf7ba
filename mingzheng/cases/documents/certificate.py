"""The licence certificate."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.licence import organ_and_date
from mingzheng.cases.documents.licence_decision import validity
from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.models import Licence
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper(
    "licence-certificate",
    "行政许可证件",
    layout="letter",
    sealed=True,
    source="《行政许可法》第三十九条",
)
def certificate(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十九条: the certificate itself."""
    held = Licence.objects.get(record=context.record)
    period = validity(
        {"since": held.since.isoformat(), "until": held.until.isoformat() if held.until else ""}
    )
    return {
        **base(context),
        "fields": [
            ["证件名称", held.name],
            ["编号", held.number],
            ["被许可人", held.holder],
            ["许可内容", held.content],
            ["有效期", period],
            ["领取人", context.data["receiver"]],
        ],
        "elements": {
            "number": held.number,
            "holder": held.holder,
            "content": held.content,
            "validity": period,
            "agency-and-date": organ_and_date(context),
        },
    }
