"""A rule of the agency beside the higher norms: tighter, slacker, the same, or added. Nothing is
judged by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from mingzheng.core.regimes import BadFacts, Regime, Rule
from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.regimes.shapes import act_refs
from mingzheng.records import law
from mingzheng.rulebook.naming import kind_name
from mingzheng.rulebook.probing import Facts, probes

UP, DOWN, SAME, ADDED, UNSET = "up", "down", "same", "added", "unset"
OWN_SITE = "own-site"


@dataclass(frozen=True)
class Against:
    """How a rule stands to the higher norms in some kinds of matter; words and article of the
    higher one.

    `acts` is empty when it holds whichever of the rule's acts happens.
    """

    state: str
    kinds: tuple[str, ...]
    acts: tuple[str, ...]
    words: str
    source: str


@lru_cache(maxsize=64)
def higher(regime: Regime) -> Regime:
    """What the agency would live under if it had no text of its own."""
    return Regime([pack for pack in regime.chain if not own(pack)], regime.words)


def own(pack: Any) -> bool:
    """Whether a pack is the agency's own: it names the agency, or is an internal decision."""
    return bool(pack.agency) or pack.rank == "internal"


def compare(rule: Rule, regime: Regime, above: Regime, on: date) -> list[Against]:
    """One entry per outcome, with the kinds of matter it holds for; empty where nothing can be
    compared.
    """
    one = {"duty": _duty, "term": _term, "gate": _gate}.get(rule.table)
    if one is None:
        return []
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    acts = list(
        dict.fromkeys(ref.act for ref in rule.refs("before" if rule.table == "gate" else "after"))
    )
    for facts in probes(rule, regime):
        for act in acts:
            try:
                outcome = one(rule, regime, above, act, on, facts)
            except BadFacts:
                continue
            if outcome:
                found.setdefault(outcome, []).append((str(facts["kind"]), act))
    return [_against(outcome, pairs, acts, regime) for outcome, pairs in found.items()]


def _against(
    outcome: tuple[str, str, str], pairs: list[tuple[str, str]], acts: list[str], regime: Regime
) -> Against:
    held = dict.fromkeys(act for _, act in pairs)
    return Against(
        outcome[0],
        tuple(kind_name(kind) for kind in dict.fromkeys(kind for kind, _ in pairs)),
        () if len(held) == len(acts) else tuple(regime.words.act_name(act) for act in held),
        *outcome[1:],
    )


def span(within: Any, unit: str, regime: Regime, no_later: str = "") -> str:
    """7 个工作日; 及时（没有写天数）; 1月31日前."""
    if no_later:
        month, day = no_later.split("-")
        return f"{int(month)}月{int(day)}日前"
    if within == "promptly":
        return "及时（没有写天数）"
    if within == "permanent":
        return "长期"
    return f"{within} {regime.words.units.get(unit, unit)}" if within is not None else ""


def _duty(
    rule: Rule, regime: Regime, above: Regime, act: str, on: date, facts: Facts
) -> tuple[str, str, str] | None:
    calendar = law.calendar()
    row = next(
        (each for each in regime.owed(act, on, facts, calendar) if each.rule == rule.id), None
    )
    if row is None or row.none:
        return None
    if row.floor:
        # 及时 without a number is no longer period: the text leaves the number open.
        state = DOWN if row.due else UNSET
        return state, span(row.floor["within"], row.floor["unit"], regime), str(row.floor["source"])
    rows = [
        each
        for each in above.owed(act, on, facts, calendar)
        if each.topic == rule.topic and not each.none
    ]
    if not rows:
        return ADDED, "", ""
    first = min(rows, key=lambda each: each.due or date.max)
    words = span(first.within, first.unit, regime, str(first.how.get("no_later", "")))
    return _dates(row.due, first.due), words, first.source


def _dates(mine: date | None, theirs: date | None) -> str:
    if mine == theirs:
        return SAME
    if mine is None:
        return UNSET
    return DOWN if theirs is not None and mine > theirs else UP


def _term(
    rule: Rule, regime: Regime, above: Regime, act: str, on: date, facts: Facts
) -> tuple[str, str, str] | None:
    calendar = law.calendar()
    row = next(
        (each for each in regime.terms(act, on, facts, calendar) if each.rule == rule.id), None
    )
    if row is None:
        return None
    if row.floor:
        return DOWN, str(row.floor.get("text", "")), str(row.floor["source"])
    rows = [
        each
        for each in above.terms(act, on, facts, calendar)
        if each.topic == rule.topic
        and (each.channel in ("", row.channel) or not row.channel and each.channel == OWN_SITE)
    ]
    same = next((each for each in rows if each.until == row.until), None)
    if same:
        return SAME, span(same.lasts, same.unit, regime), same.source
    return ADDED, "", ""


def _gate(
    rule: Rule, regime: Regime, above: Regime, act: str, on: date, facts: Facts
) -> tuple[str, str, str] | None:
    if all(each.rule.id != rule.id for each in regime.gates(act, on, facts)):
        return None
    rows = [each.rule for each in above.gates(act, on, facts) if each.rule.topic == rule.topic]
    if not rows:
        return ADDED, "", ""
    mine = _needs([rule])
    theirs = _needs(rows)
    if _covers(mine, theirs):
        return (SAME if _covers(theirs, mine) else UP), rows[0].text, rows[0].source
    # A gate that displaces nothing adds to the higher one, so it can never be slacker.
    gone = set(rule.texts_of("displaces"))
    return (DOWN if any(each.id in gone for each in rows) else UP), rows[0].text, rows[0].source


def _needs(rules: Iterable[Rule]) -> list[list[Mapping[str, Any]]]:
    return [group for rule in rules for group in need_tables(rule)]


def _covers(mine: list[list[Mapping[str, Any]]], theirs: list[list[Mapping[str, Any]]]) -> bool:
    """Whether meeting all of `mine` meets all of `theirs`."""
    return all(
        any(all(any(_meets(a, b) for b in group) for a in held) for held in mine)
        for group in theirs
    )


def _meets(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    if "act" not in a or "act" not in b:
        return dict(a) == dict(b)
    rest = {key: value for key, value in b.items() if key not in ("act", "of")}
    same = all(a.get(key) == value for key, value in rest.items())
    wanted = act_refs(dict(b))
    return same and all(
        any(ref.fits(each.act, each.of) for ref in wanted) for each in act_refs(dict(a))
    )
