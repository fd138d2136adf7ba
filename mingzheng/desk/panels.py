"""What a kind of matter shows on its page beside what every matter shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import segno
from django.conf import settings
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from mingzheng.cases.facts.inspection import cap_of, visits_this_year
from mingzheng.cases.facts.licence import application_of
from mingzheng.cases.models import CHECK_TYPES, Checked, Licence, Property, Seizure
from mingzheng.catalogue.models import PageVersion
from mingzheng.core import clock
from mingzheng.disclosure.models import PublicFile
from mingzheng.oversight.access import told
from mingzheng.oversight.models import Feedback
from mingzheng.records.models import Link, Record


@dataclass(frozen=True)
class Panel:
    """A box of the page: label and value lines, a small table, a code to scan, links to other
    matters.
    """

    title: str
    lines: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    qr: SafeString | str = ""
    note: str = ""


def of(record: Record) -> list[Panel]:
    """The panels of this record's kind, then the matters it is tied to."""
    found = [panel for make in MAKERS.get(record.kind, ()) for panel in make(record)]
    return [*found, *public_files(record), *tied(record)]


def visit(record: Record) -> list[Panel]:
    """The visit: kind, day, frequency, the code that the enterprise scans, the checklist."""
    row, cap = record.visit, cap_of(record)
    seen = visits_this_year(row, row.started_on or row.planned_on or clock.today())
    lines = [
        ("检查类型", CHECK_TYPES[row.check_type] + ("（双随机）" if row.random else "")),
        ("拟检查日期", f"{row.planned_on:%Y年%-m月%-d日}" if row.planned_on else ""),
        ("检查内容", row.content),
        ("本年度已查", f"{seen} 次，上限 {cap} 次" if cap else f"{seen} 次，尚未公布上限"),
    ]
    if row.joint:
        lines.append(("联合检查编号", row.joint))
    out = [Panel("检查", tuple(lines))]
    if record.state in ("planned", "visiting"):
        drawn = segno.make(
            f"{settings.PUBLIC_URL}/q/{row.code}", error="m", micro=False
        ).svg_inline(omitsize=True, border=2)
        # The drawing is our own, made from our own address.
        out.append(
            Panel(
                "检查码",
                qr=mark_safe(drawn),
                note="请被检查人用手机扫码：看得到事项、依据、检查人员和证件，并由其确认到场。",
                links=((f"/q/{row.code}", "打开检查码页面"),),
            )
        )
    checked = Checked.objects.filter(record=record, act__standing__voided_by=None).order_by("pk")
    if checked:
        out.append(
            Panel(
                "逐项检查",
                head=("检查要点", "结果", "说明"),
                rows=tuple(
                    (each.name, Checked.FINDINGS[each.finding], each.note) for each in checked
                ),
            )
        )
    return out


MATERIAL = {"given": "已交", "lacking": "尚缺", "supplied": "已补正"}


def application(record: Record) -> list[Panel]:
    """What was asked for, when, with which materials, and the certificate it became or is about."""
    row = application_of(record)
    if row is None:
        return []
    own = not record.parties.filter(role="applicant").exists()
    days = [("启动日期" if own else "收到申请", row.received_on), ("受理", row.accepted_on)]
    lines = [
        ("事由" if own else "申请内容", row.content),
        *((name, f"{on:%Y年%-m月%-d日}") for name, on in days if on),
    ]
    if row.about:
        lines.append(("涉及的证件", f"{row.about.name} {row.about.number}"))
    for held in Licence.objects.filter(record=record).order_by("pk"):
        until = f"至 {held.until:%Y年%-m月%-d日}" if held.until else "长期"
        lines.append(
            ("颁发的证件", f"{held.name} {held.number}，{until}，{Licence.STATES[held.state]}")
        )
    title = "依职权办理" if own else "申请"
    return [
        Panel(
            title,
            tuple((name, text) for name, text in lines if text),
            head=("材料", "情况") if row.materials else (),
            rows=tuple(
                (str(each["name"]), MATERIAL.get(str(each["state"]), str(each["state"])))
                for each in row.materials
            ),
        )
    ]


def things(record: Record) -> list[Panel]:
    """What was seized here, where it is now, and until when."""
    rows = Property.objects.filter(record=record).order_by("pk")
    if not rows:
        return []
    measure = Seizure.objects.filter(record=record).order_by("-pk").first()
    until = (
        f"，期限至 {measure.until:%Y年%-m月%-d日}"
        if measure and measure.until and not measure.ended_by_id
        else ""
    )
    ended = "，已经结束" if measure and measure.ended_by_id else ""
    lines = (("措施", f"{Seizure.WAYS[measure.way]}{until}{ended}"),) if measure else ()
    return [
        Panel(
            "查封扣押的财物",
            lines=lines,
            head=("编号", "财物", "数量", "现在"),
            rows=tuple(
                (
                    row.number,
                    f"{row.name} {row.specification}".strip(),
                    row.quantity,
                    row.place if row.state == Property.KEPT else Property.STATES[row.state],
                )
                for row in rows
            ),
        )
    ]


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
    links = ((f"/p/{row.about}", "申请更正的公示页"),) if row.about else ()
    return [Panel("提交的内容", tuple((name, text) for name, text in lines if text), links=links)]


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


def page(record: Record) -> list[Panel]:
    """The versions of a page that is kept public."""
    rows = PageVersion.objects.filter(page__record=record).order_by("-number")
    return [
        Panel(
            "版本",
            head=("版本", "生效日期", "修订说明"),
            rows=tuple(
                (f"第 {row.number} 版", f"{row.effective_on:%Y年%-m月%-d日}", row.note or "—")
                for row in rows
            ),
            note="" if rows else "还没有编制。",
            links=(("/desk/pages", "全部公示信息"),),
        )
    ]


TIES = {
    "finding": ("查出问题的案件", "对本案公示的检查"),
    "correction": ("申请更正的案件", "对本案公示的更正申请"),
    "follow-up": ("由此立案的线索", "来自这次检查"),
    "joint-visit": ("联合检查", "联合检查"),
    "merged": ("并入", "并入本案的案件"),
    "split": ("分出", "从该案分出"),
}

# A matter that ends a licence is tied to the one in which the licence was given.
LICENCE_TIES = {"follow-up": ("原许可", "对本许可的处理")}


def tied(record: Record) -> list[Panel]:
    """Matters tied to this one, named only where they are of the same agency."""
    links, back, ties = [], [], {**TIES, **LICENCE_TIES} if record.kind == "licence" else TIES
    rows = Link.objects.filter(
        Q(source=record, target__agency_id=record.agency_id)
        | Q(target=record, source__agency_id=record.agency_id)
    )
    for row in rows.select_related("source", "target").order_by("pk"):
        if row.source_id == record.pk:
            word = ties.get(row.kind, (row.kind, ""))[0]
            links.append((f"/desk/cases/{row.target_id}", f"{word}：{row.target.title}"))
        if row.target_id == record.pk:
            word = ties.get(row.kind, ("", row.kind))[1]
            back.append((f"/desk/cases/{row.source_id}", f"{word}：{row.source.title}"))
    links += back
    return [Panel("相关案件", links=tuple(links))] if links else []


Maker = Callable[[Record], list[Panel]]
MAKERS: dict[str, tuple[Maker, ...]] = {
    "inspection": (visit,),
    "penalty": (things,),
    "coercion": (things,),
    "licence": (application,),
    "confirmation": (application,),
    "other": (application,),
    "feedback": (feedback,),
    "page": (page,),
}
