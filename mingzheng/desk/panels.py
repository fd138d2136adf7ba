"""What a matter shows on its page beside what every matter shows."""

from __future__ import annotations

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
    links = [
        (
            reverse("desk:case", args=[row.target_id]),
            f"{chapters.tie(row.kind, record.kind).forth}：{row.target.title}",
        )
        for row in Link.objects.filter(
            source=record, target__agency_id=record.agency_id
        ).select_related("target")
    ]
    links += [
        (
            reverse("desk:case", args=[row.source_id]),
            f"{chapters.tie(row.kind, record.kind).back}：{row.source.title}",
        )
        for row in Link.objects.filter(
            target=record, source__agency_id=record.agency_id
        ).select_related("source")
    ]
    return {"panel": Panel("相关案件", links=tuple(links))} if links else None
