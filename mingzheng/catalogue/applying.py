"""What an applicant fills in: the fields of a form, an empty copy, and one filled as an example.

The fields are the pack's list `application-form`, which every form of a licence has, and those
that the item's own material names with the article it rests on (docs/items.md). Nothing else is
asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import fields
from mingzheng.catalogue.lists import in_force
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures import matter_kinds

# The material that is the application itself, in every item.
APPLICATION = "form"
EXAMPLE = "示例"
# An empty line that keeps its height.
BLANK = "\u3000"
FOR_READING = "这是示例，只说明怎么填；名称、地址都是虚构的，不能当作申请提交。"
FOR_FILLING = "栏目不够写的，可以另附纸。申请人对申请材料实质内容的真实性负责。"
LONG = ("content", "materials")


@dataclass(frozen=True)
class Form:
    """A material of an item that is filled in."""

    item: Item
    material: str
    name: str
    source: str
    own: tuple[Mapping[str, Any], ...]


def forms(agency: Agency) -> list[Form]:
    """The forms of the agency's items of today."""
    return [
        Form(
            item,
            str(row["id"]),
            str(row["name"]),
            str(row.get("source", "")),
            tuple(row.get("fields", ())),
        )
        for item in in_force(agency).select_related("agency")
        if (kind := matter_kinds.known(item.kind)) and kind.applied_for
        for row in item.details.get("materials", ())
        if row["id"] == APPLICATION or row.get("fields")
    ]


def find(agency: Agency, item: int, material: str) -> Form | None:
    """The form of one material; None where it is none."""
    return next(
        (form for form in forms(agency) if form.item.pk == item and form.material == material), None
    )


def sheet(form: Form, filled: bool) -> dict[str, Any]:
    """The form as the renderer of the agency's own papers takes it: empty lines, or each field
    with an example.
    """
    today, agency = clock.today(), form.item.agency
    day = (
        f"{today:%Y年%-m月%-d日}"
        if filled
        else "\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"
    )
    return {
        "title": f"{form.name}（{EXAMPLE}）" if filled else form.name,
        "number": EXAMPLE if filled else "",
        "layout": "form",
        "sealed": False,
        "issued": today.isoformat(),
        "date": f"填表日期：{day}",
        "fingerprint": "",
        "organ": agency.name,
        "whole-rows": True,
        "foot": "填写示例，不能当作申请提交" if filled else "申请人填写的空白样表",
        "fields": [[name, _answer(text, long, filled)] for name, text, long in _rows(form)],
        "lead": [FOR_READING if filled else FOR_FILLING],
        "signs": [
            {"label": "申请人", "name": f"（{EXAMPLE}）" if filled else "", "note": "签名或者盖章"}
        ],
    }


def _rows(form: Form) -> list[tuple[str, str, bool]]:
    """(label, example, whether it takes several lines): of the application the common fields, then
    the item's own.
    """
    common = (
        fields.regime(form.item.agency)
        .rows("application-form", clock.today(), {"kind": form.item.kind})
        .rows
    )
    held = {
        "item": form.item.name,
        "materials": (
            "；".join(
                str(row["name"])
                for row in form.item.details.get("materials", ())
                if row["id"] != form.material
            )
            or "无"
        ),
    }
    found = [
        (str(row["name"]), held.get(str(row["id"])) or str(row.get("note", "")), row["id"] in LONG)
        for row in (common if form.material == APPLICATION else ())
    ]
    return [
        *found,
        *[
            (str(row["name"]), str(row.get("example", "")), row.get("long") is True)
            for row in form.own
        ],
    ]


def _answer(text: str, long: bool, filled: bool) -> str:
    if filled:
        return f"（{EXAMPLE}）{text or '据实填写'}"
    return "\n".join([BLANK] * (3 if long else 1))
