"""Papers of a visit (行政检查文书基本格式): approval, notice, result, referral."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.access import valid_certificate
from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.signatures import officer_text
from mingzheng.cases.documents.wording import long_date
from mingzheng.cases.facts.inspection import cap_of
from mingzheng.cases.models import CHECK_TYPES
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


def _basis(context: StepContext) -> str:
    item = context.record.case.item
    return str(item.applied or item.broken) if item else ""


@paper("inspection-approval", "行政检查审批表", "检案", source="国办发〔2024〕54号")
def inspection_approval(context: StepContext, act: Act) -> dict[str, Any]:
    """国办发〔2024〕54号 三: who is inspected, why, by whom, who agreed."""
    case, visit, party = context.record.case, context.record.visit, party_of(context)
    return {
        **base(context),
        "fields": [
            ["检查事项", case.item.name if case.item else ""],
            ["检查类型", CHECK_TYPES[visit.check_type]],
            *party_fields(party, "被检查人"),
            ["检查地点", case.place],
            ["拟检查日期", long_date(visit.planned_on)],
            ["检查内容和方式", visit.content],
            ["检查依据", _basis(context)],
            ["检查人员", officer_text(context.officers)],
            ["带队负责人", context.data["leader"]],
        ],
        "opinions": opinions(context, context.data["reason"]),
        "elements": {},
    }


@paper(
    "inspection-notice",
    "行政检查通知书",
    "检通",
    "letter",
    sealed=True,
    source="国办发〔2024〕54号",
)
def inspection_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """国办发〔2024〕54号 三: basis, content, officers, cap, rights and where to complain."""
    case, visit, party = context.record.case, context.record.visit, party_of(context)
    cap = cap_of(context.record)
    officers = officer_text(
        [
            {
                "name": row.person.name,
                "certificate": valid_certificate(row.person_id, context.record.agency_id),
            }
            for row in context.record.handlers.filter(until=None).select_related("person")
        ]
    )
    limit = f"本事项对同一企业每年检查不超过 {cap} 次" if cap else "本事项尚未公布年度检查频次上限"
    joined = (
        f"与{context.data['joined']}一同检查，各自制作检查记录。"
        if context.data.get("joined")
        else ""
    )
    phone = f"监督电话：{context.agency.phone}。" if context.agency.phone else ""
    grounds = f"依据{_basis(context)}，开展{CHECK_TYPES[visit.check_type]}"
    content = f"{visit.content.rstrip('。')}。"
    return {
        **base(context),
        "to": party.name,
        "lead": [
            f"{grounds}，定于{long_date(visit.planned_on)}到{case.place}检查。{joined}",
            f"检查内容和方式：{content}",
            f"检查人员：{officers}。{limit}。",
            f"{context.data['rights']}{phone}",
        ],
        "elements": {
            "party": party.name,
            "grounds": grounds,
            "content": content,
            "officers": officers,
            "cap": limit,
            "rights": f"{context.data['rights']}{phone}",
        },
    }


@paper(
    "inspection-result",
    "行政检查结果告知书",
    "检结",
    "letter",
    sealed=True,
    public=True,
    source="国办发〔2024〕54号",
)
def inspection_result(context: StepContext, act: Act) -> dict[str, Any]:
    """国办发〔2024〕54号 三: what was found and what follows."""
    case, visit, party = context.record.case, context.record.visit, party_of(context)
    name = case.item.name if case.item else "行政检查"
    on = long_date(visit.started_on)
    said = (
        f"检查结果：{context.data['conclusion'].rstrip('。')}。"
        f"处理情况：{context.data['handling'].rstrip('。')}。"
    )
    return {
        **base(context),
        "to": party.name,
        "lead": [
            f"本机关于{on}对你（单位）开展了{CHECK_TYPES[visit.check_type]}，检查事项为“{name}”。",
            said,
            "对检查结果有意见的，可以向本机关书面提出，也可以向本机关的上级机关、司法行政部门反映。",
        ],
        "elements": {
            "facts": context.data["conclusion"],
            "decision": said,
            "applied": _basis(context),
        },
        "public": {
            "title": f"对{party.name}{case.cause}的结果",
            "basis": _basis(context),
            "facts": f"{on}，检查事项：{name}。{context.data['conclusion'].rstrip('。')}。",
            "decision": said,
        },
    }


@paper("referral-letter", "案件线索移送函", "移函", "letter", sealed=True)
def referral_letter(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第二十七条: what another agency is to handle."""
    data = context.data
    return {
        **base(context),
        "to": data["to"],
        "lead": [
            f"我局在办理“{context.record.title}”中发现：{data['reason'].rstrip('。')}。",
            "上述事项属于贵单位职责范围，现将有关线索和材料移送贵单位处理，处理结果请函告我局。",
        ],
        "table": {
            "head": ["序号", "移送材料"],
            "rows": [
                [str(index), line]
                for index, line in enumerate(data["materials"].splitlines(), 1)
                if line.strip()
            ],
        },
        "elements": {},
    }
