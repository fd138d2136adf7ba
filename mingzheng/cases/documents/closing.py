"""Papers at the end of a case."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.licence import applicant_fields
from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.service import decision_name
from mingzheng.cases.documents.wording import long_date
from mingzheng.cases.models import Licence
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act


@paper("closing-approval", "结案审批表", "结")
def closing_approval(doing: Doing, act: Act) -> dict[str, Any]:
    """How the case ended and who agreed."""
    case = doing.record.case
    way = dict(doing.form.fields["way"].choices)[doing.data["way"]]  # type: ignore[attr-defined]
    return {
        **base(doing),
        "fields": [
            ["案由", case.cause],
            *party_fields(party_of(doing)),
            ["立案日期", long_date(case.opened_on)],
            ["处理决定", decision_name(doing)],
            ["结案方式", way],
            ["执行情况", doing.data["text"]],
        ],
        "opinions": opinions(doing, doing.data["text"]),
        "elements": {},
    }


@paper("completion-record", "行政许可办结登记表", source="《行政许可法》第四十四条")
def completion_record(doing: Doing, act: Act) -> dict[str, Any]:
    """What was decided, and that everything is out."""
    case = doing.record.case
    held = Licence.objects.filter(record=doing.record).first()
    return {
        **base(doing),
        "fields": [
            *applicant_fields(doing),
            ["决定日期", long_date(case.decided_on)],
            ["证件编号", held.number if held else "无"],
            ["办结情况", doing.data["text"]],
        ],
        "signs": [{"label": "承办人", "name": doing.by.name, "number": doing.by.certificate}],
        "elements": {},
    }
