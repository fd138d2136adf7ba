"""The facts of a registration: who came, what the examination found, and the days of the
cooling-off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mingzheng.cases.facts.base import base
from mingzheng.cases.models import Application
from mingzheng.core import clock
from mingzheng.records import law
from mingzheng.records.models import Duty, Record


def cooling_off_until(regime: Any, item: str, received: date) -> date | None:
    """The last day of the cooling-off for an item, as the rules count it; None where there is
    none.
    """
    rows = regime.terms(
        "application.received", received, {"kind": "confirmation", "item": item}, law.calendar()
    )
    return next((row.until for row in rows if row.topic == "divorce/cooling-off"), None)


def facts_of_registration(record: Record) -> Mapping[str, Any]:
    """Facts of the packs for this record."""
    case = record.case
    asked = Application.objects.filter(record=record).first()
    claim = Duty.objects.filter(record=record, topic="divorce/claim").order_by("pk").first()
    item = case.item.code if case.item else ""
    return {
        **base(record),
        "procedure": "ordinary",
        "decided_by": "agency",
        "examination_passed": {"granted": True, "refused": False}.get(case.outcome),
        "cooling_off_until": (
            cooling_off_until(law.regime(record), item, asked.received_on) if asked else None
        ),
        "claim_over": claim is not None and claim.due is not None and claim.due < clock.today(),
        # None of these questions arises where the law says itself what is to be registered.
        "public_interest": False,
        "social_impact": False,
        "major_rights": False,
        "complex": False,
    }
