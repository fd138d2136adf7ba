"""The licence certificate."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.licence import organ_and_date
from mingzheng.cases.documents.licence_decision import validity
from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.models import Licence
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act


@paper(
    "licence-certificate",
    "行政许可证件",
    layout="letter",
    sealed=True,
    source="《行政许可法》第三十九条",
)
def certificate(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十九条: the certificate itself."""
    held = Licence.objects.get(record=doing.record)
    period = validity(
        {"since": held.since.isoformat(), "until": held.until.isoformat() if held.until else ""}
    )
    return {
        **base(doing),
        "fields": [
            ["证件名称", held.name],
            ["编号", held.number],
            ["被许可人", held.holder],
            ["许可内容", held.content],
            ["有效期", period],
            ["领取人", doing.data["receiver"]],
        ],
        "elements": {
            "number": held.number,
            "holder": held.holder,
            "content": held.content,
            "validity": period,
            "agency-and-date": organ_and_date(doing),
        },
    }
