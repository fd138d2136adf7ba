"""Papers of service and execution."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Handler
from mingzheng.cases.documents import parts
from mingzheng.cases.documents.parts import paper
from mingzheng.documents.models import Document
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act


def decision_of(doing: Doing) -> Document | None:
    """The decision in force in this record."""
    kinds = matter_kinds.find(doing.record.kind).decisions
    found: Document | None = (
        Document.objects.filter(record=doing.record, kind__in=kinds, voided_by=None)
        .order_by("-pk")
        .first()
    )
    return found


def decision_name(doing: Doing) -> str:
    """Title and number of the decision."""
    found = decision_of(doing)
    return f"《{found.title}》（{found.full_number}）" if found else ""


@paper("service-receipt", "送达回证", layout="list")
def service_receipt(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十一条: which paper, to whom, how, when, who served it."""
    data = {"manner": "direct", **doing.data}
    servers = "、".join(
        row.person.name
        for row in Handler.objects.filter(record=doing.record, until=None).select_related("person")
    )
    manner, receiver = parts.manner_text(data), str(data.get("receiver") or "")
    reason = str(data.get("refusal_reason") or "")
    signed = (
        f"签收人：{receiver}"
        if receiver
        else f"{manner}；{reason}；见证人：{data.get('witness') or '音像记录在卷'}"
    )
    party = parts.party_of(doing)
    place = str(data.get("place") or doing.record.case.place)
    when = parts.moment(act.happened_at)
    return {
        **parts.base(doing),
        "fields": [["案由", doing.record.case.cause], ["受送达人", party.name]],
        "table": {
            "head": ["送达文书", "送达方式", "送达地点", "送达时间", "签收情况"],
            "rows": [[decision_name(doing), manner, place, when, signed]],
        },
        "signs": [{"label": "送达人", "name": servers}],
        "elements": {
            "document": decision_name(doing),
            "recipient": party.name,
            "manner": manner,
            "place": place,
            "received-on": when,
            "servers": servers,
            "signature-or-reason": signed,
        },
    }


@paper("public-notice", "公告", "公", "letter", sealed=True)
def public_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《民事诉讼法》第九十五条."""
    return {
        **parts.base(doing),
        "to": parts.party_of(doing).name,
        "lead": [
            f"因{doing.data['reason'].rstrip('。')}，依法以公告方式送达{decision_name(doing)}。",
            doing.data["text"],
        ],
        "elements": {},
    }


@paper("deferral-approval", "延期（分期）缴纳罚款批准书", "缴批")
def deferral_approval(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十六条第二款."""
    data = doing.data
    return {
        **parts.base(doing),
        "fields": [
            *parts.party_fields(parts.party_of(doing)),
            ["处罚决定", decision_name(doing)],
            ["方式", "延期缴纳" if data["way"] == "defer" else "分期缴纳"],
            ["最后期限", parts.long_date(data["until"])],
            ["分期安排", data["plan"] or "无"],
        ],
        "opinions": parts.opinions(doing, data["reason"]),
        "elements": {},
    }


@paper("urging-letter", "履行行政处罚决定催告书", "催", "letter", sealed=True)
def urging_letter(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政强制法》第五十四条."""
    data = doing.data
    return {
        **parts.base(doing),
        "to": parts.party_of(doing).name,
        "lead": [
            (
                f"本机关作出的{decision_name(doing)}已经送达，你（单位）至今没有履行，"
                f"尚欠人民币{parts.yuan(int(data['amount'] * 100))}。"
            ),
            (
                f"请在{parts.long_date(data['until'])}前履行。你（单位）有权进行陈述和申辩。"
                "逾期仍不履行的，本机关将依法申请人民法院强制执行。"
            ),
        ],
        "elements": {},
    }


@paper("additional-fine-decision", "加处罚款决定书", "加罚", "letter", sealed=True)
def additional_fine_decision(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第七十二条第一款第一项."""
    amount = int(doing.data["amount"] * 100)
    return {
        **parts.base(doing),
        "to": parts.party_of(doing).name,
        "lead": [
            (
                f"你（单位）没有按期缴纳{decision_name(doing)}确定的罚款。"
                "依照《中华人民共和国行政处罚法》第七十二条第一款第一项的规定，"
                f"决定加处罚款人民币{parts.yuan(amount)}（大写：{parts.capital(amount)}）。"
            ),
            parts.remedies(doing),
        ],
        "elements": {},
    }


@paper("court-application", "行政处罚强制执行申请书", "强申", "letter", sealed=True)
def court_application(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政强制法》第五十五条."""
    return {
        **parts.base(doing),
        "to": doing.data["court"],
        "fields": parts.party_fields(parts.party_of(doing)),
        "lead": [
            (
                f"申请人作出的{decision_name(doing)}已经生效，"
                "被申请人在法定期限内不申请行政复议或者提起行政诉讼，又不履行，"
                "经催告仍未履行。"
            ),
            f"请求强制执行：{doing.data['request']}",
        ],
        "elements": {},
    }


@paper("extension-approval", "案件延期审批表", "延")
def extension_approval(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十条."""
    case = doing.record.case
    return {
        **parts.base(doing),
        "fields": [
            ["案由", case.cause],
            ["立案日期", parts.long_date(case.opened_on)],
            ["延长期限", f"{doing.data['days']}日"],
        ],
        "opinions": parts.opinions(doing, doing.data["reason"]),
        "elements": {},
    }


@paper("suspension-notice", "中止办理告知书", "中止", "letter", sealed=True)
def suspension_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十条: why the time does not run."""
    return {
        **parts.base(doing),
        "to": parts.party_of(doing).name,
        "lead": [
            f"你（单位）{doing.record.case.cause}一案，因{doing.data['reason'].rstrip('。')}，"
            "决定中止办理。中止期间不计入办案期限。"
        ],
        "opinions": parts.opinions(doing, doing.data["reason"]),
        "elements": {},
    }
