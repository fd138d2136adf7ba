"""Duties: what an act sets off, until when, by which rule, and what a higher norm says beside."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from mingzheng.core.regimes.answers import Owed
from mingzheng.core.regimes.dues import Due, due_of
from mingzheng.core.regimes.reading import fingerprint
from mingzheng.core.regimes.resolving import Chain, resolve
from mingzheng.core.regimes.scene import Scene
from mingzheng.core.regimes.standing import EffectiveAct
from mingzheng.core.workdays import Calendar, Suspension


def owed_in(
    chain: Chain, scene: Scene, calendar: Calendar, suspensions: Sequence[Suspension] = ()
) -> list[Owed]:
    """Duties set off by the scene's act, for one set of facts."""
    rows = [
        (row, due_of(row.rule, scene, calendar, chain.version_of(row.rule), suspensions))
        for row in resolve(chain, "duty", scene)
    ]
    _follow(rows)
    owed = [_owed(chain, row, due, scene, calendar, suspensions) for row, due in rows]
    return [each for each in owed if not each.none or each.floor]


def _follow(rows: Sequence[tuple[EffectiveAct, Due]]) -> None:
    """same_as: the date of another topic's duty that the same act sets off."""
    for row, due in rows:
        topic = row.rule.text_of("same_as")
        if topic:
            known = [other for held, other in rows if held.rule.topic == topic and other.on]
            first = min(known, key=lambda other: other.on or date.max, default=None)
            if first:
                due.on, due.at, due.provisional = first.on, first.at, first.provisional
                due.how = {
                    **first.how,
                    "rule": row.rule.id,
                    "same_as": topic,
                    "source": row.rule.source,
                    "topic": row.rule.topic,
                }


def _owed(
    chain: Chain,
    row: EffectiveAct,
    due: Due,
    scene: Scene,
    calendar: Calendar,
    suspensions: Sequence[Suspension],
) -> Owed:
    rule = row.rule
    floor = _floor(chain, row, due, scene, calendar, suspensions)
    shown = rule
    if rule.flag("none") and floor:
        # Nothing is owed by the agency's own text, yet the higher norm must be able to close.
        shown = next(each.rule for each in row.floors if each.rule.id == floor["id"])
    closes = (*shown.refs("then"), *shown.refs("or"))
    dates = [each for each in (due.on, floor and date.fromisoformat(floor["due"])) if each]
    return Owed(
        rule=rule.id,
        topic=rule.topic,
        pack=rule.origin.pack,
        version=chain.version_of(rule),
        then=tuple(dict.fromkeys(ref.act for ref in shown.refs("then"))),
        closes=closes,
        within=rule.body.get("within"),
        unit=rule.unit,
        due=due.on,
        due_at=due.at,
        provisional=due.provisional,
        floor=floor,
        light_due=min(dates, default=None),
        by=shown.text_of("by"),
        channel=row.slot[0],
        to=row.slot[1],
        per=shown.text_of("per"),
        party=(scene.party,) if scene.party and shown.text_of("per") == "party" else (),
        awaited=shown.text_of("by").startswith("body/"),
        source=rule.source,
        text=rule.text,
        confirmed=chain.confirmed(rule),
        displaced=row.displaced,
        fallback=row.distance > chain.own_distance,
        unknown=tuple(sorted(row.unknown | due.unknown)),
        how={**due.how, "facts": _facts(row.used, scene), "floor": floor},
        none=rule.flag("none"),
    )


def _facts(names: frozenset[str], scene: Scene) -> dict[str, Any]:
    held = {name: scene.fact(name) for name in sorted(names)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in held.items()
        if value is not None
    }


def _floor(
    chain: Chain,
    row: EffectiveAct,
    due: Due,
    scene: Scene,
    calendar: Calendar,
    suspensions: Sequence[Suspension],
) -> dict[str, Any] | None:
    """The earliest date of a higher norm, where it ends before the rule's own (or that has
    none).
    """
    first: dict[str, Any] | None = None
    for each in row.floors:
        rule = each.rule
        end = due_of(rule, scene, calendar, chain.version_of(rule), suspensions)
        if (
            end.on
            and (due.on is None or end.on < due.on)
            and (first is None or end.on.isoformat() < first["due"])
        ):
            first = {
                "due": end.on.isoformat(),
                "source": rule.source,
                "id": rule.id,
                "pack": rule.origin.pack,
                "text": rule.text,
                "within": rule.body.get("within"),
                "unit": rule.unit,
                "provisional": end.provisional,
                "confirmed": chain.confirmed(rule),
                "how": end.how,
            }
    return first


def merged(per_party: Mapping[str, Sequence[Owed]]) -> list[Owed]:
    """Rows of several parties as one where they are identical; `party` () = every party."""
    if len(per_party) == 1:
        return list(next(iter(per_party.values())))
    found: dict[str, tuple[Owed, list[str]]] = {}
    for party, rows in per_party.items():
        for row in rows:
            key = fingerprint(asdict(replace(row, how={})))
            found.setdefault(key, (row, []))[1].append(party)
    everyone = len(per_party)
    return [
        row if row.party or len(parties) == everyone else replace(row, party=tuple(parties))
        for row, parties in found.values()
    ]
