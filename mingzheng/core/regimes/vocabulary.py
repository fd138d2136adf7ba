"""The closed vocabulary of packs: act kinds, facts, roles, owners, channels, units, ranks."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class FactKind:
    """A fact that conditions may ask: type is one of the names at the head of [facts]."""

    id: str
    name: str
    type: str
    choices: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
    ask: str = ""
    # Values that are the agency's own affairs and no enforcement: no pack's scope speaks of them.
    affairs: tuple[str, ...] = ()
    # Words that were split since: adopted packs still say them and mean all of what they became.
    former: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """Words by family; each maps an id to its Chinese name (facts to FactKind)."""

    version: int
    acts: Mapping[str, str]
    facts: Mapping[str, FactKind]
    roles: Mapping[str, str]
    owners: Mapping[str, str]
    channels: Mapping[str, str]
    pers: Mapping[str, str]
    ranks: Mapping[str, str]
    units: Mapping[str, str]
    modes: Mapping[str, str]
    qualifiers: Mapping[str, str]
    topics: Mapping[str, Mapping[str, Any]]

    def with_facts(self, facts: Mapping[str, FactKind]) -> "Vocabulary":
        """This vocabulary with an agency's own facts added."""
        return replace(self, facts={**self.facts, **facts})

    def act_name(self, act: str) -> str:
        return self.acts.get(act, act)

    def qualifier(self, of: str) -> str:
        """What an act is about, for people: a qualifier, the act that a route is named after, or
        the word itself.
        """
        return self.qualifiers.get(of) or self.acts.get(of) or of

    def topic_after(self, topic: str) -> tuple[str, ...]:
        """Acts that usually open a topic; () for a topic that isn't listed."""
        return tuple(self.topics.get(topic, {}).get("after", ()))

    def topic_table(self, topic: str) -> str:
        """ "duty" or "term"."""
        return str(self.topics.get(topic, {}).get("as", "duty"))

    def fact_name(self, fact: str) -> str:
        held = self.facts.get(fact)
        return held.name if held else fact


def renewed(value: Any, former: Mapping[str, Sequence[str]] | None = None) -> Any:
    """The parsed text of a pack with every former word of a fact replaced by what it became."""
    if isinstance(value, Mapping):
        return {key: renewed(each, former or _former(str(key))) for key, each in value.items()}
    if isinstance(value, list):
        found = [renewed(each, former) for each in value]
        return [word for each in found for word in (each if isinstance(each, Split) else [each])]
    return Split(former[value]) if former and value in former else value


class Split(list[str]):
    """What a former word became; in a list it stands among the others."""


def _former(key: str) -> Mapping[str, Sequence[str]] | None:
    known = vocabulary().facts.get("kind" if key == "kinds" else key)
    return known.former if known else None


FAMILIES = ("acts", "qualifiers", "roles", "owners", "channels", "pers", "ranks", "units", "modes")
FACT_TYPES = (
    "yes-no",
    "number",
    "money",
    "choice",
    "choices",
    "date",
    "time",
    "text",
    "texts",
    "acts",
    "table",
)


def fact_kind(id: str, body: Mapping[str, Any]) -> FactKind:
    """A FactKind from its TOML body {name | ask, type, choices (table or list), open}."""
    choices = body.get("choices", {})
    if isinstance(choices, str):
        choices = [choices]
    if isinstance(choices, list):
        choices = {str(choice): str(choice) for choice in choices}
    return FactKind(
        id,
        str(body.get("name") or body.get("ask") or id),
        str(body["type"]),
        dict(choices),
        body.get("open") is True,
        str(body.get("ask", "")),
        tuple(body.get("affairs", ())),
        dict(body.get("former", {})),
    )


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary of vocabulary.toml."""
    data = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
    words = {
        family: {word: str(body["name"]) for word, body in data[family].items()}
        for family in FAMILIES
    }
    facts = {word: fact_kind(word, body) for word, body in data["facts"].items()}
    return Vocabulary(version=data["version"], facts=facts, topics=data["topics"], **words)


TITLES = (
    ("acts", "行为种类"),
    ("qualifiers", "行为的限定（of）"),
    ("roles", "角色"),
    ("owners", "责任单位"),
    ("channels", "公开渠道"),
    ("pers", "每……一次"),
    ("ranks", "效力层级（从高到低）"),
    ("units", "期间单位"),
    ("modes", "记录方式"),
)
TYPE_NAMES = {
    "yes-no": "是否（true / false）",
    "number": "数",
    "money": "金额（元）",
    "choice": "单选",
    "choices": "多选",
    "date": "日期",
    "time": "时刻",
    "text": "文字",
    "texts": "多项文字",
    "acts": "行为种类的列表",
    "table": "表",
}


def page() -> str:
    """docs/vocabulary.md: every word a pack may use, as Markdown."""
    words = vocabulary()
    lines = [
        "# 规则包词汇表",
        "",
        f"第 {words.version} 版。由 `mingzheng law vocabulary` 生成，请勿手改。",
        "",
        (
            "规则包里的行为、事实、角色等只能用下列词；"
            "本机关特有的事实在自己的规则包里用 `[[fact]]` 登记。"
        ),
        "",
    ]
    for family, title in TITLES:
        lines += [f"## {title}", "", "| 写法 | 含义 |", "|---|---|"]
        lines += [f"| `{word}` | {name} |" for word, name in getattr(words, family).items()]
        lines.append("")
        if family == "acts":
            lines += _fact_lines(words)
    return "\n".join(lines).rstrip() + "\n"


def _fact_lines(words: Vocabulary) -> list[str]:
    lines = ["## 事实", "", "| 写法 | 含义 | 类型 | 可取的值 |", "|---|---|---|---|"]
    for fact in words.facts.values():
        values = "、".join(
            word if word == name else f"`{word}`（{name}）" for word, name in fact.choices.items()
        )
        lines.append(f"| `{fact.id}` | {fact.name} | {TYPE_NAMES[fact.type]} | {values} |")
    return [*lines, ""]
