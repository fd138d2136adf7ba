"""Papers at the end of a case."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents import parts
from mingzheng.cases.documents.execution import decision_name
from mingzheng.cases.documents.parts import paper
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act


@paper("closing-approval", "结案审批表", "结")
def closing_approval(doing: Doing, act: Act) -> dict[str, Any]:
    """How the case ended and who agreed."""
    case = doing.record.case
    way = dict(doing.form.fields["way"].choices)[doing.data["way"]]  # type: ignore[attr-defined]
    return {
        **parts.base(doing),
        "fields": [
            ["案由", case.cause],
            *parts.party_fields(parts.party_of(doing)),
            ["立案日期", parts.long_date(case.opened_on)],
            ["处理决定", decision_name(doing)],
            ["结案方式", way],
            ["执行情况", doing.data["text"]],
        ],
        "opinions": parts.opinions(doing, doing.data["text"]),
        "elements": {},
    }
