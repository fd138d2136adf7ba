"""The counterparts of a matter: more of them, others in their place."""

from __future__ import annotations

from mingzheng.cases.models import CaseParty
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Record


def remember_parties(record: Record) -> None:
    """Renew the names that lists show and order by; after every act that changes who the
    counterparts are.
    """
    rows = CaseParty.objects.filter(record=record, until=None).order_by("pk")
    record_acts.remember_parties(record, list(rows.values_list("name", flat=True)))
