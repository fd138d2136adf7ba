"""The balance: decisions = published + lawfully withheld + still within time + overdue, counted
from the record.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.disclosure.models import Publication, Withholding
from mingzheng.portal.reading import PUBLISHING
from mingzheng.records.models import Duty, Record


@dataclass(frozen=True)
class Balance:
    """Numbers of matters whose decision has to be published; the last four add up to the first."""

    code: str
    name: str
    due: int
    published: int
    withheld: int
    within: int
    overdue: int


def of_agency(agency: Agency) -> Balance:
    """The balance of one agency as it stands now."""
    duty = Duty.objects.filter(record=OuterRef("pk"), topic__in=PUBLISHING)
    asked = Record.objects.filter(agency_id=agency.pk).filter(Exists(duty.exclude(state=Duty.VOID)))
    shown = Exists(
        Publication.objects.filter(
            record=OuterRef("pk"), state__in=(Publication.LIVE, Publication.WITHDRAWN)
        )
    )
    held = Exists(Withholding.objects.filter(record=OuterRef("pk")))
    late = Exists(duty.filter(state=Duty.OPEN, light_due__lt=clock.today()))
    published = asked.filter(shown).count()
    withheld = asked.filter(~Q(shown)).filter(held).count()
    waiting = asked.filter(~Q(shown)).filter(~Q(held))
    overdue = waiting.filter(late).count()
    within = waiting.filter(~Q(late)).count()
    return Balance(
        agency.code,
        agency.name,
        published + withheld + overdue + within,
        published,
        withheld,
        within,
        overdue,
    )


def total(rows: list[Balance]) -> Balance:
    """All agencies together."""
    return Balance(
        "",
        "",
        *(
            sum(getattr(row, name) for row in rows)
            for name in ("due", "published", "withheld", "within", "overdue")
        ),
    )
