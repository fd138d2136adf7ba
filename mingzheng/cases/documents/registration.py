"""Papers of registering a marriage or a divorce; none of them ever goes public."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.wording import long_date
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, Duty


def _both(context: StepContext) -> list[list[str]]:
    rows = context.record.parties.filter(until=None).order_by("pk")
    return [[f"当事人{n}", f"{row.name}（{row.identifier}）"] for n, row in enumerate(rows, 1)]


def _names(context: StepContext) -> str:
    return "、".join(
        context.record.parties.filter(until=None).order_by("pk").values_list("name", flat=True)
    )


@paper(
    "divorce-receipt",
    "离婚登记申请受理回执单",
    "离受",
    "letter",
    sealed=True,
    source="《民法典》第一千零七十七条",
)
def divorce_receipt(context: StepContext, act: Act) -> dict[str, Any]:
    """《民法典》第一千零七十七条: the two last days, as the rules count them."""
    cooled = long_date(context.facts().get("cooling_off_until"))
    duty = Duty.objects.filter(record=context.record, topic="divorce/claim").order_by("pk").first()
    claim = long_date(duty.due) if duty else ""
    return {
        **base(context),
        "to": _names(context),
        "fields": _both(context),
        "lead": [
            f"你们的离婚登记申请已经收到。任何一方不愿意离婚的，可以在{cooled}前（含当日）撤回申请。",
            f"冷静期届满后，双方应当在{claim}前（含当日）亲自到场申请发给离婚证；没有申请的，视为撤回。",
        ],
        "elements": {},
    }


@paper("registration-record", "婚姻登记审查处理表", "婚审", source="《婚姻登记条例》")
def registration_record(context: StepContext, act: Act) -> dict[str, Any]:
    """What was seen, and the conclusion."""
    data = context.data
    conclusion = context.form.choices["conclusion"][data["conclusion"]]
    return {
        **base(context),
        "fields": [
            ["登记事项", context.record.case.cause],
            *_both(context),
            ["双方到场", "是" if data["present"] else "否"],
            ["当面声明", "是" if data["declared"] else "否"],
            ["审查情况", data["text"]],
            ["审查结论", conclusion],
        ],
        "signs": [
            {"label": "登记员", "name": row["name"], "number": row["certificate"]}
            for row in context.officers
        ],
        "elements": {},
    }


@paper(
    "registration-refusal",
    "不予办理婚姻登记告知书",
    "婚不",
    "letter",
    sealed=True,
    source="《婚姻登记条例》",
)
def registration_refusal(context: StepContext, act: Act) -> dict[str, Any]:
    """Why, and where to object."""
    remedies = remedies_of(context)
    return {
        **base(context),
        "to": _names(context),
        "remedy": remedies,
        "lead": [
            (
                f"你们申请的{context.record.case.cause}，经审查不符合登记条件。"
                f"理由：{context.data['reasons']}"
            ),
            "本机关决定不予登记。",
            remedies,
        ],
        "elements": {
            "applicant": _names(context),
            "reasons": context.data["reasons"],
            "remedies": remedies,
            "agency-and-date": f"{context.agency.name}，日期以签发日为准",
        },
    }
