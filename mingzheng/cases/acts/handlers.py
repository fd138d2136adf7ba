"""Who handles a matter, from which act on."""

from __future__ import annotations

from collections.abc import Iterable

from mingzheng.agencies.models import Handler
from mingzheng.records.models import Act, Record


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
