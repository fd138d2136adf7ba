"""Papers at the end of a case."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.licence import applicant_fields
from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.service import decision_name
from mingzheng.cases.documents.wording import long_date
from mingzheng.cases.models import Licence
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper("closing-approval", "结案审批表", "结")
def closing_approval(context: StepContext, act: Act) -> dict[str, Any]:
    """How the case ended and who agreed."""
    case = context.record.case
    way = context.form.choices["way"][context.data["way"]]
    return {
        **base(context),
        "fields": [
            ["案由", case.cause],
            *party_fields(party_of(context)),
            ["立案日期", long_date(case.opened_on)],
            ["处理决定", decision_name(context)],
            ["结案方式", way],
            ["执行情况", context.data["text"]],
        ],
        "opinions": opinions(context, context.data["text"]),
        "elements": {},
    }


@paper("completion-record", "行政许可办结登记表", source="《行政许可法》第四十四条")
def completion_record(context: StepContext, act: Act) -> dict[str, Any]:
    """What was decided, and that everything is out."""
    case = context.record.case
    held = Licence.objects.filter(record=context.record).first()
    return {
        **base(context),
        "fields": [
            *applicant_fields(context),
            ["决定日期", long_date(case.decided_on)],
            ["证件编号", held.number if held else "无"],
            ["办结情况", context.data["text"]],
        ],
        "signs": [{"label": "承办人", "name": context.by.name, "number": context.by.certificate}],
        "elements": {},
    }
