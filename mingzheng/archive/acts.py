"""组卷: the record's papers in order, one PDF with cover, catalogue, page numbers and closing
sheet. 依法销毁: what may go.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from django import forms

from mingzheng.agencies.models import Agency
from mingzheng.archive.forms import EraseForm, rows_of
from mingzheng.archive.models import Volume
from mingzheng.core import clock
from mingzheng.documents import render
from mingzheng.documents.models import Document, NumberSeries
from mingzheng.jobs.acts import enqueue, job
from mingzheng.procedures.forms import ActForm, choice
from mingzheng.procedures.registry import asks, verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records import erasing, store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Attachment, EffectiveAct, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work


class BindForm(ActForm):
    """组卷归档."""

    keeps = ("keep", "checker", "note")

    # Nothing is chosen beforehand: how long a volume stays is the archivist's table, no habit.
    keep = choice("保管期限", [("permanent", "永久"), ("30", "30年"), ("10", "10年")])
    checker = forms.CharField(label="检查人", max_length=60)
    note = forms.CharField(
        label="备考说明", max_length=300, required=False, initial="本卷材料齐全，次序正确"
    )
    timed = False
    whys = {
        "keep": (
            "保管期限按本机关文件材料归档范围和保管期限表确定。",
            "《行政处罚法》第四十七条；《档案法》",
        )
    }


@verb("volume.bound", BindForm)
def bind(context: StepContext) -> Act:
    """《行政处罚法》第四十七条: everything that was recorded is bound and kept."""
    rows = list(
        Document.objects.filter(record=context.record, voided_by=None).order_by(
            "act__happened_at", "pk"
        )
    )
    waiting = [row.title for row in rows if row.blob_id is None]
    if waiting:
        raise refuse(f"还有 {len(waiting)} 份文书正在制作（{waiting[0]} 等），请稍后再组卷。")
    catalogue: list[dict[str, Any]] = [
        {
            "title": row.title,
            "number": row.full_number,
            "date": row.issued_on.isoformat(),
            "pages": row.pages,
            "sha256": row.blob_id,
        }
        for row in rows
    ]
    files = [
        {
            "title": row.name,
            "number": "附件",
            "date": clock.local(row.act.happened_at).date().isoformat(),
            "pages": 0,
            "sha256": row.blob_id,
        }
        for row in (
            Attachment.objects.filter(record=context.record).select_related("act").order_by("pk")
        )
    ]
    number = _number(context.record, context.agency.mark)
    act = context.append(
        subject=number,
        content={"number": number, "catalogue": [*catalogue, *files]},
    )
    volume = Volume.objects.create(
        record=context.record,
        agency_id=context.record.agency_id,
        number=number,
        keep=context.data["keep"],
        catalogue=[*catalogue, *files],
        bound_on=clock.today(),
        act=act,
    )
    enqueue("volume.render", str(volume.pk), volume.agency_id, volume=volume.pk)
    return act


def note_reading(record: Record, by: Actor, volume: Volume) -> Act:
    """国办发〔2018〕118号 三（三）: who opened a bound volume, and when; before its first byte leaves."""
    with work():
        return record_acts.append(
            record_acts.lock(record.pk),
            by,
            record_acts.Entry(kind="volume.read", subject=str(volume.pk)),
        )


@asks("volume.handed-over")
class HandOverForm(ActForm):
    """移交案卷."""

    keeps = ("receiver", "place")

    receiver = forms.CharField(label="接收人", max_length=60)
    place = forms.CharField(label="存放位置", max_length=120)


@verb("erasure.executed", EraseForm)
def erase(context: StepContext) -> Act:
    """《档案法》; 《个人信息保护法》第四十七条: approved contents and files are destroyed; their
    place in the ledger stays.

    One act for each thing that goes: the database lets go of a content only on an act that
    names it.
    """
    record, data = context.record, context.data
    _not_held(record)
    acts = list(
        Act.objects.filter(record=record, pk__in=[int(each) for each in data["contents"]]).order_by(
            "pk"
        )
    )
    files = [each for sha256 in data["attached"] for each in _with_what_was_made(record, sha256)]
    ground = context.form.grounds[data["ground"]]  # type: ignore[attr-defined]
    said = {
        "ground": data["ground"],
        "name": ground["name"],
        "source": ground.get("source", ""),
        "reason": data["reason"],
    }
    first: Act | None = None
    for act in acts:
        made = context.append(
            of="", subject=str(act.pk), content={**said, "act": act.pk, "kind": act.kind}, files=()
        )
        erasing.destroy_content(act)
        first = first or made
    for sha256 in files:
        made = context.append(of=erasing.FILE, subject=sha256, content=said, files=())
        enqueue("erasure.destroy", sha256, record.agency_id, sha256=sha256)
        first = first or made
    assert first is not None
    return first


def _with_what_was_made(record: Record, sha256: str) -> list[str]:
    if Document.objects.filter(blob=sha256).exists() or Volume.objects.filter(blob=sha256).exists():
        raise refuse("已经制发的文书和案卷不得销毁。", "《行政处罚法》第四十七条")
    if erasing.shared(sha256, record.pk):
        raise refuse(
            "同样的文件另有案件在用，不能销毁。请先在那件案件里办理。",
            "国办发〔2018〕118号 三（三）",
        )
    return [
        sha256,
        *(
            each
            for each in erasing.made_from(sha256)
            if not Attachment.objects.filter(blob=each).exists() and not erasing.file_erased(each)
        ),
    ]


def _not_held(record: Record) -> None:
    """Nothing goes while a remedy is under way: for each hold of the rules, as many ends as
    beginnings.
    """
    for key, row in rows_of(record, "erasure-holds").items():
        stands = EffectiveAct.objects.filter(record=record, voided_by=None)
        if stands.filter(kind=key).count() > stands.filter(kind=row["ends"]).count():
            raise refuse(f"{row['name']}还没有结束，案卷材料不得销毁。", str(row.get("source", "")))


@job("erasure.destroy")
def destroy(sha256: str) -> None:
    """Remove the bytes after the erasure is on the record; a crash between leaves the job, not the
    file.
    """
    erasing.destroy_file(sha256)


def _number(record: Record, mark: str) -> str:
    year = clock.today().year
    NumberSeries.objects.get_or_create(agency_id=record.agency_id, mark=f"{mark}档", year=year)
    series = NumberSeries.objects.select_for_update().get(
        agency_id=record.agency_id, mark=f"{mark}档", year=year
    )
    series.last += 1
    series.save(update_fields=["last"])
    return f"{mark}档〔{year}〕{series.last}号"


@job("volume.render")
def render_volume(volume: int) -> None:
    """Merge the sealed papers, number the pages, keep the PDF and append `document.rendered`."""
    found = Volume.objects.select_related("record", "act").get(pk=volume)
    if found.blob_id:
        return
    data, pages = merged(found)
    stored = store.put_bytes(data, "application/pdf")
    with work():
        record = record_acts.lock(found.record_id)
        found = Volume.objects.select_for_update().get(pk=volume)
        if found.blob_id:
            return
        found.blob, found.pages = store.register(stored), pages
        found.save(update_fields=["blob", "pages"])
        record_acts.append(
            record,
            None,
            record_acts.Entry(
                kind="document.rendered",
                of="volume",
                subject=str(found.pk),
                content={**stored.fingerprint.said, "size": stored.size, "pages": pages},
            ),
        )


def merged(volume: Volume) -> tuple[bytes, int]:
    """The volume as one PDF: cover and catalogue unnumbered, every page with text numbered bottom
    right.
    """
    papers = [row for row in volume.catalogue if row["pages"]]
    first, rows = 1, []
    for index, row in enumerate(papers, 1):
        rows.append([str(index), row["number"], row["title"], row["date"], str(first)])
        first += row["pages"]
    for row in volume.catalogue:
        if not row["pages"]:
            rows.append([str(len(rows) + 1), row["number"], row["title"], row["date"], "另存"])
    front, _ = render.pdf(_front(volume, rows))
    marks, _ = render.pdf(
        {"total": first - 1, "issued": volume.bound_on.isoformat(), "title": volume.number},
        "numbers.typ",
    )
    out = pikepdf.open(io.BytesIO(front))
    overlay = pikepdf.open(io.BytesIO(marks))
    at = 0
    for row in papers:
        with pikepdf.open(io.BytesIO(store.read(row["sha256"]))) as paper:
            for page in paper.pages:
                # A seal holds for its own file, which stays in the store; in the volume its field
                # would say nothing.
                if "/Annots" in page:
                    del page["/Annots"]
                out.pages.append(page)
                pikepdf.Page(out.pages[-1]).add_overlay(pikepdf.Page(overlay.pages[at]), None)
                at += 1
    target = io.BytesIO()
    out.save(target, deterministic_id=True)
    return target.getvalue(), len(out.pages)


def _front(volume: Volume, rows: list[list[str]]) -> dict[str, Any]:
    keep = {"permanent": "永久"}.get(volume.keep, f"{volume.keep}年")
    return {
        "title": "卷内文件目录",
        "number": volume.number,
        "organ": Agency.objects.get(pk=volume.agency_id).name,
        "layout": "volume",
        "sealed": False,
        "issued": volume.bound_on.isoformat(),
        "date": f"{volume.bound_on:%Y年%-m月%-d日}",
        "fingerprint": volume.act.subject[:16],
        "case": volume.record.title,
        "fields": [
            ["案卷号", volume.number],
            ["案件名称", volume.record.title],
            ["立案日期", f"{clock.local(volume.record.opened_at):%Y年%-m月%-d日}"],
            [
                "结案日期",
                f"{volume.record.closed_on:%Y年%-m月%-d日}" if volume.record.closed_on else "—",
            ],
            ["归档日期", f"{volume.bound_on:%Y年%-m月%-d日}"],
            ["保管期限", keep],
        ],
        "table": {"head": ["序号", "文号", "文件名称", "日期", "页号"], "rows": rows},
    }
