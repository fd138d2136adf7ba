"""A kind of matter: one object that its chapter registers and that menus, lists, guides, charts,
imports, the public site and the platforms read.

The vocabulary of the rules (core) is the one source of a kind's code and Chinese name and of
whether it is enforcement or the agency's own affair; everything else about it stands here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mingzheng.core.regimes import vocabulary
from mingzheng.core.steps import Procedure
from mingzheng.documents import kinds as papers
from mingzheng.procedures.tables import table_of
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record
from mingzheng.records.situation import Situation

if TYPE_CHECKING:
    from mingzheng.procedures.forms import ActForm
    from mingzheng.procedures.panels import Maker
    from mingzheng.procedures.publishing import Offering, Reporting
    from mingzheng.procedures.reporting import Telling

Begin = Callable[[Actor, dict[str, Any], str], Record]
Facts = Callable[[Situation], Mapping[str, Any]]
# What an item says of itself beside its columns (docs/items.md).
Details = Mapping[str, Any]


@dataclass(frozen=True)
class Opening:
    """How a matter of a kind begins: what the button says, who may press it, what it asks, what it
    does.

    `code` is the word in the address; `kind` the power that the agency must have; `roles` the
    posts that may begin it. `run` takes (by, cleaned answers, one-time key of the form) and
    gives the record.
    """

    code: str
    kind: str
    name: str
    note: str
    form: type[ActForm]
    run: Begin
    roles: frozenset[str] = frozenset({"handler"})


@dataclass(frozen=True)
class Category:
    """The word by which a list of powers and duties (权责清单) sorts an item of a kind.

    `also` are other spellings that imports understand. A kind that several words mean tells them
    apart by the item's `sort`.
    """

    word: str
    also: tuple[str, ...] = ()
    sort: str = ""


@dataclass(frozen=True)
class Report:
    """双公示: the pack's list of columns, and who fills them for a record."""

    columns: str
    row: Reporting


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of matter. What stands under the second heading only enforcement has."""

    code: str
    # What rules may know of a matter, read from its tables; None for a fact leaves it unknown.
    facts: Facts
    # What its page shows beside what every matter shows.
    panels: tuple[Maker, ...]
    # What it has for the public; None for a kind of which nothing goes public.
    offer: Offering | None = None

    # -- enforcement ------------------------------------------------------------------------------
    # Where it stands in menus and filters: what is begun most often comes first.
    order: int = 0
    # Its number in the index of public texts; it is never given to another kind.
    number: int = 0
    categories: tuple[Category, ...] = ()
    # The table that it usually runs on; `procedure_of` where an item may choose another one.
    usual: Procedure | None = None
    procedure_of: Callable[[Details], Procedure] | None = None
    openings: tuple[Opening, ...] = ()
    # The papers by which a matter is decided, as its service names them.
    decisions: tuple[str, ...] = ()
    # What facts, basis and decision are called in public.
    heads: tuple[str, str, str] = ("事项", "依据", "结果")
    # Whether somebody applies for it: its items are served at the window, their forms are drawn.
    applied_for: bool = False
    # Kinds of page that mean nothing without it.
    pages: tuple[str, ...] = ()
    # What the rules are asked with for the whole kind, and for one item of it.
    asked_with: Mapping[str, Any] = field(default_factory=dict)
    asked_of: Callable[[Details], Mapping[str, Any]] | None = None
    # What platforms are told: the columns of 双公示, the tables of the provincial platform.
    report: Report | None = None
    tables: tuple[Telling, ...] = ()

    @property
    def name(self) -> str:
        """Its Chinese name."""
        return vocabulary().facts["kind"].choices[self.code]

    @property
    def enforcement(self) -> bool:
        """Whether it is enforcement, and no affair of the agency's own."""
        return self.code not in vocabulary().facts["kind"].affairs


def lacking(kind: Kind) -> list[str]:
    """The parts without which some page would break or some list would pass the kind over, and
    those that lead nowhere.
    """
    if kind.code not in vocabulary().facts["kind"].choices:
        return ["a word of the vocabulary (fact “kind”)"]
    parts: dict[str, object] = {
        "facts": callable(kind.facts),
        "panels": kind.panels and all(map(callable, kind.panels)),
    }
    if kind.enforcement:
        parts |= {
            "offer": callable(kind.offer),
            "order": kind.order > 0,
            "number": kind.number > 0,
            "categories": kind.categories,
            "usual": kind.usual,
            "openings": kind.openings,
            "decisions": kind.decisions,
            "heads": len(kind.heads) == 3 and all(kind.heads),
        }
    return [*(name for name, part in parts.items() if not part), *_unfit(kind)]


def _unfit(kind: Kind) -> Iterator[str]:
    words = [word for category in kind.categories for word in _spellings(category)]
    if not all(words):
        yield "categories: one has no word"
    yield from (f"categories: {word} stands twice" for word in _twice(filter(None, words)))
    yield from (
        f"categories: two are told apart by the sort “{sort}”"
        for sort in _twice(category.sort for category in kind.categories)
    )
    for each in kind.openings:
        for part in ("code", "name", "form", "run", "roles"):
            if not getattr(each, part):
                yield f"openings: {each.code} has no {part}"
        if each.kind != kind.code:
            yield f"openings: {each.code} begins a matter of {each.kind}"
    yield from (
        f"openings: two are called {code}" for code in _twice(each.code for each in kind.openings)
    )
    if kind.usual and table_of(kind.usual.code) is not kind.usual:
        yield f"usual: {kind.usual.code} is no registered table"
    if kind.usual and kind.usual.kind != kind.code:
        yield f"usual: {kind.usual.code} is a table of {kind.usual.kind}"
    known = {paper.code for paper in papers.every()}
    yield from (f"decisions: {code} is no paper" for code in kind.decisions if code not in known)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; refused when it is known already, lacks a part, or takes what another one
    has.
    """
    if kind.code in _kinds:
        raise ValueError(f"the kind {kind.code} is registered twice")
    if parts := lacking(kind):
        raise ValueError(f"the kind {kind.code} lacks: {'; '.join(parts)}")
    if taken := [what for other in _kinds.values() for what in _shared(kind, other)]:
        raise ValueError(f"the kind {kind.code} takes what another has: {'; '.join(taken)}")
    _kinds[kind.code] = kind
    return kind


def _shared(kind: Kind, other: Kind) -> list[str]:
    mine, theirs = (
        {
            *(f"opening {opening.code}" for opening in each.openings),
            *(f"word {word}" for category in each.categories for word in _spellings(category)),
            *((f"number {each.number}", f"order {each.order}") if each.enforcement else ()),
        }
        for each in (kind, other)
    )
    return sorted(mine & theirs)


def _spellings(category: Category) -> tuple[str, ...]:
    return (category.word, *category.also)


def find(code: str) -> Kind:
    """The kind with this code; KeyError when no chapter registered it."""
    return _kinds[code]


def known(code: str) -> Kind | None:
    """The kind with this code; None for records of no kind of matter, such as an agency's own."""
    return _kinds.get(code)


def every() -> tuple[Kind, ...]:
    """All kinds, enforcement first and in order."""
    return tuple(sorted(_kinds.values(), key=lambda kind: (not kind.enforcement, kind.order)))


def enforcement() -> tuple[Kind, ...]:
    """The kinds that are enforcement, in order."""
    return tuple(kind for kind in every() if kind.enforcement)


def name(code: str) -> str:
    """The Chinese name of a kind; the code itself where it is no word of the vocabulary."""
    return vocabulary().facts["kind"].choices.get(code, code)
