"""The facts of coercion: of a matter of its own, and those that a seizure adds to any case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzheng.cases.facts.base import base
from mingzheng.cases.models import JUDGED, Seizure
from mingzheng.core import clock
from mingzheng.records.models import Duty, Record


def seizure_facts(record: Record) -> dict[str, Any]:
    """Whether something is seized now, urgently, and whether its time is over."""
    running = Seizure.objects.filter(record=record, ended_by=None).order_by("-pk").first()
    if running is None:
        return {}
    open_duty = Duty.objects.filter(
        record=record,
        topic="seizure/limit",
        state=Duty.OPEN,
        paused_since=None,
        due__lt=clock.today(),
    )
    return {"urgent": running.urgent, "seizure_overdue": open_duty.exists()}


def facts_of_coercion(record: Record) -> Mapping[str, Any]:
    """Facts of the contract's vocabulary for this record."""
    case = record.case
    return {
        **base(record),
        **{name: getattr(case, name) for name in JUDGED},
        **seizure_facts(record),
        "decided_by": "agency",
    }
