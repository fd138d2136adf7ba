"""The facts of a levy, a payment, a reward or a ruling: what its item says is data of the
agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mingzheng.cases.facts.base import base
from mingzheng.cases.facts.licence import facts_of_application
from mingzheng.cases.models import JUDGED
from mingzheng.catalogue.models import Item
from mingzheng.records import law
from mingzheng.records.models import Record


def promised_on(item: Item | None, start: date) -> date | None:
    """The day that the item's own time limit ends on, counted from `start`; None where the item
    names none.
    """
    limit = item.details.get("limit") if item else None
    if not limit:
        return None
    day: date = (
        law.calendar()
        .add(start, int(limit["n"]), str(limit["unit"]), limit["unit"] != "workday")
        .due
    )
    return day


def facts_of_other(record: Record) -> Mapping[str, Any]:
    """Facts of the packs for this record."""
    case = record.case
    details = case.item.details if case.item else {}
    return {
        **base(record),
        **facts_of_application(record),
        "procedure": "ordinary",
        "decided_by": "agency",
        **{name: getattr(case, name) for name in JUDGED},
        "other_sort": case.sort or None,
        "item_public": bool(details.get("public")),
    }
