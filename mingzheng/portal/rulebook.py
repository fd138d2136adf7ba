"""Every rule of an agency's own texts in plain words, with article, day, badges and what the higher norm says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from mingzheng.core.regimes import Regime, Rule
from mingzheng.portal import comparing
from mingzheng.portal.comparing import ADDED, DOWN, SAME, UP, Against
from mingzheng.portal.naming import list_name, topic_name
from mingzheng.records.words import role_name

SHOWN = ("duty", "gate", "term", "undo", "condition", "route", "list", "unset")
BADGES = {
    UP: ("up", "tighter", "更严"), DOWN: ("down", "slacker", "更宽于上位规定"), SAME: ("same", "equal", "沿用上位"),
    ADDED: ("same", "plus", "本级增加"), "wait": ("wait", "clock", "待确认"), "doubt": ("doubt", "doubt", "原文有疑"),
    "unset": ("wait", "doubt", "未规定"),
}


@dataclass(frozen=True)
class Badge:
    """Shape, icon and words together."""

    look: str
    icon: str
    words: str


@dataclass(frozen=True)
class RuleLine:
    """One rule as people read it; `notes` are (words, whether it deserves a yellow bar)."""

    id: str
    article: str
    topic: str
    say: str
    parts: tuple[str, ...]
    since: date | None
    notes: tuple[tuple[str, bool], ...]
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class Text:
    """One document of the agency with its rules in the order of the text."""

    title: str
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True)
class Defect:
    """A doubt in the text: the readings in words, the one that is followed, and who chose it."""

    at: str
    text: str
    followed: tuple[str, ...]
    others: tuple[str, ...]
    chosen_by: str


def badge(key: str) -> Badge:
    """A badge by its key."""
    return Badge(*BADGES[key])


@lru_cache(maxsize=32)
def texts(regime: Regime, on: date) -> tuple[Text, ...]:
    """The agency's own documents, in force on `on` or later."""
    above = comparing.higher(regime)
    found: dict[str, list[RuleLine]] = {}
    for pack in regime.chain:
        for rule in pack.rules if comparing.own(pack) else ():
            if rule.table in SHOWN and followed(rule, regime) and not (rule.until and rule.until <= on):
                found.setdefault(rule.origin.title, []).append(_line(rule, regime, above, on))
    return tuple(Text(title, tuple(lines)) for title, lines in found.items())


def followed(rule: Rule, regime: Regime) -> bool:
    """Whether the rule stands under the reading that is followed."""
    read = rule.body.get("if_read")
    return not isinstance(read, Mapping) or regime.reading(str(read.get("at"))) == read.get("is")


def defects(regime: Regime) -> tuple[Defect, ...]:
    """The doubts of the agency's own texts."""
    mine = {pack.id for pack in regime.chain if comparing.own(pack)}
    return tuple(
        Defect(each.at, each.text, _read(regime, each.at, each.reading),
               tuple(words for reading in each.readings if reading != each.reading
                     for words in _read(regime, each.at, reading)), each.chosen_by)
        for each in regime.defects() if each.pack in mine)


def _read(regime: Regime, at: str, reading: str) -> tuple[str, ...]:
    """What a reading comes to: the words of the rules that hang on it."""
    return tuple(rule.text or topic_name(rule.topic) for pack in regime.chain for rule in pack.rules
                 if isinstance(rule.body.get("if_read"), Mapping)
                 and rule.body["if_read"].get("at") == at and rule.body["if_read"].get("is") == reading)


def _line(rule: Rule, regime: Regime, above: Regime, on: date) -> RuleLine:
    found = comparing.compare(rule, regime, above, on)
    keys = _keys(rule, regime, above, found)
    article = rule.source.partition(" ")[2] or rule.source if rule.text_of("source") else "全文"
    return RuleLine(
        rule.id, article, _about(rule), _say(rule, regime), _parts(rule, regime), rule.since,
        tuple(_notes(rule, regime, above, found)), tuple(badge(key) for key in keys[:2]))


def _about(rule: Rule) -> str:
    if rule.table == "list":
        return "清单"
    return topic_name(rule.topic or rule.id) or {"undo": "何时失效", "condition": "范围"}.get(rule.table, "")


def _keys(rule: Rule, regime: Regime, above: Regime, found: list[Against]) -> list[str]:
    states = {each.state for each in found} or _other(rule, above)
    keys = [next((state for state in (DOWN, UP, SAME, ADDED) if state in states), "")]
    if rule.table == "unset":
        keys = ["unset"]
    heads = {str(each.body["at"]) for each in regime.rules("defect")}
    read = rule.body.get("if_read")
    if isinstance(read, Mapping) or rule.id.partition("/")[0] in heads:
        keys.append("doubt")
    if not regime.confirmed(rule):
        keys.append("wait")
    return [key for key in keys if key]


