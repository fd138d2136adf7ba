"""证据与音像: the page of a matter's recordings and evidence; originals leave only by an approved
act, each time recorded.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from mingzheng.agencies import access
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk import evidence_page, inbox
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import shell
from mingzheng.desk.views import find, note_reading
from mingzheng.procedures.outcome import Absent
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Record
from mingzheng.records.unit import work


@signed_in
def evidence(request: SignedRequest, record_id: int) -> HttpResponse:
    """Recordings on their timelines and items with their chain of custody."""
    record = find(request, record_id)
    if not record.procedure:
        raise Absent()
    note_reading(request, record)
    by = request.actor
    return render(
        request,
        "desk/evidence.html",
        shell(
            request,
            "cases",
            {
                "record": record,
                "state": inbox.state_name(record),
                "recordings": evidence_page.shown(record),
                "items": evidence_page.items(record),
                "own": access.own(by, record),
            },
        ),
    )


def leaves(request: SignedRequest, record: Record, sha256: str, name: str) -> HttpResponse | None:
    """None when this file of a matter may leave now, its taking being recorded first; else the page
    that says what to do.
    """
    if not evidence_page.original(record, sha256):
        return None
    if evidence_page.released(record, sha256) is None:
        return render(
            request,
            "desk/original.html",
            shell(
                request,
                "cases",
                {"record": record, "name": name, "state": inbox.state_name(record)},
            ),
            status=403,
        )
    with work():
        record_acts.append(
            record_acts.lock(record.pk),
            request.actor,
            record_acts.Entry(kind="original.read", subject=sha256),
        )
    return None
