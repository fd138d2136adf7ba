"""Papers of registering a marriage or a divorce; none of them ever goes public."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.wording import long_date
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act, Duty


def _both(doing: Doing) -> list[list[str]]:
    rows = doing.record.parties.filter(until=None).order_by("pk")
    return [[f"当事人{n}", f"{row.name}（{row.identifier}）"] for n, row in enumerate(rows, 1)]


def _names(doing: Doing) -> str:
    return "、".join(
        doing.record.parties.filter(until=None).order_by("pk").values_list("name", flat=True)
    )


@paper(
    "divorce-receipt",
    "离婚登记申请受理回执单",
    "离受",
    "letter",
    sealed=True,
    source="《民法典》第一千零七十七条",
)
def divorce_receipt(doing: Doing, act: Act) -> dict[str, Any]:
    """《民法典》第一千零七十七条: the two last days, as the rules count them."""
    cooled = long_date(doing.facts().get("cooling_off_until"))
    duty = Duty.objects.filter(record=doing.record, topic="divorce/claim").order_by("pk").first()
    claim = long_date(duty.due) if duty else ""
    return {
        **base(doing),
        "to": _names(doing),
        "fields": _both(doing),
        "lead": [
            f"你们的离婚登记申请已经收到。任何一方不愿意离婚的，可以在{cooled}前（含当日）撤回申请。",
            f"冷静期届满后，双方应当在{claim}前（含当日）亲自到场申请发给离婚证；没有申请的，视为撤回。",
        ],
        "elements": {},
    }


@paper("registration-record", "婚姻登记审查处理表", "婚审", source="《婚姻登记条例》")
def registration_record(doing: Doing, act: Act) -> dict[str, Any]:
    """What was seen, and the conclusion."""
    data = doing.data
    conclusion = dict(doing.form.fields["conclusion"].choices)[data["conclusion"]]  # type: ignore[attr-defined]
    return {
        **base(doing),
        "fields": [
            ["登记事项", doing.record.case.cause],
            *_both(doing),
            ["双方到场", "是" if data["present"] else "否"],
            ["当面声明", "是" if data["declared"] else "否"],
            ["审查情况", data["text"]],
            ["审查结论", conclusion],
        ],
        "signs": [
            {"label": "登记员", "name": row["name"], "number": row["certificate"]}
            for row in doing.officers
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
def registration_refusal(doing: Doing, act: Act) -> dict[str, Any]:
    """Why, and where to object."""
    remedies = remedies_of(doing)
    return {
        **base(doing),
        "to": _names(doing),
        "remedy": remedies,
        "lead": [
            (
                f"你们申请的{doing.record.case.cause}，经审查不符合登记条件。"
                f"理由：{doing.data['reasons']}"
            ),
            "本机关决定不予登记。",
            remedies,
        ],
        "elements": {
            "applicant": _names(doing),
            "reasons": doing.data["reasons"],
            "remedies": remedies,
            "agency-and-date": f"{doing.agency.name}，日期以签发日为准",
        },
    }
