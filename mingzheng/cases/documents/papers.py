"""The frame of every paper: its kind, in whose name, of which matter, and who agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency, Grant
from mingzheng.cases.documents.wording import long_date
from mingzheng.documents.kinds import Kind, register
from mingzheng.procedures.step_context import StepContext

Builder = Callable[..., dict[str, Any]]
SEAL_NOTE = "加盖本机关印章后生效"


def paper(
    code: str,
    title: str,
    mark: str = "",
    layout: str = "form",
    sealed: bool = False,
    source: str = "",
    public: bool = False,
) -> Callable[[Builder], Builder]:
    """Register the function that builds this kind of paper."""

    def register_builder(build: Builder) -> Builder:
        register(Kind(code, title, mark, layout, sealed, source=source, public=public, build=build))
        return build

    return register_builder


def organ_of(context: StepContext) -> str:
    """In whose name: the agency's own, that of the body it was delegated by, or those of all that
    decide together.
    """
    joint = Grant.objects.filter(record=context.record, purpose="joint").values_list(
        "person", flat=True
    )
    others = (
        Agency.objects.filter(posts__person__in=joint, posts__until=None)
        .exclude(pk=context.record.agency_id)
        .distinct()
        .order_by("pk")
    )
    return "、".join([context.agency.acting_name, *(body.name for body in others)])


def base(context: StepContext) -> dict[str, Any]:
    """The organ's name and the case's: on every paper."""
    return {"organ": organ_of(context), "case": context.record.title}


def opinions(context: StepContext, own: str) -> list[dict[str, str]]:
    """The proposer's opinion and then everyone's on the approval route, in order."""
    by = context.form.actor
    rows = [
        {
            "label": "承办人意见",
            "text": own,
            "name": by.name,
            "number": by.certificate,
            "date": (
                long_date(context.proposal.opened_by.happened_at)
                if context.proposal
                else long_date(context.happened_at)
            ),
        }
    ]
    names = {
        "unit-head": "承办机构意见",
        "deputy-head": "分管负责人意见",
        "head": "负责人审批意见",
        "legal-reviewer": "法制机构意见",
        "publishing-head": "公示机构负责人意见",
    }
    for item in context.approvals:
        if item["kind"] != "approval.given":
            continue
        paper_note = "（纸质审批，扫描件在卷）" if item.get("on_paper") else ""
        rows.append(
            {
                "label": names.get(item["role"], "审批意见"),
                "text": item["opinion"] + paper_note,
                "name": item["name"],
                "number": item["post"],
                "date": long_date(date.fromisoformat(item["on"])),
            }
        )
    return rows
