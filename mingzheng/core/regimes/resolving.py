"""From an act and its facts to the duties or terms that stand, topic by topic."""

from collections.abc import Iterable
from typing import Protocol

from mingzheng.core.regimes.conditions import Verdict, all_of, judge
from mingzheng.core.regimes.scene import Rulebook, Scene
from mingzheng.core.regimes.shapes import Rule
from mingzheng.core.regimes.standing import Candidate, EffectiveAct, stand


class Chain(Rulebook, Protocol):
    """A regime as resolving needs it."""

    own_distance: int

    def distance(self, rule: Rule) -> int: ...
    def displacers(self, id: str) -> list[Rule]: ...
    def opened_by(self, table: str, act: str) -> list[Rule]: ...
    def version_of(self, rule: Rule) -> str: ...
    def confirmed(self, rule: Rule) -> bool: ...


def resolve(chain: Chain, table: str, scene: Scene) -> list[EffectiveAct]:
    """Standing rules of this table for the scene, and unknown floors as rows of their own."""
    groups: dict[str, list[Candidate]] = {}
    for rule in chain.opened_by(table, scene.act):
        if scene.live(rule):
            verdict = scene.opens(rule, "after")
            if verdict.value is not False:
                groups.setdefault(rule.topic, []).append(
                    Candidate(rule, chain.distance(rule), verdict)
                )
    return [row for group in groups.values() for row in _resolve_topic(chain, group, scene)]


def _resolve_topic(chain: Chain, group: list[Candidate], scene: Scene) -> list[EffectiveAct]:
    rows = stand(group, displacing(chain, [each.rule for each in group], scene))
    shown = {(row.rule.id, row.slot) for row in rows}
    for row in list(rows):
        # A floor that may or may not hold isn't a floor yet: it is listed with what it waits for.
        for each in row.floors:
            if (
                each.verdict.value is None
                and (each.rule.id, row.slot) not in shown
                and (each.rule.id, ("", "")) not in shown
            ):
                shown.add((each.rule.id, row.slot))
                rows.append(
                    EffectiveAct(
                        each.rule, row.slot, each.distance, each.verdict.used, each.verdict.unknown
                    )
                )
        row.floors = [each for each in row.floors if each.verdict.value]
    return rows


def displacing(
    chain: Chain, rules: Iterable[Rule], scene: Scene
) -> dict[str, list[tuple[Rule, Verdict]]]:
    """Rule id → rules that displace it here (or may, as far as is known), with the answer."""
    found: dict[str, list[tuple[Rule, Verdict]]] = {}
    for rule in rules:
        for other in chain.displacers(rule.id):
            verdict = judge(other.when, scene)
            if scene.act in {ref.act for ref in other.refs("after")}:
                verdict = all_of([verdict, scene.fits(other.refs("after"))])
            if scene.live(other) and verdict.value is not False:
                found.setdefault(rule.id, []).append((other, verdict))
    return found
