"""Papers of payment and execution."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.service import decision_name
from mingzheng.cases.documents.wording import capital, long_date, yuan
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper("deferral-approval", "延期（分期）缴纳罚款批准书", "缴批")
def deferral_approval(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十六条第二款."""
    data = context.data
    return {
        **base(context),
        "fields": [
            *party_fields(party_of(context)),
            ["处罚决定", decision_name(context)],
            ["方式", "延期缴纳" if data["way"] == "defer" else "分期缴纳"],
            ["最后期限", long_date(data["until"])],
            ["分期安排", data["plan"] or "无"],
        ],
        "opinions": opinions(context, data["reason"]),
        "elements": {},
    }


@paper("urging-letter", "履行行政处罚决定催告书", "催", "letter", sealed=True)
def urging_letter(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第五十四条."""
    data = context.data
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"本机关作出的{decision_name(context)}已经送达，你（单位）至今没有履行，"
                f"尚欠人民币{yuan(int(data['amount'] * 100))}。"
            ),
            (
                f"请在{long_date(data['until'])}前履行。你（单位）有权进行陈述和申辩。"
                "逾期仍不履行的，本机关将依法申请人民法院强制执行。"
            ),
        ],
        "elements": {},
    }


@paper("additional-fine-decision", "加处罚款决定书", "加罚", "letter", sealed=True)
def additional_fine_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第七十二条第一款第一项."""
    amount = int(context.data["amount"] * 100)
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"你（单位）没有按期缴纳{decision_name(context)}确定的罚款。"
                "依照《中华人民共和国行政处罚法》第七十二条第一款第一项的规定，"
                f"决定加处罚款人民币{yuan(amount)}（大写：{capital(amount)}）。"
            ),
            remedies_of(context),
        ],
        "elements": {},
    }


@paper("court-application", "行政处罚强制执行申请书", "强申", "letter", sealed=True)
def court_application(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第五十五条."""
    return {
        **base(context),
        "to": context.data["court"],
        "fields": party_fields(party_of(context)),
        "lead": [
            (
                f"申请人作出的{decision_name(context)}已经生效，"
                "被申请人在法定期限内不申请行政复议或者提起行政诉讼，又不履行，"
                "经催告仍未履行。"
            ),
            f"请求强制执行：{context.data['request']}",
        ],
        "elements": {},
    }
