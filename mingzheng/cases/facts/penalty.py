"""The facts of a penalty case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzheng.cases.facts.base import base, case_of, yuan_of
from mingzheng.cases.facts.coercion import seizure_facts
from mingzheng.cases.models import JUDGED
from mingzheng.records.situation import Situation


def facts_of_penalty(situation: Situation) -> Mapping[str, Any]:
    """Facts of the contract's vocabulary for this record."""
    record = situation.record
    case = case_of(record)
    facts = {
        **base(situation),
        "procedure": "summary" if record.procedure == "penalty-summary" else "ordinary",
        **{name: getattr(case, name) for name in JUDGED},
        **seizure_facts(situation),
        "mitigated": case.mitigated,
        "aggravated": case.aggravated,
        "decided_by": "agency",
    }
    if case.outcome:
        facts |= {
            "penalties": list(case.penalties),
            "fine": yuan_of(case.fine) or 0,
            "confiscated": yuan_of(case.confiscated) or 0,
            "money": (yuan_of(case.fine) or 0) + (yuan_of(case.confiscated) or 0),
        }
    return facts
