"""A regime: the chain of packs an agency lives under, and every question it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from mingzheng.core.regimes import answers, inventory
from mingzheng.core.regimes.dues import recount
from mingzheng.core.regimes.duties import merged, owed_in
from mingzheng.core.regimes.explaining import explain
from mingzheng.core.regimes.faults import BadFacts, hint
from mingzheng.core.regimes.gates import GateKeeper, OpenGate, gates_before
from mingzheng.core.regimes.lists import list_rows, row_words
from mingzheng.core.regimes.majority import major_of
from mingzheng.core.regimes.reading import fingerprint
from mingzheng.core.regimes.resolving import resolve
from mingzheng.core.regimes.scene import Facts, Scene, read_facts
from mingzheng.core.regimes.shapes import Pack, Rule
from mingzheng.core.regimes.stories import History
from mingzheng.core.regimes.terms import merged_terms, terms_in
from mingzheng.core.regimes.vocabulary import FactKind, Vocabulary, fact_kind
from mingzheng.core.workdays import Calendar, Suspension


@dataclass(frozen=True)
class Retimed:
    """A due date counted again: (due, provisional, how)."""

    due: date | None
    provisional: bool
    how: Mapping[str, Any]


class Regime:
    """Made by Library.regime(). Facts are plain values: yuan for money, ISO text or date for
    days; what is missing is unknown and never makes false. Bad input raises BadFacts."""

    def __init__(self, chain: Sequence[Pack], words: Vocabulary, asked: int = 0) -> None:
        """`asked`: how many internal packs stand before the pack that was asked for."""
        self.chain = tuple(chain)
        own = self.chain[asked]
        self.id, self.title, self.agency = own.id, own.title, own.agency
        # Internal packs complete the agency's own text: what stands there is no fallback.
        self.own_distance = next(
            (
                n
                for n, pack in enumerate(self.chain)
                if n >= asked and pack.rank != "internal" and pack.agency
            ),
            asked,
        )
        self.pack_versions = {pack.id: pack.version for pack in self.chain}
        self.version = fingerprint([[pack.id, pack.version] for pack in self.chain])
        self._distance = {pack.id: n for n, pack in enumerate(self.chain)}
        self._rules: dict[str, list[Rule]] = {}
        self._opened: dict[tuple[str, str], list[Rule]] = {}
        self._displacers: dict[str, list[Rule]] = {}
        self._listed: dict[str, dict[str, None]] = {}
        for rule in (rule for pack in self.chain for rule in pack.rules):
            self._index(rule)
        self.words = words.with_facts(
            {rule.id: fact_kind(rule.id, rule.body) for rule in self.rules("fact")}
        )
        self._choices = {str(rule.body["at"]): rule for rule in reversed(self.rules("choice"))}

    def _index(self, rule: Rule) -> None:
        self._rules.setdefault(rule.table, []).append(rule)
        for act in dict.fromkeys(ref.act for ref in rule.refs("after")):
            self._opened.setdefault((rule.table, act), []).append(rule)
        for id in rule.texts_of("displaces"):
            self._displacers.setdefault(id, []).append(rule)
        for row in rule.body["rows"] if rule.table == "list" else ():
            for act in {row.get("act"), *(row.get("acts") or ())} - {None}:
                self._listed.setdefault(str(act), {})[rule.id] = None

    # What resolving asks of a regime.
    def rules(self, table: str) -> list[Rule]:
        """Rules of one table, nearest pack first."""
        return self._rules.get(table, [])

    def distance(self, rule: Rule) -> int:
        return self._distance[rule.origin.pack]

    def displacers(self, id: str) -> list[Rule]:
        return self._displacers.get(id, [])

    def lists_about(self, act: str) -> list[str]:
        """The lists of which a row speaks of this act, nearest pack first."""
        return list(self._listed.get(act, ()))

    def opened_by(self, table: str, act: str) -> list[Rule]:
        return self._opened.get((table, act), [])

    def version_of(self, rule: Rule) -> str:
        return self.pack_versions[rule.origin.pack]

    def reading(self, at: str) -> str:
        """The reading of a defect that is followed: chosen by the agency, else the default."""
        if at in self._choices:
            return self._choices[at].text_of("is")
        held = next((rule for rule in self.rules("defect") if rule.body.get("at") == at), None)
        return held.text_of("default") if held else ""

    def choice(self, at: str) -> Rule | None:
        """The agency's own choice about a reading, a topic, a rule or a role."""
        return self._choices.get(at)

    def list_words(self, list_id: str, scene: Scene) -> frozenset[str]:
        return row_words(list_rows(self, list_id, scene).rows)

    def confirmed(self, rule: Rule) -> bool:
        """By the pack itself, or by the agency's own choice."""
        return rule.confirmed or rule.id in self._choices

    def stands(self, rule: Rule, scene: Scene) -> bool:
        """Whether this duty is the one that stands in its slot."""
        return any(row.rule is rule for row in resolve(self, "duty", scene))

    # Questions.
    def scenes(self, act: str, on: date, facts: Facts) -> dict[str, Scene]:
        """One scene per party ("" where none is named). Raises BadFacts."""
        if act and act not in self.words.acts:
            raise BadFacts(f"不认识的行为“{act}”{hint(act, self.words.acts)}")
        held, _ = read_facts(facts, self.words)
        parties = held.pop("parties", None)
        if not parties:
            return {"": Scene(self, act, on, held)}
        held["parties"] = parties
        return {each["id"]: Scene(self, act, on, {**held, **each}, each["id"]) for each in parties}

    def explain(
        self, act: str, on: date, facts: Facts, calendar: Calendar | None = None
    ) -> dict[str, Any]:
        """The JSON of `mingzheng law explain`: gates, duties, major, terms, notes and the rest."""
        return explain(self, act, on, facts, calendar or Calendar.shipped())

    def gates(self, act: str, on: date, facts: Facts) -> list[OpenGate]:
        """Gates before the act that hold or may hold, for any of the parties."""
        found: dict[str, OpenGate] = {}
        for scene in self.scenes(act, on, facts).values():
            for gate in gates_before(self, scene):
                held = found.get(gate.rule.id)
                if held is None or held.verdict.value is None:
                    found[gate.rule.id] = gate
        return list(found.values())

    def refusals(
        self,
        act: str,
        on: date,
        facts: Facts,
        history: History,
        calendar: Calendar,
        attrs: Mapping[str, object] | None = None,
    ) -> list[answers.Refusal]:
        """Every gate that refuses the act: not met, or not known to be inapplicable. attrs: the
        acting person and the like, e.g. {"person": 7, "handler": (11, 12)}."""
        known = {"holds": history.kinds(), **facts}
        refused: dict[str, answers.Refusal] = {}
        for scene in self.scenes(act, on, known).values():
            keeper = GateKeeper(
                scene, history, calendar, attrs or {}, lambda id, asked: list_rows(self, id, asked)
            )
            for gate in gates_before(self, scene):
                refusal = keeper.refusal(gate)
                if refusal and (gate.rule.id not in refused or not refusal.unknown):
                    refused[gate.rule.id] = refusal
        return [*self._out_of_scope(known), *refused.values()]

    def _out_of_scope(self, facts: Facts) -> list[answers.Refusal]:
        allowed, source = self.allows(str(facts.get("kind") or ""))
        if allowed:
            return []
        kind = self.words.facts["kind"].choices.get(str(facts["kind"]), str(facts["kind"]))
        return [answers.Refusal("scope", "scope", self.id, source, f"本机关无权实施{kind}")]

    def owed(
        self,
        act: str,
        on: date,
        facts: Facts,
        calendar: Calendar,
        suspensions: Sequence[Suspension] = (),
    ) -> list[answers.Owed]:
        """Duties the act sets off, party by party, identical ones merged."""
        if not self.allows(str(facts.get("kind") or ""))[0]:
            return []
        return merged(
            {
                party: owed_in(self, scene, calendar, suspensions)
                for party, scene in self.scenes(act, on, facts).items()
            }
        )

    def terms(
        self, act: str, on: date, facts: Facts, calendar: Calendar
    ) -> list[answers.TermAnswer]:
        """Terms the act sets off, party by party, identical ones merged."""
        return merged_terms(
            {
                party: terms_in(self, scene, calendar)
                for party, scene in self.scenes(act, on, facts).items()
            }
        )

    def retime(
        self,
        how: Mapping[str, Any],
        suspensions: Sequence[Any],
        extensions: Sequence[Mapping[str, Any]],
        calendar: Calendar,
    ) -> Retimed:
        """Count a stored duty again. suspensions: Suspension or {from, until, why}, until None =
        still standing (no due date); extensions: {by, unit, why} or {until, why}."""
        due = recount(how, suspensions, extensions, calendar)
        return Retimed(due.on, due.provisional, due.how)

    def major(self, on: date, facts: Facts) -> answers.Major:
        """Whether the matter is major: if it is for any party."""
        return major_of(list(self.scenes("", on, facts).values()))

    def holds(self, condition: str, on: date, facts: Facts) -> bool | None:
        """Any named condition; None = unknown facts would decide."""
        found = [scene.condition(condition).value for scene in self.scenes("", on, facts).values()]
        return True if True in found else None if None in found else False

    def route(self, id: str, on: date, facts: Facts) -> answers.Route | None:
        """Who approves, by the nearest pack whose route of this id holds; None if there is none."""
        return inventory.route(self, id, next(iter(self.scenes("", on, facts).values())))

    def rows(self, list_id: str, on: date, facts: Facts) -> answers.ListAnswer:
        """A list merged for these facts; empty rows for an id no pack defines."""
        return list_rows(self, list_id, next(iter(self.scenes("", on, facts).values())))

    def undone_by(
        self, act: str, on: date | None = None, facts: Facts | None = None
    ) -> list[answers.UndoAnswer]:
        """Undos an act sets off. Without facts every `when` that isn't empty is unknown."""
        scene = next(iter(self.scenes(act, on or date.max, facts or {}).values()))
        found = []
        for rule in self.rules("undo"):
            verdict = scene.opens(rule, "act")
            if verdict.value is not False and (on is None or scene.live(rule)):
                found.append(
                    answers.UndoAnswer(
                        rule.id,
                        rule.refs("undoes"),
                        rule.source,
                        rule.origin.pack,
                        rule.text,
                        verdict.value,
                        tuple(sorted(verdict.unknown)),
                    )
                )
        return found

    def allows(self, kind: str) -> tuple[bool, str]:
        """(whether the agency may act in matters of this kind, source). An unknown kind may be."""
        scope = next((pack.scope for pack in self.chain if pack.scope), None)
        if scope is None or kind in self.words.facts["kind"].affairs:
            return True, ""
        return not kind or scope.open or kind in scope.kinds, scope.source

    def suspensions(self, topic: str) -> list[answers.SuspensionRule]:
        return inventory.suspensions(self, topic)

    def extensions(
        self, topic: str, on: date | None = None, facts: Facts | None = None
    ) -> list[answers.ExtensionRule]:
        """How a limit may be extended; with facts only what may apply to them."""
        scene = next(iter(self.scenes("", on or date.max, facts).values())) if facts else None
        return inventory.extensions(self, topic, scene)

    def facts_asked(self) -> list[FactKind]:
        """The agency's own facts, to be asked on its forms."""
        return [self.words.facts[rule.id] for rule in self.rules("fact")]

    def unset(self) -> list[answers.UnsetAnswer]:
        return list(self._unset)

    @cached_property
    def _unset(self) -> list[answers.UnsetAnswer]:
        # Each topic is looked for in every table: asked often, answered once.
        return inventory.unset(self)

    def defects(self) -> list[answers.DefectAnswer]:
        return inventory.defects(self)

    def unconfirmed(self) -> list[Rule]:
        """Rules nobody has confirmed yet, by the pack or by the agency's choice."""
        return [
            rule for rules in self._rules.values() for rule in rules if not self.confirmed(rule)
        ]
