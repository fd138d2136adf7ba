"""What a regime holds apart from duties and gates: routes, pauses, extensions, gaps, defects."""

from collections.abc import Mapping
from typing import Any, Protocol

from mingzheng.core.regimes.answers import (
    DefectAnswer,
    ExtensionRule,
    Route,
    Step,
    SuspensionRule,
    UnsetAnswer,
)
from mingzheng.core.regimes.conditions import judge
from mingzheng.core.regimes.resolving import Chain
from mingzheng.core.regimes.scene import Scene
from mingzheng.core.regimes.shapes import Rule, act_refs


class Choosing(Chain, Protocol):
    """A regime that knows the agency's own choices."""

    def choice(self, at: str) -> Rule | None: ...


def route(chain: Choosing, id: str, scene: Scene) -> Route | None:
    """The nearest route of this id whose `when` holds; one without `when` is the otherwise."""
    unknown: set[str] = set()
    rules = [rule for rule in chain.rules("route") if rule.id == id and scene.live(rule)]
    # Within one pack the conditional routes are asked before the one that always holds.
    for rule in sorted(rules, key=lambda rule: (chain.distance(rule), not rule.when)):
        verdict = judge(rule.when, scene)
        if verdict.value:
            return Route(
                id,
                tuple(_step(step, chain) for step in rule.body["steps"]),
                rule.id,
                rule.origin.pack,
                rule.source,
                chain.confirmed(rule),
                tuple(sorted(unknown)),
            )
        unknown |= verdict.unknown if verdict.value is None else set()
    return None


def _step(step: str | Mapping[str, Any], chain: Choosing) -> Step:
    if isinstance(step, str):
        return Step(role=_bound(step, chain))
    if "meeting" in step:
        return Step(meeting=str(step["meeting"]), does=str(step.get("does", "decide")))
    return Step(
        role=_bound(str(step.get("role", "")), chain), does=str(step.get("does", "approve"))
    )


def _bound(role: str, chain: Choosing) -> str:
    """A role the agency bound to another of its roles by its own choice."""
    choice = chain.choice(f"role:{role}")
    return choice.text_of("is") if choice else role


def suspensions(chain: Chain, topic: str) -> list[SuspensionRule]:
    return [
        SuspensionRule(
            rule.id,
            rule.texts_of("of"),
            rule.refs("from"),
            rule.refs("until"),
            act_refs(rule.body.get("needs", [])),
            rule.text_of("route"),
            rule.source,
            rule.origin.pack,
        )
        for rule in chain.rules("suspension")
        if topic in rule.texts_of("of")
    ]


def extensions(chain: Chain, topic: str, scene: Scene | None = None) -> list[ExtensionRule]:
    """Extensions of a topic; with a scene only those that may hold there."""
    return [
        ExtensionRule(
            rule.id,
            rule.texts_of("of"),
            rule.body["by"],
            rule.unit,
            rule.body.get("times", 1),
            rule.text_of("route"),
            act_refs(rule.body.get("needs", [])),
            rule.source,
            rule.origin.pack,
        )
        for rule in chain.rules("extension")
        if topic in rule.texts_of("of")
        and (scene is None or judge(rule.when, scene).value is not False)
    ]


def unset(chain: Choosing) -> list[UnsetAnswer]:
    """Topics the texts leave open, and the nearer pack that fills each."""
    found = []
    for rule in chain.rules("unset"):
        nearer = [
            other
            for table in ("duty", "term", "gate", "list", "route")
            for other in chain.rules(table)
            if rule.topic in (other.topic, other.id)
            and chain.distance(other) < chain.distance(rule)
        ]
        choice = chain.choice(rule.topic)
        filled = nearer[0].origin.pack if nearer else choice.origin.pack if choice else ""
        found.append(
            UnsetAnswer(
                rule.topic,
                rule.text_of("refers_to"),
                rule.source,
                rule.origin.pack,
                filled,
                tuple(ref.act for ref in rule.refs("after")),
                rule.texts_of("channels"),
            )
        )
    return found


def defects(chain: Choosing) -> list[DefectAnswer]:
    """Defects of the texts with the reading that is followed, and who chose it."""
    found = []
    for rule in chain.rules("defect"):
        at = str(rule.body["at"])
        choice = chain.choice(at)
        reading = choice.text_of("is") if choice else rule.text_of("default")
        found.append(
            DefectAnswer(
                at,
                rule.text,
                rule.texts_of("readings"),
                reading,
                choice.text_of("by") if choice else "",
                rule.source,
                rule.origin.pack,
            )
        )
    return found
