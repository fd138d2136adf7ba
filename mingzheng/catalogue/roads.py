"""The road of a matter as the public may read it: the main steps of its own table, who takes them, within what time, with which papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from mingzheng.agencies.models import Body
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.core.steps import Step
from mingzheng.documents import kinds
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.words import owner_name, role_name, unit_name

# The table that a kind of matter usually runs on, where it has several.
USUAL = {"penalty": "penalty-ordinary", "licence": "licence", "inspection": "inspection", "coercion": "coercion", "confirmation": "registration",
         "other": "other-application"}
# Binding the file is the agency's own affair; to the counterpart the road ends where the result is public.
INNER = ("归档",)


@dataclass(frozen=True)
class Station:
    """One main step: lane (who takes it), approver (empty where nobody has to agree), time limit in words, papers, article."""

    name: str
    stage: str
    lane: str
    approver: str
    limit: str
    documents: tuple[str, ...]
    source: str
    recorded: bool
    gate: bool


@dataclass(frozen=True)
class Road:
    """A procedure as stations in order; `materials` is what an applicant hands in as (name, article)."""

    name: str
    stations: tuple[Station, ...]
    materials: tuple[tuple[str, str], ...] = ()


def of_item(item: Item) -> Road:
    """The road of one item, with its own time limit and materials."""
    materials = tuple((f"{row['name']}（{'按需' if row.get('need') == 'if-any' else '必交'}）", str(row.get("source", "")))
                      for row in item.details.get("materials", ()))
    own = item.details.get("limit")
    return _walked(item.agency, _code(item), _facts(item.kind, item.details), f"{own['n']}{unit_name(str(own['unit']))}" if own else "", materials)


def of_kind(agency: Body, kind: str) -> Road:
    """The usual road of a kind of matter."""
    return _walked(agency, USUAL[kind], _facts(kind, {}), "", ())


def _walked(agency: Body, code: str, facts: Mapping[str, Any], own: str, materials: tuple[tuple[str, str], ...]) -> Road:
    version = law.regime_of(agency.pk, agency.pack).version
    stations = _stations(agency.pk, agency.pack, version, code, tuple(sorted(facts.items())), own, clock.today())
    return Road(registry.procedure(code).name, stations, materials)


def _code(item: Item) -> str:
    if item.kind == "other" and item.details.get("begins") == "agency":
        return "other-motion"
    return str(item.details.get("procedure") or USUAL[item.kind])


def _facts(kind: str, details: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": kind, **({"procedure": "ordinary"} if kind == "penalty" else {})}
    if kind == "licence":
        facts |= {"certificate": True, "special_registration": details.get("special_registration") is True}
    return facts


# The same for every item of a kind: a list of a hundred asks the rules once.
@lru_cache(maxsize=256)
def _stations(agency: int, pack: str, version: str, code: str, facts: tuple[tuple[str, Any], ...], own: str, on: date) -> tuple[Station, ...]:
    regime: Regime = law.regime_of(agency, pack)
    known = {key: value for key, value in facts if key in regime.words.facts}
    found, seen = [], set()
    for step in registry.procedure(code).steps:
        # A decision has two ends; the chart shows the one the table names first.
        if not step.main or step.stage in INNER or (step.act, step.stage) in seen or step.act == "publication.proposed":
            continue
        seen.add((step.act, step.stage))
        route = regime.route(step.route, on, known) if step.route else None
        limit, article = limit_of(regime, step, known, own)
        found.append(Station(
            step.name, step.stage, _lane(step), role_name(route.steps[-1].role or "head") if route else "", limit,
            tuple(kinds.find(each).title for each in step.documents), step.source or (route.source if route else "") or article,
            step.recording, step.stage == "审核"))
    return tuple(found)


def _lane(step: Step) -> str:
    outside = [role for role in step.by if role not in ("handler", "officer", "publisher")]
    if step.unit != "handling-unit":
        return owner_name(step.unit)
    return owner_name("window") if "window" in outside else owner_name("handling-unit")


def limit_of(regime: Regime, step: Step, facts: Mapping[str, Any], own: str = "") -> tuple[str, str]:
    """(自受理申请起20个工作日内, article) that the packs set to the step's topic; the item's own limit goes before; empty when none is set."""
    if step.limit and own and step.to:
        return f"{own}内（本机关承诺）", ""
    topic = "publication/decision" if step.act == "publication.published" else step.limit
    for act, row in _owed(regime, topic, facts) if topic else ():
        if row.within == "promptly":
            return "及时", row.source
        if isinstance(row.within, int):
            return f"自{regime.words.act_name(act)}起{row.within}{unit_name(row.unit)}内" if row.within else "", row.source
    return "", ""


def _owed(regime: Regime, topic: str, facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The answers to a topic, act by act that sets it off; what the facts leave open comes last."""
    found = []
    for rule in regime.rules("duty"):
        for ref in rule.refs("after") if rule.body.get("topic") == topic else ():
            for row in regime.owed(ref.act, clock.today(), {**facts, "of": _first(ref.of)}, law.calendar()):
                if row.topic == topic and row.rule == rule.id and row.within is not None and row.channel in ("", "own-site", "live", None):
                    found.append((bool(row.unknown), ref.act, row))
    for _, act, row in sorted(found, key=lambda each: each[0]):
        yield act, row


def _first(of: Any) -> str:
    return str(of[0]) if isinstance(of, (list, tuple)) and of else str(of or "")
