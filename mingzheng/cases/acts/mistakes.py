"""Mistakes are put right by further acts: the reader sees both, and what rested on the wrong one
follows.
"""

from __future__ import annotations

import json
from typing import Any

from mingzheng.agencies import access
from mingzheng.cases.acts.handlers import handler_ids
from mingzheng.cases.acts.parties import remember_parties
from mingzheng.cases.forms.mistakes import REASONS, CorrectDocumentForm, VoidDocumentForm
from mingzheng.cases.models import Case, CaseItem, CaseParty, Visit
from mingzheng.documents import acts as document_acts
from mingzheng.documents.models import Document, MadeBefore
from mingzheng.procedures.outcome import Absent
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, EffectiveAct, FormUse, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work
from mingzheng.records.words import PLATFORM_ACTS

SOURCE = "国办发〔2018〕118号 三（三）"
# Memos of a case that an act had set, and that are unknown again when it never stood.
CASE_MEMOS: dict[str, dict[str, Any]] = {
    "case.opened": {"opened_on": None},
    "decision.made": {"decided_on": None},
    "decision.served": {"served_on": None},
}
VISIT_MEMOS: dict[str, dict[str, Any]] = {
    "inspection.started": {"started_on": None},
    "inspection.ended": {"ended_on": None, "result": "", "problem_found": None},
}
# Acts with a way back of their own, which also moves what they moved: licences, property, people,
# texts, publications.
OTHERWISE = (
    "draft.",
    "publication.",
    "property.",
    "seizure.",
    "licence.",
    "certificate.",
    "grant.",
    "case.merged",
    "case.absorbed",
    "case.split",
    "case.reassigned",
    "officer.recused",
    "handover.",
    "volume.",
    "stock.",
)
# Entries that belong to a step and go with it.
PARTS = (
    "approval.",
    "step.",
    "paper-approval.",
    "document.",
    "entry.",
    "file.",
    "duty.",
    "countersign.",
    "officer.assigned",
    "reasons.",
    "party.told-of-",
)


@verb("document.corrected", CorrectDocumentForm)
def correct_document(context: StepContext) -> Act:
    """《行政处罚法》第五十九条: a slip in an issued paper is put right by a notice; the paper
    stays as it is.
    """
    made = Document.objects.select_for_update().get(
        pk=int(context.data["paper"]), record=context.record
    )
    act = context.append(of=made.kind, subject=str(made.pk))
    context.leave(act, made=made)
    made.corrected_by = act
    made.save(update_fields=["corrected_by"])
    return act


@verb("document.voided", VoidDocumentForm)
def void_document(context: StepContext) -> Act:
    """GB/T 9704《党政机关公文格式》: a paper that should not have been made is registered as void,
    its number is spent.
    """
    made = Document.objects.get(pk=int(context.data["paper"]), record=context.record)
    if made.act.actor_id == context.by.person_id:
        raise refuse("作废文书须由制作人以外的人办理。", SOURCE)
    if EffectiveAct.objects.filter(
        record=context.record, kind="decision.served", voided_by=None
    ).exists() and made.kind.endswith("decision"):
        raise refuse(
            "决定书已经送达，不能作废登记。请按撤销、变更或者更正办理。",
            "《行政处罚法》第四十八条第二款",
        )
    act = context.append(of=made.kind, subject=str(made.pk), content={"number": made.full_number})
    document_acts.mark_void(made, act)
    return act


def of_another_kind(act: Act) -> str:
    """Why entries of this kind are never declared void by themselves; empty when they may be. Asks
    no database.
    """
    if act.actor_id is None or act.kind in PLATFORM_ACTS or act.kind.startswith(PARTS):
        return "这类记录不单独作废，请作废它所属的那一步。"
    if act.kind.startswith(OTHERWISE):
        return "这类记录有自己的更正办法，请在本案“可以办的事”里办理。"
    return ""


def why_not(by: Actor, record: Record, act: Act) -> str:
    """Why this identity may not declare this act void, in Chinese; empty when it may."""
    standing = EffectiveAct.objects.filter(act=act).first()
    if standing is None or standing.voided_by_id is not None:
        return "这条记录已经不再算数。"
    if fault := of_another_kind(act):
        return fault
    if not Act.objects.filter(record=record, pk__lt=act.pk).exists():
        return "本案的第一条记录不能作废。整件案件记错的，请不予立案、取消或者办结。"
    if EffectiveAct.objects.filter(record=record, voided_by=act).exists():
        return "这条记录已经使别的记录失效，不能简单退回。请按新的情况重新办理。"
    if act.to_state and act.to_state != act.from_state and record_acts.rested_on(record, act):
        return (
            "这一步之后又办了别的事，不能直接作废。请从最后一步起逐步作废，或者按撤销、变更办理。"
        )
    if act.actor_id == by.person_id:
        return "作废须由原记录人以外的人办理。"
    if "approvals" in _said(act) and "head" not in by.roles:
        return "经过审批的行为，由主要负责人作废。"
    return ""


def _said(act: Act) -> dict[str, Any]:
    return json.loads(act.content.body) if hasattr(act, "content") else {}


def void_entry(by: Actor, record_id: int, act_id: int, why: str, reason: str, form_key: str) -> Act:
    """国办发〔2018〕118号 三（三）: a second person declares an entry void; papers, duties and
    memos follow.

    Raises Absent or Refused; then nothing was written.
    """
    with work():
        if not access.visible(by).filter(pk=record_id).exists():
            raise Absent()
        record = record_acts.lock(record_id)
        used = FormUse.objects.filter(pk=form_key).select_related("act").first()
        if used is not None and used.act_id is not None:
            return Act.objects.get(pk=used.act_id)
        act = Act.objects.filter(record=record, pk=act_id).first()
        if act is None or not access.own(by, record) or not _may(by, record):
            raise Absent()
        if fault := why_not(by, record, act):
            raise refuse(fault, SOURCE, title="不能作废这条记录")
        voiding = record_acts.void(record, by, act, f"{REASONS[why]}：{reason}")
        for made in Document.objects.filter(
            record=record, voided_by=None, act__subject=str(act.pk)
        ):
            record_acts.append(
                record,
                by,
                record_acts.Entry(
                    kind="document.voided",
                    of=made.kind,
                    subject=str(made.pk),
                    content={"number": made.full_number, "reason": reason},
                ),
            )
            document_acts.mark_void(made, voiding)
        # A paper that was made beforehand stays as it is; it may be handed over again.
        MadeBefore.objects.filter(used_by=act).update(used_by=None)
        _forget(record, act, voiding)
        FormUse.objects.create(key=form_key, agency_id=record.agency_id, record=record, act=voiding)
        return voiding


def _may(by: Actor, record: Record) -> bool:
    return by.person_id in handler_ids(record) or bool(
        by.roles & {"unit-head", "deputy-head", "head", "legal-reviewer"}
    )


def _forget(record: Record, act: Act, voiding: Act) -> None:
    """What the act had set in the case's own tables is unset, by rows that end, never by rows that
    vanish.
    """
    if act.kind in CASE_MEMOS:
        Case.objects.filter(pk=record.pk).update(**CASE_MEMOS[act.kind])
    if act.kind in VISIT_MEMOS:
        Visit.objects.filter(pk=record.pk).update(**VISIT_MEMOS[act.kind])
    for rows in (CaseParty.objects.filter(record=record), CaseItem.objects.filter(record=record)):
        rows.filter(since=act, until=None).update(until=voiding)
        rows.filter(until=act).update(until=None)
    remember_parties(record)
