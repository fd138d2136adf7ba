"""The decision, and what undoes it."""

from __future__ import annotations

import json

from mingzheng.agencies.models import Grant
from mingzheng.cases.acts import licence_ends, parts
from mingzheng.cases.acts.deciding import draft_of
from mingzheng.cases.documents.decision import spot_body
from mingzheng.cases.forms import decision as forms
from mingzheng.cases.forms import execution as execution_forms
from mingzheng.cases.models import Case
from mingzheng.documents.models import Draft
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act, Standing
from mingzheng.records.refusal import Ground, Refused


def _outcome_is(doing: Doing, wanted: tuple[str, ...], name: str) -> None:
    outcome = Case.objects.values_list("outcome", flat=True).get(pk=doing.record.pk)
    if outcome not in wanted:
        raise Refused(
            f"处理意见稿不是“{name}”",
            (Ground("请先修改处理意见，再按新的意见办理。", "《行政处罚法》第五十七条第一款"),),
        )


def _same_text(doing: Doing, text_hash: str) -> None:
    # The reviewed, discussed and notified text must be the one that is issued (approve A, issue B).
    for row in Standing.objects.filter(
        record=doing.record,
        voided_by=None,
        kind__in=("review.passed", "discussion.held", "joint.agreed"),
    ):
        if row.subject and row.subject != text_hash:
            raise Refused(
                "处理意见稿与审核、讨论过的文本不一致",
                (
                    Ground(
                        "稿子在审核或者讨论之后改过，请重新送审、讨论。", "《行政处罚法》第五十八条"
                    ),
                ),
            )


@verb("decision.made:penalty", forms.DecideForm)
def decide(doing: Doing) -> Act:
    """《行政处罚法》第五十七条、第五十八条、第五十九条: the penalty is decided on the text that
    was reviewed.
    """
    _outcome_is(doing, ("penalty",), "给予行政处罚")
    return _decide(doing, "penalty-decision")


@verb("decision.made:no-penalty", forms.DecideForm)
def decide_no_penalty(doing: Doing) -> Act:
    """《行政处罚法》第五十七条第一款第二项、第三项: no penalty, or the facts do not stand."""
    _outcome_is(doing, ("no-penalty", "no-case"), "不予行政处罚")
    return _decide(doing, "no-penalty-decision")


def issued_text(doing: Doing) -> Draft:
    """The text in hand, if it is the one that was reviewed, discussed and proposed; Refused
    otherwise.
    """
    draft = draft_of(doing)
    _same_text(doing, draft.text_hash)
    if doing.proposal is not None and draft.act_id > doing.proposal.opened_by_id:
        raise Refused(
            "报批之后处理意见稿又改过",
            (Ground("批准的不是现在这一稿，请撤回后按新稿重新报批。", "《行政处罚法》第五十七条"),),
        )
    return draft


def _everybody_told(doing: Doing) -> None:
    """Each of several counterparts was told, each agency that was called in has agreed."""
    left = parts.not_yet(doing.record, "party.notified", "penalty")
    if left:
        raise Refused(
            "还有当事人没有告知",
            tuple(
                Ground(
                    f"{row.name}还没有收到处罚事先告知。", "《行政处罚法》第四十四条、第六十二条"
                )
                for row in left
            ),
        )
    agreed = set(
        Standing.objects.filter(
            record=doing.record, kind="joint.agreed", voided_by=None
        ).values_list("act__actor_id", flat=True)
    )
    waiting = [
        row
        for row in Grant.objects.filter(record=doing.record, purpose="joint").select_related(
            "person"
        )
        if row.person_id not in agreed
    ]
    if waiting:
        raise Refused(
            "联合机关还没有审核同意",
            tuple(
                Ground(
                    f"{row.person.name}所在机关还没有审核同意这一稿。",
                    "国办发〔2018〕118号 四（一）",
                )
                for row in waiting
            ),
        )


def _decide(doing: Doing, code: str) -> Act:
    draft = issued_text(doing)
    _everybody_told(doing)
    decided = doing.happened_at.date()
    act = doing.append(
        subject=draft.text_hash,
        facts={"decided_on": decided},
        attrs={"handler": parts.handler_ids(doing.record)},
        content={"text_hash": draft.text_hash, "note": doing.data.get("pay_days_note", "")},
    )
    Case.objects.filter(pk=doing.record.pk).update(decided_on=decided)
    doing.issue_text(act, code, json.loads(draft.body))
    return act


@verb("decision.made:on-the-spot", forms.SpotDecisionForm)
def decide_on_spot(doing: Doing) -> Act:
    """《行政处罚法》第五十一条、第五十二条: decided on the spot by the officers themselves."""
    data = doing.data
    people = parts.officers(doing, data["officers"])
    decided = doing.happened_at.date()
    Case.objects.filter(pk=doing.record.pk).update(
        outcome="penalty",
        penalties=data["penalties"],
        fine=parts.fen(data["fine"]) or 0,
        confiscated=0,
        mitigated=False,
        aggravated=False,
        hearing_right=False,
        decided_on=decided,
    )
    doing.record.refresh_from_db()
    body = spot_body(doing, people)
    act = doing.append(
        of="penalty",
        facts={"decided_on": decided},
        attrs={"officer": parts.ids(people), "handler": parts.ids(people)},
        content={
            "officers": people,
            "body": body,
            "collected": data["collected"],
            **parts.signature(data),
        },
    )
    doing.issue_text(act, "on-the-spot-decision", body)
    return act


@verb("matter.transferred", forms.TransferForm)
def transfer(doing: Doing) -> Act:
    """《行政处罚法》第二十七条: a suspected crime goes to the police, with its papers."""
    data = doing.data
    act = doing.append(
        content={
            "to": data["to"],
            "suspected": data["suspected"],
            "reason": data["reason"],
            "materials": parts.lines(data["materials"]),
        },
        attrs={"handler": parts.handler_ids(doing.record)},
    )
    doing.issue(act, "transfer-letter")
    return act


def _undo(doing: Doing) -> Act:
    data = doing.data
    keep = ("organ", "number", "received_on", "reason")
    act = doing.append(content={name: data[name] for name in keep})
    licence_ends.follow(doing.record, act)
    doing.issue(act, "outcome-notice")
    return act


@verb("decision.revoked", execution_forms.OutcomeForm)
def record_revocation(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第二款: the decision was revoked; its publication must go, with
    reasons.
    """
    return _undo(doing)


@verb("decision.altered", execution_forms.OutcomeForm)
def record_alteration(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第二款: the decision was altered."""
    return _undo(doing)


@verb("decision.confirmed-unlawful", execution_forms.OutcomeForm)
def record_unlawful(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第二款: the decision was confirmed unlawful."""
    return _undo(doing)


@verb("decision.confirmed-invalid", execution_forms.OutcomeForm)
def record_invalid(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第二款: the decision was confirmed invalid."""
    return _undo(doing)


@verb("decision.ordered-redone", execution_forms.OutcomeForm)
def record_redo(doing: Doing) -> Act:
    """《行政复议法》第六十四条: the agency was ordered to decide anew; a closed case opens
    again.
    """
    act = _undo(doing)
    Case.objects.filter(pk=doing.record.pk).update(decided_on=None, served_on=None)
    doing.record.closed_on = None
    doing.record.save(update_fields=["closed_on"])
    return act
