"""The text for the public: made from the matter's own words, confirmed by one person, approved by
others.
"""

from __future__ import annotations

import json
from typing import Any

from mingzheng.core.canonical import canonical, content_hash
from mingzheng.disclosure import redaction
from mingzheng.disclosure.access import correcting, newest
from mingzheng.disclosure.acts.withholding import require_not_withheld
from mingzheng.disclosure.forms.proposing import ApproveForm, ProposeForm, ProposePageForm
from mingzheng.disclosure.models import Publication
from mingzheng.documents.kinds import Kind, register
from mingzheng.procedures import publishing
from mingzheng.procedures.publishing import Offer
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse

LAW48 = "《行政处罚法》第四十八条"
OPINION_HEADS = {
    "unit-head": "承办机构意见",
    "publishing-head": "公示机构意见",
    "deputy-head": "分管负责人意见",
    "head": "负责人审批意见",
}


@verb("publication.proposed", ProposeForm)
def propose(context: StepContext) -> Act:
    """《行政处罚法》第四十八条第一款: the covered text is proposed; an earlier proposal falls
    away.
    """
    require_not_withheld(context.record)
    form = context.form
    assert isinstance(form, ProposeForm)
    if form.offer is None:
        raise refuse("还没有可以公示的决定或者结果。", LAW48)
    if newest(context.record, Publication.LIVE) and not correcting(context.record):
        raise refuse(
            "本案正在公示，不用再报。内容有误的，请先登记公示内容有误，再报更正稿。", LAW48
        )
    kept = form.kept()
    decided = [
        {
            "part": each.part,
            "start": each.span.start,
            "end": each.span.end,
            "kind": each.span.kind,
            "rule": each.span.rule,
            **({"kept": kept[each.key], "said": each.said} if each.key in kept else {}),
        }
        for each in form.passages
    ]
    attached = form.attachments()
    return _proposed(
        context,
        form.offer,
        {**form.preview(), **({"files": attached} if attached else {})},
        {
            "exempt": context.data["exempt"],
            "passages": decided,
            "more": redaction.words(context.data["more"]),
            "amended": context.data.get("amended", ""),
        },
    )


@verb("publication.proposed:page", ProposePageForm)
def propose_page(context: StepContext) -> Act:
    """国办发〔2018〕118号 二（二）: a compiled list, guide or chart is proposed as it was frozen;
    an earlier proposal falls away.
    """
    offer = publishing.offer(context.record)
    if offer is None:
        raise refuse("还没有编制好的内容，请先编制。", "国办发〔2018〕118号 二（二）")
    live = newest(context.record, Publication.LIVE)
    body = _frame(context, offer, {"title": offer.title})
    if live and live.text_hash == content_hash(body):
        raise refuse("编制的内容与正在公示的一样，不用再报。", "国办发〔2018〕118号 二（二）")
    return _proposed(context, offer, {"title": offer.title}, {})


def _frame(context: StepContext, offer: Offer, parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "form": offer.form,
        **parts,
        "organ": context.agency.name,
        "number": offer.number,
        "decided_on": offer.on.isoformat(),
        "document": offer.document,
        **offer.body,
    }


def _proposed(
    context: StepContext, offer: Offer, parts: dict[str, Any], said: dict[str, Any]
) -> Act:
    record, body = context.record, _frame(context, offer, parts)
    Publication.objects.filter(
        record=record, state__in=(Publication.PROPOSED, Publication.APPROVED)
    ).update(state=Publication.DROPPED)
    act = context.append(subject=content_hash(body), content={"body": body, **said})
    live = newest(record, Publication.LIVE)
    made = Publication(
        record=record,
        agency_id=record.agency_id,
        kind=record.kind,
        form=offer.form,
        of=published_of(context),
        title=body["title"],
        number=offer.number,
        decided_on=offer.on,
        party_kind=offer.party_kind,
        body=canonical(body),
        text_hash=content_hash(body),
        proposed_by=act,
        search=" ".join(_texts(body)),
    )
    made.line = live.line if live else made.pk
    made.save(force_insert=True)
    return act


def published_of(context: StepContext) -> str:
    """What this matter's table says that it publishes: decision, result, item-list …"""
    from mingzheng.procedures import registry

    table = registry.procedure(context.record.procedure)
    return next(step.of for step in table.steps if step.act == "publication.published")


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    rows = (
        value.values()
        if isinstance(value, dict)
        else value
        if isinstance(value, (list, tuple))
        else ()
    )
    return [text for row in rows for text in _texts(row)]


@verb("publication.approved", ApproveForm)
def approve(context: StepContext) -> Act:
    """《行政处罚法》第四十八条: the approval route has agreed to this very text."""
    found = newest(context.record, Publication.PROPOSED)
    if found is None:
        raise refuse("没有待批的公示稿，请先拟公示。", LAW48)
    if context.proposal is not None and found.proposed_by_id > context.proposal.opened_by_id:
        raise refuse("报批之后公示稿又改过，请按新稿重新报批。", LAW48)
    act = context.append(subject=found.text_hash, content={"text_hash": found.text_hash})
    found.state, found.approved_by = Publication.APPROVED, act
    found.save(update_fields=["state", "approved_by"])
    context.leave(act, publication=found)
    return act


def _approval(context: StepContext, act: Act, publication: Publication) -> dict[str, Any]:
    body = json.loads(publication.body)
    heads = ("当事人", *redaction.heads(publication.kind))
    return {
        "organ": context.agency.name,
        "fields": [
            ["公示标题", publication.title],
            *([["文号", publication.number]] if publication.number else []),
            *(
                [head, body[name]]
                for head, name in zip(heads, redaction.BODY, strict=True)
                if body.get(name)
            ),
            ["公示稿指纹", publication.text_hash[:16]],
        ],
        "opinions": [
            {
                "label": OPINION_HEADS.get(row["role"], "审批意见"),
                "text": row["opinion"],
                "name": row["name"],
                "number": row["post"],
                "date": row["on"],
            }
            for row in context.approvals
        ],
        "elements": {},
    }


register(Kind("publication-approval", "信息公示审批表", "公审", build=_approval))
