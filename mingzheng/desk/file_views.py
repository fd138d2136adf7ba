"""Files that leave the desk: papers, originals, volumes, proofs. Each reaches its reader through
the matter it belongs to.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from mingzheng.agencies.requests import SignedRequest
from mingzheng.archive import access as archive_access
from mingzheng.archive import acts as archive_acts
from mingzheng.archive.models import Volume
from mingzheng.cases.documents.service import blank_receipt
from mingzheng.core import legible
from mingzheng.desk.evidence_views import leaves
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import shell
from mingzheng.desk.views import find, note_reading
from mingzheng.documents import acts as document_acts
from mingzheng.documents.models import Document
from mingzheng.documents.render import pdf as render_sheet
from mingzheng.procedures import roles
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Absent
from mingzheng.records import store
from mingzheng.records.models import Act, Attachment, Record
from mingzheng.records.seal import reading


@signed_in
def document(request: SignedRequest, document_id: int) -> HttpResponse:
    """The PDF of a paper, or a page that says it is still being made."""
    found = Document.objects.filter(pk=document_id).first()
    if found is None:
        raise Absent()
    record = find(request, found.record_id)
    note_reading(request, record)
    if not found.blob_id:
        return render(
            request,
            "desk/being_made.html",
            shell(
                request,
                "cases",
                {"document": found, "record": record, "failed": document_acts.failed(found)},
            ),
        )
    name = _harmless(f"{found.title}{found.full_number or found.pk}.pdf")
    return _file(store.read(found.blob_id), "application/pdf", name, inline=True)


@signed_in
def receipt(request: SignedRequest, document_id: int) -> HttpResponse:
    """空白送达回证 of a paper that goes out under a number, to be signed on paper."""
    found = Document.objects.filter(pk=document_id, voided_by=None, number__isnull=False).first()
    if found is None:
        raise Absent()
    note_reading(request, find(request, found.record_id))
    made, _ = render_sheet(blank_receipt(found))
    answer = _file(made, "application/pdf", f"receipt-{found.pk}.pdf", inline=True)
    answer["Cache-Control"] = "no-store"
    return answer


@signed_in
def attachment(request: SignedRequest, attachment_id: int) -> HttpResponse:
    """An uploaded original: only ever as a download, never shown inline."""
    found = Attachment.objects.select_related("blob").filter(pk=attachment_id).first()
    if found is None:
        raise Absent()
    record = find(request, found.record_id)
    return _original(request, record, found.blob_id, found.name)


@signed_in
def proposal_file(request: SignedRequest, proposal_id: int, number: int) -> HttpResponse:
    """A file that was sent with a proposal, for whoever may read what is proposed."""
    found = Proposal.objects.filter(pk=proposal_id).first()
    if found is None or number >= len(found.files):
        raise Absent()
    sha256, name, _ = found.files[number]
    return _original(request, find(request, found.record_id), sha256, name)


def _original(request: SignedRequest, record: Record, sha256: str, name: str) -> HttpResponse:
    note_reading(request, record)
    if refused := leaves(request, record, sha256, name):
        return refused
    return _file(store.read(sha256), "application/octet-stream", _harmless(name))


def _harmless(name: str) -> str:
    """A file's own name without what no file system or reader should see in it."""
    shown = legible.shown(name).replace("/", "_").replace("\\", "_")
    return "".join(each for each in shown if each.isprintable()).strip(" .")[-120:] or "file.bin"


@signed_in
def volume(request: SignedRequest, volume_id: int) -> HttpResponse:
    """The bound volume, for the archivist and for who handles the matter; the reading is an act,
    appended before the first byte leaves.
    """
    found = Volume.objects.filter(pk=volume_id).first()
    if found is None or not found.blob_id:
        raise Absent()
    record = find(request, found.record_id)
    if not archive_access.reads(
        request.actor, record, roles.handles(request.actor.person_id, record)
    ):
        raise Absent()
    archive_acts.note_reading(record, request.actor, found)
    return _file(store.read(found.blob_id), "application/pdf", f"{found.pk}.pdf", inline=True)


def _file(data: bytes, media_type: str, name: str, inline: bool = False) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    if inline:
        answer["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
        )
    return answer


@signed_in
def proof(request: SignedRequest, act_id: int) -> HttpResponse:
    """The proof file that opens this act's leaf of the ledger, for whoever may see the act."""
    found = Act.objects.select_related("content").filter(pk=act_id).first()
    if found is None:
        raise Absent()
    record = find(request, found.record_id)
    note_reading(request, record)
    try:
        text = reading.proof(found)
    except reading.NotProvable as error:
        return render(
            request,
            "desk/unproven.html",
            shell(request, "cases", {"record": record, "why": str(error)}),
            status=409,
        )
    return _file(text.encode(), "text/plain; charset=utf-8", reading.proof_file_name(found))
