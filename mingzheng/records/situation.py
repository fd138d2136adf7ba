"""What a rule is asked about, read once: rules, history, duties and facts of one record at one
moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from mingzheng.core.clock import now, today
from mingzheng.core.regimes import History, Major, Owed, Refusal, Regime, Route
from mingzheng.core.regimes.answers import ListAnswer
from mingzheng.core.steps import Step
from mingzheng.core.workdays import Calendar
from mingzheng.records import law
from mingzheng.records.law import Holding, Rules
from mingzheng.records.models import Act, Duty, EffectiveAct, Record
from mingzheng.records.refusal import Ground, Refused
from mingzheng.records.words import unit_name

Facts = Mapping[str, Any]


class Situation:
    """A record as it stands at one moment. Each thing is read when it is first asked for and then
    held; nothing here outlives the request, or the act that was judged by it.

    A floor that knows more (what a matter's own tables say, who handles it) extends it.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.head = record.head

    @property
    def stale(self) -> bool:
        """Whether an act was appended since: whoever acts next has to read anew."""
        return self.head != self.record.head

    def after(self, act: Act, standing: EffectiveAct, voided: Sequence[EffectiveAct]) -> Situation:
        """The situation that `act` has just made of this one: what it undid stands no more, and
        the duties that only those acts had opened are void.
        """
        gone = {row.pk for row in voided}
        made = Situation(self.record)
        row = Holding(
            standing.pk,
            act.pk,
            act.kind,
            act.of,
            act.subject,
            act.happened_at,
            standing.attrs,
            act.to_state,
            None,
            None,
            None,
        )
        held = [
            each._replace(voided_by=act.pk, voiding=act.kind, voiding_of=act.of)
            if each.pk in gone
            else each
            for each in self.holdings
        ]
        opened_by = {row.act_id for row in voided}
        made.rules = self.rules
        made.holdings = tuple(sorted([*held, row], key=lambda each: (each.happened_at, each.act)))
        made.open_duties = [duty for duty in self.open_duties if duty.opened_by_id not in opened_by]
        return made

    # What is read.
    @cached_property
    def rules(self) -> Rules:
        """The rules in force now and their calendar."""
        return law.rules(self.record)

    @cached_property
    def holdings(self) -> tuple[Holding, ...]:
        """Every act, also those that stand no more, in the order in which they happened."""
        return law.holdings(self.record)

    @cached_property
    def duties(self) -> list[Duty]:
        """Every duty that was ever opened, in the order of opening."""
        rows = list(Duty.objects.filter(record=self.record).order_by("pk"))
        for duty in rows:
            duty.record = self.record
        return rows

    @cached_property
    def open_duties(self) -> list[Duty]:
        """What is owed now."""
        if "duties" in self.__dict__:  # all of them are in hand
            return [duty for duty in self.duties if duty.state == Duty.OPEN]
        rows = list(Duty.objects.filter(record=self.record, state=Duty.OPEN).order_by("pk"))
        for duty in rows:
            duty.record = self.record
        return rows

    @cached_property
    def facts(self) -> Facts:
        """What rules may know of the matter beside its acts; a floor above knows where it
        stands.
        """
        return {}

    # What follows from it.
    @property
    def regime(self) -> Regime:
        """The rules that judge this record; Refused where no pack governs it."""
        return self.rules.regime or law.regime(self.record)

    @property
    def calendar(self) -> Calendar:
        """The days that count."""
        return self.rules.calendar

    @cached_property
    def history(self) -> History:
        """The acts that still stand, as rules read them."""
        return law.story_of(self.holdings)

    @cached_property
    def standing(self) -> frozenset[str]:
        """What still stands as "kind" and "kind:of"."""
        rows = [row for row in self.holdings if row.stands]
        return frozenset(
            {row.kind for row in rows} | {f"{row.kind}:{row.of}" for row in rows if row.of}
        )

    @property
    def moved_at(self) -> datetime | None:
        """When an act last moved the matter on, whether or not that act still stands."""
        return max((row.happened_at for row in self.holdings if row.moved_to), default=None)

    # What rules answer.
    def missing(self, step: Step, person: int) -> list[Ground]:
        """What this person would still be refused for if he took the step now, approvals of its
        route assumed.
        """
        return self.refusals(
            step.act,
            step.of,
            now(),
            attrs={"person": person},
            assuming=[("approval.given", step.route)] if step.route else (),
        )

    def refusals(
        self,
        kind: str,
        of: str,
        happened: datetime,
        facts: Facts | None = None,
        attrs: Facts | None = None,
        assuming: Sequence[tuple[str, str]] = (),
    ) -> list[Ground]:
        """Every gate that would refuse this act, in Chinese, with its article.

        `assuming` asks what would still be missing after those acts; it never lets an act
        through.
        """
        regime = self.rules.regime
        if regime is None:
            return []
        facts, attrs, on = self.facts if facts is None else facts, attrs or {}, happened.date()
        history = law.story_of(self.holdings, assuming, on) if assuming else self.history
        found = regime.refusals(
            kind, on, law.asked(of, facts), history, self.calendar, attrs=dict(attrs)
        )
        grounds = [_ground(regime, item) for item in found if not item.soft]
        if kind == "period.suspended":
            return grounds + self._unfounded_pause(regime, kind, of)
        if kind == "limit.extended":
            return grounds + self._unfounded_extension(regime, of, attrs, facts)
        return grounds

    def gates_held(
        self, kind: str, of: str, happened: datetime, facts: Facts, attrs: Facts
    ) -> list[str]:
        """The ids of the gates that the act was held to; Refused with every one that refuses."""
        grounds = self.refusals(kind, of, happened, facts, attrs)
        if grounds:
            raise Refused("缺少下列条件，现在不能办理", tuple(grounds))
        if self.rules.regime is None:
            return []
        gates = self.rules.regime.gates(kind, happened.date(), law.asked(of, facts))
        return [gate.rule.id for gate in gates]

    def owed(self, kind: str, of: str, facts: Facts | None = None) -> list[Owed]:
        """What the act would set off if it were done today."""
        given = self.facts if facts is None else facts
        more = {"of": of} if of else {}
        found = self.regime.owed(kind, today(), {**given, **more}, self.calendar)
        return [owed for owed in found if not owed.none and not owed.unset]

    @cached_property
    def major(self) -> Major:
        """Whether the decision is major today, and why (处罚法58 and the agency's own list)."""
        return self.regime.major(today(), law.asked("", self.facts, self.history))

    def route(self, id: str, facts: Facts | None = None) -> Route | None:
        """Who approves today, in order; None where no route of this id holds."""
        return self.regime.route(id, today(), self.facts if facts is None else facts)

    def rows(self, list_id: str) -> ListAnswer:
        """A list of the pack as it reads for this matter today."""
        return self.regime.rows(list_id, today(), self.facts)

    def _unfounded_pause(self, regime: Regime, kind: str, of: str) -> list[Ground]:
        topics = {duty.topic for duty in self.open_duties}
        if any(
            ref.fits(kind, of)
            for topic in topics
            for rule in regime.suspensions(topic)
            for ref in rule.start
        ):
            return []
        return [
            Ground(
                "采用的规则里没有哪一条写明这类期限可以中止，中止不会改变期限。有法律、法规、"
                "规章依据的，请先由法制机构写进本机关规则包。"
            )
        ]

    def _unfounded_extension(
        self, regime: Regime, topic: str, attrs: Facts, facts: Facts
    ) -> list[Ground]:
        """Why a period may not be extended (again): only as often and as far as a rule says."""
        rules = regime.extensions(topic, today(), law.asked(topic, facts))
        if not rules:
            return [
                Ground(
                    "采用的规则里没有哪一条写明这项期限可以延长。有法律、法规、规章依据的，"
                    "请先由法制机构写进本机关规则包。"
                )
            ]
        given = len(self.extended(topic))
        left = [rule for rule in rules if rule.times == "unlimited" or given < int(rule.times)]
        most = max((rule.by for rule in left if isinstance(rule.by, int)), default=None)
        if (
            left
            and most is not None
            and attrs.get("n")
            and int(attrs["n"]) > most
            and all(rule.by != "as-approved" for rule in left)
        ):
            return [
                Ground(
                    f"这项期限最多延长 {most} {unit_name(left[0].unit)}。",
                    left[0].source,
                    rule=left[0].id,
                    field="days",
                )
            ]
        if left:
            return []
        return [
            Ground(
                f"这项期限只能延长 {rules[0].times} 次，已经延长过 {given} 次。",
                rules[0].source,
                rule=rules[0].id,
            )
        ]

    def extended(self, topic: str) -> list[Holding]:
        """The extensions of a topic that stand."""
        return [
            row
            for row in self.holdings
            if row.stands and row.kind == "limit.extended" and row.of == topic
        ]

    def channels(self) -> list[str]:
        """Where the record is shown to the public now."""
        shown = [row for row in self.holdings if row.stands and row.kind == "publication.published"]
        return sorted({str(row.attrs.get("channel") or "") for row in shown})


def _ground(regime: Regime, item: Refusal) -> Ground:
    return Ground(
        say=item.text or "、".join(m.words for m in item.missing),
        source=item.source,
        missing=tuple(m.words for m in item.missing)
        + tuple(f"尚未填明：{regime.words.fact_name(name)}" for name in item.unknown),
        supply=_supply(item),
        rule=item.gate,
        earliest=item.earliest.isoformat() if item.earliest else "",
    )


def _supply(refusal: Refusal) -> str:
    for missing in refusal.missing:
        if missing.act:
            return f"{missing.act}:{missing.of}" if missing.of else str(missing.act)
    return ""
