"""重大执法决定法制审核: submit a text, pass it, send it back, refuse it. Bound to the text's
hash.
"""

from __future__ import annotations

from typing import Any

from mingzheng.agencies import access
from mingzheng.agencies.models import Person
from mingzheng.core import clock
from mingzheng.documents.kinds import Kind, register
from mingzheng.documents.models import Draft
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures import drafts
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act, EffectiveAct
from mingzheng.records.refusal import refuse
from mingzheng.review import forms

LAW = "《行政处罚法》第五十八条"


def _draft(context: StepContext) -> Draft:
    found = drafts.newest(context.record)
    if found is None:
        raise refuse("还没有处理意见稿，不能送审。请先拟定处理意见。", LAW)
    return found


def _submitted(context: StepContext) -> EffectiveAct:
    found: EffectiveAct | None = (
        EffectiveAct.objects.filter(record=context.record, kind="review.submitted", voided_by=None)
        .order_by("-pk")
        .first()
    )
    if found is None:
        raise refuse("本案没有待审的送审件。", LAW)
    return found


@verb("review.submitted", forms.SubmitForm)
def submit(context: StepContext) -> Act:
    """《行政处罚法》第五十八条: the text goes to the review body with its materials."""
    draft = _draft(context)
    act = context.append(
        subject=draft.text_hash,
        attrs={"handler": context.handlers},
        content={"text_hash": draft.text_hash},
    )
    context.leave(act)
    # What the reviewer had sent back is answered by this.
    for task in Task.objects.filter(
        record=context.record, closed_at=None, kind=Task.TODO, proposal_id=None, role=""
    ).filter(opened_by__kind__in=("review.returned", "review.refused")):
        notice_acts.close(act, task=task)
    notice_acts.give(
        context.record, act, f"法制审核：{context.record.title}", role="legal-reviewer"
    )
    return act


def _answer(context: StepContext, kind: str = Task.COPY, **content: Any) -> Act:
    submitted, draft = _submitted(context), _draft(context)
    if set(context.handlers) & access.principals(context.by):
        raise refuse("承办人不能审核自己办理的案件，请由其他审核人员办理。", LAW)
    if submitted.subject != draft.text_hash:
        raise refuse("送审之后稿子又改过，请承办机构按新稿重新送审。", LAW)
    act = context.append(subject=draft.text_hash, content={"text_hash": draft.text_hash, **content})
    for task in Task.objects.filter(record=context.record, role="legal-reviewer", closed_at=None):
        notice_acts.close(act, task=task)
    for person in context.handlers:
        notice_acts.give(
            context.record,
            act,
            f"{context.step.name}：{context.record.title}",
            person_id=person,
            kind=kind,
        )
    return act


@verb("review.passed", forms.PassForm)
def pass_review(context: StepContext) -> Act:
    """《行政处罚法》第五十八条: the reviewer, who is no handler, passes this very text."""
    act = _answer(context, points=context.form.findings())  # type: ignore[attr-defined]
    context.leave(act, conclusion="审核通过")
    return act


@verb("review.returned", forms.ReturnForm)
def return_review(context: StepContext) -> Act:
    """《行政处罚法》第五十八条: something is missing; the handler mends it and submits again."""
    return _answer(context, Task.TODO)


@verb("review.refused", forms.RefuseForm)
def refuse_review(context: StepContext) -> Act:
    """《行政处罚法》第五十八条: the text may not become a decision."""
    act = _answer(context, Task.TODO, points=context.form.findings())  # type: ignore[attr-defined]
    context.leave(act, conclusion="审核不通过")
    return act


def _submission(context: StepContext, act: Act) -> dict[str, Any]:
    return {
        "organ": context.agency.name,
        "fields": [
            ["送审案件", context.record.title],
            ["送审机构", context.by.unit],
            ["送审材料", context.data["materials"]],
            ["说明", context.data["note"] or "无"],
            ["送审文本指纹", act.subject[:16]],
        ],
        "signs": [{"label": "送审人", "name": context.by.name}],
        "elements": {},
    }


def _opinion(context: StepContext, act: Act, conclusion: str) -> dict[str, Any]:
    findings = context.form.findings()  # type: ignore[attr-defined]
    reviewer = Person.objects.get(pk=context.by.person_id)
    held = (
        f"{reviewer.name}（法律职业资格证号 {reviewer.legal_qualification}）"
        if reviewer.legal_qualification
        else reviewer.name
    )
    return {
        "organ": context.agency.name,
        "fields": [
            ["审核案件", context.record.title],
            *[[row["name"], row["finding"]] for row in findings],
            ["审核意见", context.data["opinion"]],
            ["审核结论", conclusion],
            ["审核文本指纹", act.subject[:16]],
        ],
        "signs": [
            {"label": "审核人员", "name": reviewer.name, "number": reviewer.legal_qualification}
        ],
        "elements": {
            "number": "签发时编号",
            "matter": context.record.title,
            "reviewer": held,
            "points": (
                "；".join(f"{row['name']}：{row['finding']}" for row in findings)
                or context.data["opinion"]
            ),
            "conclusion": conclusion,
            "date": clock.today().isoformat(),
        },
    }


register(Kind("review-submission", "重大执法决定法制审核送审表", "审送", build=_submission))
register(Kind("review-opinion", "重大执法决定法制审核意见书", "法审", build=_opinion))
