"""Facts that every kind of matter has, as rules read them: from its tables, unknown ones absent."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Body
from mingzheng.records.models import Record, Standing


def yuan_of(fen: int | None) -> int | None:
    """Whole yuan for rules, rounded up so that a threshold is never missed; None stays unknown."""
    return None if fen is None else -(-fen // 100)


def base(record: Record) -> dict[str, Any]:
    """Kind, item, dates, counterparts and what the record holds."""
    case = record.case
    parties = list(record.parties.filter(until=None).exclude(role="interested").order_by("pk"))
    held = set(
        Standing.objects.filter(record=record, voided_by=None).values_list("kind", flat=True)
    )
    body = Body.objects.get(pk=record.agency_id)
    facts: dict[str, Any] = {
        "kind": record.kind,
        "item": case.item.code if case.item else None,
        "conduct_on": case.conduct_on,
        "opened_on": case.opened_on,
        "decided_on": case.decided_on,
        "hearing_right": case.hearing_right,
        "hearing": "hearing.held" in held,
        "hearing_requested": "hearing.requested" in held,
        "acting_as": "delegated" if body.kind == "delegated" else "own",
    }
    if len(parties) == 1:
        facts["party"] = parties[0].kind
    elif parties:
        facts["parties"] = [{"id": str(row.pk), "party": row.kind} for row in parties]
    return facts
