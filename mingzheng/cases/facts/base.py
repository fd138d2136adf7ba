"""Facts that every kind of matter has, as rules read them: from its tables, unknown ones absent."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Case
from mingzheng.records.models import Record
from mingzheng.records.situation import Situation


def yuan_of(fen: int | None) -> int | None:
    """Whole yuan for rules, rounded up so that a threshold is never missed; None stays unknown."""
    return None if fen is None else -(-fen // 100)


def case_of(record: Record) -> Case:
    """The matter's own row with its item and that item's agency, read once for one record in
    hand.
    """
    if not Record.case.is_cached(record):
        record.case = Case.objects.select_related("item__agency").get(pk=record.pk)
    return record.case


def agency_of(case: Case) -> Agency:
    """The agency whose matter it is: as a rule that of the item, which was read with the matter."""
    if case.item is not None and case.item.agency_id == case.agency_id:
        return case.item.agency
    return Agency.objects.get(pk=case.agency_id)


def base(situation: Situation) -> dict[str, Any]:
    """Kind, item, dates, counterparts and what the record holds."""
    record, held = situation.record, situation.standing
    case = case_of(record)
    parties = list(record.parties.filter(until=None).exclude(role="interested").order_by("pk"))
    body = agency_of(case)
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
