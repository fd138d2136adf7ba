"""Lists that come in from Excel: each row held against the register, the rules and the bases before anything is taken in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzheng.agencies.models import Body
from mingzheng.catalogue import bases, fields, sheets
from mingzheng.catalogue.lists import in_force
from mingzheng.catalogue.models import Basis, Item
from mingzheng.catalogue.sheets import Column, Read, Row

NAMES = {"items": "行政执法事项清单", "random": "随机抽查事项清单"}
COLUMNS: Mapping[str, tuple[Column, ...]] = {"items": sheets.ITEMS, "random": sheets.RANDOM}
# What a kind is called in lists that agencies keep, beside our own names.
KINDS = {**{name: code for code, name in Item.KINDS.items()}, "处罚": "penalty", "检查": "inspection", "许可": "licence", "强制": "coercion",
         "行政确认": "confirmation", "其他类": "other", "其他行政权力": "other"}
DETAILS = ("duties", "powers", "unit")
RANDOMS = ("objects", "content", "manner", "ratio", "frequency")


def look(agency: Body, kind: str, data: bytes) -> Read:
    """The rows of a workbook with everything that is wrong or worth knowing; reads only."""
    found = sheets.read(data, COLUMNS[kind])
    held = {row.code: row for row in Item.objects.filter(agency=agency)}
    for row in found.rows:
        (_item if kind == "items" else _random)(agency, row, held.get(str(row.values["code"])), found)
    return found


def _item(agency: Body, row: Row, held: Item | None, found: Read) -> None:
    said = row.values
    kind = KINDS.get(str(said["kind"] or ""))
    if said["kind"] and kind is None:
        found.faults.append((row.number, f"不认识类型“{said['kind']}”，可以填：{'；'.join(Item.KINDS.values())}"))
    elif kind:
        allowed, source = fields.regime(agency).allows(kind)
        if not allowed:
            found.faults.append((row.number, f"本机关的规定没有写{Item.KINDS[kind]}（{source}），不能列入"))
        if held and held.kind != kind:
            found.faults.append((row.number, f"编码 {held.code} 已经登记为{Item.KINDS.get(held.kind, held.kind)}，类型不能改；请另用编码"))
    if said["since"] and said["until"] and said["until"] < said["since"]:
        found.faults.append((row.number, "失效日期早于生效日期"))
    _unregistered(agency, row, found)
    if held and held.name != said["name"] and said["name"]:
        found.notes.append((row.number, f"编码 {held.code} 已有，名称将由“{held.name}”改为“{said['name']}”"))


def _unregistered(agency: Body, row: Row, found: Read) -> None:
    text = f"{row.values.get('broken') or ''}{row.values.get('applied') or ''}"
    named, known = bases.named(text), Basis.objects.filter(agency=agency)
    strange = [name for name in named if not any(bases.plain(name) == bases.plain(row.name) for row in known)]
    if row.values.get("applied") and not named:
        found.notes.append((row.number, "依据没有写成《名称》第几条的样子，依据变动时不会提醒"))
    if strange:
        found.notes.append((row.number, f"依据《{'》《'.join(strange)}》还没有登记，登记后依据变动才会提醒"))


def _random(agency: Body, row: Row, held: Item | None, found: Read) -> None:
    if row.values["code"] and held is None:
        found.faults.append((row.number, f"事项清单里没有编码 {row.values['code']}，请先导入执法事项清单"))
    elif held and held.kind != "inspection":
        found.faults.append((row.number, f"“{held.name}”不是行政检查，不能列入随机抽查"))
    elif held and row.values["name"] and held.name != row.values["name"]:
        found.notes.append((row.number, f"名称与事项清单的“{held.name}”不同，以事项清单为准"))


def register(agency: Body, kind: str) -> bytes:
    """The register of today as a workbook with the very columns that are read."""
    columns = COLUMNS[kind]
    rows = [item for item in in_force(agency) if kind == "items" or item.details.get("random")]
    return sheets.written(NAMES[kind], [column.head for column in columns], [[_cell(item, column.key, kind) for column in columns] for item in rows])


def _cell(item: Item, key: str, kind: str) -> Any:
    if kind == "random" and key in RANDOMS:
        return item.details["random"].get(key, "")
    if key in DETAILS:
        return item.details.get(key, "")
    if key in ("ledger", "ledger_name"):
        return item.details.get("ledger", {}).get("code" if key == "ledger" else "name", "")
    return Item.KINDS.get(item.kind, item.kind) if key == "kind" else getattr(item, key)
