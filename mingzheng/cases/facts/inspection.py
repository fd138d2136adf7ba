"""The facts of a visit, and how often an enterprise was inspected this year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mingzheng.cases.facts.base import base, case_of
from mingzheng.cases.models import Visit
from mingzheng.core import clock
from mingzheng.records.models import Record
from mingzheng.records.situation import Situation

# Kinds of visit that count against the yearly cap; a case-specific one follows a clue
# (国办发〔2024〕54号).
COUNTED = ("routine", "special")


def visits_this_year(visit: Visit, on: date) -> int:
    """How often this enterprise was visited in the year of `on`, by every agency of the county; a
    joint visit counts once.
    """
    if not visit.identifier:
        return 0
    rows = Visit.objects.filter(
        region=visit.region,
        identifier=visit.identifier,
        started_on__year=on.year,
        check_type__in=COUNTED,
        urgent__isnull=False,
    ).exclude(record=visit.record_id)
    seen = {row.joint or f"record-{row.record_id}" for row in rows.only("joint", "record_id")}
    return len(seen - {visit.joint} if visit.joint else seen)


def cap_of(record: Record) -> int | None:
    """The yearly cap that the agency published for this item, in visits; None when it published
    none.
    """
    item = case_of(record).item
    cap = (item.details if item else {}).get("cap", {})
    return int(cap["times"]) if cap.get("times") else None


def facts_of_visit(situation: Situation) -> Mapping[str, Any]:
    """Facts of the contract's vocabulary for this record."""
    record = situation.record
    visit, cap = record.visit, cap_of(record)
    seen = visits_this_year(visit, visit.started_on or visit.planned_on or clock.today())
    return {
        **base(situation),
        "check_type": visit.check_type,
        "target": visit.target or "other",
        "enterprise": visit.enterprise,
        "random": visit.random,
        "urgent": visit.urgent,
        "problem_found": visit.problem_found,
        # Without a published cap nobody can be over it; the missing cap is shown on the notice
        # instead.
        "over_frequency_cap": False if cap is None else seen >= cap,
        "decided_by": "agency",
    }
