"""Facts to ask a rule with, made from the rule itself: so a comparison needs no list of cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mingzheng.core.regimes import Regime, Rule
from mingzheng.procedures import matter_kinds

Facts = dict[str, Any]


def probes(rule: Rule, regime: Regime) -> Iterator[Facts]:
    """Sets of facts under which the rule may hold, one for each kind of matter the agency may
    handle.
    """
    kinds = [kind for kind in regime.words.facts["kind"].choices if regime.allows(kind)[0]]
    for held in concrete(rule.when, regime):
        for kind in [held["kind"]] if "kind" in held else kinds:
            if kind in kinds:
                known = matter_kinds.known(kind)
                yield {**held, "kind": kind, **(known.asked_with if known else {})}


def concrete(when: Mapping[str, Any], regime: Regime) -> list[Facts]:
    """A condition as sets of facts that meet it; what cannot be made up is left unknown."""
    found: list[Facts] = [{}]
    for key, value in when.items():
        found = [{**held, **more} for held in found for more in _choices(key, value, regime)]
    return found


def _choices(key: str, value: Any, regime: Regime) -> list[Facts]:
    if key == "holds":
        return [{"holds": value if isinstance(value, list) else [value]}]
    if key == "any":
        return [facts for each in value for facts in concrete(each, regime)] or [{}]
    if key in ("is", "not", "all"):
        return [{}]
    values = _values(key, value, regime)
    return [{key: each} for each in values] if values else [{}]


def _values(key: str, value: Any, regime: Regime) -> list[Any]:
    if isinstance(value, list):
        return list(value)
    if not isinstance(value, Mapping):
        return [value]
    if "not" in value:
        barred = value["not"] if isinstance(value["not"], list) else [value["not"]]
        known = regime.words.facts.get(key)
        return [each for each in (known.choices if known else ()) if each not in barred]
    if "over" in value:
        return [value["over"] + 1]
    return [value[name] for name in ("at_least", "at_most") if name in value][:1]
