"""One step while it is being done: who, on what, with which answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from mingzheng.agencies.models import Agency, Handler
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.core.steps import Step
from mingzheng.documents import acts as document_acts
from mingzheng.documents import kinds
from mingzheng.documents.models import Document, Draft, MadeBefore
from mingzheng.procedures import drafts, presence, registry
from mingzheng.procedures.forms import ActForm
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.situation import Matter
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Blob, Record
from mingzheng.records.refusal import Ground, Refused

_MENDED = "请照文书填写；文书确实要改的，请{}先办“文书作废登记”，再重新制作。"


@dataclass
class StepContext:
    """Handed to a verb: the actor, the locked record, the row of the procedure and the checked
    form.
    """

    by: Actor
    record: Record
    step: Step
    form: ActForm
    read: Matter
    files: Sequence[tuple[Blob, str, str]] = ()
    proposal: Proposal | None = None
    approvals: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    # Only to see the papers, which are made before anybody is served or signs.
    making: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """The form's cleaned answers."""
        return self.form.cleaned_data

    @property
    def happened_at(self) -> datetime:
        """When it happened: as the form says, or now for a step that an approval completes."""
        if self.proposal is None and self.data.get("happened_at"):
            return clock.local(self.data["happened_at"])
        return clock.now()

    @property
    def situation(self) -> Matter:
        """The record as it was read under the lock, and read anew after each act."""
        if self.read.stale:
            self.read = Matter(self.record)
        return self.read

    @property
    def regime(self) -> Regime:
        """The rules that judge this record."""
        return self.situation.regime

    @cached_property
    def agency(self) -> Agency:
        """The agency whose matter it is."""
        return Agency.objects.get(pk=self.record.agency_id)

    @cached_property
    def officers(self) -> list[dict[str, Any]]:
        """The officers that the form names, each with a certificate valid on the day; Refused
        otherwise.
        """
        return presence.officers(self, self.data["officers"])

    @cached_property
    def draft(self) -> Draft:
        """The text in hand, which is to be decided on; Refused when there is none yet."""
        return drafts.in_hand(self)

    @cached_property
    def handlers(self) -> list[int]:
        """Who handled the matter when this step was begun."""
        rows = Handler.objects.filter(record=self.record, until=None)
        return list(rows.values_list("person_id", flat=True))

    def facts(self) -> dict[str, Any]:
        """The matter's facts with those of this form on top; its tables may have changed since the
        step began, so they are read again.
        """
        return {**registry.facts_in(self.situation), **self.form.facts()}

    def append(
        self,
        *,
        content: Mapping[str, Any] | None = None,
        attrs: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
        subject: str = "",
        to_state: str | None = None,
        kind: str = "",
        of: str | None = None,
        files: Sequence[tuple[Blob, str, str]] | None = None,
    ) -> Act:
        """Append this step's act; the record checks gates and settles duties.

        The act says what the form says, and what is given here besides. With `kind` it is another
        act that goes with the step, and says only what is given.
        """
        late = "" if self.proposal else self.data.get("late_reason", "")
        own = not kind
        said = {**(self.form.act_content(self) if own else {}), **(content or {})}
        if self.proposal:
            said |= {
                "proposal": self.proposal.pk,
                "text_hash": self.proposal.text_hash,
                "proposed_by": self.proposal.proposer_id,
                "approvals": list(self.approvals),
            }
        return record_acts.append(
            self.record,
            self.by,
            record_acts.Entry(
                kind=kind or self.step.act,
                of=self.form.qualifier(self.step.of) if of is None else of,
                subject=subject or (self.form.act_subject(self) if own else ""),
                happened_at=self.happened_at,
                late_reason=late,
                facts={**self.facts(), **(facts or {})},
                content=said,
                attrs={**(self.form.act_attrs(self) if own else {}), **(attrs or {})},
                to_state=self.step.to if to_state is None else to_state,
                files=self.files if files is None else files,
            ),
            self.situation,
        )

    def plainly(self) -> Act:
        """Do a step that needs no more than its row and its form say: the act, the end of the
        matter where the form is the last one, the papers.
        """
        act = self.append()
        if self.form.closes:
            record_acts.close(self.record, self.happened_at.date())
        self.leave(act)
        return act

    def leave(self, act: Act, **parts: Any) -> None:
        """Issue every paper that the row of the procedure names."""
        for code in self.step.documents:
            self.issue(act, code, **parts)

    def issue(self, act: Act, code: str, **parts: Any) -> Document:
        """Issue a document under `act`; its body is built by the kind's own builder."""
        kind = kinds.find(code)
        if kind.build is None:
            raise KeyError(f"document kind {code} has no builder")
        return self._issue(act, code, kind.build(self, act, **parts))

    def issue_text(self, act: Act, body: dict[str, Any]) -> Document:
        """Issue the one paper of the row as a text that was drafted before, word for word."""
        (code,) = self.step.documents
        return self._issue(act, code, body)

    @cached_property
    def made_before(self) -> list[MadeBefore]:
        """The papers of this step that were made beforehand."""
        return list(document_acts.made_before(self.record, self.step.key))

    @property
    def served_later(self) -> bool:
        """Whether the paper is older than the day on which it is handed over: it cannot name a day
        that is counted from there.
        """
        return self.making or bool(self.made_before)

    def _taken_up(self, act: Act, code: str, body: dict[str, Any]) -> Document | None:
        """The paper of this kind for this addressee that was made beforehand; Refused where it says
        something else than the answers do now.
        """
        for row in self.made_before:
            made, said = row.document, json.loads(row.document.body)
            if made.kind != code or said.get("to") != body.get("to"):
                continue
            if {**said, "signs": 0} != {**body, "signs": 0}:
                who = registry.takers(self.record, "document.voided")
                raise Refused(
                    f"先制作的《{made.title}》（{made.full_number}）与现在填的不一样，没有办理",
                    (*self._differences(row), Ground(_MENDED.format(who))),
                )
            return document_acts.take_up(row, act)
        return None

    def _differences(self, row: MadeBefore) -> Iterator[Ground]:
        """What is filled in now otherwise than when the paper was made; what the matter itself says
        otherwise, where nothing is.
        """
        then, now = document_acts.answers_of(row), self._for_the_paper()
        fields = [name for name in self.form.fields if then.get(name) != now.get(name)]
        for name in fields if then else ():
            was, label = then.get(name) or "空白", self.form.fields[name].label
            yield Ground(f"“{label}”与文书不同，文书是按“{was}”制作的。")
        if not fields or not then:
            yield Ground("文书制作以后，本案的当事人、案由、承办人或者处理意见变了。")

    def issue_before(self, code: str, body: dict[str, Any]) -> Document:
        """Issue a paper of this step before the step is taken."""
        return document_acts.issue(
            self.record,
            self.by,
            code,
            body,
            None,
            self.regime,
            dict(self.situation.facts),
            self.agency.mark,
            answers=self._for_the_paper(),
        )

    def _for_the_paper(self) -> dict[str, Any]:
        """The answers that a paper is made of, without those about its service."""
        served = {*self.form.later, "happened_at", "late_reason"}
        return {name: value for name, value in self.form.raw().items() if name not in served}

    def _issue(self, act: Act, code: str, body: dict[str, Any]) -> Document:
        if not self.making and (made := self._taken_up(act, code, body)):
            return made
        late = "" if self.proposal else self.data.get("late_reason", "")
        return document_acts.issue(
            self.record, self.by, code, body, act, self.regime, self.facts(), self.agency.mark, late
        )
