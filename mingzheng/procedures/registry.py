"""Where chapters say what they can do: verbs by step key, procedures and facts by matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mingzheng.core.steps import Procedure, Step
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.situation import Situation

if TYPE_CHECKING:
    from mingzheng.procedures.doing import Doing
    from mingzheng.procedures.forms import ActForm


Begin = Callable[[Actor, dict[str, Any], str], Record]
Reader = Callable[[Situation], Mapping[str, Any]]


@dataclass(frozen=True)
class Verb:
    """How a step is done: the form that asks, the function that acts, the facts known before
    acting.
    """

    key: str
    form: type[ActForm]
    run: Callable[[Doing], Act]


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
    run: Callable[[Actor, dict[str, Any], str], Record]
    roles: frozenset[str] = frozenset({"handler"})


_openings: dict[str, Opening] = {}
_verbs: dict[str, Verb] = {}
_procedures: dict[str, Procedure] = {}
_facts: dict[str, Reader] = {}


def verb(
    key: str, form: type[ActForm]
) -> Callable[[Callable[[Doing], Act]], Callable[[Doing], Act]]:
    """Register the function that does the step `key`."""

    def register(function: Callable[[Doing], Act]) -> Callable[[Doing], Act]:
        if key in _verbs:
            raise ValueError(f"{key} is done by two functions")
        _verbs[key] = Verb(key, form, function)
        return function

    return register


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
) -> Callable[[Begin], Begin]:
    """Register the function that begins a matter."""

    def register(function: Begin) -> Begin:
        if code in _openings:
            raise ValueError(f"{code} begins in two ways")
        _openings[code] = Opening(code, kind, name, note, form, function, roles)
        return function

    return register


def openings() -> tuple[Opening, ...]:
    """Every way in which a matter begins, in the order of registration."""
    return tuple(_openings.values())


def register_procedure(procedure: Procedure) -> Procedure:
    """Make a procedure known under its code."""
    _procedures[procedure.code] = procedure
    return procedure


def procedure(code: str) -> Procedure:
    """The procedure with this code; KeyError if there is none."""
    return _procedures[code]


def procedures() -> tuple[Procedure, ...]:
    """Every procedure."""
    return tuple(_procedures.values())


def register_facts(kind: str, function: Reader) -> None:
    """Say how the facts of a matter of this kind are read from its tables, and from its history
    and duties as the situation has them already.
    """
    _facts[kind] = function


def facts_of(record: Record) -> dict[str, Any]:
    """The facts of a matter that rules look at, read now; unknown ones are absent."""
    return facts_in(Situation(record))


def facts_in(situation: Situation) -> dict[str, Any]:
    """The same for a situation that is being read."""
    reader = _facts.get(situation.record.kind)
    known = dict(reader(situation)) if reader else {}
    return {key: value for key, value in known.items() if value is not None}


def step_of(record: Record, key: str) -> Step | None:
    """The row of the record's own procedure."""
    if record.procedure not in _procedures:
        return None
    return _procedures[record.procedure].step(key)