def _other(rule: Rule, above: Regime) -> set[str]:
    """Lists, routes and conditions: added where the higher norms have none, the same where rows agree."""
    if rule.table not in ("list", "route", "condition"):
        return set()
    held = [each for each in above.rules(rule.table) if each.id == rule.id]
    if not held:
        return {ADDED}
    if rule.table == "condition":
        return {UP} if _alternatives(rule) else set()
    if rule.table == "route":
        return {SAME} if any(each.body["steps"] == rule.body["steps"] for each in held) else set()
    return {SAME} if {_key(row) for row in rule.body["rows"]} == {_key(row) for each in held for row in each.body["rows"]} \
        else set()


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("id", "")), str(row.get("mode", ""))


def _alternatives(rule: Rule) -> list[Mapping[str, Any]]:
    return [each for key in ("any", "all") for each in rule.body.get(key, []) if isinstance(each, Mapping)]


def _say(rule: Rule, regime: Regime) -> str:
    if rule.table == "list":
        return rule.text or list_name(rule.id)
    if rule.table == "unset":
        return f"{topic_name(rule.topic)}：原文没有写" + (f"，指向“{rule.text_of('refers_to')}”" if rule.text_of("refers_to") else "")
    if rule.text:
        return rule.text
    if rule.table == "route":
        return f"{topic_name(rule.id)}：" + _steps(rule)
    if rule.table == "condition":
        return f"{topic_name(rule.id)}，除上位规定写的以外还有："
    if rule.table == "undo":
        gone = "、".join(regime.words.act_name(ref.act) for ref in rule.refs("undoes"))
        acts = "、".join(regime.words.act_name(ref.act) for ref in rule.refs("act"))
        return f"发生“{acts}”后，此前的“{gone}”不再算数"
    return topic_name(rule.topic)


def _steps(rule: Rule) -> str:
    said = []
    for step in rule.body.get("steps", []):
        role = step if isinstance(step, str) else str(step.get("role", ""))
        said.append(role_name(role) if role else "局务会议")
    return "→".join(said) or "无须审批"


def _parts(rule: Rule, regime: Regime) -> tuple[str, ...]:
    if rule.table == "condition":
        return tuple(str(each.get("text") or each.get("id", "")) for each in _alternatives(rule))
    if rule.table != "list":
        return ()
    said = []
    for row in rule.body.get("rows", []):
        name, mode = str(row.get("name") or row.get("text") or ""), str(row.get("mode", ""))
        said.append(f"{name}：{regime.words.modes.get(mode, mode)}" if mode else name)
    return tuple(text for text in said if text) or ("（原文没有列）",)


def _notes(rule: Rule, regime: Regime, above: Regime, found: list[Against]) -> list[tuple[str, bool]]:
    told: list[tuple[str, bool]] = []
    several = len({each.state for each in found}) > 1
    for each in found:
        where = f"{'、'.join(each.kinds)}：" if several or len(found) > 1 else ""
        if each.state == DOWN:
            told.append((f"{where}上位规定是{each.words}（{each.source}）。两种都算，按较早、较严的提醒。", True))
        elif each.state in (UP, SAME) and each.words:
            told.append((f"{where}上位规定：{each.words}（{each.source}）", False))
    if rule.body.get("within") == "promptly":
        told.append(("原文只说及时，没有写天数。", False))
    if rule.table == "list":
        told += _difference(rule, above)
    if rule.text_of("note"):
        told.append((rule.text_of("note"), False))
    return told


def _difference(rule: Rule, above: Regime) -> list[tuple[str, bool]]:
    held = {str(row.get("id")): str(row.get("name") or row.get("text") or "") for each in above.rules("list")
            if each.id == rule.id for row in each.body["rows"]}
    mine = {str(row.get("id")): str(row.get("name") or row.get("text") or "") for row in rule.body.get("rows", [])}
    if not held:
        return []
    more = [name for id, name in mine.items() if id not in held and name]
    less = [name for id, name in held.items() if id not in mine and name]
    if rule.body.get("merge") != "replace":
        return [(f"在上位规定的 {len(held)} 项之外增加：{'、'.join(more)}", False)] if more else []
    told = [text for text in (f"多了{'、'.join(more)}" if more else "", f"没有{'、'.join(less)}" if less else "") if text]
    return [(f"与上位规定比：{'；'.join(told)}", False)] if told else []
