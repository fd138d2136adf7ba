"""Lists that come in from Excel: each row held against the register, the rules and the bases
before anything is taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import bases, categories, discretion, fields, people, sheets
from mingzheng.catalogue.lists import in_force
from mingzheng.catalogue.models import Basis, Item
from mingzheng.catalogue.workbooks import Column, Read, Row
from mingzheng.core.nouns import word
from mingzheng.core.regimes import vocabulary
from mingzheng.procedures import matter_kinds

DETAILS = ("duties", "powers", "unit")
RANDOMS = ("objects", "content", "manner", "ratio", "frequency")
Held = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A list that comes from and goes to Excel.

    `page` is the kind of page whose compiler keeps it; `check` tells what is wrong with the
    rows; `held` gives the register of today in the columns that are read (with True also what
    is not in force). An empty cell of `silent` columns leaves what is registered; `aside`
    columns are there for the reader only.
    """

    name: str
    columns: tuple[Column, ...]
    page: str
    check: Callable[[Agency, Read], None]
    held: Callable[[Agency, bool], list[Held]]
    silent: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


def look(agency: Agency, kind: str, data: bytes) -> Read:
    """The rows of a workbook with everything that is wrong or worth knowing, and what each would
    do; reads only.
    """
    sheet = SHEETS[kind]
    found = sheets.read(data, sheet.columns)
    sheet.check(agency, found)
    found.faults.sort(key=lambda each: each[0])
    found.notes.sort(key=lambda each: each[0])
    parts = [column.key for column in sheet.columns if column.part]
    before = {_key(row, parts): row for row in sheet.held(agency, True)}
    for row in found.rows:
        held = before.get(_key(row.values, parts))
        found.states[row.number] = (
            sheets.NEW
            if held is None
            else sheets.SAME
            if _same(sheet, row.values, held)
            else sheets.CHANGED
        )
    return found


def register(agency: Agency, kind: str) -> bytes:
    """The register of today as a workbook with the very columns that are read."""
    sheet = SHEETS[kind]
    return sheets.written(
        sheet.name,
        [column.head for column in sheet.columns],
        [[row[column.key] for column in sheet.columns] for row in sheet.held(agency, False)],
    )


def _key(row: Held, parts: list[str]) -> tuple[str, ...]:
    return tuple(str(row[part] or "") for part in parts)


def _same(sheet: Sheet, said: Held, held: Held) -> bool:
    return all(
        (said[key] or "") == (held[key] or "") or key in sheet.silent and not said[key]
        for key in (column.key for column in sheet.columns if column.key not in sheet.aside)
    )


def _items(agency: Agency, found: Read) -> None:
    held = {row.code: row for row in Item.objects.filter(agency=agency)}
    for at, row in enumerate(found.rows):
        # One category, however it is written.
        if meant := categories.meant(str(row.values["kind"] or "")):
            word = categories.word_of(meant[0], {"sort": meant[1]})
            row = found.rows[at] = Row(row.number, {**row.values, "kind": word})
        _item(agency, row, held.get(str(row.values["code"])), found)


def _item(agency: Agency, row: Row, held: Item | None, found: Read) -> None:
    said = row.values
    word = str(said["kind"] or "")
    meant = categories.meant(word)
    if word and meant is None:
        found.faults.append(
            (row.number, f"不认识类型“{word}”，可以填：{'；'.join(categories.words())}")
        )
    elif meant:
        allowed, source = fields.regime(agency).allows(meant[0])
        # What is no power needs no rule that leaves it to the agency.
        if not allowed and meant[0] != categories.SERVICE:
            found.faults.append((row.number, f"本机关的规定没有写{word}（{source}），不能列入"))
        if held and held.category != word:
            found.faults.append(
                (
                    row.number,
                    (f"编码 {held.code} 已经登记为{held.category}，类型不能改；请另用编码"),
                )
            )
    if said["since"] and said["until"] and said["until"] < said["since"]:
        found.faults.append((row.number, "失效日期早于生效日期"))
    _unregistered(agency, row, found)
    if held and held.name != said["name"] and said["name"]:
        found.notes.append(
            (row.number, f"编码 {held.code} 已有，名称将由“{held.name}”改为“{said['name']}”")
        )


