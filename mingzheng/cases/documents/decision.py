"""The decision letters: the text that is drafted, reviewed, discussed, issued and published."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import SEAL_NOTE, base, organ_of, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.signatures import officer_signs, officer_text, party_sign
from mingzheng.cases.documents.wording import capital, long_date, moment, yuan
from mingzheng.cases.parties import respondents
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import law
from mingzheng.records.models import Act


def decision_body(context: StepContext) -> dict[str, Any]:
    """《行政处罚法》第五十九条: the body of a decision from the answers of the draft form and the
    case's tables.
    """
    data, everyone = context.data, respondents(context.record)
    penalty = data["outcome"] == "penalty"
    said = {
        "party": "；".join(party_text(party) for party in everyone),
        "facts": data["facts_text"],
        "evidence": data["evidence_text"],
        "broken": data["broken"],
        "applied": data["applied"],
        "discretion": data["discretion"],
        "decision": _decision_text(context),
        "execution": _execution(context) if penalty else "",
        "remedies": remedies_of(context),
        "agency-and-date": f"{organ_of(context)}，日期以签发日为准",
        "seal": SEAL_NOTE,
    }
    sections = [
        {
            "head": "违法事实和证据" if penalty else "查明的事实和证据",
            "paras": [data["facts_text"], f"上述事实，有下列证据证实：{data['evidence_text']}"],
        },
        {"head": "理由和依据", "paras": [_reasons(data, penalty), data["discretion"]]},
        {"head": "处罚决定" if penalty else "决定内容", "paras": [said["decision"]]},
    ]
    if penalty:
        sections.append({"head": "履行方式和期限", "paras": [said["execution"]]})
    sections.append({"head": "权利救济", "paras": [said["remedies"]]})
    return {
        **base(context),
        "fields": [row for party in everyone for row in party_fields(party)],
        "sections": sections,
        "remedy": said["remedies"],
        "elements": said,
        "answers": _answers(context),
        "lead": _lead(context),
    }


def _answers(context: StepContext) -> dict[str, Any]:
    # Kept in the text so that an amendment starts from it; the hash covers them, which only makes
    # it stricter.
    raw = context.form.raw()
    return {
        name: value for name, value in raw.items() if name not in ("substance_changed", "heavier")
    }


def _lead(context: StepContext) -> list[str]:
    case = context.record.case
    opened = f"于{long_date(case.opened_on)}立案调查" if case.opened_on else "进行了调查"
    return [f"本机关对你（单位）{case.cause}一案{opened}，现已调查终结。"]


def _reasons(data: dict[str, Any], penalty: bool) -> str:
    if not penalty:
        return f"依据{data['applied']}，本机关认为不应给予行政处罚。"
    return f"上述行为违反了{data['broken']}的规定，依据{data['applied']}，应当给予行政处罚。"


def _decision_text(context: StepContext) -> str:
    data = context.data
    if data["outcome"] != "penalty":
        return (
            "决定不予行政处罚。"
            if data["outcome"] == "no-penalty"
            else "违法事实不能成立，不予行政处罚。"
        )
    return "；".join(penalty_lines(context)) + "。"


def penalty_lines(context: StepContext) -> list[str]:
    """Each kind of penalty as the letter says it, money in figures and in 大写."""
    data, case = context.data, context.record.case
    out = []
    for kind in data["penalties"]:
        if kind == "罚款":
            out.append(f"罚款人民币{yuan(case.fine)}（大写：{capital(case.fine)}）")
        elif kind in ("没收违法所得", "没收非法财物") and case.confiscated:
            out.append(f"{kind}人民币{yuan(case.confiscated)}（大写：{capital(case.confiscated)}）")
        elif kind == "其他":
            out.append(str(data["other"]).rstrip("。"))
        else:
            out.append(kind)
    if data.get("other") and "其他" not in data["penalties"]:
        out.append(str(data["other"]).rstrip("。"))
    return out


def _execution(context: StepContext) -> str:
    case, payment = context.record.case, context.agency.payment
    if not (case.fine or case.confiscated):
        return "本决定自送达之日起生效，由当事人自行履行。"
    within = pay_within(context)
    where = (
        f"到{payment.get('bank', '指定银行')}（账户：{payment.get('account', '')}）或者通过电子支付系统缴纳"
        if payment
        else "到指定银行缴纳"
    )
    late = "逾期不缴纳罚款的，依照《中华人民共和国行政处罚法》第七十二条的规定处理。"
    return f"自收到本决定书之日起{within}，{where}。{late}"


def pay_within(context: StepContext) -> str:
    """Within how long the fine is to be paid: from the rule that service sets off."""
    rows = context.regime.owed(
        "decision.served", context.happened_at.date(), context.facts(), law.calendar()
    )
    units = {"day": "日", "workday": "个工作日", "month": "个月"}
    for row in rows:
        if row.topic == "payment/limit" and row.within:
            return f"{row.within}{units.get(row.unit, row.unit)}内"
    return "在法定期限内"


def spot_body(context: StepContext) -> dict[str, Any]:
    """《行政处罚法》第五十二条第二款: the decision filled in on the spot."""
    data, party, case = context.data, party_of(context), context.record.case
    kinds = [
        (f"罚款人民币{yuan(case.fine)}（大写：{capital(case.fine)}）" if kind == "罚款" else kind)
        for kind in data["penalties"]
    ]
    collected = {
        "none": "",
        "spot": "罚款当场收缴。",
        "bank": f"罚款自收到本决定书之日起{pay_within(context)}到指定银行缴纳。",
    }
    when = f"{moment(context.happened_at)}，{case.place}"
    said = {
        "party": party_text(party),
        "facts": data["facts_text"],
        "decision": f"违反{data['broken']}，依据{data['applied']}，给予{'；'.join(kinds)}的处罚。",
        "time-and-place": when,
        "remedies": remedies_of(context),
        "agency-and-date": context.agency.name,
        "officers": officer_text(context.officers),
        "execution": collected[data["collected"]],
    }
    return {
        **base(context),
        "fields": [*party_fields(party), ["处罚时间、地点", when]],
        "sections": [
            {"head": "违法事实和证据", "paras": [data["facts_text"]]},
            {"head": "处罚依据和内容", "paras": [said["decision"], collected[data["collected"]]]},
            {"head": "权利救济", "paras": [said["remedies"]]},
        ],
        "signs": [*officer_signs(context.officers), *party_sign(data)],
        "elements": said,
        "remedy": said["remedies"],
        "lead": [
            "执法人员已出示执法证件，告知拟处罚的内容、事实、理由、依据和权利，并听取了陈述申辩。"
        ],
    }


@paper(
    "penalty-decision",
    "行政处罚决定书",
    "罚",
    "letter",
    sealed=True,
    public=True,
    source="《行政处罚法》第五十九条",
)
def penalty_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """Issued from the reviewed draft only; the builder stands for the draft itself."""
    return decision_body(context)


@paper("no-penalty-decision", "不予行政处罚决定书", "不罚", "letter", sealed=True, public=True)
def no_penalty_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十七条: issued from the reviewed draft only."""
    return decision_body(context)


@paper(
    "on-the-spot-decision",
    "当场行政处罚决定书",
    "当罚",
    "letter",
    sealed=True,
    public=True,
    source="《行政处罚法》第五十二条",
)
def on_the_spot_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十二条."""
    return spot_body(context)
