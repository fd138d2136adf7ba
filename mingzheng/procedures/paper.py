"""A leader who signed on paper: one person registers the scan, a second checks it against the
original.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from mingzheng.agencies import access
from mingzheng.agencies.team import Team
from mingzheng.procedures import acts, roles
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Absent, Outcome
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, EffectiveAct, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

KIND = "paper-approval.registered"


def candidates(proposal: Proposal, team: Team) -> list[Actor]:
    """Who may have signed: everyone it could wait for, but the proposer and whoever handles."""
    return [
        actor
        for actor in access.actors_in(proposal.agency_id)
        if roles.may_approve(actor, proposal, team)
    ]


def require(by: Actor, proposal_id: int, signer_id: int | None = None) -> None:
    """Absent or Refused where this person cannot register a sheet, or none of this signer: asked
    before anything that was sent is looked at, and before a scan is kept.
    """
    with work():
        proposal, record = acts.open_proposal(by, proposal_id)
        if by.person_id == proposal.proposer_id:
            raise refuse("报批人不能自己登记纸质签批，请由别人登记。", title="您不能登记这一件")
        if signer_id is not None:
            _signer(proposal, record, signer_id)


def _signer(proposal: Proposal, record: Record, signer_id: int) -> Actor:
    held = candidates(proposal, Team.of(record))
    found = next((actor for actor in held if actor.person_id == signer_id), None)
    if found is None:
        raise refuse("签批人不是这一级的审批人，或者就是报批人本人。", field="signer")
    return found


def register(
    by: Actor,
    proposal_id: int,
    signer_id: int,
    signed_at: datetime,
    opinion: str,
    files: acts.Files,
) -> Act:
    """《电子签名法》第三条 leaves paper standing: register the signed sheet; it counts only after
    the check.
    """
    with work():
        require(by, proposal_id)
        proposal, record = acts.open_proposal(by, proposal_id)
        signer = _signer(proposal, record, signer_id)
        if not files:
            raise refuse("请上传签批单扫描件。", field="files")
        kept = [(store.register(stored), name, purpose) for stored, name, purpose in files]
        return record_acts.append(
            record,
            by,
            record_acts.Entry(
                kind=KIND,
                of=proposal.route_id,
                subject=str(proposal.pk),
                happened_at=signed_at,
                late_reason="paper",
                files=kept,
                content={
                    "signer": signer.snapshot(),
                    "opinion": opinion or "同意",
                    "step": proposal.step,
                    "position": proposal.position,
                    "text_hash": proposal.text_hash,
                },
            ),
        )


def waiting(proposal: Proposal) -> dict[str, Any] | None:
    """The registered sheet of the present position that nobody has checked yet."""
    row = (
        EffectiveAct.objects.filter(
            record=proposal.record_id, kind=KIND, subject=str(proposal.pk), voided_by=None
        )
        .order_by("-pk")
        .first()
    )
    if row is None:
        return None
    said = json.loads(row.act.content.body)
    if said["position"] != proposal.position or proposal.state != Proposal.OPEN:
        return None
    return {**said, "act": row.act_id, "registered_by": row.act.actor_id, "at": row.happened_at}


def check(by: Actor, proposal_id: int, text_hash: str) -> Outcome:
    """《电子签名法》第三条: a second person compared scan and original; now the signature
    counts.
    """
    with work():
        proposal, record = acts.open_proposal(by, proposal_id)
        sheet = waiting(proposal)
        if sheet is None:
            raise Absent()
        rows = Act.objects.filter(record=record, kind=KIND, subject=str(proposal.pk))
        barred = {proposal.proposer_id, *rows.values_list("actor_id", flat=True)}
        if by.person_id in barred or roles.handles(by.person_id, record):
            raise refuse(
                "纸质审批要由登记人、报批人、承办人以外的人核对原件。", title="您不能核对这一件"
            )
        if not text_hash == proposal.text_hash == sheet["text_hash"]:
            raise refuse("您看到的内容与纸上签批的内容不一致，请刷新后重看。")
        return acts.agree(by, record, proposal, str(sheet["opinion"]), paper=sheet["signer"])
