"""Is this paper real? An answer in words that gives away neither content nor party."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mingzheng.agencies.models import Agency
from mingzheng.core.regimes import vocabulary
from mingzheng.disclosure.models import Publication
from mingzheng.documents.kinds import public_codes
from mingzheng.documents.models import Document
from mingzheng.portal import proving
from mingzheng.records.models import EffectiveAct
from mingzheng.records.words import act_name

_CODE = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True)
class Verdict:
    """state is true, corrected, voided, overturned, withdrawn or unknown; the rest is printed on
    the paper anyway.

    `sealed_on`: since when the PDF with this SHA-256 is sealed; `astray`: the PDF kept now is
    not the sealed one.
    """

    state: str
    title: str = ""
    number: str = ""
    organ: str = ""
    on: date | None = None
    pages: int | None = None
    fingerprint: str = ""
    page: str = ""
    what: str = ""
    sealed_on: date | None = None
    sha256: str = ""
    astray: bool = False


def code_in(text: str) -> str:
    """The code in what was typed or scanned: the bare code, with spaces, or the whole address."""
    found = _CODE.search(text.strip().lower().replace(" ", "").rsplit("/", 1)[-1])
    return found.group() if found else ""


def verify(code: str) -> Verdict:
    """What the record says of the paper with this code."""
    made = Document.objects.filter(code=code).select_related("record").first()
    if made is None:
        return Verdict("unknown")
    page, state = "", "corrected" if made.corrected_by_id else "true"
    what = ""
    if made.kind in public_codes():
        shown = (
            Publication.objects.filter(
                record=made.record_id,
                number=made.full_number,
                state__in=(Publication.LIVE, Publication.WITHDRAWN),
            )
            .order_by("-pk")
            .first()
        )
        page = shown.code if shown else ""
        what = _overturned(made)
        state = (
            "overturned"
            if what
            else "withdrawn"
            if shown and shown.state == Publication.WITHDRAWN
            else state
        )
    if made.voided_by_id:
        state = "voided"
    sealed = proving.sealed(proving.act_of_paper(made))
    astray = bool(made.blob_id) and (sealed is None or sealed.sha256 != made.blob_id)
    return Verdict(
        state,
        made.title,
        made.full_number,
        Agency.objects.get(pk=made.agency_id).name,
        made.issued_on,
        made.pages,
        made.text_hash[:16],
        page,
        what,
        sealed.on if sealed and not astray else None,
        made.blob_id or "",
        astray,
    )


def _overturned(made: Document) -> str:
    """What befell the decision on this paper afterwards: revoked, altered and the like."""
    row = (
        EffectiveAct.objects.filter(
            record=made.record_id,
            voided_by=None,
            kind__in=vocabulary().topic_after("publication/withdrawal"),
            act_id__gt=made.act_id,
        )
        .order_by("pk")
        .last()
    )
    return act_name(row.kind) if row else ""
