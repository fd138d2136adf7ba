"""What several acts of a case need: who handles it, who its counterparts are."""

from __future__ import annotations

from collections.abc import Iterable

from mingzheng.agencies.models import Handler
from mingzheng.cases.forms.parts import respondents
from mingzheng.cases.models import CaseParty
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record, Standing


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
