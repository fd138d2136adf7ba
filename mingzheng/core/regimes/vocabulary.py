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
