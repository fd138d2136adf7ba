"""The road of a matter as the public may read it: the main steps of its own table, who takes them,
within what time, with which papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.steps import Procedure, Step, Way
from mingzheng.documents import kinds
from mingzheng.procedures import matter_kinds, registry
from mingzheng.procedures.matter_kinds import Kind
from mingzheng.records import law
from mingzheng.records.words import owner_name, plain, role_name, unit_name

# Binding the file is the agency's own affair; to the counterpart the road ends where the result is
# public.
INNER = ("归档",)


@dataclass(frozen=True)
class Station:
    """One step: lane (who takes it), approver (empty where nobody has to agree), time limit in
    words, papers, article.
    """

    name: str
    stage: str
    lane: str
    approver: str
    limit: str
    documents: tuple[str, ...]
    source: str
    recorded: bool
    gate: bool
    key: str = ""


@dataclass(frozen=True)
class Branch:
    """A way aside: when it is taken, the key of the step it leaves (`instead`: leaves before), its
    steps, its own ways aside.

    `leads` says in words where it leads; empty where only its own ways lead on.
    """

    when: str
    at: str
    instead: bool
    stations: tuple[Station, ...]
    leads: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Road:
    """A procedure as stations in order; `materials` is what an applicant hands in as (name,
    article).

    `branches` leave the stations; `onward` says at a station (by key) what lets the road go on
    past them.
    """

    name: str
    stations: tuple[Station, ...]
    materials: tuple[tuple[str, str], ...] = ()
    branches: tuple[Branch, ...] = ()
    onward: Mapping[str, str] = field(default_factory=dict)
    start: str = ""


def of_item(item: Item) -> Road:
    """The road of one item, with its own time limit and materials; none for what is no power."""
    kind = matter_kinds.known(item.kind)
    if kind is None:
        return Road("", ())
    materials = tuple(
        (
            f"{row['name']}（{'按需' if row.get('need') == 'if-any' else '必交'}）",
            str(row.get("source", "")),
        )
        for row in item.details.get("materials", ())
    )
    own = item.details.get("limit")
    return _walked(
        item.agency,
        kind.procedure_of(item.details) if kind.procedure_of else _usual(kind),
        _facts(kind, item.details),
        f"{own['n']}{unit_name(str(own['unit']))}" if own else "",
        materials,
    )


def of_kind(agency: Agency, kind: str) -> Road:
    """The usual road of a kind of matter."""
    found = matter_kinds.find(kind)
    return _walked(agency, _usual(found), _facts(found, {}), "", ())


def _walked(
    agency: Agency,
    table: Procedure,
    facts: Mapping[str, Any],
    own: str,
    materials: tuple[tuple[str, str], ...],
) -> Road:
    version = law.regime_of(agency.pk, agency.pack).version
    stations, branches = _drawn(
        agency.pk,
        agency.pack,
        version,
        table.code,
        tuple(sorted(facts.items())),
        own,
        clock.today(),
    )
    return Road(
        table.name, stations, materials, branches, table.onward, table.state(table.start).name
    )


def _usual(kind: Kind) -> Procedure:
    assert kind.usual is not None, f"no table of steps for the kind {kind.code}"
    return kind.usual


def _facts(kind: Kind, details: Mapping[str, Any]) -> dict[str, Any]:
    more = kind.asked_of(details) if kind.asked_of else {}
    return {"kind": kind.code, **kind.asked_with, **more}


# The same for every item of a kind: a list of a hundred asks the rules once.
@lru_cache(maxsize=256)
def _drawn(
    agency: int,
    pack: str,
    version: str,
    code: str,
    facts: tuple[tuple[str, Any], ...],
    own: str,
    on: date,
) -> tuple[tuple[Station, ...], tuple[Branch, ...]]:
    regime, table = law.regime_of(agency, pack), registry.procedure(code)
    known = {key: value for key, value in facts if key in regime.words.facts}
    found, seen = [], set()
    for step in table.steps:
        # A decision has two ends; the main road goes to the one that the table names first.
        if (
            not step.main
            or step.stage in INNER
            or (step.act, step.stage) in seen
            or step.act == "publication.proposed"
        ):
            continue
        seen.add((step.act, step.stage))
        found.append(_station(regime, step, on, known, own))
    return tuple(found), tuple(
        _aside(table, found, lambda step: _station(regime, step, on, known, own))
    )


def _station(regime: Regime, step: Step, on: date, known: Mapping[str, Any], own: str) -> Station:
    route = regime.route(step.route, on, known) if step.route else None
    limit, article = limit_of(regime, step, known, own)
    return Station(
        step.name,
        step.stage,
        _lane(step),
        role_name(route.steps[-1].role or "head") if route else "",
        limit,
        tuple(kinds.find(each).title for each in step.documents),
        plain(step.source or (route.source if route else "") or article),
        step.recording,
        step.stage == "审核",
        step.key,
    )


def _aside(
    table: Procedure, road: Sequence[Station], made: Callable[[Step], Station]
) -> Iterator[Branch]:
    """The ways that leave the stations of the road, each with those that leave it in turn."""
    order = {each.key: number for number, each in enumerate(road, 1)}

    def branch(way: Way, root: Way) -> Branch:
        steps = [step for step in (table.step(key) for key in way.steps) if step]
        further = tuple(
            branch(other, root) for other in table.ways if way.steps and other.at == way.steps[-1]
        )
        return Branch(
            way.when,
            way.at,
            way.instead,
            tuple(made(step) for step in steps),
            "" if further else _leads(table, road, order, way, root),
            further,
        )

    return (branch(way, way) for way in table.ways if way.at in order)


def _leads(
    table: Procedure, road: Sequence[Station], order: Mapping[str, int], way: Way, root: Way
) -> str:
    """Where a way ends, in words: 结束：不予立案, 回第2步 调查终结, 转第8步 送达决定书."""
    to = next((step.to for step in map(table.step, reversed(way.steps)) if step and step.to), "")
    if way.ends or to and table.state(to).final:
        return f"结束：{way.ends or table.state(to).name}"
    here, number = order[root.at], 0
    if way.then:
        number = order.get(way.then, 0)
    elif to:
        number = next((order[step.key] for step in table.open_from(to) if step.key in order), 0)
    else:
        number = here if root.instead else here + 1 if here < len(road) else 0
    if not number:
        return f"回到“{table.name_of(way.then)}”" if way.then else "结束"
    return f"{'转' if number > here else '回'}第{number}步 {road[number - 1].name}"


def _lane(step: Step) -> str:
    outside = [role for role in step.by if role not in ("handler", "officer", "publisher")]
    if step.unit != "handling-unit":
        return owner_name(step.unit)
    return owner_name("window") if "window" in outside else owner_name("handling-unit")


# The same topic may be a wait that a gate keeps: then its own words say from when and how long.
WAITS = ("elapsed", "ahead")


def limit_of(
    regime: Regime, step: Step, facts: Mapping[str, Any], own: str = ""
) -> tuple[str, str]:
    """(自受理申请起20个工作日内, article) that the packs set to the step's topic; the item's own
    limit goes before; empty when none is set.
    """
    if step.limit and own and step.to:
        return f"{own}内（本机关承诺）", ""
    topic = "publication/decision" if step.act == "publication.published" else step.limit
    for act, row in _owed(regime, topic, facts) if topic else ():
        if row.within == "promptly":
            return "及时", row.source
        if isinstance(row.within, int):
            return (
                f"自{regime.words.act_name(act)}起{row.within}{unit_name(row.unit)}内"
                if row.within
                else ""
            ), row.source
    for rule in regime.rules("gate") if topic else ():
        kind = (rule.body.get("when") or {}).get("kind", facts.get("kind"))
        if (
            rule.body.get("topic") == topic
            and kind == facts.get("kind")
            and any(word in each for group in need_tables(rule) for each in group for word in WAITS)
        ):
            return plain(rule.text_of("text")), rule.source
    return "", ""


def _owed(regime: Regime, topic: str, facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The answers to a topic, act by act that sets it off; what the facts leave open comes last."""
    found = []
    for rule in regime.rules("duty"):
        for ref in rule.refs("after") if rule.body.get("topic") == topic else ():
            for row in regime.owed(
                ref.act, clock.today(), {**facts, "of": _first(ref.of)}, law.calendar()
            ):
                if (
                    row.topic == topic
                    and row.rule == rule.id
                    and row.within is not None
                    and row.channel in ("", "own-site", "live", None)
                ):
                    found.append((bool(row.unknown), ref.act, row))
    for _, act, row in sorted(found, key=lambda each: each[0]):
        yield act, row


def _first(of: Any) -> str:
    return str(of[0]) if isinstance(of, (list, tuple)) and of else str(of or "")
