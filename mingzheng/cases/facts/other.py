"""The facts of a levy, a payment, a reward or a ruling: what its item says is data of the
agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mingzheng.cases.facts.base import base, case_of
from mingzheng.cases.facts.licence import application_of, facts_of_application
from mingzheng.cases.models import JUDGED
from mingzheng.catalogue.models import Item
from mingzheng.records import law
from mingzheng.records.situation import Situation


def promised_on(item: Item | None, start: date) -> date | None:
    """The day that the item's own time limit ends on, counted from `start`; None where the item
    names none.
    """
    limit = item.details.get("limit") if item else None
    if not limit:
        return None
    return (
        law.calendar()
        .add(start, int(limit["n"]), str(limit["unit"]), limit["unit"] != "workday")
        .due
    )


def facts_of_other(situation: Situation) -> Mapping[str, Any]:
    """Facts of the packs for this record."""
    case = case_of(situation.record)
    details = case.item.details if case.item else {}
    return {
        **base(situation),
        **facts_of_application(application_of(situation.record)),
        "procedure": "ordinary",
        "decided_by": "agency",
        **{name: getattr(case, name) for name in JUDGED},
        "other_sort": case.sort or None,
        "item_public": bool(details.get("public")),
    }
