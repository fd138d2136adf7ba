"""Proof files to take away, and the page on which they are checked without being sent anywhere."""

from __future__ import annotations

import json

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.portal import proving
from mingzheng.portal.page import show
from mingzheng.portal.verifying import code_in
from mingzheng.records import store
from mingzheng.records.models import Act, TimeStamp
from mingzheng.records.seal import reading
from mingzheng.records.seal.policy import PolicyFault

TEXT = "text/plain; charset=utf-8"


@require_safe
def publication(request: HttpRequest, code: str) -> HttpResponse:
    """The proof of a publication as it stands, or of its withdrawal."""
    return _proof(
        proving.act_of_publication(_public(code, Publication.LIVE, Publication.WITHDRAWN)), code
    )


@require_safe
def publication_text(request: HttpRequest, code: str) -> HttpResponse:
    """The published text byte for byte, whose SHA-256 the proof names; nothing once it is
    withdrawn.
    """
    return _file(
        _public(code, Publication.LIVE).body, "application/json; charset=utf-8", f"{code}.json"
    )


@require_safe
def publication_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A file that went public with a text: what was made anew, whose SHA-256 the text names;
    nothing once it is withdrawn.
    """
    held = {
        int(each["number"]): each
        for each in json.loads(_public(code, Publication.LIVE).body).get("files", ())
    }
    if number not in held:
        raise Http404
    response = HttpResponse(
        store.read(held[number]["sha256"]), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = (
        content_disposition_header(True, str(held[number]["name"])) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The proof of a paper's PDF, for whoever holds the paper and so its code."""
    made = Document.objects.filter(code=code_in(code)).first()
    if made is None:
        raise Http404
    return _proof(proving.act_of_paper(made), made.code)


def _public(code: str, *states: str) -> Publication:
    row: Publication | None = Publication.objects.filter(code=code, state__in=states).first()
    if row is None:
        raise Http404
    return row


def _proof(act: Act | None, name: str) -> HttpResponse:
    if act is None:
        raise Http404
    try:
        return _file(reading.proof(act), TEXT, f"{name}.tlog-proof")
    except (reading.NotProvable, PolicyFault) as fault:
        answer = HttpResponse(f"{fault}\n", content_type=TEXT, status=409)
        answer["Retry-After"] = "5"
        return answer


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def head(request: HttpRequest, size: int) -> HttpResponse:
    """One signed head with its cosignatures, as a time stamp was set over it."""
    note = proving.note_of(size)
    if note is None:
        raise Http404
    return HttpResponse(note, content_type=TEXT)


@require_safe
def stamp(request: HttpRequest, stamp_id: int) -> HttpResponse:
    """A time stamp token (RFC 3161, DER)."""
    row = TimeStamp.objects.filter(pk=stamp_id).first()
    if row is None:
        raise Http404
    answer = HttpResponse(bytes(row.token), content_type="application/timestamp-reply")
    answer["Content-Disposition"] = f'attachment; filename="{row.head_id}.tst"'
    return answer


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Check a proof here, without sending it; and what the ledger, its witnesses and its time
    stamps say now.
    """
    found = proving.ledger()
    return show(
        request,
        "proofs",
        {
            "here": "proofs",
            "ledger": found,
            "witness_keys": json.dumps({each.name: each.vkey for each in found.witnesses}),
            "key_qr": _qr(found.vkey),
            "head_qr": _qr(found.note),
            "witnesses": [(each, _qr(each.note)) for each in found.witnesses],
        },
    )


def _qr(text: str) -> SafeString | str:
    """A drawing of our own making; empty for nothing."""
    if not text:
        return ""
    drawn: str = segno.make(text, error="l", micro=False).svg_inline(omitsize=True, border=2)
    return mark_safe(drawn)
