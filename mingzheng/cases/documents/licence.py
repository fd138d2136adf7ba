"""Papers of an application: receipt, acceptance, who else is concerned, excluded time."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.wording import long_date
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act

LAW = "《中华人民共和国行政许可法》"


def applicant_fields(context: StepContext) -> list[list[str]]:
    """Who applies, and for what."""
    return [
        *party_fields(party_of(context), "申请人"),
        ["申请事项", context.record.case.cause],
    ]


def organ_and_date(context: StepContext) -> str:
    """The element that says who decided and when."""
    return f"{context.agency.name}，日期以签发日为准"


def _due(act: Act, topic: str) -> str:
    duty = act.duties_opened.filter(topic=topic).exclude(due=None).order_by("due").first()
    return long_date(duty.light_due) if duty else ""


@paper(
    "materials-notice",
    "申请材料补正告知书",
    "补正",
    "letter",
    sealed=True,
    source="《行政许可法》第三十二条第一款第四项",
)
def materials_notice(context: StepContext, act: Act, names: list[str]) -> dict[str, Any]:
    """《行政许可法》第三十二条第一款第四项: everything that is lacking, at once."""
    lacking = "；".join(names)
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"你（单位）申请的“{context.record.case.cause}”，申请材料不齐全或者不符合法定形式。"
                f"依照{LAW}第三十二条的规定，现一次告知需要补正的全部内容。"
            ),
            f"补正要求：{context.data['content']}",
        ],
        "table": {
            "head": ["序号", "需要补正的材料"],
            "rows": [[str(n), name] for n, name in enumerate(names, 1)],
        },
        "elements": {
            "applicant": party_of(context).name,
            "materials": lacking,
            "agency-and-date": organ_and_date(context),
        },
    }


@paper(
    "non-acceptance-notice",
    "行政许可申请不予受理通知书",
    "不受",
    "letter",
    sealed=True,
    source="《行政许可法》第三十二条第二款",
)
def non_acceptance_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十二条: why it is not accepted, and where to object."""
    remedies = remedies_of(context)
    ground = context.form.grounds[context.data["ground"]]  # type: ignore[attr-defined]
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"你（单位）提出的“{context.record.case.cause}”申请，经审查，{ground}。"
                f"理由：{context.data['reasons']}"
            ),
            f"依照{LAW}第三十二条的规定，决定不予受理。",
            remedies,
        ],
        "remedy": remedies,
        "elements": {
            "applicant": party_of(context).name,
            "reasons": context.data["reasons"],
            "remedies": remedies,
            "agency-and-date": organ_and_date(context),
        },
    }


@paper(
    "acceptance-notice",
    "行政许可申请受理通知书",
    "受",
    "letter",
    sealed=True,
    source="《行政许可法》第三十二条第二款",
)
def acceptance_notice(context: StepContext, act: Act, accepted_on: date) -> dict[str, Any]:
    """《行政许可法》第三十二条: accepted on this day, to be decided by that one."""
    due, on = _due(act, "licence/limit"), long_date(accepted_on)
    late = (
        "因没有按期告知补正，依法自收到申请材料之日起即为受理。"
        if accepted_on < context.happened_at.date()
        else ""
    )
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            f"你（单位）提出的“{context.record.case.cause}”申请，本机关自{on}起予以受理。{late}",
            *(
                [
                    f"本机关将在{due}前作出决定；依法需要听证、检验、检测、检疫、鉴定和专家评审的，"
                    "所需时间另行书面告知。"
                ]
                if due
                else []
            ),
        ],
        "fields": applicant_fields(context),
        "elements": {
            "applicant": party_of(context).name,
            "item": context.record.case.cause,
            "accepted-on": on,
            "limit": due,
            "agency-and-date": organ_and_date(context),
        },
    }


@paper(
    "interested-notice",
    "利害关系人告知书",
    "利告",
    "letter",
    sealed=True,
    source="《行政许可法》第三十六条",
)
def interested_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十六条: whom else it concerns, and that they may speak."""
    names = "、".join(
        context.record.parties.filter(role="interested", until=None).values_list("name", flat=True)
    )
    return {
        **base(context),
        "to": names,
        "lead": [
            (
                f"{party_of(context).name}向本机关申请“{context.record.case.cause}”，"
                f"该事项直接关系你（单位）的重大利益。{context.data['text']}"
            ),
            f"依照{LAW}第三十六条的规定，你（单位）有权进行陈述和申辩。",
        ],
        "elements": {},
    }


@paper(
    "excluded-time-notice",
    "行政许可办理期限扣除告知书",
    "扣告",
    "letter",
    sealed=True,
    source="《行政许可法》第四十五条",
)
def excluded_time_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十五条: how long testing or the experts take."""
    data = context.data
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"办理你（单位）申请的“{context.record.case.cause}”，"
                f"需要由{data['laboratory']}进行：{data['items'].rstrip('。')}。"
            ),
            f"所需时间：{data['expected']}。依照{LAW}第四十五条的规定，这段时间不计入办理期限。",
            f"告知日期：{long_date(data['told_on'])}。",
        ],
        "elements": {},
    }
