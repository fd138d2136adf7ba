"""The facts of a penalty case, as rules read them: read from its tables, unknown ones absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzheng.agencies.models import Body
from mingzheng.cases.models import JUDGED
from mingzheng.procedures.registry import register_facts
from mingzheng.records.models import Record, Standing


def yuan_of(fen: int | None) -> int | None:
    """Whole yuan for rules, rounded up so that a threshold is never missed; None stays unknown."""
    return None if fen is None else -(-fen // 100)


def facts_of_case(record: Record) -> Mapping[str, Any]:
    """Facts of the contract's vocabulary for this record."""
    case = record.case
    parties = list(record.parties.filter(until=None).order_by("pk"))
    held = {kind for kind in Standing.objects.filter(record=record, voided_by=None).values_list("kind", flat=True)}
    body = Body.objects.get(pk=record.agency_id)
    facts: dict[str, Any] = {
        "kind": "penalty",
        "procedure": "summary" if record.procedure == "penalty-summary" else "ordinary",
        "item": case.item.code if case.item else None,
        "conduct_on": case.conduct_on, "opened_on": case.opened_on, "decided_on": case.decided_on,
        **{name: getattr(case, name) for name in JUDGED}, "hearing_right": case.hearing_right,
        "mitigated": case.mitigated, "aggravated": case.aggravated,
        "hearing": "hearing.held" in held, "hearing_requested": "hearing.requested" in held,
        "acting_as": "delegated" if body.kind == "delegated" else "own", "decided_by": "agency",
    }
    if case.outcome:
        facts |= {
            "penalties": list(case.penalties), "fine": yuan_of(case.fine) or 0,
            "confiscated": yuan_of(case.confiscated) or 0,
            "money": (yuan_of(case.fine) or 0) + (yuan_of(case.confiscated) or 0),
        }
    if len(parties) == 1:
        facts["party"] = parties[0].kind
    elif parties:
        facts["parties"] = [{"id": str(row.pk), "party": row.kind} for row in parties]
    return facts


register_facts("penalty", facts_of_case)
