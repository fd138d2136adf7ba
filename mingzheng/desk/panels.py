"""What a matter shows on its page beside what every matter shows."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from mingzheng.procedures import chapters, matter_kinds
from mingzheng.procedures.panels import Panel
from mingzheng.records.models import Link, Record


def of(record: Record) -> list[Panel]:
    """The panels of this record's kind."""
    return [panel for make in matter_kinds.find(record.kind).panels for panel in make(record)]


def beside(record: Record) -> list[tuple[str, dict[str, object]]]:
    """(template, what it shows) of each panel that a chapter brings to every kind of matter."""
    read = ((panel.template, panel.read(record)) for panel in chapters.panels())
    return [(template, shown) for template, shown in read if shown is not None]


def tied(record: Record) -> dict[str, object] | None:
    """Matters tied to this one, named only where they are of the same agency."""
    forth, back = [], []
    rows = Link.objects.filter(
        Q(source=record, target__agency_id=record.agency_id)
        | Q(target=record, source__agency_id=record.agency_id)
    )
    for row in rows.select_related("source", "target").order_by("pk"):
        tie = chapters.tie(row.kind, record.kind)
        if row.source_id == record.pk:
            address = reverse("desk:case", args=[row.target_id])
            forth.append((address, f"{tie.forth}：{row.target.title}"))
        if row.target_id == record.pk:
            address = reverse("desk:case", args=[row.source_id])
            back.append((address, f"{tie.back}：{row.source.title}"))
    return {"panel": Panel("相关案件", links=(*forth, *back))} if forth or back else None
