"""The decision on a levy, a payment, a reward or a ruling."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.licence import organ_and_date
from mingzheng.cases.documents.papers import SEAL_NOTE, base, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.wording import capital, yuan
from mingzheng.cases.forms.other import SORTS
from mingzheng.procedures.forms import fen
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


def other_body(context: StepContext) -> dict[str, Any]:
    """The body from the answers of the draft form; its elements are those of the pack's list."""
    data, party, case = context.data, party_of(context), context.record.case
    word = SORTS.get(case.sort, SORTS["other"])
    amount = fen(data["amount"])
    money = f"金额人民币{yuan(amount)}（大写：{capital(amount)}）。" if amount else ""
    decision = (
        f"{data['decision']}{money}"
        if data["outcome"] == "granted"
        else f"不予办理。{data['decision']}"
    )
    remedies = remedies_of(context)
    return {
        **base(context),
        "fields": [*party_fields(party), ["事项", case.cause], ["种类", word]],
        "remedy": remedies,
        "sections": [
            {"head": "查明的事实", "paras": [data["facts_text"]]},
            {"head": "决定", "paras": [f"依据{data['basis']}，决定：{decision}"]},
            {"head": "权利救济", "paras": [remedies]},
        ],
        "elements": {
            "party": party_text(party),
            "facts": data["facts_text"],
            "decision": decision,
            "basis": data["basis"],
            "remedies": remedies,
            "agency-and-date": organ_and_date(context),
            "seal": SEAL_NOTE,
        },
        "answers": context.form.raw(),
        "public": {
            "title": f"{party.name}{case.cause}的{word}决定",
            "facts": data["facts_text"],
            "basis": data["basis"],
            "decision": decision,
        },
    }


@paper(
    "other-decision",
    "行政决定书",
    "决",
    "letter",
    sealed=True,
    public=True,
    source="国办发〔2018〕118号 三（一）",
)
def other_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """Issued from the reviewed draft only."""
    return other_body(context)
