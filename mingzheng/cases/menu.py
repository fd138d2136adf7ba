"""Who has the lines that cases bring to the desk's menu."""

from __future__ import annotations

from mingzheng.cases.acts.handover import CHIEFS
from mingzheng.cases.models import Property
from mingzheng.procedures.chapters import Seen


def keeps_property(seen: Seen) -> bool:
    """Whoever works where something was ever sealed or seized."""
    return Property.objects.filter(agency_id=seen.body.pk).exists()


def licenses(seen: Seen) -> bool:
    """Whoever works where licences are given."""
    return "licence" in seen.powers


def hands_over(seen: Seen) -> bool:
    """Those who may move matters from one person to another."""
    return bool(seen.powers) and bool(seen.by.roles & CHIEFS)
