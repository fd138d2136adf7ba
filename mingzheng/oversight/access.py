"""What was written, for those who may see the record; and what its sender may look up."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.core import clock
from mingzheng.oversight.models import Feedback
from mingzheng.records.models import Act, ActContent, EffectiveAct, Link, Record

RECEIVED = ("complaint.received", "correction.requested")


def told(record: Record) -> dict[str, Any]:
    """{"text", "name", "contact", "correct"} as it was written; empty once it was lawfully
    destroyed.
    """
    body = (
        ActContent.objects.filter(act__record=record, act__kind__in=RECEIVED)
        .order_by("act")
        .values_list("body", flat=True)
        .first()
    )
    return dict(json.loads(body)) if body else {}


def matter_of(record: Record) -> Record | None:
    """The matter whose publication a correction asks about."""
    link = Link.objects.filter(source=record, kind="correction").select_related("target").first()
    return link.target if link else None


def corrected_since(record: Record) -> bool:
    """Whether the matter's publication was corrected or taken down after the request came."""
    matter, asked = (
        matter_of(record),
        Act.objects.filter(record=record, kind="correction.requested").order_by("pk").first(),
    )
    return (
        matter is not None
        and asked is not None
        and EffectiveAct.objects.filter(
            record=matter,
            kind__in=("publication.corrected", "publication.withdrawn"),
            voided_by=None,
            act_id__gt=asked.pk,
        ).exists()
    )


@dataclass(frozen=True)
class Progress:
    """What the sender may know: how far it is, the answer, and by when it is owed."""

    number: str
    kind: str
    agency: str
    received_on: date
    state: str
    steps: tuple[tuple[str, date], ...]
    answer: str
    to: str
    due: date | None


PROGRESS_WORDS = {
    "complaint.received": "收到",
    "correction.requested": "收到",
    "complaint.accepted": "受理",
    "complaint.transferred": "转交有权机关",
    "complaint.answered": "答复",
    "correction.verified": "核实",
    "correction.answered": "答复",
}


def look_up(number: str, code: str) -> Progress | None:
    """The progress of one's own matter by number and code together; None unless both fit."""
    from mingzheng.procedures import registry

    found = Feedback.objects.select_related("record", "agency").filter(number=number).first()
    # Compared in constant time, also when there is no such number.
    if (
        not hmac.compare_digest((found.record.code if found else "-").encode(), code.encode())
        or found is None
    ):
        return None
    record = found.record
    acts = (
        Act.objects.filter(record=record, kind__in=PROGRESS_WORDS, effective__voided_by=None)
        .select_related("content")
        .order_by("pk")
    )
    steps = tuple((PROGRESS_WORDS[act.kind], clock.local(act.happened_at).date()) for act in acts)
    answered = next(
        (
            act
            for act in reversed(acts)
            if act.kind in ("complaint.answered", "correction.answered", "complaint.transferred")
        ),
        None,
    )
    said = json.loads(answered.content.body) if answered and hasattr(answered, "content") else {}
    state = registry.procedure(record.procedure).state(record.state).name
    return Progress(
        found.number,
        Feedback.KINDS[found.kind],
        found.agency.name,
        found.received_on,
        state,
        steps,
        str(said.get("answer", "")),
        str(said.get("to", "")),
        record.due,
    )
