"""Papers of service."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Handler
from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.signatures import (
    party_sign,
)
from mingzheng.cases.documents.wording import moment
from mingzheng.cases.forms.service import MANNERS, RELATIONS
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
        "signs": [{"label": "送达人", "name": servers}],
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
