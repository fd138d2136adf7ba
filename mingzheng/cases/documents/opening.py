"""Papers that open a case, or decline to."""

from __future__ import annotations

import json
from typing import Any

from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.signatures import officer_text
from mingzheng.cases.models import SOURCES
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, ActContent


def source_text(context: StepContext) -> str:
    """What was written when the source was registered, without the informant."""
    row = ActContent.objects.filter(
        act__record=context.record, act__kind="source.registered"
    ).first()
    return str(json.loads(row.body).get("summary", "")) if row else ""


def _approval(context: StepContext, own: str) -> dict[str, Any]:
    case, party = context.record.case, party_of(context)
    fields = [
        ["案由", case.cause],
        ["案件来源", SOURCES[case.source]],
        *party_fields(party),
        ["发生地点", case.place],
        ["案件基本情况", source_text(context)],
    ]
    return {**base(context), "fields": fields, "opinions": opinions(context, own)}


@paper("filing-approval", "立案审批表", "立")
def filing_approval(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十四条: why the case is opened, by whom it is handled, who agreed."""
    case = context.record.case
    body = _approval(context, context.data["reason"])
    body["fields"].append(["承办人员", officer_text(context.officers)])
    by_role = {row["label"]: row["text"] for row in body["opinions"]}
    body["elements"] = {
        "origin": SOURCES[case.source],
        "party": party_text(party_of(context)),
        "facts": source_text(context),
        "grounds": f"{case.item.broken if case.item else ''} {context.data['reason']}",
        "handlers": officer_text(context.officers),
        "unit-opinion": (
            by_role.get("承办机构意见", by_role.get("分管负责人意见", ""))
            or by_role.get("负责人审批意见", "")
        ),
        "head-opinion": by_role.get("负责人审批意见", ""),
    }
    return body


@paper("declining-approval", "不予立案审批表", "不立")
def declining_approval(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十四条: why no case is opened."""
    body = _approval(context, context.data["reason"])
    return {**body, "elements": {"reason": context.data["reason"]}}
