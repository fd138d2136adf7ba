"""Papers that open a case, or decline to."""

from __future__ import annotations

import json
from typing import Any

from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.signatures import officer_text
from mingzheng.cases.models import SOURCES
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act, ActContent


def source_text(doing: Doing) -> str:
    """What was written when the source was registered, without the informant."""
    row = ActContent.objects.filter(act__record=doing.record, act__kind="source.registered").first()
    return str(json.loads(row.body).get("summary", "")) if row else ""


def _approval(doing: Doing, own: str) -> dict[str, Any]:
    case, party = doing.record.case, party_of(doing)
    fields = [
        ["案由", case.cause],
        ["案件来源", SOURCES[case.source]],
        *party_fields(party),
        ["发生地点", case.place],
        ["案件基本情况", source_text(doing)],
    ]
    return {**base(doing), "fields": fields, "opinions": opinions(doing, own)}


@paper("filing-approval", "立案审批表", "立")
def filing_approval(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十四条: why the case is opened, by whom it is handled, who agreed."""
    case = doing.record.case
    body = _approval(doing, doing.data["reason"])
    body["fields"].append(["承办人员", officer_text(doing.officers)])
    by_role = {row["label"]: row["text"] for row in body["opinions"]}
    body["elements"] = {
        "origin": SOURCES[case.source],
        "party": party_text(party_of(doing)),
        "facts": source_text(doing),
        "grounds": f"{case.item.broken if case.item else ''} {doing.data['reason']}",
        "handlers": officer_text(doing.officers),
        "unit-opinion": (
            by_role.get("承办机构意见", by_role.get("分管负责人意见", ""))
            or by_role.get("负责人审批意见", "")
        ),
        "head-opinion": by_role.get("负责人审批意见", ""),
    }
    return body


@paper("declining-approval", "不予立案审批表", "不立")
def declining_approval(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十四条: why no case is opened."""
    body = _approval(doing, doing.data["reason"])
    return {**body, "elements": {"reason": doing.data["reason"]}}
