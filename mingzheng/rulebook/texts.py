"""Every rule of an agency's own texts in plain words, with article, day, badges and what the
higher norm says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mingzheng.core.regimes import Regime, Rule
from mingzheng.records.words import role_name
from mingzheng.rulebook import comparing, lists
from mingzheng.rulebook.comparing import ADDED, DOWN, SAME, UNSET, UP, Against
from mingzheng.rulebook.naming import list_name, topic_name

SHOWN = ("duty", "gate", "term", "undo", "condition", "route", "list", "unset")
BADGES = {
    UP: ("up", "tighter", "更严"),
    DOWN: ("down", "slacker", "更宽于上位规定"),
    SAME: ("same", "equal", "沿用上位"),
    ADDED: ("same", "plus", "本级增加"),
    "wait": ("wait", "clock", "待确认"),
    "doubt": ("doubt", "doubt", "原文有疑"),
    UNSET: ("wait", "doubt", "未规定"),
}
_DIGITS = "零一二三四五六七八九"
_NUMERALS = re.compile(r"[一二三四五六七八九十]+|\d+")


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
    rules: dict[str, list[Rule]] = {}
    for pack in regime.chain:
        for rule in pack.rules if comparing.own(pack) else ():
            if (
                rule.table in SHOWN
                and followed(rule, regime)
                and not (rule.until and rule.until <= on)
            ):
                rules.setdefault(rule.origin.title, []).append(rule)
    found = {
        title: [_line(rule, regime, above, on, _short_title(held)) for rule in held]
        for title, held in rules.items()
    }
    return tuple(
        Text(title, tuple(sorted(lines, key=lambda line: place_in_text(line.article))))
        for title, lines in found.items()
    )


def place_in_text(article: str) -> tuple[int, ...]:
    """第七条第一项 as (7, 1), 二（一）4 as (2, 1, 4): the order in which the text has its
    articles.
    """
    return tuple(
        int(found) if found.isdigit() else _numeral(found) for found in _NUMERALS.findall(article)
    )


def _numeral(text: str) -> int:
    tens, mark, ones = text.rpartition("十")
    return (
        (_DIGITS.find(tens[-1:]) if tens else 1) * 10 + max(_DIGITS.find(ones), 0)
        if mark
        else _DIGITS.find(text[-1:])
    )


def _short_title(rules: list[Rule]) -> str:
    """公示规定: how most rules of a text name it; the page need not repeat it before every
    article.
    """
    names = Counter(rule.source.partition(" ")[0] for rule in rules if " " in rule.source)
    return names.most_common(1)[0][0] if names else ""


def followed(rule: Rule, regime: Regime) -> bool:
    """Whether the rule stands under the reading that is followed."""
    read = rule.body.get("if_read")
    return not isinstance(read, Mapping) or regime.reading(str(read.get("at"))) == read.get("is")


def defects(regime: Regime) -> tuple[Defect, ...]:
    """The doubts of the agency's own texts."""
    mine = {pack.id for pack in regime.chain if comparing.own(pack)}
    return tuple(
        Defect(
            each.at,
            each.text,
            _read(regime, each.at, each.reading),
            tuple(
                words
                for reading in each.readings
                if reading != each.reading
                for words in _read(regime, each.at, reading)
            ),
            each.chosen_by,
        )
        for each in regime.defects()
        if each.pack in mine
    )


def _read(regime: Regime, at: str, reading: str) -> tuple[str, ...]:
    """What a reading comes to: the words of the rules that hang on it."""
    return tuple(
        rule.text or topic_name(rule.topic)
        for pack in regime.chain
        for rule in pack.rules
        if isinstance(rule.body.get("if_read"), Mapping)
        and rule.body["if_read"].get("at") == at
        and rule.body["if_read"].get("is") == reading
    )


def _line(rule: Rule, regime: Regime, above: Regime, on: date, title: str) -> RuleLine:
    found = comparing.compare(rule, regime, above, on)
    keys = _keys(rule, regime, above, found)
    article = rule.source.removeprefix(f"{title} ") if rule.text_of("source") else "全文"
    return RuleLine(
        rule.id,
        article,
        _about(rule),
        _say(rule, regime),
        _parts(rule, regime),
        rule.since,
        tuple(_notes(rule, regime, above, found)),
        tuple(badge(key) for key in keys[:2]),
    )


