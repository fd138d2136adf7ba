"""Who may take a step and who may approve it."""

from __future__ import annotations

from mingzheng.agencies import access
from mingzheng.agencies.models import Certificate, Handler, Person
from mingzheng.agencies.team import Team, valid_number
from mingzheng.core import clock
from mingzheng.core.regimes import vocabulary
from mingzheng.core.steps import Step
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.situation import Matter
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record
from mingzheng.records.refusal import Ground, Refused, refuse
from mingzheng.records.words import role_name


def handles(person_id: int, record: Record) -> bool:
    """Whether this person handles the record now."""
    return Handler.objects.filter(record=record, person=person_id, until=None).exists()


def own(by: Actor, situation: Matter) -> bool:
    """Whether this identity may write here: its own agency's record, or one it was called to; a
    supervisor only reads.
    """
    return situation.record.agency_id == by.agency_id or situation.team.acts(
        by.person_id, clock.today()
    )


def may(by: Actor, situation: Matter, step: Step) -> bool:
    """Whether this identity may take the step; asked for the menu and for the act alike."""
    if situation.record.agency_id != by.agency_id:
        # Called in from another body to stand in: a handler of this one record, and nothing else.
        team = situation.team
        if "joint" in step.by:
            return own(by, situation) and team.was_called_for(by.person_id, "joint")
        return "handler" in step.by and own(by, situation) and team.handles(by.person_id)
    held = usable(by, situation.team)
    for role in step.by:
        if role == "handler":
            if situation.team.handles(by.person_id):
                return True
        elif role == "officer":
            if "handler" in by.roles:
                return True
        elif role in held:
            return True
    return False


def usable(by: Actor, team: Team) -> frozenset[str]:
    """His roles in this matter. What was lent to him falls away where he handles it himself, or
    where whoever lent it handles it or was recused: the law keeps these apart through any chain.
    """
    if not by.lent:
        return by.roles
    tied = access.principals(by)
    barred = any(team.handles(each) or team.excluded(each) for each in tied)
    return by.roles - by.lent if barred else by.roles


class NotHis(Refused):
    """The step is for others: to this identity it is not there."""


def require(by: Actor, situation: Matter, step: Step) -> None:
    """Refused unless this identity may take the step today, with a certificate valid today where
    he enforces.
    """
    record = situation.record
    if not may(by, situation, step):
        who = "、".join(role_name(role) for role in step.by)
        raise NotHis("您不能办理这一步", (Ground(f"“{step.name}”由{who}办理。", step.source),))
    enforcing = record.kind not in vocabulary().facts["kind"].affairs
    if (
        enforcing
        and {"handler", "officer"} & set(step.by)
        and not may_without_certificate(by, step)
        and not valid_number(situation.certificates, by.person_id, by.agency_id, record.kind)
    ):
        raise Refused(
            "您不能办理这一步",
            (
                Ground(
                    why_invalid(by.person_id, by.agency_id, record.kind),
                    "《行政处罚法》第四十二条第一款",
                ),
            ),
        )


def may_without_certificate(by: Actor, step: Step) -> bool:
    """A step that another role may take too needs no enforcement certificate of that role."""
    return bool(set(step.by) & by.roles - {"handler"})


def why_invalid(person_id: int, agency_id: int, kind: str) -> str:
    """Why this person may not enforce today, in Chinese."""
    name = Person.objects.values_list("name", flat=True).get(pk=person_id)
    row = Certificate.objects.filter(person=person_id, agency=agency_id).order_by("-until").first()
    if row is None:
        return f"{name}没有执法证件，不能从事行政执法活动。"
    if row.state != Certificate.VALID:
        return (
            f"{name}的执法证（{row.number}）{Certificate.NAMES[row.state]}，不能从事行政执法活动。"
        )
    if row.until < clock.today():
        return f"{name}的执法证（{row.number}）已于{row.until:%Y年%-m月%-d日}到期，换证前不能从事行政执法活动。"
    return f"{name}的执法证（{row.number}）的执法类别不含这类事项。"


def at(proposal: Proposal) -> str:
    """The role that the proposal waits for."""
    row = proposal.route[proposal.position]
    # A meeting's resolution is entered by the head who chairs it.
    return str(row["role"] or "head")


def waits_for(by: Actor, proposal: Proposal) -> bool:
    """Whether this identity has the role that the proposal waits for."""
    role = at(proposal) if proposal.state == Proposal.OPEN else ""
    if not role or role not in by.roles or proposal.agency_id != by.agency_id:
        return False
    return role != "unit-head" or proposal.record.unit_id in (None, by.unit_id)


def may_approve(by: Actor, proposal: Proposal, team: Team) -> bool:
    """Whether this identity may answer the proposal."""
    return waits_for(by, proposal) and not barred(by, proposal, team)


def barred(by: Actor, proposal: Proposal, team: Team) -> str:
    """Why this identity may never answer this proposal, whatever roles he has; empty when he may.

    A request is that of every member of the case, and nobody decides on his own, nor does whoever
    stands in for him.
    """
    tied = access.principals(by)
    if proposal.proposer_id in tied:
        return "不能审批自己报的事项，代行职务时也不能。请由其他有权的人审批。"
    if any(team.handles(each) for each in tied):
        return "本案的承办人不能审批本案的事项，代行职务时也不能。请由其他有权的人审批。"
    if at(proposal) not in usable(by, team) and at(proposal) in by.lent:
        return "委托您代行的人已经决定回避本案，您不能代他审批。请由其他有权的人审批。"
    return ""


def require_approver(by: Actor, proposal: Proposal, team: Team) -> None:
    """Refused unless it is this identity's turn and the request is not his own, nor of one he
    stands in for.
    """
    if proposal.state != Proposal.OPEN:
        raise refuse(f"这件审批{Proposal.NAMES[proposal.state]}，不用再办。", title="不能再审批")
    if said := barred(by, proposal, team):
        raise refuse(said, title="您不能审批这一件")
    if not waits_for(by, proposal):
        raise refuse(f"这一步由{role_name(at(proposal))}审批。", title="您不能审批这一件")
