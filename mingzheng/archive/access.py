"""Who reads a bound volume."""

from __future__ import annotations

from mingzheng.records.actors import Actor
from mingzheng.records.models import Record


def reads(by: Actor, record: Record, handles: bool) -> bool:
    """Whether this identity reads the volumes of a matter without asking for them: the agency's
    archivist, and who handles the matter. Everybody else asks for access (国办发〔2018〕118号 三（三）).
    """
    return handles or (record.agency_id == by.agency_id and "archivist" in by.roles)