def _about(rule: Rule) -> str:
    if rule.table == "list":
        return "清单"
    return topic_name(rule.topic or rule.id) or {"undo": "何时失效", "condition": "范围"}.get(
        rule.table, ""
    )


def _keys(rule: Rule, regime: Regime, above: Regime, found: list[Against]) -> list[str]:
    states = {each.state for each in found} or lists.states(rule, regime, above)
    keys = [next((state for state in (DOWN, UNSET, UP, SAME, ADDED) if state in states), "")]
    if rule.table == "unset":
        keys = [UNSET]
    if doubtful(rule, regime):
        keys.append("doubt")
    if not regime.confirmed(rule):
        keys.append("wait")
    return [key for key in keys if key]


def doubtful(rule: Rule, regime: Regime) -> bool:
    """Whether a defect touches the rule: it hangs on a reading, or stands at a place with a doubt
    of its own.
    """
    return "if_read" in rule.body or rule.id.partition("/")[0] in _doubted(regime)


@lru_cache(maxsize=64)
def _doubted(regime: Regime) -> frozenset[str]:
    """The places of defects that no rule hangs on."""
    read = {
        str(each.body["if_read"].get("at"))
        for table in ("duty", "gate", "term", "route")
        for each in regime.rules(table)
        if isinstance(each.body.get("if_read"), Mapping)
    }
    return frozenset(str(each.body["at"]) for each in regime.rules("defect")) - read


def _say(rule: Rule, regime: Regime) -> str:
    if rule.table == "list":
        return rule.text or list_name(rule.id)
    if rule.table == "unset":
        return f"{topic_name(rule.topic)}：原文没有写"
    if rule.text:
        return rule.text
    if rule.table == "route":
        return f"{topic_name(rule.id)}：" + _steps(rule)
    if rule.table == "condition":
        return f"{topic_name(rule.id)}，本单位写了这些情形："
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
        return tuple(
            str(each.get("text") or each.get("id", "")) for each in lists.alternatives(rule)
        )
    if rule.table != "list":
        return ()
    said = []
    for row in rule.body.get("rows", []):
        name, text, mode = (str(row.get(key) or "") for key in ("name", "text", "mode"))
        name = f"{name}：{text}" if name and text else name or text
        said.append(f"{name}：{regime.words.modes.get(mode, mode)}" if mode else name)
    return tuple(text for text in said if text) or ("（原文没有列）",)


def _notes(
    rule: Rule, regime: Regime, above: Regime, found: list[Against]
) -> list[tuple[str, bool]]:
    told: list[tuple[str, bool]] = []
    if rule.table == "gate":
        return _gate_notes(found)
    if rule.text_of("refers_to"):
        told.append((f"原文的说法：{rule.text_of('refers_to')}。", False))
    for each in found:
        where = f"{_where(each, found)}：" if len(found) > 1 else ""
        if each.state == DOWN:
            told.append(
                (f"{where}上位规定是{each.words}（{each.source}）。两种都算，按较早的办。", True)
            )
        elif each.state == UNSET:
            told.append(
                (
                    f"{where}原文没有写天数；上位规定是{each.words}（{each.source}），按它提醒。",
                    True,
                )
            )
        elif each.words:
            told.append((f"{where}上位规定是{each.words}（{each.source}）。", False))
    if rule.body.get("within") == "promptly" and not any(each.state == UNSET for each in found):
        told.append(("原文只说及时，没有写天数。", False))
    told += [(text, False) for text in lists.differences(rule, regime, above)]
    if rule.text_of("note"):
        told.append((rule.text_of("note"), False))
    return told


def _gate_notes(found: list[Against]) -> list[tuple[str, bool]]:
    slack = [each for each in found if each.state == DOWN]
    if slack:
        return [
            (f"上位规定更严：{each.words}（{each.source}）。系统按本单位的规定把关。", True)
            for each in slack
        ]
    said = dict.fromkeys(f"{each.words}（{each.source}）" for each in found if each.words)
    return [(f"上位规定：{'；'.join(said)}", False)] if said else []


def _where(each: Against, found: list[Against]) -> str:
    others = {kind for other in found if other is not each for kind in other.kinds}
    kinds = (
        "其他各类事项"
        if len(each.kinds) > 3 and others - set(each.kinds)
        else "、".join(each.kinds)
    )
    return kinds + (f"（{'、'.join(each.acts)}）" if each.acts else "")
