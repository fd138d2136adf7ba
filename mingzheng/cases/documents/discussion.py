"""What is said of a text before it becomes the decision: self-check, other agencies, discussion."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.wording import moment
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper("joint-opinion", "联合机关审核意见")
def joint_opinion(context: StepContext, act: Act) -> dict[str, Any]:
    """国办发〔2018〕118号 四（一）: what the other agency says of the text that goes out in its
    name too.
    """
    review = context.form.choices["review"][context.data["review"]]
    return {
        **base(context),
        "fields": [
            ["案件", context.record.title],
            ["法制审核", review],
            ["意见", context.data["opinion"]],
            ["文本指纹", act.subject[:16]],
        ],
        "signs": [{"label": "联合机关经办人", "name": context.by.name}],
        "elements": {},
    }


@paper("self-check-opinion", "合法性自查意见")
def self_check_opinion(context: StepContext, act: Act) -> dict[str, Any]:
    """The handling section's own check before review, where the pack asks for it."""
    return {
        **base(context),
        "fields": [
            ["案由", context.record.case.cause],
            *party_fields(party_of(context)),
            ["自查意见", context.data["text"]],
            ["结论", "自查合格，可以提交法制审核"],
        ],
        "signs": [{"label": "承办机构", "name": context.by.name, "number": context.by.certificate}],
        "elements": {},
    }


@paper("discussion-record", "行政处罚集体讨论记录", "罚集", "transcript")
def discussion_record(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十七条第二款: everyone's opinion and the conclusion."""
    data = context.data
    attendees = "；".join(line.strip() for line in data["attendees"].splitlines() if line.strip())
    when = moment(act.happened_at)
    return {
        **base(context),
        "fields": [
            ["案由", context.record.case.cause],
            ["时间", when],
            ["主持人", data["host"]],
            ["出席人员", attendees],
            ["汇报人", context.by.name],
            ["结论性意见", data["conclusion"]],
        ],
        "text": data["text"],
        "signs": [{"label": "出席人员签名", "name": ""}],
        "elements": {
            "time-and-place": when,
            "host": data["host"],
            "attendees": attendees,
            "report": data["text"],
            "opinions": data["text"],
            "conclusion": data["conclusion"],
        },
    }
