"""重大执法决定法制审核: submit a text, pass it, send it back, refuse it. Bound to the text's
hash.
"""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.models import Person
from mingzheng.core import clock
from mingzheng.documents.kinds import Kind, register
from mingzheng.documents.models import Draft
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures import drafts
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act, Standing
from mingzheng.records.refusal import refuse
from mingzheng.review import forms

LAW = "《行政处罚法》第五十八条"


def _draft(doing: Doing) -> Draft:
    found = drafts.newest(doing.record)
    if found is None:
        raise refuse("还没有处理意见稿，不能送审。请先拟定处理意见。", LAW)
    return found


def _submitted(doing: Doing) -> Standing:
    found: Standing | None = (
        Standing.objects.filter(record=doing.record, kind="review.submitted", voided_by=None)
        .order_by("-pk")
        .first()
    )
    if found is None:
        raise refuse("本案没有待审的送审件。", LAW)
    return found


@verb("review.submitted", forms.SubmitForm)
def submit(doing: Doing) -> Act:
    """《行政处罚法》第五十八条: the text goes to the review body with its materials."""
    draft = _draft(doing)
    act = doing.append(
        subject=draft.text_hash,
        attrs={"handler": doing.handlers},
        content={"text_hash": draft.text_hash},
    )
    doing.leave(act)
    notice_acts.give(doing.record, act, f"法制审核：{doing.record.title}", role="legal-reviewer")
    return act


def _answer(doing: Doing, **content: Any) -> Act:
    submitted, draft = _submitted(doing), _draft(doing)
    if doing.by.person_id in doing.handlers:
        raise refuse("承办人不能审核自己办理的案件，请由其他审核人员办理。", LAW)
    if submitted.subject != draft.text_hash:
        raise refuse("送审之后稿子又改过，请承办机构按新稿重新送审。", LAW)
    act = doing.append(subject=draft.text_hash, content={"text_hash": draft.text_hash, **content})
    for task in Task.objects.filter(record=doing.record, role="legal-reviewer", closed_at=None):
        notice_acts.close(act, task=task)
    for person in doing.handlers:
        notice_acts.give(
            doing.record,
            act,
            f"{doing.step.name}：{doing.record.title}",
            person_id=person,
            kind=Task.COPY,
        )
    return act


@verb("review.passed", forms.PassForm)
def pass_review(doing: Doing) -> Act:
    """《行政处罚法》第五十八条: the reviewer, who is no handler, passes this very text."""
    act = _answer(doing, points=doing.form.findings())  # type: ignore[attr-defined]
    doing.leave(act, conclusion="审核通过")
    return act


@verb("review.returned", forms.ReturnForm)
def return_review(doing: Doing) -> Act:
    """《行政处罚法》第五十八条: something is missing; the handler mends it and submits again."""
    return _answer(doing)


@verb("review.refused", forms.RefuseForm)
def refuse_review(doing: Doing) -> Act:
    """《行政处罚法》第五十八条: the text may not become a decision."""
    act = _answer(doing, points=doing.form.findings())  # type: ignore[attr-defined]
    doing.leave(act, conclusion="审核不通过")
    return act


def _submission(doing: Doing, act: Act) -> dict[str, Any]:
    return {
        "organ": doing.agency.name,
        "fields": [
            ["送审案件", doing.record.title],
            ["送审机构", doing.by.unit],
            ["送审材料", doing.data["materials"]],
            ["说明", doing.data["note"] or "无"],
            ["送审文本指纹", act.subject[:16]],
        ],
        "signs": [{"label": "送审人", "name": doing.by.name}],
        "elements": {},
    }


def _opinion(doing: Doing, act: Act, conclusion: str) -> dict[str, Any]:
    findings = doing.form.findings()  # type: ignore[attr-defined]
    reviewer = Person.objects.get(pk=doing.by.person_id)
    held = (
        f"{reviewer.name}（法律职业资格证号 {reviewer.legal_qualification}）"
        if reviewer.legal_qualification
        else reviewer.name
    )
    return {
        "organ": doing.agency.name,
        "fields": [
            ["审核案件", doing.record.title],
            *[[row["name"], row["finding"]] for row in findings],
            ["审核意见", doing.data["opinion"]],
            ["审核结论", conclusion],
            ["审核文本指纹", act.subject[:16]],
        ],
        "signs": [
            {"label": "审核人员", "name": reviewer.name, "number": reviewer.legal_qualification}
        ],
        "elements": {
            "number": "签发时编号",
            "matter": doing.record.title,
            "reviewer": held,
            "points": (
                "；".join(f"{row['name']}：{row['finding']}" for row in findings)
                or doing.data["opinion"]
            ),
            "conclusion": conclusion,
            "date": clock.today().isoformat(),
        },
    }


register(Kind("review-submission", "重大执法决定法制审核送审表", "审送", build=_submission))
register(Kind("review-opinion", "重大执法决定法制审核意见书", "法审", build=_opinion))
