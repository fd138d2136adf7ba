"""What the archive shows on a matter's page."""

from __future__ import annotations

from mingzheng.records.models import Record


def volumes(record: Record) -> dict[str, object] | None:
    """The volumes bound from this matter, newest first."""
    rows = list(record.volumes.order_by("-pk"))
    return {"volumes": rows} if rows else None
