"""Papers of what the counterpart is told before a decision, and of what he says to it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_of
from mingzheng.cases.documents.signatures import (
    officer_signs,
    officer_text,
    party_sign,
)
from mingzheng.cases.documents.wording import long_date, moment
from mingzheng.documents.models import Draft
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import law
from mingzheng.records.models import Act


def _contact(context: StepContext) -> str:
    agency = context.agency
    return f"联系地址：{agency.address}　联系人及电话：{context.data['contact']}。"


def _intended(context: StepContext, draft: Draft) -> tuple[dict[str, Any], list[str]]:
    """The elements of the draft and the paragraphs that tell facts, reasons, basis and content."""
    elements = json.loads(draft.body)["elements"]
    return elements, [
        f"经查，{elements['facts']}",
        f"上述行为违反了{elements['broken']}的规定。"
        f"依据{elements['applied']}，{elements['discretion']}".rstrip("，。")
        + "。",
        f"拟对你（单位）作出如下处理：{elements['decision']}",
    ]


@paper("penalty-notice", "行政处罚事先告知书", "罚告", "letter", sealed=True)
def penalty_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第四十四条: content, facts, reasons, basis and rights."""
    elements, told = _intended(context, context.draft)
    rights = (
        "你（单位）有权进行陈述和申辩。可以在收到本告知书后向本机关提出；明确放弃或者逾期不提出的，"
        "本机关将依法作出决定。"
    )
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            *told,
            f"依照《中华人民共和国行政处罚法》第四十四条、第四十五条的规定，{rights}",
            _contact(context),
        ],
        "elements": {
            "party": party_of(context).name,
            "facts": elements["facts"],
            "grounds": f"{elements['broken']}；{elements['applied']}",
            "decision": elements["decision"],
            "rights": rights,
        },
    }


@paper("hearing-right-notice", "行政处罚听证告知书", "听告", "letter", sealed=True)
def hearing_right_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十三条、第六十四条第一项: the right to a hearing and until when it may be
    asked for.
    """
    elements, told = _intended(context, context.draft)
    asked = hearing_asked(context)
    right = "依照《中华人民共和国行政处罚法》第六十三条的规定，你（单位）有要求听证的权利。"
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            *told,
            f"{right}如要求听证，{asked}；逾期不提出的，视为放弃要求听证的权利。",
            _contact(context),
        ],
        "elements": {
            "party": party_of(context).name,
            "decision": elements["decision"],
            "hearing-right": right,
            "request-period": asked,
        },
    }


def hearing_asked(context: StepContext, of: str = "penalty") -> str:
    """Until when a hearing may be asked for, from the gate that waits for it: the last day, or so
    long after receipt where the paper is made before it is handed over.
    """
    on, facts = context.happened_at.date(), {**context.facts(), "of": of}
    if context.served_later:
        period = _period(context, on, facts)
        return f"请在收到本告知书之日起{period or '法定期限'}内向本机关提出"
    refused = context.regime.refusals(
        "decision.made", on, facts, law.history(context.record), law.calendar(), attrs={}
    )
    days = [item.earliest for item in refused if item.topic == "hearing/request" and item.earliest]
    if not days:
        return "请在法定期限内向本机关提出"
    return f"请在{long_date(max(days) - timedelta(days=1))}前（含当日）向本机关提出"


def _period(context: StepContext, on: date, facts: dict[str, Any]) -> str:
    """How long the gate waits after the notice, in words; empty when no rule says it."""
    for gate in context.regime.gates("decision.made", on, facts):
        if gate.rule.topic != "hearing/request":
            continue
        needs = [
            need
            for group in gate.rule.body.get("needs", [])
            for need in (group if isinstance(group, list) else [group])
        ]
        for need in needs:
            if isinstance(need, dict) and "elapsed" in need:
                unit = context.regime.words.units[need["unit"]].removesuffix("（自然日）")
                return f"{need['elapsed']}{unit}"
    return ""


@paper("statement-record", "陈述申辩笔录及复核意见", layout="transcript")
def statement_record(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第四十五条: what was said and what was answered."""
    data = context.data
    accepted = context.form.choices["accepted"][data["accepted"]]
    return {
        **base(context),
        "fields": [
            ["时间", moment(act.happened_at)],
            ["陈述申辩人", data["speaker"]],
            ["听取人员", officer_text(context.officers)],
            ["复核意见", f"{accepted}。{data['finding']}"],
        ],
        "text": data["text"],
        "signs": [*officer_signs(context.officers), *party_sign(data, "陈述申辩人")],
        "elements": {},
    }
