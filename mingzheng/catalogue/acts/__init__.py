"""List an enforcement item."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Item


def add_item(
    agency: Agency,
    code: str,
    name: str,
    broken: str,
    applied: str,
    since: date,
    kind: str = "penalty",
    details: dict[str, Any] | None = None,
) -> Item:
    """《行政处罚法》第三十九条: an item of the agency with the article that is broken and the one
    that is applied.
    """
    return Item.objects.create(
        agency=agency,
        code=code,
        name=name,
        kind=kind,
        broken=broken,
        applied=applied,
        since=since,
        details=details or {},
        bases=[{"text": broken}, {"text": applied}],
    )
