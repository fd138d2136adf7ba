"""Lists: rows merged from the higher packs down; statutory rows always stay."""

from collections.abc import Mapping, Sequence
from typing import Any

from mingzheng.core.regimes.answers import ListAnswer
from mingzheng.core.regimes.conditions import all_of, in_force, judge
from mingzheng.core.regimes.reading import plain
from mingzheng.core.regimes.scene import Rulebook, Scene
from mingzheng.core.regimes.shapes import Rule


def list_rows(book: Rulebook, id: str, scene: Scene) -> ListAnswer:
    """The rows of list `id` that hold (or may) under the scene's facts."""
    rules = [rule for rule in book.rules("list") if rule.id == id and scene.live(rule)]
    held: dict[str, tuple[Rule, Mapping[str, Any]]] = {}
    merged: list[str] = []
    closed_by = ""
    # rules come nearest first; merging goes from the highest pack down to the agency's own.
    for pack in list(dict.fromkeys(rule.origin.pack for rule in reversed(rules))):
        own = [rule for rule in rules if rule.origin.pack == pack]
        if closed_by:
            break
        if any(rule.text_of("merge") != "add" for rule in own):
            held = {key: each for key, each in held.items() if each[1].get("statutory") is True}
        for rule in own:
            merged.append(f"{pack}：{rule.source}")
            held |= {
                str(row.get("id") or f"{rule.id}/{number}"): (rule, row)
                for number, row in enumerate(rule.body["rows"], 1)
                if not _statutory_kept(held, row)
            }
        if pack != rules[0].origin.pack and any(rule.flag("closed") for rule in own):
            closed_by = pack
    rows = [answer for key, (rule, row) in held.items() if (answer := _row(key, rule, row, scene))]
    waiver = next((rule.body["waiver"] for rule in rules if "waiver" in rule.body), None)
    return ListAnswer(
        id,
        tuple(rows),
        tuple(dict.fromkeys(rule.source for rule in rules)),
        any(rule.flag("closed") for rule in rules),
        waiver,
        tuple(merged),
    )


def _statutory_kept(
    held: Mapping[str, tuple[Rule, Mapping[str, Any]]], row: Mapping[str, Any]
) -> bool:
    """A local row of the same id replaces, but not one that the law itself prescribes."""
    before = held.get(str(row.get("id")))
    return (
        before is not None
        and before[1].get("statutory") is True
        and row.get("statutory") is not True
    )


def _row(key: str, rule: Rule, row: Mapping[str, Any], scene: Scene) -> Mapping[str, Any] | None:
    since, until = row.get("since"), row.get("until")
    last = until if not isinstance(until, str) else None
    if not in_force(since if not isinstance(since, str) else None, last, scene.on):
        return None
    verdict = all_of([judge(rule.when, scene), judge(row.get("when", {}), scene)])
    if verdict.value is False:
        return None
    body: dict[str, Any] = {name: plain(value) for name, value in row.items() if name != "when"}
    return {
        **body,
        "id": key,
        "need": row.get("need", "must"),
        "source": row.get("source", rule.source),
        "pack": rule.origin.pack,
        "unknown": sorted(verdict.unknown),
    }


def row_words(rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """What `item = { listed = … }` compares with: ids and names of the rows."""
    return frozenset(
        str(row[key]) for row in rows for key in ("id", "name", "title", "item") if key in row
    )
