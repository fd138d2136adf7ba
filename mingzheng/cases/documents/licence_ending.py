"""Papers of taking a licence away: notice, and the three decisions with their different
consequences.
"""

from __future__ import annotations

import json
from typing import Any

from mingzheng.cases.documents.licence import organ_and_date
from mingzheng.cases.documents.papers import SEAL_NOTE, base, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.wording import long_date
from mingzheng.cases.models import Application
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act

VERBS = {"revocation": "撤销", "withdrawal": "撤回", "cancellation": "注销"}


def ending_body(context: StepContext) -> dict[str, Any]:
    """《行政许可法》第八条、第六十九条、第七十条: which certificate, on which ground, and what
    becomes of the loss.
    """
    data, party = context.data, party_of(context)
    held = Application.objects.select_related("about").get(record=context.record).about
    assert held is not None
    ground = context.form.grounds[data["ground"]]  # type: ignore[attr-defined]
    word = VERBS[context.record.case.sort]
    decision = f"决定{word}{long_date(held.granted_on)}颁发给{held.holder}的{held.name}（编号{held.number}）。"
    reasons = f"{data['facts_text']}属于：{ground['name']}。"
    remedies = remedies_of(context)
    tail = [{"head": "赔偿、补偿", "paras": [data["compensation"]]}] if data["compensation"] else []
    return {
        **base(context),
        "fields": party_fields(party, "被许可人"),
        "remedy": remedies,
        "sections": [
            {"head": "事实和理由", "paras": [reasons]},
            {"head": "决定", "paras": [f"依据{data['basis']}，{decision}"]},
            *tail,
            {"head": "权利救济", "paras": [remedies]},
        ],
        "elements": {
            "holder": party_text(party),
            "decision": decision,
            "reasons": reasons,
            "facts": data["facts_text"],
            "basis": data["basis"],
            "compensation": data["compensation"],
            "remedies": remedies,
            "agency-and-date": organ_and_date(context),
            "seal": SEAL_NOTE,
        },
        "answers": context.form.raw(),
        "public": {
            "title": f"{word}{party.name}{held.name}的决定",
            "facts": reasons,
            "basis": data["basis"],
            "decision": decision,
        },
    }


@paper(
    "licence-ending-notice",
    "拟撤销（撤回）行政许可告知书",
    "撤告",
    "letter",
    sealed=True,
    source="《行政许可法》第七条",
)
def ending_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第七条: what is intended, why, and that the holder may object."""
    said = json.loads(context.draft.body)["elements"]
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            f"经查，{said['reasons']}",
            f"依据{said['basis']}，拟{said['decision'].removeprefix('决定')}",
            "你（单位）有权进行陈述、申辩，可以在收到本告知书后向本机关提出。",
            f"联系地址：{context.agency.address}　联系人及电话：{context.data['contact']}。",
        ],
        "elements": {},
    }


@paper(
    "licence-revocation-decision",
    "撤销行政许可决定书",
    "撤许",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第六十九条",
)
def revocation_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第六十九条: issued from the reviewed draft only."""
    return ending_body(context)


@paper(
    "licence-withdrawal-decision",
    "撤回行政许可决定书",
    "回许",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第八条第二款",
)
def withdrawal_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第八条第二款: issued from the reviewed draft only."""
    return ending_body(context)


@paper(
    "licence-cancellation-decision",
    "注销行政许可决定书",
    "注许",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第七十条",
)
def cancellation_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第七十条: issued from the reviewed draft only."""
    return ending_body(context)
