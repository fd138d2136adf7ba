"""检查码: who is at the door, why, with which certificates, and the enterprise's own
confirmation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mingzheng.agencies.models import Agency, Certificate
from mingzheng.cases.models import CHECK_TYPES, Visit
from mingzheng.core import clock
from mingzheng.oversight import ratings
from mingzheng.oversight.acts.ratings import QUESTIONS
from mingzheng.records.models import EffectiveAct


@dataclass(frozen=True)
class Officer:
    """An officer of the visit and whether his certificate is valid today."""

    name: str
    number: str
    valid: bool


@dataclass(frozen=True)
class Shown:
    """What the person inspected may see. `state`: unapproved, ready, visiting or over."""

    code: str
    organ: str
    phone: str
    item: str
    basis: str
    type: str
    content: str
    planned_on: date | None
    officers: tuple[Officer, ...]
    state: str
    scanned_at: datetime | None
    times: str
    questions: tuple[tuple[str, str], ...]
    promise: str


def shown(code: str) -> Shown | None:
    """The visit with this code; None when there is none."""
    visit = Visit.objects.filter(code=code).select_related("record").first()
    if visit is None:
        return None
    record, case = visit.record, visit.record.case
    agency = Agency.objects.get(pk=visit.agency_id)
    held = {
        f"{kind}:{of}" if kind == "exception.approved" else kind: when
        for kind, of, when in EffectiveAct.objects.filter(
            record=record, voided_by=None
        ).values_list("kind", "of", "happened_at")
    }
    cleared = "visit.approved" in held or "exception.approved:urgent-inspection" in held
    state = (
        {"planned": "ready", "visiting": "visiting"}.get(record.state, "over")
        if cleared
        else "unapproved"
    )
    cap = (case.item.details if case.item else {}).get("cap", {})
    often = (
        "个案检查不计入频次"
        if visit.check_type == "case"
        else f"每年不超过 {cap['times']} 次"
        if cap.get("times")
        else "尚未公布"
    )
    return Shown(
        code,
        agency.name,
        agency.phone,
        case.item.name if case.item else "",
        (case.item.applied or case.item.broken) if case.item else "",
        CHECK_TYPES[visit.check_type],
        visit.content,
        visit.planned_on,
        officers(visit) if cleared else (),
        state,
        held.get("visit.scanned"),
        often,
        tuple(QUESTIONS.items()),
        promise(agency),
    )


def promise(agency: Agency) -> str:
    """What the unit will see of a rating, in words."""
    least = ratings.least(agency)
    if least is None:
        return "不记名。评价不给单位看。"
    return (
        f"不记名。满 {least.number} {least.unit}评价才汇总给单位看，不满的并到以后的月份，"
        "看不出是哪一家评的。"
    )


def officers(visit: Visit) -> tuple[Officer, ...]:
    """The officers of the visit with their certificates as of today."""
    today = clock.today()
    found = []
    for row in visit.record.handlers.filter(until=None).select_related("person").order_by("pk"):
        held = (
            Certificate.objects.filter(person=row.person, agency=visit.agency_id)
            .order_by("-until")
            .first()
        )
        valid = (
            held is not None
            and held.state == Certificate.VALID
            and held.since <= today <= held.until
        )
        found.append(Officer(row.person.name, held.number if held else "", valid))
    return tuple(found)
