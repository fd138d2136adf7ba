"""Draft, notice, statements, hearing, self-check, discussion."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.acts import parts
from mingzheng.cases.documents.decision import decision_body
from mingzheng.cases.forms import decision as forms
from mingzheng.cases.models import Case
from mingzheng.core import clock
from mingzheng.documents import acts as document_acts
from mingzheng.documents.models import Draft
from mingzheng.procedures import registry
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse


def kind_of(doing: Doing) -> str:
    """The kind of text that this procedure drafts and decides on."""
    return registry.procedure(doing.record.procedure).draft


def draft_of(doing: Doing) -> Draft:
    """The text in hand; Refused when there is none yet."""
    found = document_acts.current_draft(doing.record, kind_of(doing))
    if found is None:
        raise refuse("还没有处理意见稿，请先办理“拟定处理意见”。", "《行政处罚法》第五十七条")
    written = clock.local(found.act.happened_at).replace(second=0, microsecond=0)
    if doing.happened_at < written:
        raise refuse(
            f"发生时间早于现在这一稿形成的时间（{written:%Y年%-m月%-d日 %H:%M}）。请核对先后次序。",
            field="happened_at",
        )
    return found


def _write(doing: Doing) -> Act:
    data = doing.data
    Case.objects.filter(pk=doing.record.pk).update(
        outcome=data["outcome"],
        penalties=data["penalties"],
        fine=parts.fen(data["fine"]) or 0,
        confiscated=parts.fen(data["confiscated"]) or 0,
        mitigated=data["mitigated"],
        aggravated=data["aggravated"],
        hearing_right=data["hearing_right"],
    )
    doing.record.refresh_from_db()
    body = decision_body(doing)
    act = doing.append(
        content={"body": body, "answers": doing.form.raw()},
        attrs={"handler": parts.handler_ids(doing.record)},
    )
    document_acts.draft(doing.record, kind_of(doing), body, act)
    return act


@verb("draft.made", forms.DraftForm)
def make_draft(doing: Doing) -> Act:
    """《行政处罚法》第五十七条第一款: the handling that the officers propose, as a text."""
    if document_acts.current_draft(doing.record, kind_of(doing)):
        raise refuse("处理意见稿已经有了，请用“修改处理意见”。")
    return _write(doing)


@verb("draft.amended", forms.DraftForm)
def amend_draft(doing: Doing) -> Act:
    """《行政处罚法》第五十八条: a changed text loses its review and its discussion, by the rules'
    own undo.
    """
    draft_of(doing)
    return _write(doing)


@verb("self-check.done", forms.SelfCheckForm)
def self_check(doing: Doing) -> Act:
    """《行政处罚法》第五十七条: the handling section checks legality itself, before the reviewers
    do.
    """
    draft = draft_of(doing)
    act = doing.append(
        subject=draft.text_hash, content={"text": doing.data["text"], "text_hash": draft.text_hash}
    )
    doing.issue(act, "self-check-opinion")
    return act


@verb("party.notified:penalty", forms.NotifyForm)
def notify(doing: Doing) -> Act:
    """《行政处罚法》第四十四条: the intended penalty, facts, reasons, basis and rights are told
    before the decision.
    """
    draft = draft_of(doing)
    act = doing.append(
        subject=draft.text_hash,
        attrs={"handler": parts.handler_ids(doing.record), **parts.told(doing)},
        content={
            "text_hash": draft.text_hash,
            "contact": doing.data["contact"],
            **parts.service(doing.data),
        },
    )
    doing.issue(act, "penalty-notice", draft=draft)
    return act


@verb("party.notified:on-the-spot", forms.SpotNotifyForm)
def notify_on_spot(doing: Doing) -> Act:
    """《行政处罚法》第四十四条、第五十一条: told orally before deciding on the spot."""
    return doing.append(
        content={"text": doing.data["text"]}, attrs={"handler": parts.handler_ids(doing.record)}
    )


@verb("party.notified:hearing-right", forms.NotifyForm)
def notify_hearing_right(doing: Doing) -> Act:
    """《行政处罚法》第六十三条: before a heavy penalty the party is told that he may ask for a
    hearing.
    """
    draft = draft_of(doing)
    act = doing.append(
        subject=draft.text_hash,
        attrs={"handler": parts.handler_ids(doing.record), **parts.told(doing)},
        content={
            "text_hash": draft.text_hash,
            "contact": doing.data["contact"],
            **parts.service(doing.data),
        },
    )
    doing.issue(act, "hearing-right-notice", draft=draft)
    return act


@verb("statement.heard:urging", forms.StatementForm)
@verb("statement.heard", forms.StatementForm)
def hear_statement(doing: Doing) -> Act:
    """《行政处罚法》第四十五条: the defence is heard, checked and answered."""
    people = parts.officers(doing, doing.data["officers"])
    keep = ("speaker", "text", "finding", "accepted")
    act = doing.append(
        attrs={"officer": parts.ids(people)},
        content={
            "officers": people,
            **{name: doing.data[name] for name in keep},
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "statement-record", officers=people)
    return act


@verb("statement.waived:urging", forms.WaiveForm)
@verb("statement.waived", forms.WaiveForm)
def waive_statement(doing: Doing) -> Act:
    """《行政处罚法》第六十二条: only an express waiver ends the waiting."""
    return doing.append(content={"text": doing.data["text"]})


@verb("hearing.requested", forms.HearingRequestForm)
def request_hearing(doing: Doing) -> Act:
    """《行政处罚法》第六十四条第一项: the party asks for a hearing in time."""
    return doing.append(content={"applicant": doing.data["applicant"], "text": doing.data["text"]})


@verb("hearing.waived", forms.WaiveForm)
def waive_hearing(doing: Doing) -> Act:
    """《行政处罚法》第六十四条: the party gives the hearing up in writing."""
    return doing.append(content={"text": doing.data["text"]})


@verb("party.notified:hearing", forms.HearingNoticeForm)
def notify_hearing(doing: Doing) -> Act:
    """《行政处罚法》第六十四条第二项: time and place of the hearing, so long before it."""
    keep = ("hearing_on", "hearing_place", "host", "clerk")
    act = doing.append(
        attrs={"handler": parts.handler_ids(doing.record)},
        content={**{name: doing.data[name] for name in keep}, **parts.service(doing.data)},
    )
    doing.issue(act, "hearing-notice")
    return act


@verb("hearing.held", forms.HearingForm)
def hold_hearing(doing: Doing) -> Act:
    """《行政处罚法》第六十四条: the hearing, on record."""
    people = parts.officers(doing, doing.data["officers"])
    keep = ("host", "attended", "text")
    act = doing.append(
        attrs={"officer": parts.ids(people)},
        content={
            "officers": people,
            **{name: doing.data[name] for name in keep},
            **parts.signature(doing.data),
        },
    )
    doing.issue(act, "hearing-record", officers=people)
    return act


@verb("hearing.reported", forms.HearingReportForm)
def report_hearing(doing: Doing) -> Act:
    """《行政处罚法》第六十五条: the decision follows the record of the hearing."""
    act = doing.append(content={"text": doing.data["text"], "opinion": doing.data["opinion"]})
    doing.issue(act, "hearing-report")
    return act


@verb("joint.agreed", forms.JointForm)
def agree_jointly(doing: Doing) -> Act:
    """国办发〔2018〕118号 四（一）: each agency in whose name a decision is made has reviewed this
    very text itself.
    """
    draft = draft_of(doing)
    act = doing.append(
        subject=draft.text_hash,
        content={
            "text_hash": draft.text_hash,
            "opinion": doing.data["opinion"],
            "review": doing.data["review"],
        },
    )
    doing.issue(act, "joint-opinion")
    return act


@verb("discussion.held", forms.DiscussionForm)
def discuss(doing: Doing) -> Act:
    """《行政处罚法》第五十七条第二款: the responsible persons discuss a complex or grave case
    together.
    """
    draft = draft_of(doing)
    keep = ("host", "text", "conclusion")
    said: dict[str, Any] = {name: doing.data[name] for name in keep}
    act = doing.append(
        subject=draft.text_hash,
        content={
            **said,
            "attendees": parts.lines(doing.data["attendees"]),
            "text_hash": draft.text_hash,
        },
    )
    doing.issue(act, "discussion-record")
    return act
