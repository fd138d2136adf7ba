"""The facts of a licence matter: on application, or about a certificate in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mingzheng.cases.facts.base import base
from mingzheng.cases.models import JUDGED, Application
from mingzheng.core import clock
from mingzheng.records.models import Duty, Record, Standing


def lacking(asked: Application) -> list[dict[str, str]]:
    """The materials that are still missing."""
    return [row for row in asked.materials if row["state"] == "lacking"]


def correction_late(record: Record, on: date) -> bool:
    """Whether on this day the period for telling what is missing had run out untold (the period is
    the rule's).
    """
    if Standing.objects.filter(record=record, kind="materials.requested", voided_by=None).exists():
        return False
    duty = Duty.objects.filter(record=record, topic="licence/acceptance").order_by("pk").first()
    return duty is not None and duty.due is not None and duty.due < on


def facts_of_application(record: Record) -> dict[str, Any]:
    """What every matter on application has in common."""
    asked = Application.objects.filter(record=record).first()
    if asked is None:
        return {}
    return {
        "materials_complete": not lacking(asked),
        "completed_on": asked.completed_on,
        "joint_licence": asked.joint_licence,
        "lower_first": asked.lower_first,
        "special_registration": asked.special_registration,
    }


def facts_of_licence(record: Record) -> Mapping[str, Any]:
    """Facts of the packs for this record."""
    case = record.case
    details = case.item.details if case.item else {}
    asked = Application.objects.filter(record=record).select_related("about").first()
    until = asked.about.until if asked and asked.about else None
    return {
        **base(record),
        **facts_of_application(record),
        "procedure": "ordinary",
        "decided_by": "agency",
        **{name: getattr(case, name) for name in JUDGED},
        "licence_sort": case.sort,
        "licence_outcome": case.outcome or None,
        "correction_late": correction_late(record, clock.today()),
        "site_check": bool(details.get("site_check")),
        "certificate": bool(details.get("certificate")),
        "interested": record.parties.filter(role="interested", until=None).exists(),
        "expires_on": until,
        "validity_over": None if until is None else until < clock.today(),
    }
