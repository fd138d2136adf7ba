"""What several acts of a case need: valid officers, money, the signature block."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from mingzheng.agencies.models import Handler
from mingzheng.cases.forms.parts import respondents
from mingzheng.cases.models import CaseParty
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.presence import ids, lines, officers, signature
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record, Standing


def fen(amount: Decimal | None) -> int | None:
    """Yuan as typed to 分 as stored."""
    return None if amount is None else int((amount * 100).to_integral_value())


def handler_ids(record: Record) -> list[int]:
    """Who handles the record now."""
    return list(
        Handler.objects.filter(record=record, until=None).values_list("person_id", flat=True)
    )


def assign(record: Record, act: Act, people: Iterable[int]) -> None:
    """Make these people the handlers from this act on; the others stop with it."""
    wanted = set(people)
    for row in Handler.objects.filter(record=record, until=None):
        if row.person_id not in wanted:
            row.until = act
            row.save(update_fields=["until"])
    present = set(handler_ids(record))
    for pk in wanted - present:
        Handler.objects.create(record=record, agency_id=record.agency_id, person_id=pk, since=act)


def remember_parties(record: Record) -> None:
    """Renew the names that lists show and order by; after every act that changes who the
    counterparts are.
    """
    rows = CaseParty.objects.filter(record=record, until=None).order_by("pk")
    record_acts.remember_parties(record, list(rows.values_list("name", flat=True)))


def service(data: dict[str, Any]) -> dict[str, Any]:
    """How a paper was served, as it is kept with the act."""
    return {
        name: data.get(name, "")
        for name in (
            "manner",
            "place",
            "receiver",
            "relation",
            "refusal_reason",
            "witness",
            "to_party",
        )
    }


def told(doing: Doing) -> dict[str, str]:
    """Which counterpart was told or served, where there are several; empty for the only one."""
    return {"party": str(doing.data["to_party"])} if doing.data.get("to_party") else {}


def not_yet(record: Record, kind: str, of: str = "") -> list[CaseParty]:
    """The counterparts, of several, to whom this has not been done; empty where there is only
    one.
    """
    rows = respondents(record)
    if len(rows) < 2:
        return []
    done = {
        str(row.attrs.get("party"))
        for row in Standing.objects.filter(record=record, kind=kind, voided_by=None)
        if not of or row.of == of
    }
    return [row for row in rows if str(row.pk) not in done]


__all__ = [
    "assign",
    "fen",
    "handler_ids",
    "ids",
    "lines",
    "not_yet",
    "officers",
    "remember_parties",
    "service",
    "signature",
    "told",
]
