"""The facts of a licence matter: on application, or about a certificate in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mingzheng.cases.facts.base import base, case_of
from mingzheng.cases.models import JUDGED, Application
from mingzheng.core import clock
from mingzheng.records.models import Record
from mingzheng.records.situation import Situation


def lacking(asked: Application) -> list[dict[str, str]]:
    """The materials that are still missing."""
    return [row for row in asked.materials if row["state"] == "lacking"]


def correction_late(situation: Situation, on: date) -> bool:
    """Whether on this day the period for telling what is missing had run out untold (the period is
    the rule's).
    """
    if "materials.requested" in situation.standing:
        return False
    duty = next((each for each in situation.duties if each.topic == "licence/acceptance"), None)
    return duty is not None and duty.due is not None and duty.due < on


def application_of(record: Record) -> Application | None:
    """What was asked for, with the certificate that it is about."""
    return Application.objects.filter(record=record).select_related("about").first()


def facts_of_application(asked: Application | None) -> dict[str, Any]:
    """What every matter on application has in common."""
    if asked is None:
        return {}
    return {
        "materials_complete": not lacking(asked),
        "completed_on": asked.completed_on,
        "joint_licence": asked.joint_licence,
        "lower_first": asked.lower_first,
        "special_registration": asked.special_registration,
    }


def facts_of_licence(situation: Situation) -> Mapping[str, Any]:
    """Facts of the packs for this record."""
    record = situation.record
    case, asked = case_of(record), application_of(record)
    details = case.item.details if case.item else {}
    until = asked.about.until if asked and asked.about else None
    return {
        **base(situation),
        **facts_of_application(asked),
        "procedure": "ordinary",
        "decided_by": "agency",
        **{name: getattr(case, name) for name in JUDGED},
        "licence_sort": case.sort,
        "licence_outcome": case.outcome or None,
        "correction_late": correction_late(situation, clock.today()),
        "site_check": bool(details.get("site_check")),
        "certificate": bool(details.get("certificate")),
        "interested": record.parties.filter(role="interested", until=None).exists(),
        "expires_on": until,
        "validity_over": None if until is None else until < clock.today(),
    }
