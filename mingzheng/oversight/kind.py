"""What people tell the agency about its work, as a kind of matter."""

from __future__ import annotations

from django.urls import reverse

from mingzheng.oversight.access import told
from mingzheng.oversight.models import Feedback
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Kind
from mingzheng.procedures.panels import Panel
from mingzheng.records.models import Record


def feedback(record: Record) -> list[Panel]:
    """What somebody told the agency, as he wrote it, with what he left about himself."""
    row, said = Feedback.objects.filter(record=record).first(), told(record)
    if row is None:
        return []
    lines = [
        ("编号", row.number),
        ("类型", Feedback.KINDS[row.kind]),
        ("内容", str(said.get("text", "内容已依法销毁"))),
        ("认为正确的内容", str(said.get("correct", ""))),
        ("称呼", str(said.get("name", ""))),
        ("联系方式", str(said.get("contact", ""))),
    ]
    links = ((reverse("portal:item", args=[row.about]), "申请更正的公示页"),) if row.about else ()
    return [Panel("提交的内容", tuple((name, text) for name, text in lines if text), links=links)]


FEEDBACK = matter_kinds.register(
    Kind(
        code="feedback",
        facts=lambda record: {"kind": "feedback"},
        panels=(feedback,),
    )
)
