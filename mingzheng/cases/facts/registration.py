"""The facts of a registration: who came, what the examination found, and the days of the
cooling-off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mingzheng.cases.facts.base import base, case_of
from mingzheng.cases.facts.licence import application_of
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.core.workdays import Calendar
from mingzheng.records import law
from mingzheng.records.situation import Situation


def cooling_off_until(
    regime: Regime, item: str, received: date, calendar: Calendar | None = None
) -> date | None:
    """The last day of the cooling-off for an item, as the rules count it; None where there is
    none.
    """
    asked = {"kind": "confirmation", "item": item}
    rows = regime.terms("application.received", received, asked, calendar or law.calendar())
    return next((row.until for row in rows if row.topic == "divorce/cooling-off"), None)


def facts_of_registration(situation: Situation) -> Mapping[str, Any]:
    """Facts of the packs for this record."""
    case = case_of(situation.record)
    asked = application_of(situation.record)
    claim = next((duty for duty in situation.duties if duty.topic == "divorce/claim"), None)
    item = case.item.code if case.item else ""
    return {
        **base(situation),
        "procedure": "ordinary",
        "decided_by": "agency",
        "examination_passed": {"granted": True, "refused": False}.get(case.outcome),
        "cooling_off_until": (
            cooling_off_until(situation.regime, item, asked.received_on, situation.calendar)
            if asked
            else None
        ),
        "claim_over": claim is not None and claim.due is not None and claim.due < clock.today(),
        # None of these questions arises where the law says itself what is to be registered.
        "public_interest": False,
        "social_impact": False,
        "major_rights": False,
        "complex": False,
    }
