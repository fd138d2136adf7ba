"""How papers reach the counterpart."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.forms.service import MANNERS, RELATIONS


def manner_text(data: dict[str, Any]) -> str:
    """How it was served, in words."""
    name = MANNERS[str(data["manner"])][0]
    relation = dict(RELATIONS).get(str(data.get("relation") or ""), "")
    receiver = str(data.get("receiver") or "")
    return "，".join(
        part for part in (name, f"签收人{receiver}" if receiver else "", relation) if part
    )
