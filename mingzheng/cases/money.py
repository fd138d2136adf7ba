"""What the decision in force asks to be paid, and what was paid, in 分."""

from __future__ import annotations

import json

from mingzheng.cases.models import Case, Payment
from mingzheng.records.models import ActContent, EffectiveAct, Record

# Acts after which a decision asks for nothing any more; one that is to be made anew no longer holds
# itself. 《行政复议法》第六十四条、第六十七条
FALLEN = ("decision.revoked", "decision.confirmed-invalid")


def asked(record: Record, decided: int) -> int:
    """What is left of a sum that a decision asks for: `decided` itself, the sum to which it was
    altered, or nothing where there is no decision or it fell.
    """
    rows = EffectiveAct.objects.filter(
        record=record, voided_by=None, kind__in=("decision.made", "decision.altered", *FALLEN)
    ).order_by("-act_id")
    altered: list[int] = []
    for act, kind in rows.values_list("act_id", "kind"):
        if kind in FALLEN:
            return 0
        if kind == "decision.made":
            return _altered(altered, decided)
        altered.append(act)
    return 0


def _altered(acts: list[int], decided: int) -> int:
    """The sum that the newest of these acts names, else `decided`."""
    for row in ActContent.objects.filter(act__in=acts).order_by("-act_id") if acts else ():
        if (said := json.loads(row.body).get("amount")) is not None:
            return int(said)
    return decided


def fine(record: Record) -> int:
    """The fine of the penalty in force."""
    return asked(record, _case(record).fine or 0)


def penalty(record: Record) -> int:
    """The fine and what was confiscated in money."""
    held = _case(record).confiscated or 0
    return fine(record) + (held if asked(record, 1) else 0)


def receipt_used(agency_id: int, receipt: str) -> bool:
    """Whether a payment of this agency already stands on this receipt."""
    rows = Payment.objects.filter(agency_id=agency_id, act__effective__voided_by=None)
    return rows.filter(receipt=receipt.strip()).exists()


def paid(record: Record) -> int:
    """What was paid so far."""
    rows = Payment.objects.filter(record=record, act__effective__voided_by=None)
    return sum(rows.values_list("amount", flat=True))


def _case(record: Record) -> Case:
    # Read anew: a decision that was just made has changed it.
    return Case.objects.get(pk=record.pk)
