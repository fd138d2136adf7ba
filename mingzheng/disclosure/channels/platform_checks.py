"""What the provincial platform would refuse in a row: held against the columns and codes of the
pack's lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mingzheng.core.redaction.identifiers import is_id, is_uscc

Column = Mapping[str, Any]
Codes = Callable[[str], Mapping[str, Mapping[str, Any]]]
WHOLE, MONEY = re.compile(r"\d+"), re.compile(r"\d+(\.\d{1,2})?")
# The most that one cell of a workbook holds.
LONGEST = 32_767


class Seen:
    """The values of columns that no two rows of one file may share."""

    def __init__(self) -> None:
        self._values: set[tuple[str, str, str]] = set()

    def twice(self, table: str, wanted: Sequence[Column], filled: Mapping[str, str]) -> list[str]:
        """A sentence for each value that an earlier row had; remembers this row's."""
        mine = [
            (each, filled.get(str(each["id"]), ""))
            for each in wanted
            if each.get("kind") == "unique"
        ]
        found = [
            f"“{each['name']}”{text} 在这批里出现了两次，请核对是否重复登记"
            for each, text in mine
            if (table, str(each["id"]), text) in self._values
        ]
        self._values |= {(table, str(each["id"]), text) for each, text in mine if text}
        return found


def faults(
    wanted: Sequence[Column], filled: Mapping[str, str], codes: Codes, today: date
) -> Iterator[str]:
    """What is wrong, column by column, each in a sentence that says what to do."""
    names = {str(each["id"]): str(each["name"]) for each in wanted}
    for each in wanted:
        name, text = f"“{each['name']}”", filled.get(str(each["id"]), "")
        if not text:
            # Whether an unknown condition asks for the column nobody can say; then it is not asked
            # for.
            if each["need"] == "must" and not each.get("unknown"):
                yield f"{name}必填，现在是空的，请先在本案补齐"
            continue
        yield from _shape(name, each, text, codes, today)
        if fault := _order(
            name,
            text,
            filled.get(str(each.get("from", "")), ""),
            names.get(str(each.get("from", "")), ""),
        ):
            yield fault


def _shape(name: str, each: Column, text: str, codes: Codes, today: date) -> Iterator[str]:
    shape, kind = str(each.get("text", "")), each.get("kind")
    if len(text) > LONGEST:
        yield f"{name}有 {len(text)} 个字，一格最多 {LONGEST} 个字，请精简"
    if shape == "D":
        found = day(text)
        if found is None:
            yield f"{name}不是 2026-09-18 这样的日期，请更正"
        elif found > today and kind != "ahead":
            yield f"{name}晚于今天，请核对"
    if shape == "I" and not WHOLE.fullmatch(text):
        yield f"{name}要填整数，现在是“{text}”"
    if shape == "N2" and not MONEY.fullmatch(text):
        yield f"{name}要填以元为单位的数字，至多两位小数"
    if shape.startswith("code") and set(text.split(",")) - {
        str(row["text"]) for row in codes(shape).values()
    }:
        yield f"{name}的“{text}”不在代码表里，请由法制机构核对代码表"
    if kind == "credit-code" and not is_uscc(text):
        yield f"{name}的校验位不对，请对照证照更正"
    if kind == "identity" and not is_id(text.upper()):
        yield f"{name}的校验位或者出生日期不对，请对照证件更正"


def _order(name: str, text: str, other: str, first: str) -> str:
    later, earlier = day(text), day(other)
    return f"{name}早于“{first}”，请核对先后" if later and earlier and later < earlier else ""


def day(text: str) -> date | None:
    """YYYY-MM-DD and nothing else."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
