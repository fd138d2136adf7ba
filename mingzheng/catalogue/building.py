"""A page made from the registers: its blocks as plain values, and what the pack misses in them.

A body is {"blocks": [block…]}; a block is {"kind": "table", "head": […], "rows": [[…]…]}, {"kind": "fields", "rows": [[label, text]…]},
{"kind": "text", "head": …, "paras": […]} or {"kind": "chart", …} as `catalogue.charts` draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Q

from mingzheng.catalogue.models import Item, Page
from mingzheng.core import clock

Building = Callable[[Page, Mapping[str, Any]], dict[str, Any]]
_builders: dict[str, Building] = {}


def builder(kind: str) -> Callable[[Building], Building]:
    """Register how a kind of page is made."""

    def register(function: Building) -> Building:
        _builders[kind] = function
        return function

    return register


def asked(page: Page) -> dict[str, forms.Field]:
    """The fields that this kind of page asks beside what registers hold."""
    return {}


def build(page: Page, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The page of today."""
    return _builders[page.kind](page, answers)


def lacking(page: Page, answers: Mapping[str, Any]) -> list[str]:
    """What must stand on the page and does not, in Chinese."""
    return []


@builder("item-list")
def items(page: Page, answers: Mapping[str, Any]) -> dict[str, Any]:
    """行政执法事项清单: what the agency may do today, with the bases."""
    today = clock.today()
    rows = Item.objects.filter(Q(until=None) | Q(until__gte=today), agency=page.agency, since__lte=today).order_by("code")
    return {"blocks": [{"kind": "table", "head": ["事项名称", "类型", "依据"], "rows": [
        [row.name, Item.KINDS.get(row.kind, row.kind), "；".join(dict.fromkeys(str(base["text"]) for base in row.bases if base.get("text")))]
        for row in rows]}]}
