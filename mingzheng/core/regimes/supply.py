"""What the product does with the words of rules, and which words wait for a chapter to come.

Both are data: `supplied.toml` is read off the step tables, forms, readers and calls of the product
by `python -m tests.supply`; `awaiting.toml` is kept by hand and may only shrink.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mingzheng.core.regimes.shapes import ActRef

ANY = "*"


@dataclass(frozen=True)
class Done:
    """What an act may be about, by the kind of matter in which it is done; "*" is any of them."""

    ways: Mapping[str, frozenset[str]]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of matter in which it is done."""
        return frozenset(self.ways)

    def of(self, kinds: frozenset[str] = frozenset()) -> frozenset[str]:
        """What it may be about in these kinds of matter (none: in any)."""
        return frozenset().union(
            *(of for kind, of in self.ways.items() if not kinds or kind in kinds | {ANY})
        )


@dataclass(frozen=True)
class Order:
    """A table of steps of a kind of matter: its acts, and act (or act:of) → what only comes after
    it.
    """

    code: str
    kind: str
    acts: frozenset[str]
    later: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Supply:
    """Living words. `facts` are told in these kinds of matter; `answered` those that a form asks
    for; `asking` the lists whose rows make a form ask the facts they hang on; `elements` what a
    paper can say; `last` says for each kind of matter which acts end it, and what can still be
    done then.
    """

    acts: Mapping[str, Done]
    facts: Mapping[str, frozenset[str]]
    elements: Mapping[str, frozenset[str]]
    answered: frozenset[str]
    asking: frozenset[str]
    lists: frozenset[str]
    routes: frozenset[str]
    terms: frozenset[str]
    topics: frozenset[str]
    ids: Mapping[str, frozenset[str]]
    last: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    order: tuple[Order, ...]
    names: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Supply":
        """From the content of the file."""
        words = {family: frozenset(each) for family, each in data["words"].items()}
        return cls(
            acts={act: _done(row) for act, row in data["acts"].items()},
            facts={fact: frozenset(kinds) for fact, kinds in data["facts"].items()},
            elements={code: frozenset(ids) for code, ids in data["elements"].items()},
            answered=words["answered"],
            asking=words["asking"],
            lists=words["lists"],
            routes=words["routes"],
            terms=words["terms"],
            topics=words["topics"],
            ids={table: frozenset(ids) for table, ids in data["ids"].items()},
            last={
                kind: (frozenset(row["ends"]), frozenset(row["then"]))
                for kind, row in data["last"].items()
            },
            order=tuple(_order(code, row) for code, row in data["order"].items()),
            names=data["names"],
        )

    def does(self, ref: ActRef, known: Iterable[str], kinds: frozenset[str] = frozenset()) -> bool:
        """Whether some step, form or job does the act, in one of these kinds of matter (none: in
        any). `known` are the words that may stand for what only the moment tells.
        """
        done = self.acts.get(ref.act)
        held = done.of(kinds) if done else frozenset()
        return bool(held) and (not ref.of or ref.of in held or (ANY in held and ref.of in known))

    def tells(self, fact: str, kinds: frozenset[str] = frozenset()) -> bool:
        """Whether a form, a reader or an act supplies the fact, in one of these kinds of matter."""
        held = self.facts.get(fact, frozenset())
        return bool(held if not kinds else held & (kinds | {ANY}))

    def ends(self, ref: ActRef, kinds: frozenset[str]) -> bool:
        """Whether the act always ends the matter, in each of these kinds that it belongs to."""
        done = self.acts.get(ref.act)
        held = (done.kinds if done else frozenset()) & (kinds or frozenset(self.last))
        return bool(held) and all(ref.act in self.last[kind][0] for kind in held)

    def follows_the_end(self, ref: ActRef, kinds: frozenset[str]) -> bool:
        """Whether the act can still be done when the matter has ended."""
        done = self.acts.get(ref.act)
        if done is None or ANY in done.kinds:
            return done is not None
        return any(ref.act in self.last[kind][1] for kind in done.kinds & (kinds or done.kinds))

    def reads(self, list_id: str) -> bool:
        """Whether some place asks for the list; "x*" stands for lists chosen by data."""
        return list_id in self.lists or any(
            each.endswith(ANY) and list_id.startswith(each[:-1]) for each in self.lists
        )


def _done(row: Mapping[str, list[str]]) -> Done:
    """An act as the file has it: what it may be about, by kinds of matter in one word."""
    ways: dict[str, frozenset[str]] = {}
    for kinds, of in row.items():
        for kind in kinds.split():
            ways[kind] = ways.get(kind, frozenset()) | frozenset(of)
    return Done(ways)


def _order(code: str, row: Mapping[str, Any]) -> Order:
    """A table of steps as the file has it; under "" stand the acts that nothing must precede."""
    later = {act: frozenset(each) for act, each in row.items() if act not in ("kind", "")}
    every = [*row[""], *(each for words in later.values() for each in words)]
    return Order(code, row["kind"], frozenset(each.partition(":")[0] for each in every), later)


@dataclass(frozen=True)
class Awaited:
    """A chapter to come and the words that wait for it, by family."""

    noun: str
    name: str
    words: Mapping[str, frozenset[str]]


class Awaiting:
    """Every word that nothing gives life to yet, by the chapter that will."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.most = int(data.get("most", 0))
        self.chapters = tuple(
            Awaited(
                noun,
                str(row["name"]),
                {family: frozenset(words) for family, words in row.items() if family != "name"},
            )
            for noun, row in data.items()
            if isinstance(row, Mapping)
        )

    def chapter(self, family: str, word: str) -> Awaited | None:
        """The chapter that a word waits for."""
        return next((each for each in self.chapters if word in each.words.get(family, ())), None)

    def words(self, family: str) -> frozenset[str]:
        """Every word of a family that waits."""
        return frozenset().union(*(each.words.get(family, ()) for each in self.chapters))

    def __len__(self) -> int:
        return sum(len(words) for each in self.chapters for words in each.words.values())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@cache
def supply() -> Supply:
    """What the product supplies."""
    return Supply.of(_read("supplied.toml"))


@cache
def awaiting() -> Awaiting:
    """What waits for chapters to come."""
    return Awaiting(_read("awaiting.toml"))
