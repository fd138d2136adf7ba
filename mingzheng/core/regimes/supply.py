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
    """Where an act is done: kinds of matter, and what it may be about; "*" is any of them."""

    kinds: frozenset[str]
    of: frozenset[str]


@dataclass(frozen=True)
class Supply:
    """Living words. `answered` are the facts that a form asks for; `asking` the lists whose rows
    make a form ask the facts they hang on; `last` says for each kind of matter which acts end it,
    and what can still be done then.
    """

    acts: Mapping[str, Done]
    facts: frozenset[str]
    answered: frozenset[str]
    asking: frozenset[str]
    lists: frozenset[str]
    routes: frozenset[str]
    terms: frozenset[str]
    topics: frozenset[str]
    ids: Mapping[str, frozenset[str]]
    last: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    names: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Supply":
        """From the content of the file."""
        words = {family: frozenset(each) for family, each in data["words"].items()}
        return cls(
            acts={
                act: Done(frozenset(row["kinds"]), frozenset(row["of"]))
                for act, row in data["acts"].items()
            },
            facts=words["facts"],
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
            names=data["names"],
        )

    def does(self, ref: ActRef, known: Iterable[str], kinds: frozenset[str] = frozenset()) -> bool:
        """Whether some step, form or job does the act, in one of these kinds of matter (none: in
        any). `known` are the words that may stand for what only the moment tells.
        """
        done = self.acts.get(ref.act)
        return (
            done is not None
            and (not ref.of or ref.of in done.of or (ANY in done.of and ref.of in known))
            and (not kinds or ANY in done.kinds or bool(kinds & done.kinds))
        )

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
