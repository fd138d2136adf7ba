"""One case page made of what the record, its duties and its papers say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from mingzheng.agencies.team import valid_number
from mingzheng.cases.acts.mistakes import of_another_kind
from mingzheng.core import clock, regimes
from mingzheng.core.regimes import vocabulary
from mingzheng.core.steps import Procedure, Step
from mingzheng.procedures import registry, roles
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.situation import Matter
from mingzheng.records import duties as duty_lights
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Duty, Record
from mingzheng.records.refusal import Ground
from mingzheng.records.seal.reading import seals
from mingzheng.records.words import act_name, role_name

# Acts that belong to another line of the timeline and would only repeat it.
QUIET = (
    "document.issued",
    "document.rendered",
    "publication.sealed",
    "evidence.stored",
    "officer.assigned",
)


@dataclass
class Line:
    """One line of the 大事记."""

    act: Act
    name: str
    who: str
    note: str
    late: str
    documents: list[Any] = field(default_factory=list)
    files: list[Any] = field(default_factory=list)
    voided: bool = False
    voidable: bool = False
    seal: Any = None


@dataclass
class Offer:
    """A step this identity may take: ready, or refused with its grounds."""

    step: Step
    grounds: list[Ground] = field(default_factory=list)
    done: bool = False


@dataclass
class Stage:
    """A station of the rail."""

    name: str
    state: str
    on: datetime | None = None


def timeline(matter: Matter, by: Actor) -> list[Line]:
    """Every act, newest first, with the papers and files it left."""
    record = matter.record
    acts = list(Act.objects.filter(record=record).select_related("content").order_by("-pk"))
    voided = {row.act for row in matter.holdings if not row.stands}
    papers: dict[int, list[Any]] = {}
    of = record.documents.annotate(
        under=F("act__subject"), used=F("made_before__used_by"), waits_for=F("made_before__step")
    )
    for paper in of.order_by("pk"):
        # One that was made beforehand stands where it was made and where it was used.
        for act_id in (paper.under or paper.act_id, paper.used):
            if act_id:
                papers.setdefault(int(act_id), []).append(paper)
    files: dict[int, list[Any]] = {}
    for row in record.attachments.select_related("blob").order_by("pk"):
        files.setdefault(row.act_id, []).append(row)
    out, own, sealed = [], roles.own(by, matter), seals(act.pk for act in acts)
    for act in acts:
        # A paper that was made beforehand has a line of its own.
        if act.kind in QUIET and not (act.kind == "document.issued" and not act.subject):
            continue
        said = json.loads(act.content.body) if hasattr(act, "content") else {}
        out.append(
            Line(
                act=act,
                seal=sealed[act.pk],
                name=_name(record, act, said),
                who=said.get("by", {}).get("name", "系统"),
                note=_note(act, said),
                late=said.get("late_reason", ""),
                documents=papers.get(act.pk, []),
                files=files.get(act.pk, []),
                voided=act.pk in voided,
                voidable=own
                and act is not acts[-1]
                and act.pk not in voided
                and act.actor_id != by.person_id
                and not of_another_kind(act),
            )
        )
    return out


def came_back(lines: list[Line]) -> Line | None:
    """The reviewers' return that has not been answered by submitting anew."""
    for line in lines:
        if not line.voided and line.act.kind in ("review.returned", "review.submitted"):
            return line if line.act.kind == "review.returned" else None
    return None


def unserved(matter: Matter, lines: Iterable[Line], by: Actor) -> list[Any]:
    """The papers of a timeline that were made beforehand and not handed over yet; each `waits_for` a
    step that this identity may take.
    """
    papers = [paper for line in lines for paper in line.documents]
    left = [each for each in papers if each.waits_for and not each.used and not each.voided_by_id]
    rows = [(each, registry.step_of(matter.record, each.waits_for)) for each in left]
    for each, row in rows:
        # Where the matter has moved on, the paper can only be registered as void.
        each.too_late = row is None or matter.record.state not in row.from_states
    return [each for each, row in rows if row and roles.may(by, matter, row)]


def _name(record: Record, act: Act, said: dict[str, Any]) -> str:
    """The act's name; an approval says what was approved."""
    name = act_name(act.kind, act.of)
    if act.kind == "case.opened" and record.kind != "penalty":
        own = registry.procedure(record.procedure).name_of(act.kind)
        return "依职权启动" if own == act.kind else own
    if act.kind not in (
        "approval.requested",
        "approval.given",
        "approval.refused",
        "step.returned",
    ):
        return name
    key = said.get("payload", {}).get("step") or said.get("step") or act.of
    word = {
        "approval.requested": "报批",
        "approval.given": "审批同意",
        "approval.refused": "审批不同意",
        "step.returned": "撤回报批" if said.get("withdrawn") else "退回",
    }[act.kind]
    return f"{word}：{registry.procedure(record.procedure).name_of(key)}"


def _note(act: Act, said: dict[str, Any]) -> str:
    if not said:
        return "内容已依法销毁，封存记录仍在"
    for name in ("opinion", "reason", "conclusion", "text", "note"):
        if said.get(name):
            text = vocabulary().qualifier(str(said[name]).strip().splitlines()[0])
            return text if len(text) <= 60 else text[:60] + "……"
    return ""


def offers(matter: Matter, by: Actor) -> list[Offer]:
    """What this identity may do now, in the order of the table, with what is missing for each."""
    record = matter.record
    if record.procedure == "" or not roles.own(by, matter):
        return []
    return [
        Offer(step, matter.missing(step, by.person_id), step.key in matter.standing)
        for step in registry.procedure(record.procedure).open_from(record.state)
        if roles.may(by, matter, step) and step.offered(matter.standing)
    ]


