"""The facts of coercion: of a matter of its own, and those that a seizure adds to any case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzheng.cases.facts.base import base, case_of
from mingzheng.cases.models import JUDGED, Seizure
from mingzheng.core import clock
from mingzheng.records.situation import Situation


def seizure_facts(situation: Situation) -> dict[str, Any]:
    """Whether something is seized now, urgently, and whether its time is over."""
    running = Seizure.objects.filter(record=situation.record, ended_by=None).order_by("-pk").first()
    if running is None:
        return {}
    overdue = any(
        duty.due is not None and duty.due < clock.today()
        for duty in situation.open_duties
        if duty.topic == "seizure/limit" and duty.paused_since is None
    )
    return {"urgent": running.urgent, "seizure_overdue": overdue}


def facts_of_coercion(situation: Situation) -> Mapping[str, Any]:
    """Facts of the contract's vocabulary for this record."""
    case = case_of(situation.record)
    return {
        **base(situation),
        **{name: getattr(case, name) for name in JUDGED},
        **seizure_facts(situation),
        "decided_by": "agency",
    }
