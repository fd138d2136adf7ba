"""What a kind of matter shows on its page beside what every matter shows."""

from __future__ import annotations

from mingzheng.disclosure.models import PublicFile
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.panels import Panel
from mingzheng.records.models import Link, Record


def of(record: Record) -> list[Panel]:
    """The panels of this record's kind, then the matters it is tied to."""
    makers = matter_kinds.find(record.kind).panels
    return [
        *(panel for make in makers for panel in make(record)),
        *public_files(record),
        *tied(record),
    ]


def public_files(record: Record) -> list[Panel]:
    """Files that are made anew to go public with the text: what came out, or why nothing did."""
    rows = PublicFile.objects.filter(record=record).order_by("number")
    said = {
        PublicFile.WAITING: "制作中",
        PublicFile.READY: "可以随公示发布",
        PublicFile.REFUSED: "不能制作",
    }
    return (
        [
            Panel(
                "公示附件",
                head=("序号", "文件", "情况"),
                rows=tuple(
                    (str(row.number), row.name or "—", "；".join((said[row.state], *row.notes)))
                    for row in rows
                ),
            )
        ]
        if rows
        else []
    )


TIES = {
    "finding": ("查出问题的案件", "对本案公示的检查"),
    "correction": ("申请更正的案件", "对本案公示的更正申请"),
    "follow-up": ("由此立案的线索", "来自这次检查"),
    "joint-visit": ("联合检查", "联合检查"),
    "merged": ("并入", "并入本案的案件"),
    "split": ("分出", "从该案分出"),
}


def tied(record: Record) -> list[Panel]:
    """Matters tied to this one, named only where they are of the same agency."""
    links, ties = [], {**TIES, **matter_kinds.find(record.kind).ties}
    for row in Link.objects.filter(
        source=record, target__agency_id=record.agency_id
    ).select_related("target"):
        links.append(
            (
                f"/desk/cases/{row.target_id}",
                f"{ties.get(row.kind, (row.kind, ''))[0]}：{row.target.title}",
            )
        )
    for row in Link.objects.filter(
        target=record, source__agency_id=record.agency_id
    ).select_related("source"):
        links.append(
            (
                f"/desk/cases/{row.source_id}",
                f"{ties.get(row.kind, ('', row.kind))[1]}：{row.source.title}",
            )
        )
    return [Panel("相关案件", links=tuple(links))] if links else []