def _unregistered(agency: Agency, row: Row, found: Read) -> None:
    text = f"{row.values.get('broken') or ''}{row.values.get('applied') or ''}"
    named, known = bases.named(text), Basis.objects.filter(agency=agency)
    strange = [
        name
        for name in named
        if not any(bases.plain(name) == bases.plain(row.name) for row in known)
    ]
    if row.values.get("applied") and not named:
        found.notes.append((row.number, "依据没有写成《名称》第几条的样子，依据变动时不会提醒"))
    if strange:
        found.notes.append(
            (row.number, f"依据《{'》《'.join(strange)}》还没有登记，登记后依据变动才会提醒")
        )


def _randoms(agency: Agency, found: Read) -> None:
    rows = {row.code: row for row in Item.objects.filter(agency=agency)}
    for row in found.rows:
        held = rows.get(str(row.values["code"]))
        if row.values["code"] and held is None:
            found.faults.append(
                (row.number, f"事项清单里没有编码 {row.values['code']}，请先导入执法事项清单")
            )
        elif held and "random-list" not in _pages(held):
            found.faults.append((row.number, f"“{held.name}”不是行政检查，不能列入随机抽查"))
        elif held and row.values["name"] and held.name != row.values["name"]:
            found.notes.append((row.number, f"名称与事项清单的“{held.name}”不同，以事项清单为准"))


def _pages(item: Item) -> tuple[str, ...]:
    kind = matter_kinds.known(item.kind)
    return kind.pages if kind else ()


def _registered(agency: Agency, found: Read) -> None:
    """A basis is registered once; what became of it later is an act of its own with its day."""
    ranks = {name: code for code, name in vocabulary().ranks.items()}
    known = {bases.plain(row.name): row for row in bases.of(agency)}
    for at, row in enumerate(found.rows):
        held = known.get(bases.plain(str(row.values["name"] or "")))
        # One basis, however its name is written.
        said = {**row.values, "name": held.name} if held else row.values
        found.rows[at] = Row(row.number, said)
        if said["rank"] and said["rank"] not in ranks:
            found.faults.append(
                (row.number, f"不认识效力层级“{said['rank']}”，可以填：{'；'.join(ranks)}")
            )
        elif held and not _same(SHEETS["bases"], said, _basis(held)):
            found.faults.append(
                (
                    row.number,
                    f"《{held.name}》已经登记，与表中不同。修改、废止请在“{word('catalogue:bases')}”页登记变动",
                )
            )
        if said["url"] and not str(said["url"]).startswith(("http://", "https://")):
            found.faults.append((row.number, "网址要以 http:// 或者 https:// 开头"))


def _held_items(agency: Agency, whole: bool) -> list[Held]:
    return [
        {
            **{
                key: getattr(item, key)
                for key in ("code", "name", "broken", "applied", "since", "until")
            },
            **{key: item.details.get(key, "") for key in DETAILS},
            "kind": item.category,
            "ledger": item.details.get("ledger", {}).get("code", ""),
            "ledger_name": item.details.get("ledger", {}).get("name", ""),
        }
        for item in (Item.objects.filter(agency=agency) if whole else in_force(agency))
    ]


def _held_randoms(agency: Agency, whole: bool) -> list[Held]:
    rows = Item.objects.filter(agency=agency) if whole else in_force(agency)
    return [
        {
            "code": item.code,
            "name": item.name,
            **{key: item.details["random"].get(key, "") for key in RANDOMS},
        }
        for item in rows
        if item.details.get("random")
    ]


def _basis(row: Basis) -> Held:
    return {
        "name": row.name,
        "number": row.number,
        "rank": bases.rank_name(row),
        "effective_on": row.effective_on,
        "url": row.url,
    }


SHEETS = {
    "items": Sheet(
        "行政执法事项清单",
        sheets.ITEMS,
        "item-list",
        _items,
        _held_items,
        silent=(*DETAILS, "ledger", "ledger_name"),
    ),
    "random": Sheet(
        "随机抽查事项清单",
        sheets.RANDOM,
        "random-list",
        _randoms,
        _held_randoms,
        silent=RANDOMS,
        aside=("name",),
    ),
    "officers": Sheet(
        "行政执法人员清单",
        sheets.OFFICERS,
        "officer-list",
        people.check,
        people.held,
        silent=("area",),
    ),
    "benchmark": Sheet(
        "行政裁量权基准",
        sheets.BENCHMARK,
        "benchmark",
        discretion.check,
        discretion.held,
        aside=("name",),
    ),
    "bases": Sheet(
        "执法依据",
        sheets.BASES,
        "bases",
        _registered,
        lambda agency, whole: [_basis(row) for row in bases.of(agency)],
    ),
}
SHEET_NAMES = {code: sheet.name for code, sheet in SHEETS.items()}
