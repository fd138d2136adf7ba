"""The text that a matter is decided on: written, changed, and what is issued in the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mingzheng.cases.models import Case
from mingzheng.documents import acts as document_acts
from mingzheng.documents.models import Draft
from mingzheng.procedures import drafts, registry
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, EffectiveAct
from mingzheng.records.refusal import Ground, Refused, refuse


def begin(context: StepContext) -> None:
    """《行政处罚法》第五十七条第一款: a first text where there is none yet, a change where there is
    one; Refused otherwise.
    """
    if context.step.act != "draft.made":
        drafts.in_hand(context)
    elif drafts.newest(context.record):
        change = registry.procedure(context.record.procedure).name_of("draft.amended")
        raise refuse(f"{change.removeprefix('修改')}稿已经有了，请用“{change}”。")


def keep(context: StepContext, body: dict[str, Any]) -> Act:
    """《行政处罚法》第五十八条: the text is kept; a changed one loses its review and its discussion,
    by the rules' own undo.
    """
    act = context.append(
        content={"body": body, "answers": context.form.raw()}, attrs={"handler": context.handlers}
    )
    document_acts.draft(context.record, drafts.kind_of(context.record), body, act)
    return act


def propose(context: StepContext, build: Callable[[StepContext], dict[str, Any]]) -> Act:
    """国办发〔2018〕118号 三（一）: the text that `build` makes of the answers, with what was judged
    when it was written.
    """
    begin(context)
    form: Any = context.form
    Case.objects.filter(pk=context.record.pk).update(
        outcome=context.data["outcome"], hearing_right=False, **form.judged()
    )
    context.record.refresh_from_db()
    return keep(context, build(context))


def agreed(context: StepContext) -> Draft:
    """The text in hand, if it is the one that was reviewed, discussed and proposed; Refused
    otherwise.
    """
    # The reviewed, discussed and notified text must be the one that is issued (approve A, issue B).
    for row in EffectiveAct.objects.filter(
        record=context.record,
        voided_by=None,
        kind__in=("review.passed", "discussion.held", "joint.agreed"),
    ):
        if row.subject and row.subject != context.draft.text_hash:
            raise Refused(
                "处理意见稿与审核、讨论过的文本不一致",
                (
                    Ground(
                        "稿子在审核或者讨论之后改过，请重新送审、讨论。", "《行政处罚法》第五十八条"
                    ),
                ),
            )
    if context.proposal is not None and context.draft.act_id > context.proposal.opened_by_id:
        raise Refused(
            "报批之后处理意见稿又改过",
            (Ground("批准的不是现在这一稿，请撤回后按新稿重新报批。", "《行政处罚法》第五十七条"),),
        )
    return context.draft


def decide(context: StepContext, **content: Any) -> Act:
    """《行政处罚法》第五十七条、《行政许可法》第三十八条: the agreed text becomes the decision."""
    draft, on = agreed(context), context.happened_at.date()
    act = context.append(
        subject=draft.text_hash,
        facts={"decided_on": on},
        attrs={"handler": context.handlers},
        content={"text_hash": draft.text_hash, **content},
    )
    Case.objects.filter(pk=context.record.pk).update(decided_on=on)
    return act


def issue(context: StepContext, act: Act) -> None:
    """《行政处罚法》第五十九条: the paper is the agreed text, word for word."""
    context.issue_text(act, json.loads(context.draft.body))


def decide_and_issue(context: StepContext) -> Act:
    """《行政许可法》第三十八条: decided and issued at once; the paper is judged by the day of the
    decision.
    """
    act = decide(context)
    context.record.refresh_from_db()
    issue(context, act)
    return act
