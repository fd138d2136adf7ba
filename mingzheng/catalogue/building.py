"""A page made from the registers: its blocks as plain values, and what the pack misses in them.

A body is {"blocks": [block…], "elements": {id: text}}; a block is {"kind": "table", "head":
[…], "rows": [[…]…]}, {"kind": "fields", "rows": [[label, text]…]}, {"kind": "text", "head": …,
"paras": […]} or {"kind": "chart", …} as `catalogue.charts` draws it. `elements` are what a gate
of the pack asks for by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from mingzheng.catalogue.models import Page, PageVersion
from mingzheng.core.canonical import content_hash
from mingzheng.records.models import ActContent

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A page as these answers make it: `lacking` says in Chinese what must stand on it and does
    not.
    """

    blocks: tuple[dict[str, Any], ...]
    lacking: tuple[str, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """What is frozen."""
        return {
            "blocks": list(self.blocks),
            **({"elements": dict(self.elements)} if self.elements else {}),
        }


Building = Callable[[Page, Answers], Made]
Asking = Callable[[Page], dict[str, forms.Field]]
_builders: dict[str, tuple[Building, Asking | None]] = {}


def builder(kind: str, asks: Asking | None = None) -> Callable[[Building], Building]:
    """Register how a kind of page is made, and what it asks beside the registers."""

    def register(function: Building) -> Building:
        _builders[kind] = (function, asks)
        return function

    return register


def asked(page: Page) -> dict[str, forms.Field]:
    """The fields that this kind of page asks, with what was said last time."""
    _, asks = _builders[page.kind]
    found, said = asks(page) if asks else {}, last_said(page)
    for name, each in found.items():
        each.initial = said.get(name) or each.initial
    return found


def last_said(page: Page) -> dict[str, Any]:
    """The answers with which the newest version was compiled; empty before the first."""
    act = (
        PageVersion.objects.filter(page=page)
        .order_by("-number")
        .values_list("act", flat=True)
        .first()
    )
    body = (
        ActContent.objects.filter(act=act).values_list("body", flat=True).first() if act else None
    )
    return dict(json.loads(body).get("answers", {})) if body else {}


def build(page: Page, answers: Answers) -> Made:
    """The page of today."""
    return _builders[page.kind][0](page, answers)


def drifted(page: Page, newest: PageVersion) -> bool:
    """Whether the registers say something else today than the newest version does."""
    return content_hash(build(page, last_said(page)).body()) != newest.text_hash
