"""The papers of a hearing."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.licence import LAW
from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_of
from mingzheng.cases.documents.signatures import (
    officer_signs,
    officer_text,
    party_sign,
    signed_text,
)
from mingzheng.cases.documents.telling import hearing_asked
from mingzheng.cases.documents.wording import long_date, moment
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper("hearing-notice", "行政处罚听证会通知书", "听通", "letter", sealed=True)
def hearing_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十四条: when, where, who hosts, agents and recusal."""
    data, party = context.data, party_of(context)
    where = f"{long_date(data['hearing_on'])}，{data['hearing_place']}"
    # How many agents there may be is the law's number: it is said in the words of the pack's own
    # list.
    rows = context.regime.rows(
        "document/hearing-notice", context.happened_at.date(), context.facts()
    ).rows
    allowed = next((str(row["name"]) for row in rows if row["id"] == "agents"), "可以委托代理人")
    agents = (
        f"你（单位）可以亲自参加听证，也{allowed}；无正当理由拒不出席或者未经许可中途退出的，"
        "视为放弃听证权利。"
    )
    recusal = "认为主持人与本案有直接利害关系的，有权申请回避。"
    return {
        **base(context),
        "to": party.name,
        "lead": [
            f"根据你（单位）的要求，本机关决定就“{context.record.case.cause}”一案举行听证。",
            f"听证时间、地点：{where}。",
            f"听证主持人：{data['host']}；记录员：{data['clerk']}。",
            agents,
            recusal,
        ],
        "elements": {
            "party": party.name,
            "time-and-place": where,
            "host": data["host"],
            "agents": agents,
            "recusal": recusal,
        },
    }


@paper("hearing-record", "听证笔录", layout="transcript")
def hearing_record(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十四条第七项、第八项."""
    data, party = context.data, party_of(context)
    when = moment(act.happened_at)
    return {
        **base(context),
        "fields": [
            ["时间", when],
            ["主持人", data["host"]],
            ["当事人", party.name],
            ["当事人到场情况", "到场" if data["attended"] == "yes" else "无正当理由未到场"],
            ["调查人员", officer_text(context.officers)],
        ],
        "text": data["text"],
        "signs": [
            {"label": "主持人", "name": data["host"]},
            *officer_signs(context.officers),
            *party_sign(data),
        ],
        "elements": {
            "time-and-place": when,
            "host": data["host"],
            "party": party.name,
            "body": data["text"],
            "signature-or-reason": signed_text(data),
        },
    }


@paper("hearing-report", "听证报告书", "听报")
def hearing_report(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十五条."""
    data = context.data
    return {
        **base(context),
        "fields": [
            ["案由", context.record.case.cause],
            ["听证基本情况", data["text"]],
            ["主持人意见", data["opinion"]],
        ],
        "signs": [{"label": "主持人", "name": context.by.name}],
        "elements": {},
    }


@paper(
    "licence-hearing-right-notice",
    "行政许可听证告知书",
    "许听告",
    "letter",
    sealed=True,
    source="《行政许可法》第四十七条",
)
def licence_hearing_right_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十七条第一款: the right to a hearing, and until when."""
    names = "、".join(
        context.record.parties.filter(until=None).order_by("pk").values_list("name", flat=True)
    )
    asked = f"如要求听证，{hearing_asked(context, 'granted')}"
    return {
        **base(context),
        "to": names,
        "lead": [
            f"本机关正在办理“{context.record.case.cause}”，该事项直接涉及申请人与他人之间的重大利益关系。",
            (
                f"依照{LAW}第四十七条的规定，你（单位）享有要求听证的权利。{asked}；申请人、"
                "利害关系人不承担组织听证的费用。"
            ),
            f"联系地址：{context.agency.address}　联系人及电话：{context.data['contact']}。",
        ],
        "elements": {},
    }


@paper(
    "licence-hearing-notice",
    "行政许可听证通知书",
    "许听通",
    "letter",
    sealed=True,
    source="《行政许可法》第四十八条",
)
def licence_hearing_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十八条、第四十五条: when, where, who hosts; and that its time does not
    count.
    """
    data = context.data
    return {
        **base(context),
        "to": "、".join(context.record.parties.filter(until=None).values_list("name", flat=True)),
        "lead": [
            (
                f"本机关决定就“{context.record.case.cause}”举行听证。时间、"
                f"地点：{long_date(data['hearing_on'])}，{data['hearing_place']}。"
            ),
            (
                f"主持人：{data['host']}；记录员：{data['clerk']}。"
                "认为主持人与该事项有直接利害关系的，有权申请回避。"
            ),
            f"听证所需时间：{data['expected']}。依照{LAW}第四十五条的规定，这段时间不计入办理期限。",
        ],
        "elements": {},
    }
