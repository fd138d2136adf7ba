"""Procedures as tables a jurist can read on one screen.

A step says from which state to which state, which act records it, who may take
it, along which approval route, and what it must leave: documents, materials,
recordings. The case page, the gates, the flow chart and the service guide read
this same table; nothing about the order of steps is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field


@dataclass(frozen=True)
class State:
    """A place a matter can rest in: code, Chinese name, and whether it ends the matter."""

    code: str
    name: str
    final: bool = False


@dataclass(frozen=True)
class Step:
    """One row of a procedure.

    `act` and `of` name the act that records the step; `from_states` lists the states
    it may start from; `to` is the state it leads to, empty when it stays.
    `by` lists roles, any of which may act; `route` names the approval route of
    the rule pack, empty when nobody has to approve. `limit` is the topic of the
    duty or waiting gate that sets its time limit; `recording` says that the recording list of
    the pack is asked for this act; `verb` tells apart two ways of doing the
    same act, one a procedure; `main` marks the road that a case usually takes.
    `after` lists acts of which one must stand for the step to make sense at all,
    as "kind" or "kind:of"; `once` says that it is not taken again while it stands.
    """

    act: str
    name: str
    stage: str
    from_states: tuple[str, ...]
    to: str = ""
    of: str = ""
    by: tuple[str, ...] = ("handler",)
    route: str = ""
    unit: str = "handling-unit"
    limit: str = ""
    documents: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    recording: bool = False
    source: str = ""
    main: bool = False
    verb: str = ""
    after: tuple[str, ...] = ()
    once: bool = False

    @property
    def verb_key(self) -> str:
        """The name under which a chapter registered the function that does this step."""
        return f"{self.act}:{self.verb}" if self.verb else self.key

    def offered(self, standing: Set[str]) -> bool:
        """Whether the step makes sense with these standing acts ("kind" and "kind:of")."""
        if self.once and self.key in standing:
            return False
        return not self.after or any(key in standing for key in self.after)

    @property
    def key(self) -> str:
        """Act kind and qualifier in one word, unique in a procedure."""
        return f"{self.act}:{self.of}" if self.of else self.act


@dataclass(frozen=True)
class Way:
    """A way aside from the main road, as people who want to see the whole procedure read the table.

    `when` says in words when it is taken. `at` is the key of the main step that it leaves, or
    of the last step of another way; with `instead` it is taken before that main step. `steps`
    are the keys of its rows; none: it only joins. It leads where the states of its rows lead,
    else to the main step after the one that was left (left before it: to that one); `then`
    names another step, `ends` says how it ends.
    """

    when: str
    at: str
    steps: tuple[str, ...] = ()
    instead: bool = False
    then: str = ""
    ends: str = ""


@dataclass(frozen=True)
class Procedure:
    """A named table of steps over named states."""

    code: str
    name: str
    kind: str
    states: tuple[State, ...]
    stages: tuple[str, ...]
    steps: tuple[Step, ...]
    start: str
    # The kind of the text that is drafted, reviewed, discussed and then issued as the decision;
    # empty for none.
    draft: str = ""
    ways: tuple[Way, ...] = ()
    # At a main step that other ways leave before it: what lets the main road go on.
    onward: Mapping[str, str] = field(default_factory=dict)
    _by_key: dict[str, Step] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        codes = {state.code for state in self.states}
        for step in self.steps:
            if step.key in self._by_key:
                raise ValueError(f"{self.code}: {step.key} stands twice")
            unknown = (set(step.from_states) | ({step.to} if step.to else set())) - codes
            if unknown:
                raise ValueError(f"{self.code}: {step.key} names no state {sorted(unknown)}")
            if step.stage not in self.stages:
                raise ValueError(f"{self.code}: {step.key} names no stage {step.stage}")
            self._by_key[step.key] = step
        joints = {step.key for step in self.steps if step.main}
        for way in self.ways:
            strange = [
                key
                for key in (*way.steps, *([way.then] if way.then else []))
                if key not in self._by_key
            ]
            if strange or way.at not in joints:
                raise ValueError(
                    f"{self.code}: the way “{way.when}” names no step {strange or way.at}"
                )
            joints |= set(way.steps[-1:])

    def step(self, key: str) -> Step | None:
        """The row with this key, or None."""
        return self._by_key.get(key)

    def open_from(self, state: str) -> Iterator[Step]:
        """The rows that may start from `state`, in the order of the table."""
        return (step for step in self.steps if state in step.from_states)

    def name_of(self, key: str) -> str:
        """The Chinese name of the step whose act this is, by key or by act kind."""
        step = self._by_key.get(key) or next((row for row in self.steps if row.act == key), None)
        return step.name if step else key

    def state(self, code: str) -> State:
        """The state with this code; KeyError if there is none."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)
