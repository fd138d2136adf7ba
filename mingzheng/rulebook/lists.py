"""Lists, routes and the cases of major decisions beside those of the higher norms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzheng.core.regimes import Regime, Rule
from mingzheng.rulebook.comparing import ADDED, SAME, UNSET, UP
from mingzheng.rulebook.naming import kind_name
from mingzheng.rulebook.probing import concrete

Row = Mapping[str, Any]


def states(rule: Rule, regime: Regime, above: Regime) -> set[str]:
    """Added where the higher norms have none, the same where the rows agree, tighter where cases
    are added.
    """
    if rule.table not in ("list", "route", "condition"):
        return set()
    held = _held(rule, above)
    if not held:
        return {ADDED}
    if rule.table == "condition":
        return _of_condition(rule, regime, above)
    if rule.table == "route":
        return {SAME} if any(each.body["steps"] == rule.body["steps"] for each in held) else set()
    mine, theirs = (
        {_key(row) for row in rule.body["rows"]},
        {_key(row) for each in held for row in each.body["rows"]},
    )
    return {SAME} if mine == theirs else set()


def differences(rule: Rule, regime: Regime, above: Regime) -> list[str]:
    """How the rows differ, in words."""
    if rule.table == "condition":
        return [
            f"{'、'.join(kinds)}：比上位规定多了{'、'.join(more)}"
            for more, kinds in _more(rule, regime, above).items()
            if more
        ]
    if rule.table != "list":
        return []
    theirs = {
        str(row.get("id")): _name(row) for each in _held(rule, above) for row in each.body["rows"]
    }
    mine = {str(row.get("id")): _name(row) for row in rule.body.get("rows", [])}
    if not theirs:
        return []
    # Rows are told apart by id; where hardly any id is shared the two lists are cut differently.
    if 2 * len(theirs.keys() & mine.keys()) < min(len(theirs), len(mine)):
        return [f"本单位另列清单；上位规定列了 {len(theirs)} 项。"]
    more = [name for id, name in mine.items() if id not in theirs and name]
    less = [name for id, name in theirs.items() if id not in mine and name]
    if rule.body.get("merge") != "replace":
        return [f"在上位规定的 {len(theirs)} 项之外增加：{'、'.join(more)}"] if more else []
    told = [
        text
        for text in (
            f"多了{'、'.join(more)}" if more else "",
            f"没有{'、'.join(less)}" if less else "",
        )
        if text
    ]
    return [f"与上位规定比：{'；'.join(told)}"] if told else []


def alternatives(rule: Rule) -> list[Row]:
    """The cases of a condition."""
    return [
        each
        for key in ("any", "all")
        for each in rule.body.get(key, [])
        if isinstance(each, Mapping)
    ]


def _held(rule: Rule, above: Regime) -> list[Rule]:
    return [each for each in above.rules(rule.table) if each.id == rule.id]


def _of_condition(rule: Rule, regime: Regime, above: Regime) -> set[str]:
    if all(_listed(each) for each in alternatives(rule)):
        # A case that refers to a list says nothing before the list is written.
        return {UNSET}
    return {UP} if any(_more(rule, regime, above)) else {SAME}


def _more(rule: Rule, regime: Regime, above: Regime) -> dict[tuple[str, ...], list[str]]:
    """The cases that the higher norms do not list, with the kinds of matter for which they do
    not.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for kind in regime.words.facts["kind"].choices:
        known = [
            _facts(each)
            for other in _held(rule, above)
            if _speaks(other, kind, above)
            for each in alternatives(other)
        ]
        if regime.allows(kind)[0] and known and _speaks(rule, kind, regime):
            more = tuple(
                str(each.get("text") or each.get("id"))
                for each in alternatives(rule)
                if _facts(each) not in known
            )
            found.setdefault(more, []).append(kind_name(kind))
    return found


def _speaks(rule: Rule, kind: str, regime: Regime) -> bool:
    return any(facts.get("kind", kind) == kind for facts in concrete(rule.when, regime))


def _facts(alternative: Row) -> dict[str, Any]:
    return {
        key: value
        for key, value in alternative.items()
        if key not in ("id", "source", "text", "note")
    }


def _listed(alternative: Row) -> bool:
    return any(
        isinstance(value, Mapping) and "listed" in value for value in _facts(alternative).values()
    )


def _key(row: Row) -> tuple[str, str]:
    return str(row.get("id", "")), str(row.get("mode", ""))


def _name(row: Row) -> str:
    return str(row.get("name") or row.get("text") or "")
