"""Terms: how long something stays published or kept, channel by channel."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from mingzheng.core.regimes.answers import TermAnswer
from mingzheng.core.regimes.conditions import judge
from mingzheng.core.regimes.dues import start_day
from mingzheng.core.regimes.reading import fingerprint, plain
from mingzheng.core.regimes.resolving import Chain, resolve
from mingzheng.core.regimes.scene import Scene
from mingzheng.core.regimes.shapes import Rule
from mingzheng.core.regimes.standing import Candidate, EffectiveAct
from mingzheng.core.workdays import Calendar


def terms_in(chain: Chain, scene: Scene, calendar: Calendar) -> list[TermAnswer]:
    """Terms set off by the scene's act, for one set of facts."""
    return [
        _term(chain, row, scene, calendar)
        for row in resolve(chain, "term", scene)
        if not row.rule.flag("none") or row.floors
    ]


def _until(
    rule: Rule, scene: Scene, calendar: Calendar
) -> tuple[date | None, date | None, frozenset[str]]:
    """(start, last day, facts that are missing)."""
    start, _, missing = start_day(rule, scene)
    number = rule.body.get("lasts")
    end = None
    if start is not None and isinstance(number, int):
        end = calendar.add(start, number, rule.unit, rule.flag("roll")).due
    fact = rule.text_of("or_until")
    if fact:
        later = scene.fact(fact)
        if isinstance(later, date):
            end = max(end, later) if end else later
        else:
            missing = missing | {fact}
    return start, end, missing


def _term(chain: Chain, row: EffectiveAct, scene: Scene, calendar: Calendar) -> TermAnswer:
    rule = row.rule
    start, end, missing = _until(rule, scene, calendar)
    permanent = rule.body.get("lasts") == "permanent"
    return TermAnswer(
        rule=rule.id,
        topic=rule.topic,
        pack=rule.origin.pack,
        channel=row.slot[0],
        until=None if permanent else end,
        permanent=permanent,
        lasts=rule.body.get("lasts"),
        unit=rule.unit,
        limit=rule.text_of("limit"),
        start=start,
        party=(),
        source=rule.source,
        text=rule.text,
        confirmed=chain.confirmed(rule),
        fallback=row.distance > chain.own_distance,
        unknown=tuple(sorted(row.unknown | missing)),
        floor=_floor(row, end, permanent, scene, calendar),
        may_end=_may_end(rule, scene, calendar),
        then=next((ref.act for ref in rule.refs("then")), ""),
        route=rule.text_of("route"),
        displaced=row.displaced,
    )


def _may_end(rule: Rule, scene: Scene, calendar: Calendar) -> Mapping[str, Any] | None:
    """When the term may end early: {"from": ISO date, "when": true/false/null, "unknown", …}."""
    held = rule.body.get("may_end")
    start, _, _ = start_day(rule, scene)
    if not isinstance(held, Mapping):
        return None
    verdict = judge(held.get("when", {}), scene)
    earliest = None
    if start and isinstance(held.get("lasts"), int):
        earliest = calendar.add(start, held["lasts"], held.get("unit", rule.unit)).due.isoformat()
    rest = {key: plain(value) for key, value in held.items() if key != "when"}
    return {**rest, "from": earliest, "when": verdict.value, "unknown": sorted(verdict.unknown)}


def _floor(
    row: EffectiveAct, end: date | None, permanent: bool, scene: Scene, calendar: Calendar
) -> Mapping[str, Any] | None:
    """A higher term that this one falls short of (at_least) or outlasts (at_most)."""
    for each in row.floors:
        other = _until(each.rule, scene, calendar)[1]
        if other and _slack(each, other, end, permanent):
            return {
                "until": other.isoformat(),
                "source": each.rule.source,
                "id": each.rule.id,
                "limit": each.rule.text_of("limit"),
                "text": each.rule.text,
            }
    return None


def _slack(each: Candidate, other: date, end: date | None, permanent: bool) -> bool:
    if each.rule.text_of("limit") == "at_most":
        return permanent or (end is not None and end > other)
    return not permanent and (end is None or end < other)


def merged_terms(per_party: Mapping[str, Sequence[TermAnswer]]) -> list[TermAnswer]:
    """Rows of several parties as one where they are identical; `party` () = every party."""
    if len(per_party) == 1:
        return list(next(iter(per_party.values())))
    found: dict[str, tuple[TermAnswer, list[str]]] = {}
    for party, rows in per_party.items():
        for row in rows:
            found.setdefault(fingerprint(asdict(row)), (row, []))[1].append(party)
    return [
        row if len(parties) == len(per_party) else replace(row, party=tuple(parties))
        for row, parties in found.values()
    ]
