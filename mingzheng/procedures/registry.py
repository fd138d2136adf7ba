"""Where chapters say what they can do: verbs by step key; what a kind of matter is made of stands in
`matter_kinds`, the tables of steps in `tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from mingzheng.core.steps import Step
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.matter_kinds import Begin, Opening
from mingzheng.procedures.tables import procedure as procedure
from mingzheng.procedures.tables import procedures as procedures
from mingzheng.procedures.tables import register_procedure as register_procedure
from mingzheng.procedures.tables import table_of
from mingzheng.records.models import Act, Record
from mingzheng.records.situation import Situation
from mingzheng.records.words import role_name

if TYPE_CHECKING:
    from mingzheng.procedures.forms import ActForm
    from mingzheng.procedures.step_context import StepContext


FormClass = TypeVar("FormClass", bound="type[ActForm]")


@dataclass(frozen=True)
class Verb:
    """How a step is done: the form that asks, the function that acts."""

    key: str
    form: type[ActForm]
    run: Callable[[StepContext], Act]

    @property
    def plain(self) -> bool:
        """Whether the row and the form say all that there is to do."""
        return self.run is plainly


_verbs: dict[str, Verb] = {}


def verb(
    key: str, form: type[ActForm]
) -> Callable[[Callable[[StepContext], Act]], Callable[[StepContext], Act]]:
    """Register the function that does the step `key`."""

    def register(function: Callable[[StepContext], Act]) -> Callable[[StepContext], Act]:
        if key in _verbs:
            raise ValueError(f"{key} is done by two functions")
        _verbs[key] = Verb(key, form, function)
        return function

    return register


def asks(*keys: str) -> Callable[[FormClass], FormClass]:
    """Register a form as all that the steps `keys` need: its answers are appended, the papers of
    the row issued, and the article is that of the row.
    """

    def register(form: FormClass) -> FormClass:
        for key in keys:
            verb(key, form)(plainly)
        return form

    return register


def plainly(context: StepContext) -> Act:
    """The verb of every step that nothing special has to be done for."""
    return context.plainly()


def find(key: str) -> Verb:
    """The verb of a step; KeyError when no chapter does it."""
    return _verbs[key]


def verbs() -> Mapping[str, Verb]:
    """Every verb by key."""
    return dict(_verbs)


def opening(
    code: str,
    kind: str,
    name: str,
    note: str,
    form: type[ActForm],
    roles: frozenset[str] = frozenset({"handler"}),
) -> Callable[[Begin], Opening]:
    """Make the function that begins a matter an opening, which its kind names."""
    return lambda function: Opening(code, kind, name, note, form, function, roles)


def openings() -> tuple[Opening, ...]:
    """Every way in which a matter begins, in the order of the kinds."""
    return tuple(each for kind in matter_kinds.every() for each in kind.openings)


def takers(record: Record, key: str) -> str:
    """Who takes a step here, in words: the roles that its row names; empty where it names none."""
    row = step_of(record, key)
    return "、".join(role_name(each) for each in row.by) if row else ""


def facts_of(record: Record) -> dict[str, Any]:
    """The facts of a matter that rules look at, read now; unknown ones are absent."""
    return facts_in(Situation(record))


def facts_in(situation: Situation) -> dict[str, Any]:
    """The same for a situation that is being read: what has its history and duties already."""
    kind = matter_kinds.known(situation.record.kind)
    read = kind.facts(situation) if kind else {}
    return {key: value for key, value in read.items() if value is not None}


def step_of(record: Record, key: str) -> Step | None:
    """The row of the record's own procedure."""
    table = table_of(record.procedure)
    return table.step(key) if table else None
