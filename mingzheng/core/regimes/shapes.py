"""The shapes of rules as read from TOML. A rule keeps its body: what a jurist wrote is what
runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Origin:
    """The file a rule stands in: its title and rank matter where several files form one pack."""

    pack: str
    title: str
    rank: str
    file: str
    roll: bool = False
    since: date | None = None
    until: date | None = None
    confirmed: bool = True


@dataclass(frozen=True)
class ActRef:
    """An act kind, narrowed to what it is about when `of` isn't empty."""

    act: str
    of: str = ""

    def fits(self, act: str, of: str) -> bool:
        return self.act == act and self.of in ("", of)

    def __str__(self) -> str:
        return f"{self.act}:{self.of}" if self.of else self.act


def act_refs(value: object) -> tuple[ActRef, ...]:
    """ActRefs of a string, a {act, of} table, or a list of either; `of` may be a list."""
    if isinstance(value, str):
        return (ActRef(value),)
    if isinstance(value, Mapping):
        objects = value.get("of", "")
        each = objects if isinstance(objects, list) else [objects]
        return tuple(ActRef(str(value.get("act", "")), str(of)) for of in each)
    if isinstance(value, Sequence):
        return tuple(ref for item in value for ref in act_refs(item))
    return ()


def texts(value: object) -> tuple[str, ...]:
    """A string or a list of strings as a tuple."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


@dataclass(frozen=True)
class Rule:
    """One table of a pack: `body` holds its keys as written, `table` its name (duty, gate …)."""

    table: str
    id: str
    origin: Origin
    body: Table = field(compare=False, hash=False)

    def text_of(self, key: str) -> str:
        return str(self.body.get(key, ""))

    def flag(self, key: str) -> bool:
        return self.body.get(key) is True

    @cached_property
    def _refs(self) -> dict[str, tuple[ActRef, ...]]:
        return {}

    def refs(self, key: str) -> tuple[ActRef, ...]:
        held = self._refs.get(key)
        if held is None:
            held = self._refs[key] = act_refs(self.body.get(key))
        return held

    def texts_of(self, key: str) -> tuple[str, ...]:
        return texts(self.body.get(key))

    @cached_property
    def topic(self) -> str:
        return self.text_of("topic")

    @cached_property
    def source(self) -> str:
        """The article; where none is given, the title of the text it stands in."""
        return self.text_of("source") or self.origin.title

    @cached_property
    def text(self) -> str:
        return self.text_of("text")

    @cached_property
    def when(self) -> Table:
        held = self.body.get("when", {})
        return held if isinstance(held, Mapping) else {}

    @property
    def since(self) -> date | None:
        return _day(self.body.get("since")) or self.origin.since

    @property
    def until(self) -> date | None:
        """The first day on which the rule is no longer in force."""
        return _day(self.body.get("until")) or self.origin.until

    @property
    def rank(self) -> str:
        return self.text_of("rank") or self.origin.rank

    @property
    def confirmed(self) -> bool:
        held = self.body.get("confirmed", self.origin.confirmed)
        return held is not False

    @property
    def binding(self) -> bool:
        """Computed beside the nearer rule: a statutory rule or a policy floor."""
        return self.flag("statutory") or self.flag("floor")

    @property
    def unit(self) -> str:
        return self.text_of("unit")

    @property
    def roll(self) -> bool:
        held = self.body.get("roll", self.origin.roll)
        return held is True

    def slots(self) -> list[tuple[str, str]]:
        """(channel, recipient) pairs the rule speaks for; "" competes with every one."""
        channels = self.texts_of("channels") or self.texts_of("channel") or ("",)
        return [(channel, to) for channel in channels for to in self.texts_of("to") or ("",)]


@dataclass(frozen=True)
class Scope:
    """Kinds of matter an agency has power for."""

    kinds: tuple[str, ...]
    open: bool
    source: str
    file: str


@dataclass(frozen=True)
class Pack:
    """All files of one pack id. `version` is the SHA-256 of its canonical content."""

    id: str
    title: str
    extends: tuple[str, ...]
    rank: str
    agency: str
    scope: Scope | None
    rules: tuple[Rule, ...]
    files: tuple[str, ...]
    version: str

    def of(self, table: str) -> list[Rule]:
        return [rule for rule in self.rules if rule.table == table]
