"""Draft, issue, render. A number is given in the act's own transaction and never twice."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pikepdf
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from mingzheng.core import clock
from mingzheng.core.canonical import canonical
from mingzheng.documents import kinds, proving, render, sealing
from mingzheng.documents.models import Document, Draft, MadeBefore, NumberSeries
from mingzheng.jobs.acts import enqueue, job
from mingzheng.jobs.acts import failed as job_failed
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, ActContent, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work


def draft(record: Record, kind: str, body: dict[str, Any], act: Act) -> Draft:
    """Keep a text under the act that wrote it."""
    made: Draft = Draft.objects.create(
        record=record,
        agency_id=record.agency_id,
        kind=kind,
        body=canonical(body),
        text_hash=kinds.text_hash(body),
        act=act,
    )
    return made


def current_draft(record: Record, kind: str) -> Draft | None:
    """The newest text of this kind; older ones stay readable."""
    return Draft.objects.filter(record=record, kind=kind).order_by("-pk").first()


def issue(
    record: Record,
    by: Actor | None,
    code: str,
    body: dict[str, Any],
    act: Act | None,
    regime: Any,
    facts: dict[str, Any],
    agency_mark: str,
    late_reason: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Document:
    """Freeze a document that `act` leaves, or that is made before its step (`act` None; `answers`
    are those of its form): elements checked, number allocated, rendering enqueued.

    Refused when a statutory element is missing (处罚法59 and the pack's document lists) or a
    character cannot be shown.
    """
    kind = kinds.find(code)
    happened_at = act.happened_at if act else clock.now()
    on = clock.local(happened_at).date()
    kinds.check_elements(regime, kind, body, facts, on)
    mark = f"{agency_mark}{kind.mark}" if kind.mark else ""
    proving.check_characters(kind.title, [kind.title, mark, *kinds.texts(body)])
    frozen = {
        "record": record,
        "agency_id": record.agency_id,
        "kind": code,
        "title": kind.title,
        "template": kind.version,
        "mark": mark,
        "year": on.year,
        "issued_on": on,
        "body": canonical(body),
        "text_hash": kinds.text_hash(body),
    }
    proving.require(
        f"{code} {kind.version} {mark} {frozen['text_hash']}",
        kind.title,
        # With a number of as many digits as any gets.
        lambda: sheet(Document(**frozen, number=99_999 if mark else None)),
    )
    issued = record_acts.append(
        record,
        by,
        record_acts.Entry(
            kind="document.issued",
            of=code,
            subject=str(act.pk) if act else "",
            happened_at=happened_at,
            late_reason=late_reason,
            facts={**facts, "elements": body.get("elements", {})},
            content={
                "text_hash": kinds.text_hash(body),
                **({"under": act.pk} if act else {"answers": dict(answers or {})}),
            },
        ),
    )
    made: Document = Document.objects.create(
        **frozen,
        number=next_number(record.agency_id, mark, on.year) if mark else None,
        act=issued,
    )
    enqueue("document.render", str(made.pk), record.agency_id, document=made.pk)
    return made


def made_before(record: Record, step: str) -> QuerySet[MadeBefore]:
    """The papers that were made for this step beforehand and that no step has taken up yet."""
    rows: QuerySet[MadeBefore] = MadeBefore.objects.filter(
        record=record, step=step, used_by=None, document__voided_by=None
    )
    return rows.select_related("document").order_by("pk")


def unserved(record: Record) -> list[Document]:
    """The papers of a matter that were made beforehand, not handed over and not void."""
    rows = MadeBefore.objects.filter(record=record, used_by=None, document__voided_by=None)
    return [row.document for row in rows.select_related("document").order_by("pk")]


def keep_for(step: str, papers: Sequence[Document]) -> None:
    """《行政处罚法》第六十一条: these papers wait to be handed over, and their step for them."""
    MadeBefore.objects.bulk_create(
        MadeBefore(document=each, record_id=each.record_id, step=step) for each in papers
    )


def answers_of(row: MadeBefore) -> dict[str, Any]:
    """What was filled in when a paper was made beforehand; nothing where it has been erased since."""
    said = ActContent.objects.filter(act=row.document.act_id).first()
    answers: dict[str, Any] = json.loads(said.body).get("answers", {}) if said else {}
    return answers


def take_up(row: MadeBefore, act: Act) -> Document:
    """《行政处罚法》第六十一条: the step was taken with a paper that had been made for it."""
    row.used_by = act
    row.save(update_fields=["used_by"])
    return row.document


def failed(made: Document) -> bool:
    """Whether the paper could not be made and waits for a person."""
    return not made.blob_id and job_failed("document.render", str(made.pk))


def previewed(made: Sequence[Document]) -> bytes:
    """Papers as they would be issued, in one PDF that says of itself that they were not."""
    whole = pikepdf.new()
    for each in made:
        words = {
            "number": "（办理后编号）" if each.mark else "",
            "qr": "",
            "sealed": False,
            "foot": "预览：还没有办理，没有编号和用印，不作文书使用；笔录、回证可以打印出来签字，再登记",
        }
        with pikepdf.open(io.BytesIO(render.pdf({**sheet(each), **words})[0])) as paper:
            whole.pages.extend(paper.pages)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def seal_code(agency_id: int) -> str:
    """The word under which an agency's seal is kept: its id, since agencies stand on a floor
    above.
    """
    return f"agency-{agency_id}"


def mark_void(made: Document, act: Act) -> None:
    """GB/T 9704《党政机关公文格式》第7.2.5条: the paper no longer counts; its number is not given
    again.
    """
    made.voided_by = act
    made.save(update_fields=["voided_by"])


def enter_last_number(agency_id: int, mark: str, year: int, last: int) -> None:
    """GB/T 9704《党政机关公文格式》第7.2.5条: a new adopter enters the last number used on paper,
    so that none is given twice.
    """
    if NumberSeries.objects.filter(agency_id=agency_id, mark=mark, year=year).exists() or last < 0:
        raise refuse(f"{mark}〔{year}〕已经在本系统编号，不能再登记纸质末号。")
    NumberSeries.objects.create(agency_id=agency_id, mark=mark, year=year, last=last)


def next_number(agency_id: int, mark: str, year: int) -> int:
    """GB/T 9704《党政机关公文格式》第7.2.5条: the next number of a series, gapless, taken in the
    act's own transaction.
    """
    NumberSeries.objects.get_or_create(agency_id=agency_id, mark=mark, year=year)
    series = NumberSeries.objects.select_for_update().get(agency_id=agency_id, mark=mark, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return int(series.last)


@job("document.render")
def render_document(document: int) -> None:
    """Make the PDF of an issued document, keep it, and append `document.rendered` with its hash."""
    made = Document.objects.get(pk=document)
    if made.blob_id:
        return
    pdf, pages = render.pdf(sheet(made))
    sealed = _sealed(made, pdf)
    stored = store.put_bytes(sealed.data if sealed else pdf, "application/pdf")
    with work():
        record = record_acts.lock(made.record_id)
        made = Document.objects.select_for_update().get(pk=document)
        if made.blob_id:
            return
        made.blob, made.pages, made.rendered_at = store.register(stored), pages, clock.now()
        made.save(update_fields=["blob", "pages", "rendered_at"])
        record_acts.append(
            record,
            None,
            record_acts.Entry(
                kind="document.rendered",
                of=made.kind,
                subject=str(made.pk),
                content={
                    **stored.fingerprint.said,
                    "size": stored.size,
                    "text_hash": made.text_hash,
                    **(
                        {"seal": sealed.certificate, "timestamped": sealed.timestamped}
                        if sealed
                        else {}
                    ),
                },
            ),
        )


def _sealed(made: Document, pdf: bytes) -> sealing.Sealed | None:
    """The paper under the agency's seal, where it bears one and the agency has a certificate."""
    code = seal_code(made.agency_id)
    if not kinds.find(made.kind).sealed or not sealing.available(code):
        return None
    # Loaded where a seal is set: it takes a second that no other command should wait for.
    from mingzheng.documents import pades

    return pades.seal(pdf, code, f"{kinds.find(made.kind).title} {made.full_number}".strip())


def sheet(made: Document) -> dict[str, Any]:
    """Everything the template prints: the frozen body with number, date, organ, codes and mark of
    the text.
    """
    kind = kinds.find(made.kind)
    body = json.loads(made.body)
    return {
        **body,
        "title": kind.title,
        "number": made.full_number,
        "layout": kind.layout,
        "sealed": kind.sealed,
        "issued": made.issued_on.isoformat(),
        "date": f"{made.issued_on:%Y年%-m月%-d日}",
        "fingerprint": made.text_hash[:16],
        "qr": settings.PUBLIC_URL + reverse("portal:verified", args=[made.code]),
        "organ": body.get("organ", ""),
    }
