"""The kinds of document and the shape of their bodies.

A chapter registers its kinds. A body is plain JSON that every layout reads:

    {"to": addressee, "lead": [paragraph…], "fields": [[label, value]…],
     "sections": [{"head": …, "paras": […]}…], "table": {"head": […], "rows": [[…]…]},
     "opinions": [{"label", "text", "name", "number", "date"}…],
     "signs": [{"label", "name", "number", "note", "stroke": SVG of ours}…], "remedy": text,
     "copies": text,
     "elements": {id of a statutory element: its text}}

All parts are optional but `elements`, which the pack's list `document/<kind>` is checked
against.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mingzheng.core.canonical import content_hash
from mingzheng.records.refusal import Ground, Refused

LAYOUTS = ("letter", "form", "transcript", "list")


@dataclass(frozen=True)
class Kind:
    """One kind: code, Chinese title, mark of its number series (empty: unnumbered), layout, sealed
    or not, published or not.
    """

    code: str
    title: str
    mark: str = ""
    layout: str = "form"
    sealed: bool = False
    version: str = "1"
    source: str = ""
    public: bool = False
    build: Callable[..., dict[str, Any]] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; a code may stand only once."""
    if kind.code in _kinds or kind.layout not in LAYOUTS:
        raise ValueError(f"document kind {kind.code} stands twice or has no layout")
    _kinds[kind.code] = kind
    return kind


def find(code: str) -> Kind:
    """The kind with this code; KeyError if no chapter registered it."""
    return _kinds[code]


def every() -> tuple[Kind, ...]:
    """All kinds in the order they were registered."""
    return tuple(_kinds.values())


def public_codes() -> list[str]:
    """The kinds whose text goes public: decisions."""
    return [kind.code for kind in _kinds.values() if kind.public]


def text_hash(body: dict[str, Any]) -> str:
    """The hash that review and approval bind: of the body alone, without number, date and seal."""
    return content_hash(body)


def check_elements(
    regime: Any, kind: Kind, body: dict[str, Any], facts: dict[str, Any], on: Any
) -> None:
    """Refused when a statutory element of the pack's list `document/<kind>` is empty in the
    body.
    """
    if regime is None:
        return
    answer = regime.rows(f"document/{kind.code}", on, facts)
    elements = body.get("elements", {})
    lacking = [
        row
        for row in answer.rows
        if row.get("need", "must") == "must" and not str(elements.get(row["id"], "")).strip()
    ]
    if lacking:
        raise Refused(
            f"《{kind.title}》缺少法定内容，不能出具",
            tuple(
                Ground(
                    f"缺少“{row.get('name') or row['id']}”",
                    str(row.get("source", "")),
                    field=row["id"],
                )
                for row in lacking
            ),
        )
    blank = [text for text in texts(body) if "{{" in text or "}}" in text]
    if blank:
        raise Refused(
            f"《{kind.title}》有没有填上的占位内容，不能出具",
            (Ground("请补齐：" + "；".join(blank[:3])),),
        )


def texts(value: Any) -> list[str]:
    """Every text in a body, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []
