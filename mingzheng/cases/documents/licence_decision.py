"""The papers of a licence from the check on site to the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.documents.licence import LAW, organ_and_date
from mingzheng.cases.documents.papers import SEAL_NOTE, base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.signatures import (
    officer_signs,
    officer_text,
    party_sign,
    signed_text,
)
from mingzheng.cases.documents.wording import long_date, moment
from mingzheng.cases.models import Application
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper(
    "licence-check-record",
    "实地核查笔录",
    layout="transcript",
    source="《行政许可法》第三十四条第三款",
)
def check_record(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十四条第三款: what was found, by whom, signed or not."""
    data, when = context.data, moment(act.happened_at)
    conclusion = context.form.choices["conclusion"][data["conclusion"]]
    return {
        **base(context),
        "fields": [
            ["核查时间", when],
            ["核查地点", data["place"]],
            ["申请人", party_of(context).name],
            ["到场人员", data["present"]],
            ["核查人员", officer_text(context.officers)],
            ["核查结论", conclusion],
        ],
        "text": data["text"],
        "signs": [*officer_signs(context.officers), *party_sign(data, "申请人")],
        "elements": {
            "time-and-place": f"{when}，{data['place']}",
            "officers": officer_text(context.officers),
            "applicant": party_of(context).name,
            "body": data["text"],
            "conclusion": conclusion,
            "signature-or-reason": signed_text(data),
        },
    }


@paper(
    "licence-extension-notice",
    "行政许可延长办理期限告知书",
    "延告",
    "letter",
    sealed=True,
    source="《行政许可法》第四十二条",
)
def extension_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十二条: how much longer, and why."""
    data = context.data
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            f"你（单位）申请的“{context.record.case.cause}”，因{data['reason'].rstrip('。')}，"
            f"依照{LAW}第四十二条的规定，"
            f"经批准，办理期限延长{data['days']}个工作日。"
        ],
        "opinions": opinions(context, data["reason"]),
        "elements": {},
    }


@paper(
    "deemed-renewal-note",
    "视为准予延续告知书",
    "视延",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第五十条第二款",
)
def deemed_renewal_note(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第五十条第二款: renewed by silence, until when."""
    until, name = long_date(context.data["until"]) or "长期", party_of(context).name
    basis, item = f"{LAW}第五十条第二款", context.record.case.item
    decision = f"{name}申请的{context.record.case.cause}视为准予延续，有效期至：{until}。"
    return {
        **base(context),
        "to": name,
        "lead": [f"原许可的有效期届满前没有作出决定。依照{basis}，{decision}"],
        "elements": {"decision": decision, "facts": decision},
        "public": {
            "title": f"{name}{context.record.case.cause}视为准予延续",
            "facts": item.name if item else "",
            "basis": basis,
            "decision": decision,
        },
    }


def validity(granted: dict[str, Any]) -> str:
    """The period in words."""
    since = granted.get("since")
    head = long_date(date.fromisoformat(since)) if since else "决定之日"
    until = granted.get("until")
    return (
        f"自{head}起至{long_date(date.fromisoformat(until))}" if until else f"自{head}起，长期有效"
    )


def decision_body(context: StepContext) -> dict[str, Any]:
    """《行政许可法》第三十八条: the body of a grant or a refusal, from the answers of the draft
    form.
    """
    data, party, item = context.data, party_of(context), context.record.case.item
    granted = data["outcome"] == "granted"
    asked = Application.objects.get(record=context.record)
    ends = context.record.case.sort == "cancellation"
    verdict = ("准予注销许可" if ends else "准予许可") if granted else "不予许可"
    period = "原许可自决定之日起不再有效" if ends else validity(asked.granted) if granted else ""
    decision = f"决定{verdict}：{party.name}申请的{context.record.case.cause}。"
    remedies = remedies_of(context)
    elements = {
        "applicant": party_text(party),
        "decision": decision,
        "basis": data["basis"],
        "remedies": remedies,
        "agency-and-date": organ_and_date(context),
        "seal": SEAL_NOTE,
        **(
            {"content": data["content"], "validity": period}
            if granted
            else {"reasons": data["reasons"]}
        ),
    }
    sections = [{"head": "审查情况", "paras": [data["examined"]]}]
    if granted:
        head = "注销的许可" if ends else "许可内容和有效期"
        sections.append(
            {"head": head, "paras": [f"{data['content'].rstrip('。')}。", f"{period}。"]}
        )
    else:
        sections.append({"head": "不予许可的理由", "paras": [data["reasons"]]})
    sections += [
        {"head": "决定", "paras": [f"依据{data['basis']}，{decision}"]},
        {"head": "权利救济", "paras": [remedies]},
    ]
    manner = "不予" if not granted else "注销" if ends else "准予"
    shown = f"{data['content']}（{period}）" if granted else f"不予许可。{data['reasons']}"
    return {
        **base(context),
        "fields": party_fields(party, "申请人"),
        "sections": sections,
        "remedy": remedies,
        "lead": [
            f"你（单位）于{long_date(asked.received_on)}提出的“{context.record.case.cause}”申请，"
            "本机关已依法受理和审查。"
        ],
        "elements": elements,
        "answers": context.form.raw(),
        "public": {
            "title": f"{party.name}{context.record.case.cause}的{manner}行政许可决定",
            "facts": item.name if item else context.record.case.cause,
            "basis": data["basis"],
            "decision": shown,
        },
    }


@paper(
    "licence-decision",
    "准予行政许可决定书",
    "许",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第三十八条第一款",
)
def licence_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """Issued from the reviewed draft only; the builder stands for the draft itself."""
    return decision_body(context)


@paper(
    "refusal-decision",
    "不予行政许可决定书",
    "不许",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第三十八条第二款",
)
def refusal_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十八条第二款: issued from the reviewed draft only."""
    return decision_body(context)
