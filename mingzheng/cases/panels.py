"""What the kinds of case show on their page: the visit, the application, the things in keeping."""

from __future__ import annotations

import segno
from django.conf import settings
from django.db.models import Exists
from django.urls import reverse
from django.utils.safestring import mark_safe

from mingzheng.cases.facts.inspection import cap_of, visits_this_year
from mingzheng.cases.models import CHECK_TYPES, Application, Checked, Licence, Property, Seizure
from mingzheng.core import clock
from mingzheng.procedures.panels import Panel
from mingzheng.records.models import Record

MATERIAL = {"given": "已交", "lacking": "尚缺", "supplied": "已补正"}


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
            settings.PUBLIC_URL + reverse("portal:verified", args=[row.code]),
            error="m",
            micro=False,
        ).svg_inline(omitsize=True, border=2)
        # The drawing is our own, made from our own address.
        out.append(
            Panel(
                "检查码",
                qr=mark_safe(drawn),
                note="请被检查人用手机扫码：看得到事项、依据、检查人员和证件，并由其确认到场。",
                links=((reverse("portal:verified", args=[row.code]), "打开检查码页面"),),
            )
        )
    checked = Checked.objects.filter(record=record, act__effective__voided_by=None).order_by("pk")
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


def application(record: Record) -> list[Panel]:
    """What was asked for, when, with which materials, and the certificate it became or is about."""
    asked = Exists(record.parties.filter(role="applicant"))
    found = Application.objects.filter(record=record).annotate(asked=asked)
    row = found.select_related("about").first()
    if row is None:
        return []
    own = not row.asked
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
