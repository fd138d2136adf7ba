"""The visit that a case began with."""

from __future__ import annotations

from mingzheng.cases.models import Visit
from mingzheng.records.models import Link, Record


def follow_up(record: Record) -> Visit | None:
    """The visit whose finding became this case; None where it began otherwise."""
    tied = Link.objects.filter(
        target=record,
        kind="follow-up",
        source__kind="inspection",
        source__agency_id=record.agency_id,
    )
    return Visit.objects.filter(record__in=tied.values("source")).order_by("pk").first()
