"""The steps of discretion benchmarks (行政裁量权基准): which items have which, and how they stand
in a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.lists import in_force
from mingzheng.catalogue.models import Item
from mingzheng.catalogue.workbooks import Read, Row

KEYS = ("step", "when", "penalty")


def told(row: Mapping[str, str]) -> list[str]:
    """[situation, range] of a step, the name of the step before the situation where it has one."""
    return [f"{row['step']}：{row['when']}" if row.get("step") else row["when"], row["penalty"]]


def held(agency: Agency, whole: bool) -> list[Mapping[str, Any]]:
    """The steps as rows of the sheet."""
    rows = Item.objects.filter(agency=agency).order_by("code") if whole else in_force(agency)
    return [
        {"code": item.code, "name": item.name, **{key: row.get(key, "") for key in KEYS}}
        for item in rows
        for row in item.discretion
    ]


def by_item(rows: list[Row]) -> dict[str, list[dict[str, str]]]:
    """The steps that a sheet gives each item, in its order, as items hold them."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(str(row.values["code"]), []).append(
            {key: str(row.values[key]) for key in KEYS if row.values[key]}
        )
    return found


def check(agency: Agency, found: Read) -> None:
    """Steps are of listed items; a sheet says all steps of an item, so what it no longer says of
    one is told.
    """
    items = {row.code: row for row in Item.objects.filter(agency=agency)}
    first: dict[str, Row] = {}
    for row in found.rows:
        code = str(row.values["code"] or "")
        item = items.get(code)
        if code and item is None:
            found.faults.append((row.number, f"事项清单里没有编码 {code}，请先导入执法事项清单"))
        elif item and row.values["name"] and row.values["name"] != item.name:
            found.notes.append((row.number, f"名称与事项清单的“{item.name}”不同，以事项清单为准"))
        if item:
            first.setdefault(code, row)
    coming = by_item(found.rows)
    for code, row in first.items():
        gone = [
            told(each)[0]
            for each in items[code].discretion
            if not any(_name(each) == _name(said) for said in coming[code])
        ]
        if gone:
            found.notes.append(
                (row.number, f"“{items[code].name}”现有的“{'”“'.join(gone)}”表里没有，导入后不再列")
            )


def _name(row: Mapping[str, str]) -> tuple[str, str]:
    return row.get("step", ""), row.get("when", "")
