"""What a regime answers: plain rows that can be stored with an act and shown to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mingzheng.core.regimes.shapes import ActRef


@dataclass(frozen=True)
class Missing:
    """Something the record must hold and doesn't; `words` says it in Chinese."""

    act: str
    of: str = ""
    words: str = ""


@dataclass(frozen=True)
class Refusal:
    """A gate that refuses an act. `earliest`: the first day on which it would not, where only a
    period of notice is missing. `unknown`: facts that must be known first. `soft`: display only."""

    gate: str
    topic: str
    pack: str
    source: str
    text: str
    missing: tuple[Missing, ...] = ()
    unknown: tuple[str, ...] = ()
    soft: bool = False
    earliest: date | None = None


@dataclass(frozen=True)
class Owed:
    """A duty that an act sets off. `due` is the agency's own date, `floor` an earlier one of a
    higher norm ({"due", "source", …}), `light_due` the earlier of both. `closes`: any of these
    acts closes it; `then` are their kinds. `how` is JSON-able and recomputes with retime()."""

    rule: str
    topic: str
    pack: str
    version: str
    then: tuple[str, ...]
    closes: tuple[ActRef, ...]
    within: int | str | None
    unit: str
    due: date | None
    due_at: datetime | None
    provisional: bool
    floor: Mapping[str, Any] | None
    light_due: date | None
    by: str
    channel: str
    to: str
    per: str
    party: tuple[str, ...]
    awaited: bool
    source: str
    text: str
    confirmed: bool
    displaced: tuple[str, ...]
    fallback: bool
    unknown: tuple[str, ...]
    how: Mapping[str, Any]
    none: bool = False
    unset: bool = False


@dataclass(frozen=True)
class TermAnswer:
    """How long something stays. `until` None: permanent, unset, or not computable yet."""

    rule: str
    topic: str
    pack: str
    channel: str
    until: date | None
    permanent: bool
    lasts: int | str | None
    unit: str
    limit: str
    start: date | None
    party: tuple[str, ...]
    source: str
    text: str
    confirmed: bool
    fallback: bool
    unknown: tuple[str, ...]
    floor: Mapping[str, Any] | None = None
    may_end: Mapping[str, Any] | None = None
    then: str = ""
    route: str = ""
    displaced: tuple[str, ...] = ()
    unset: bool = False


@dataclass(frozen=True)
class Major:
    """Whether the decision is major: `is_` None = unknown facts would decide it."""

    is_: bool | None
    because: tuple[Mapping[str, Any], ...] = ()
    would_decide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a route: a role (which reviews or approves) or a meeting."""

    role: str = ""
    does: str = "approve"
    meeting: str = ""


@dataclass(frozen=True)
class Route:
    """Who approves, in order. `unknown`: facts that might choose another route."""

    id: str
    steps: tuple[Step, ...]
    rule: str
    pack: str
    source: str
    confirmed: bool
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListAnswer:
    """Rows of a list after merging: each the row as written plus pack, source, unknown."""

    id: str
    rows: tuple[Mapping[str, Any], ...]
    sources: tuple[str, ...]
    closed: bool
    waiver: Mapping[str, Any] | None
    merged: tuple[str, ...] = ()


@dataclass(frozen=True)
class UndoAnswer:
    """An undo set off by an act. `holds` None: `unknown` facts would decide whether it applies."""

    id: str
    acts: tuple[ActRef, ...]
    source: str
    pack: str
    text: str = ""
    holds: bool | None = True
    unknown: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(ref.act for ref in self.acts)


@dataclass(frozen=True)
class SuspensionRule:
    """From `start` until `end` the clock of `topics` doesn't run; `needs` are its papers."""

    id: str
    topics: tuple[str, ...]
    start: tuple[ActRef, ...]
    end: tuple[ActRef, ...]
    needs: tuple[ActRef, ...]
    route: str
    source: str
    pack: str


@dataclass(frozen=True)
class ExtensionRule:
    """How far a limit may be extended: `by` a number of `unit`, or "as-approved"."""

    id: str
    topics: tuple[str, ...]
    by: int | str
    unit: str
    times: int | str
    route: str
    needs: tuple[ActRef, ...]
    source: str
    pack: str


@dataclass(frozen=True)
class DefectAnswer:
    """A defect of the source text, its readings, and the reading that is followed."""

    at: str
    text: str
    readings: tuple[str, ...]
    reading: str
    chosen_by: str
    source: str
    pack: str


@dataclass(frozen=True)
class UnsetAnswer:
    """A topic the text leaves open. `filled_by`: pack that fills it, "" where nothing does."""

    topic: str
    refers_to: str
    source: str
    pack: str
    filled_by: str = ""
    after: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
