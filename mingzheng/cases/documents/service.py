"""Papers of service."""

from __future__ import annotations

import json
from typing import Any

from mingzheng.agencies.models import Handler
from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.signatures import (
    party_sign,
)
from mingzheng.cases.documents.wording import moment
from mingzheng.cases.forms.service import MANNERS, RELATIONS
from mingzheng.core import clock
from mingzheng.documents.models import Document
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


def manner_text(data: dict[str, Any]) -> str:
    """How it was served, in words."""
    name = MANNERS[str(data["manner"])][0]
    relation = dict(RELATIONS).get(str(data.get("relation") or ""), "")
    receiver = str(data.get("receiver") or "")
    return "，".join(
        part for part in (name, f"签收人{receiver}" if receiver else "", relation) if part
    )


def decision_of(context: StepContext) -> Document | None:
    """The decision in force in this record."""
    kinds = matter_kinds.find(context.record.kind).decisions
    found: Document | None = (
        Document.objects.filter(record=context.record, kind__in=kinds, voided_by=None)
        .order_by("-pk")
        .first()
    )
    return found


def decision_name(context: StepContext) -> str:
    """Title and number of the decision."""
    found = decision_of(context)
    return f"《{found.title}》（{found.full_number}）" if found else ""


@paper("service-receipt", "送达回证", layout="list")
def service_receipt(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十一条: which paper, to whom, how, when, who served it."""
    data = {"manner": "direct", **context.data}
    servers = "、".join(
        row.person.name
        for row in Handler.objects.filter(record=context.record, until=None).select_related(
            "person"
        )
    )
    manner, receiver = manner_text(data), str(data.get("receiver") or "")
    reason = str(data.get("refusal_reason") or "")
    signed = (
        f"签收人：{receiver}"
        if receiver
        else f"{manner}；{reason}；见证人：{data.get('witness') or '音像记录在卷'}"
    )
    party = party_of(context)
    place = str(data.get("place") or context.record.case.place)
    when = moment(act.happened_at)
    return {
        **base(context),
        "fields": [["案由", context.record.case.cause], ["受送达人", party.name]],
        "table": {
            "head": ["送达文书", "送达方式", "送达地点", "送达时间", "签收情况"],
            "rows": [[decision_name(context), manner, place, when, signed]],
        },
        "signs": [*_received(data), {"label": "送达人", "name": servers}],
        "elements": {
            "document": decision_name(context),
            "recipient": party.name,
            "manner": manner,
            "place": place,
            "received-on": when,
            "servers": servers,
            "signature-or-reason": signed,
        },
    }


def _received(data: dict[str, Any]) -> list[dict[str, str]]:
    """The recipient's line, or his refusal with its reason and who witnessed it."""
    if data.get("receiver"):
        return [
            {"label": "受送达人", "name": "（签名见原件）", "note": f"签收人：{data['receiver']}"}
        ]
    if data["manner"] != "left":
        return []
    return [
        {
            "label": "受送达人",
            "name": "拒收",
            "note": f"理由：{data.get('refusal_reason') or '未说明'}",
        },
        {"label": "见证人", "name": str(data.get("witness") or "（见音像记录）")},
    ]


def blank_receipt(made: Document) -> dict[str, Any]:
    """送达回证 of one paper, to be filled in by hand: where, when, who received it, or why he would
    not and who saw it. A sheet, not an issued document.
    """
    body = json.loads(made.body)
    return {
        "organ": body.get("organ", ""),
        "title": "送达回证",
        "number": "",
        "layout": "list",
        "sealed": False,
        "issued": clock.today().isoformat(),
        "date": "",
        "fingerprint": "",
        "qr": "",
        "by-hand": True,
        "foot": f"空白回证，用于《{made.title}》{made.full_number}；签好以后登记送达情况并上传扫描件",
        "fields": [["案由", body.get("case", "")], ["受送达人", body.get("to", "")]],
        "table": {
            "head": ["送达文书", "送达方式", "送达地点", "送达时间"],
            "rows": [
                [f"《{made.title}》（{made.full_number}）", "□直接　□留置　□邮寄　□其他", "", ""]
            ],
        },
        "signs": [
            {"label": "受送达人", "name": "", "note": "年　月　日　时"},
            {"label": "代收人", "name": "", "note": "与受送达人的关系："},
            {"label": "拒收理由", "name": "", "note": "留置送达时照原话记"},
            {"label": "见证人", "name": "", "note": "单位、职务："},
            {"label": "送达人", "name": "", "note": "证件号"},
            {"label": "送达人", "name": "", "note": "证件号"},
        ],
    }


@paper("public-notice", "公告", "公", "letter", sealed=True)
def public_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《民事诉讼法》第九十五条."""
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            f"因{context.data['reason'].rstrip('。')}，依法以公告方式送达{decision_name(context)}。",
            context.data["text"],
        ],
        "elements": {},
    }


@paper("address-confirmation", "送达地址确认书")
def address_confirmation(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十一条第二款: where papers reach the party."""
    data = context.data
    return {
        **base(context),
        "fields": [
            *party_fields(party_of(context)),
            ["确认的送达地址", data["confirmed"]],
            ["电子送达地址", data["electronic"] or "不同意电子送达"],
        ],
        "signs": party_sign(data),
        "elements": {},
    }
