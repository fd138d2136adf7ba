"""Renditions on the desk's pages: the only files that are shown inline, by the rights of the
matter they belong to.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from mingzheng.agencies import access
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import given
from mingzheng.desk.identity import signed_in
from mingzheng.desk.views import note_reading
from mingzheng.evidence import media as files
from mingzheng.evidence.models import Rendition, Upload
from mingzheng.evidence.renditions import TYPES
from mingzheng.procedures.outcome import Absent
from mingzheng.records import store
from mingzheng.records.models import Record

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@signed_in
@require_safe
def media(request: SignedRequest, rendition_id: int) -> HttpResponseBase:
    """/desk/media/ID: a picture, sound or film that we made; answers Range. `?record=ID` names the
    matter it is read in.

    Reading in a sealed matter is an act before the first byte; a player that fetches the rest
    of the same film is not reading it again.
    """
    row = Rendition.objects.filter(pk=rendition_id, media_type__in=TYPES).first()
    if row is None:
        raise Absent()
    record = _through(request, row)
    path = store.path_of(row.made_id)
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise store.missing(row.made_id) from error
    first, last, partial = span(request.META.get("HTTP_RANGE", ""), size)
    if first >= size:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    if record is not None and request.method != "HEAD":
        _note(request, record, row, first)
    return _answer(path, row, first, last, size, partial)


def _through(request: SignedRequest, row: Rendition) -> Record | None:
    """The matter through which this identity reaches the file, the least sealed first; None for
    one's own new upload.
    """
    by = request.actor
    asked = request.GET.get("record", "")
    held = Record.objects.filter(files.holding(row.blob_id))
    if (wanted := given.number(asked)) is not None:
        held = held.filter(pk=wanted)
    found = (
        access.visible(by).filter(pk__in=held.values("pk")).order_by("classification", "pk").first()
    )
    if found is not None:
        return found
    if not Upload.objects.filter(
        person_id=by.person_id, agency_id=by.agency_id, blob=row.blob_id, claimed_at=None
    ).exists():
        raise Absent()
    return None


def _note(request: SignedRequest, record: Record, row: Rendition, first: int) -> None:
    word = f"{record.pk}:{row.pk}"
    noted = request.session.get("watched", [])
    if first and word in noted:
        return
    note_reading(request, record)
    if record.classification >= access.SECRET and word not in noted:
        request.session["watched"] = [*noted[-50:], word]


def span(header: str, size: int) -> tuple[int, int, bool]:
    """First and last byte (inclusive) of one range, and whether it is one; what is no single range
    means all.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return 0, size - 1, False
    start, end = found.groups()
    if not start:
        length = min(int(end), size)
        return (size - length, size - 1, True) if length else (size, size - 1, True)
    last = min(int(end), size - 1) if end else size - 1
    if last < int(start) < size:
        return 0, size - 1, False
    return int(start), last, True


def _answer(
    path: Path, row: Rendition, first: int, last: int, size: int, partial: bool
) -> HttpResponseBase:
    answer = StreamingHttpResponse(
        _bytes(path, first, last), status=206 if partial else 200, content_type=row.media_type
    )
    answer["Content-Length"] = str(last - first + 1)
    if partial:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = f'"{row.made_id}"'
    answer["Content-Disposition"] = (
        f'inline; filename="{row.purpose}.{row.media_type.rsplit("/", 1)[-1]}"'
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; media-src 'self'; sandbox"
    )
    return answer


def _bytes(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as source:
        source.seek(first, os.SEEK_SET)
        left = last - first + 1
        while left and (chunk := source.read(min(1 << 18, left))):
            left -= len(chunk)
            yield chunk