def split(matter: Matter, found: list[Offer]) -> tuple[Offer | None, Offer | None]:
    """(the next step to take, the main step that is still refused)."""
    major = matter.major.is_ if found else None
    mains = [
        offer
        for offer in found
        if offer.step.main
        and not offer.done
        and (offer.step.act != "review.submitted" or major is True)
    ]
    back = next(
        (offer for offer in found if offer.step.act == "testing.reported" and not offer.grounds),
        None,
    )
    if matter.record.paused and back:
        return back, None
    urgent = _first_due(matter)
    # What the reviewers sent back comes before everything that the matter could do without them.
    back_from_review = {"review.returned", "review.refused"} & matter.standing
    mains.sort(
        key=lambda offer: (
            not (back_from_review and offer.step.act == "review.submitted"),
            urgent.get(offer.step.act, 99),
        )
    )
    ready = next((offer for offer in mains if not offer.grounds), None)
    refused = next((offer for offer in mains if offer.grounds), None)
    if refused and (ready is None or mains.index(refused) < mains.index(ready)):
        supplied = {ground.supply for ground in refused.grounds}
        kinds = {each.split(":")[0] for each in supplied}
        helping = next(
            (offer for offer in found if not offer.grounds and offer.step.key in supplied), None
        ) or next((offer for offer in found if not offer.grounds and offer.step.act in kinds), None)
        # Closing the matter is no next step while its own road is still ahead.
        return helping or (None if ready and ready.step.act == "case.closed" else ready), refused
    return ready, refused if ready is None else None


def _first_due(matter: Matter) -> dict[str, int]:
    out: dict[str, int] = {}
    dated = [(duty.light_due, duty) for duty in matter.open_duties if duty.light_due]
    for index, (_, duty) in enumerate(sorted(dated, key=lambda pair: pair[0])):
        for kind in duty.then:
            acts = [kind.split(":")[0]]
            if kind == "publication.published":
                acts = ["publication.proposed", "publication.approved", "publication.published"]
            for act in acts:
                out.setdefault(act, index)
    return out


def rail(matter: Matter) -> list[Stage]:
    """The stations: done, current, or still to come, each with its last day."""
    record = matter.record
    procedure: Procedure = registry.procedure(record.procedure)
    # A station is done when its last main step stands; a step that moves the matter on counts in
    # any variant.
    closing = {step.stage: step for step in procedure.steps if step.main}
    last: dict[str, datetime] = {}
    for row in matter.holdings:
        for stage, step in closing.items():
            if row.stands and step.act == row.kind and (step.to or step.of in ("", row.of)):
                last[stage] = row.happened_at
    asked = [stage for stage in procedure.stages if stage in closing]
    major = matter.major.is_
    stations = [stage for stage in asked if stage != "审核" or major or "审核" in last]
    # What is over (merged, declined) stops nowhere on the road but where something is still to be
    # done.
    left = {step.stage for step in procedure.open_from(record.state) if step.main}
    ahead = [stage for stage in stations if stage not in last]
    here = next((stage for stage in ahead if stage in left), None)
    if here is None and ahead and not procedure.state(record.state).final:
        here = ahead[0]
    return [
        Stage(stage, "done" if stage in last else "cur" if stage == here else "", last.get(stage))
        for stage in stations
    ]


def deadlines(matter: Matter) -> list[dict[str, Any]]:
    """The record's duties, open ones first by nearest day, each with its light."""
    rows = [duty for duty in matter.duties if duty.state != Duty.VOID]
    rows.sort(
        key=lambda duty: (
            duty.state != Duty.OPEN,
            duty.light_due or clock.today().replace(year=9999),
            duty.pk,
        )
    )
    words = matter.rules.regime.words if matter.rules.regime else None
    return [
        {
            "duty": duty,
            "light": duty_lights.light(duty, calendar=matter.calendar),
            "how": regimes.said(duty.how, words) if duty.how else [],
        }
        for duty in rows
    ]


def people(matter: Matter) -> list[dict[str, Any]]:
    """Handlers with the state of their certificates today."""
    out = []
    for row in matter.team.handlers:
        number = valid_number(
            matter.certificates, row.person_id, matter.record.agency_id, matter.record.kind
        )
        out.append({"name": row.name, "certificate": number, "valid": bool(number)})
    return out


def proposals(matter: Matter) -> list[Proposal]:
    """Whatever was proposed in this matter, oldest first."""
    found = list(Proposal.objects.filter(record=matter.record).order_by("pk"))
    for each in found:
        each.record = matter.record
    return found


def waiting(matter: Matter, found: Iterable[Proposal], by: Actor) -> list[dict[str, Any]]:
    """Open proposals: what is proposed, whose turn it is, and whether it is this identity's."""
    return [
        {
            "proposal": each,
            "role": role_name(roles.at(each)),
            "mine": roles.may_approve(by, each, matter.team),
            "own": each.proposer_id == by.person_id,
        }
        for each in found
        if each.state == Proposal.OPEN
    ]


def by_stage(found: Iterable[Offer]) -> list[tuple[str, list[Offer]]]:
    """The offered steps grouped by station, for the menu of everything else."""
    out: dict[str, list[Offer]] = {}
    for offer in found:
        out.setdefault(offer.step.stage, []).append(offer)
    return list(out.items())


def majority(matter: Matter) -> dict[str, Any]:
    """Whether the decision is major and why."""
    found = matter.major
    return {"is": found.is_, "because": [row.get("source", "") for row in found.because]}
