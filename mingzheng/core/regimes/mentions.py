"""What a rule speaks of: acts, facts, lists and conditions, wherever they stand in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.regimes.schema import KEYS
from mingzheng.core.regimes.shapes import ActRef, Rule, act_refs, texts
from mingzheng.core.regimes.wording import ALTERNATIVE_KEYS

COMBINED = ("any", "all", "not")


def facts_named(rule: Rule) -> set[str]:
    """Every fact that a rule asks, also as a date."""
    dates = {
        word for key in ("day0", "judged_on", "or_until") for word in texts(rule.body.get(key))
    }
    return {name for table in conditions_of(rule) for name in facts_asked(table)} | dates - {
        "happened_on"
    }


def ref_of(word: object) -> ActRef:
    act, _, of = str(word).partition(":")
    return ActRef(act, of)


def refs_named(rule: Rule) -> Iterator[ActRef]:
    """Every act that a rule speaks of."""
    for key, kind in KEYS[rule.table].items():
        if kind == "acts" and key in rule.body:
            yield from rule.refs(key)
        elif kind == "needs" and key in rule.body:
            for group in need_tables(rule):
                yield from (ref for need in group if "act" in need for ref in act_refs(need))
    if rule.table == "extension":
        yield from (ActRef("limit.extended", topic) for topic in rule.texts_of("of"))
    for row in rows_of(rule):
        if isinstance(row.get("act"), str):
            yield ActRef(row["act"], str(row.get("of", "")))
        yield from (
            ActRef(row[key])
            for key in ("from", "until")
            if isinstance(row.get(key), str) and "." in row[key]
        )
    for table in conditions_of(rule):
        yield from map(ref_of, words_under(table, "holds"))


def rows_of(rule: Rule) -> list[Mapping[str, Any]]:
    rows = rule.body.get("rows", []) if rule.table == "list" else []
    return [row for row in rows if isinstance(row, Mapping)]


def conditions_of(rule: Rule) -> Iterator[Mapping[str, Any]]:
    """Every condition that stands in a rule."""
    yield rule.when
    if rule.table == "condition":
        for key in ("any", "all"):
            for each in rule.body.get(key, ()):
                yield {name: value for name, value in each.items() if name not in ALTERNATIVE_KEYS}
    for row in rows_of(rule):
        yield row.get("when", {})
    if "needs" in rule.body:
        for group in need_tables(rule):
            yield from (need["when"] for need in group if "when" in need)
    if isinstance(rule.body.get("may_end"), Mapping):
        yield rule.body["may_end"].get("when", {})


def facts_asked(table: Mapping[str, Any]) -> Iterator[str]:
    """The facts that a condition asks."""
    for key, value in table.items():
        if key in COMBINED:
            for each in value if isinstance(value, list) else [value]:
                yield from facts_asked(each)
        elif key not in ("is", "holds"):
            yield key


def words_under(table: Mapping[str, Any], wanted: str) -> Iterator[str]:
    """The words that a condition asks under `is`, `holds` or a comparison of its facts."""
    for key, value in table.items():
        if key in COMBINED:
            for each in value if isinstance(value, list) else [value]:
                yield from words_under(each, wanted)
        elif key == wanted:
            held = value.get("not") if isinstance(value, Mapping) else value
            yield from texts(held)
        elif isinstance(value, Mapping) and wanted in value:
            yield from texts(value[wanted])


def words_asked(rule: Rule, key: str) -> Iterator[str]:
    for table in conditions_of(rule):
        yield from words_under(table, key)


def lists_asked(rule: Rule) -> Iterator[str]:
    yield from words_asked(rule, "listed")
    if "needs" in rule.body:
        for group in need_tables(rule):
            yield from (str(need["list"]) for need in group if "list" in need)
