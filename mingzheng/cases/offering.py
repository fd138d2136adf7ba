"""What a case has for the public: the newest decision that still stands, in the document's own
words.
"""

from __future__ import annotations

import json
from typing import Any

from mingzheng.documents.kinds import public_codes
from mingzheng.documents.models import Document
from mingzheng.procedures.publishing import Offer
from mingzheng.records.models import Record


def of_case(record: Record) -> Offer | None:
    """The decision or result of a case; None while there is none that stands."""
    made: Document | None = (
        Document.objects.filter(record=record, kind__in=public_codes(), voided_by=None)
        .order_by("-pk")
        .first()
    )
    if made is None:
        return None
    parties = list(record.parties.filter(until=None).exclude(role="interested").order_by("pk"))
    body = json.loads(made.body)
    said = (
        dict(body["public"])
        if body.get("public")
        else _elements(made, body["elements"], record.case.cause, parties)
    )
    return Offer(
        form="decision",
        title=said.pop("title"),
        on=made.issued_on,
        number=made.full_number,
        document=made.title,
        party_kind=parties[0].kind,
        parts={"party": "、".join(_named(party) for party in parties), **said},
        body={"remedy": body.get("remedy", ""), "penalties": list(record.case.penalties)},
    )


def _elements(
    made: Document, said: dict[str, Any], cause: str, parties: list[Any]
) -> dict[str, str]:
    names = "、".join(party.name for party in parties)
    return {
        "title": f"对{names}{cause}的{made.title.removesuffix('书').replace('当场', '')}",
        "facts": said["facts"],
        "basis": (
            "；".join(t for t in (said.get("broken"), said.get("applied")) if t) or said["decision"]
        ),
        "decision": said["decision"],
    }


def _named(party: Any) -> str:
    code = (
        f"（统一社会信用代码 {party.identifier}）"
        if party.kind == "organisation" and party.identifier
        else ""
    )
    return f"{party.name}{code}"
