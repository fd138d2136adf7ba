"""Who the counterparts of a matter are."""

from __future__ import annotations

from mingzheng.cases.models import CaseParty
from mingzheng.records.models import EffectiveAct, Record


def respondents(record: Record) -> list[CaseParty]:
    """The counterparts whom the decision binds, each for himself, in the order they came in."""
    # Who applies together is one side: a couple at the registry is answered with one paper.
    rows = CaseParty.objects.filter(record=record, until=None).exclude(
        role__in=("interested", "applicant")
    )
    return list(rows.order_by("pk"))


def not_yet(record: Record, kind: str, of: str = "") -> list[CaseParty]:
    """The counterparts, of several, to whom this has not been done; empty where there is only
    one.
    """
    rows = respondents(record)
    if len(rows) < 2:
        return []
    done = {
        str(row.attrs.get("party"))
        for row in EffectiveAct.objects.filter(record=record, kind=kind, voided_by=None)
        if not of or row.of == of
    }
    return [row for row in rows if str(row.pk) not in done]
