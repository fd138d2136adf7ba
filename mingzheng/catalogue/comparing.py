"""Two versions of a page side by side: which lines came, which went, which changed, in plain
values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ADDED, GONE, CHANGED = "增加", "删去", "修改"
Line = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One line that differs: `cells` are (name, before, after), equal ones left out; before is
    empty where it came, after where it went.
    """

    state: str
    name: str
    cells: tuple[tuple[str, str, str], ...]


def differences(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[Difference]:
    """What a reader of the old blocks would find changed in the new ones, in the order of the new,
    then what went.
    """
    before, after = _lines(old), _lines(new)
    found = []
    for key, cells in after.items():
        if key not in before:
            found.append(
                Difference(ADDED, key[-1], tuple((name, "", text) for name, text in cells.items()))
            )
            continue
        held = before[key]
        names = [*cells, *[name for name in held if name not in cells]]
        changed = tuple(
            (name, held.get(name, ""), cells.get(name, ""))
            for name in names
            if held.get(name, "") != cells.get(name, "")
        )
        if changed:
            found.append(Difference(CHANGED, key[-1], changed))
    gone = [key for key in before if key not in after]
    return [
        *found,
        *[
            Difference(GONE, key[-1], tuple((name, text, "") for name, text in before[key].items()))
            for key in gone
        ],
    ]


def _lines(blocks: Iterable[Mapping[str, Any]]) -> dict[Line, dict[str, str]]:
    """Every line of the blocks by what it is about; the drawing says nothing that its table does
    not say.
    """
    found: dict[Line, dict[str, str]] = {}
    for block in blocks:
        title = str(block.get("title", ""))
        if block["kind"] == "table":
            for row in block["rows"]:
                # A step is known by what is done, not by its number, which moves when another comes
                # before it.
                key = row[1] if block["head"][0] == "步骤" else row[0]
                cells = zip(block["head"], row, strict=True)
                found[_free(found, (title, str(key)))] = {
                    str(name): str(cell) for name, cell in cells if name != "步骤"
                }
        elif block["kind"] == "fields":
            for name, text in block["rows"]:
                found[_free(found, (title, str(name)))] = {"内容": str(text)}
        elif block["kind"] == "text":
            found[_free(found, (title, str(block.get("head") or "正文")))] = {
                "内容": "\n".join(block["paras"])
            }
    return found


def _free(found: Mapping[Line, Any], key: Line) -> Line:
    """The key, told apart from an equal one before it."""
    number = 2
    free = key
    while free in found:
        free, number = (*key[:-1], f"{key[-1]}（{number}）"), number + 1
    return free
