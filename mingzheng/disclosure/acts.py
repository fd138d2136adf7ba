"""Propose, approve, publish, withhold, withdraw. What goes public is the approved text and no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from mingzheng.core import clock
from mingzheng.core.canonical import canonical, content_hash
from mingzheng.disclosure import forms, masking
from mingzheng.disclosure.models import ChannelReceipt, Publication, Withholding
from mingzheng.documents.kinds import Kind, register
from mingzheng.procedures import registry
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records import acts as record_acts
from mingzheng.records import law, store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record, Standing
from mingzheng.records.refusal import refuse

LAW48 = "《行政处罚法》第四十八条"
ROLES = {"unit-head": "承办机构意见", "publishing-head": "公示机构意见", "deputy-head": "分管负责人意见",
         "head": "负责人审批意见"}


@verb("publication.proposed", forms.ProposeForm)
def propose(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第一款: the masked text is proposed; an earlier proposal falls away."""
    _not_withheld(doing)
    made = forms.decision_of(doing.record)
    if made is None:
        raise refuse("还没有可以公示的决定或者结果。", LAW48)
    if forms.live_or_pending(doing.record, Publication.LIVE):
        raise refuse("本案正在公示，不用再报。内容有误请先撤下或者更正。", LAW48)
    Publication.objects.filter(record=doing.record, state__in=(
        Publication.PROPOSED, Publication.APPROVED)).update(state=Publication.DROPPED)
    body = {name: doing.data[name] for name in ("title", *forms.BODY)}
    body |= {"organ": doing.agency.name, "number": made.full_number, "decided_on": made.issued_on.isoformat(),
             "document": made.title, "remedy": json.loads(made.body).get("remedy", ""),
             "penalties": list(doing.record.case.penalties)}
    act = doing.append(subject=content_hash(body), content={"body": body})
    party = doing.record.parties.filter(until=None).exclude(role="interested").earliest("pk")
    Publication.objects.create(
        record=doing.record, agency_id=doing.record.agency_id, kind=doing.record.kind, title=body["title"],
        number=made.full_number, decided_on=made.issued_on, party_kind=party.kind, body=canonical(body),
        text_hash=content_hash(body), proposed_by=act,
        search=" ".join(str(body[name]) for name in ("title", "number", "organ", *forms.BODY)))
    return act


def _pending(doing: Doing, state: str, say: str) -> Publication:
    found = forms.live_or_pending(doing.record, state)
    if found is None:
        raise refuse(say, LAW48)
    return found


@verb("publication.approved", forms.ApproveForm)
def approve(doing: Doing) -> Act:
    """《行政处罚法》第四十八条: the approval route has agreed to this very text."""
    found = _pending(doing, Publication.PROPOSED, "没有待批的公示稿，请先拟公示。")
    if doing.proposal is not None and found.proposed_by_id > doing.proposal.opened_by_id:
        raise refuse("报批之后公示稿又改过，请按新稿重新报批。", LAW48)
    act = doing.append(subject=found.text_hash, content={"text_hash": found.text_hash})
    found.state, found.approved_by = Publication.APPROVED, act
    found.save(update_fields=["state", "approved_by"])
    doing.issue(act, "publication-approval", publication=found)
    return act


@verb("publication.published:public", forms.PublishForm)
def publish(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第一款: the approved text goes public on a channel; its term is computed."""
    _not_withheld(doing)
    channel, receipt = doing.data["channel"], doing.data["receipt"]
    live = forms.live_or_pending(doing.record, Publication.LIVE)
    found = live or _pending(doing, Publication.APPROVED, "没有批准过的公示稿。未经审批不得发布。")
    if live is None and channel != "own-site":
        raise refuse("请先在本平台发布，再登记其他渠道的回执。", LAW48)
    if live and ChannelReceipt.objects.filter(publication=live, channel=channel, down=False).exists():
        raise refuse("这个渠道已经发布过了。", LAW48)
    approved = Standing.objects.filter(record=doing.record, kind="publication.approved", voided_by=None).last()
    if live is None and (approved is None or approved.subject != found.text_hash):
        raise refuse("公示稿与批准的文本不一致，不能发布。", LAW48)
    _check_masked(doing, found)
    act = doing.append(
        subject=found.text_hash, attrs={"channel": channel},
        content={"text_hash": found.text_hash, "channel": channel, "receipt": receipt, "code": found.code})
    ChannelReceipt.objects.create(
        publication=found, agency_id=found.agency_id, channel=channel, receipt=receipt, on=clock.today(), act=act)
    if live is None:
        found.state, found.published_by, found.published_on = Publication.LIVE, act, clock.today()
        found.until = _until(doing, channel)
        found.save(update_fields=["state", "published_by", "published_on", "until"])
        _seal(doing.record, found, "published", {"published_on": found.published_on})
    return act


def _seal(record: Record, found: Publication, of: str, said: Mapping[str, Any]) -> None:
    """The platform's own act over what the public reads: its proof names no officer, so anybody may have it."""
    version = Publication.objects.filter(record=record, published_by__isnull=False, pk__lte=found.pk).count()
    record_acts.append(record, None, record_acts.Entry(
        kind="publication.sealed", of=of, subject=found.code,
        content={"code": found.code, "version": version, **store.fingerprint([found.body.encode()]).said, "sha256": found.text_hash, **said}))


def _not_withheld(doing: Doing) -> None:
    if Standing.objects.filter(record=doing.record, kind="publication.withheld", voided_by=None).exists():
        raise refuse("本案已经批准不予公开，不能再发布。", "《政府信息公开条例》第十四条至第十六条")


def _check_masked(doing: Doing, found: Publication) -> None:
    left = masking.left_over(found.body, list(doing.record.parties.filter(until=None)))
    if left:
        raise refuse(f"公示稿里还有没遮盖的{'、'.join(left)}，不能发布。请重新拟公示。", "《政府信息公开条例》第十五条")


def _until(doing: Doing, channel: str) -> Any:
    rows = doing.regime.terms(
        "publication.published", clock.today(), {**doing.facts(), "channel": channel}, law.calendar())
    days = [row.until for row in rows if row.until and row.channel in ("", channel)]
    return min(days) if days else None


@verb("decision.transmitted", forms.TransmitForm)
def transmit(doing: Doing) -> Act:
    """发改办财金〔2018〕424号: the decision is reported to a platform, whose receipt is kept."""
    return doing.append(attrs={"to": doing.data["to"]}, content={
        "to": doing.data["to"], "receipt": doing.data["receipt"]})


@verb("publication.withheld", forms.WithholdForm)
def withhold(doing: Doing) -> Act:
    """《政府信息公开条例》第十四条至第十七条: not published, on a listed ground, approved and counted."""
    row = doing.form.grounds[doing.data["ground"]]  # type: ignore[attr-defined]
    act = doing.append(of=doing.data["ground"], content={
        "ground": doing.data["ground"], "name": row.get("name", ""), "reason": doing.data["reason"]})
    Withholding.objects.create(
        record=doing.record, agency_id=doing.record.agency_id, ground=str(row.get("name") or row["id"]),
        source=str(row.get("source", "")), on=clock.today(), act=act)
    return act


@verb("publication.withdrawn", forms.WithdrawForm)
def withdraw(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第二款: taken down everywhere in this transaction; a tombstone with the reason stays."""
    found = _pending(doing, Publication.LIVE, "没有正在公示的内容。")

    def append(**entry: Any) -> Act:
        return doing.append(**entry)

    return _down(doing.record, found, append, doing.form.qualifier(""), doing.data["reason"])


def take_down(record: Record, by: Actor, reason: str) -> Act | None:
    """国办发〔2018〕118号 二（四）: what was published rested on an entry that is void; it goes at once, with the reason."""
    found = forms.live_or_pending(record, Publication.LIVE)
    if found is None:
        return None

    def append(*, kind: str = "publication.withdrawn", of: str = "wrong", **entry: Any) -> Act:
        return record_acts.append(record, by, record_acts.Entry(
            kind=kind, of=of, facts=registry.facts_of(record), **entry))

    return _down(record, found, append, "wrong", reason)


def _down(record: Record, found: Publication, append: Callable[..., Act], cause: str, reason: str) -> Act:
    content = {"cause": cause, "reason": reason, "code": found.code}
    first: Act | None = None
    for channel in list(ChannelReceipt.objects.filter(publication=found, down=False).values_list("channel", flat=True)):
        # One act a channel: taking it off one site does not end the duty on another.
        act = append(subject=found.text_hash, attrs={"channel": channel}, content={**content, "channel": channel})
        ChannelReceipt.objects.create(
            publication=found, agency_id=found.agency_id, channel=channel, on=clock.today(), down=True, act=act)
        first = first or act
    assert first is not None
    found.state, found.withdrawn_by, found.withdrawn_on = Publication.WITHDRAWN, first, clock.today()
    found.reason = reason
    found.save(update_fields=["state", "withdrawn_by", "withdrawn_on", "reason"])
    _seal(record, found, "withdrawn", {"withdrawn_on": found.withdrawn_on, "cause": cause})
    if cause != "term-ended":
        append(kind="reasons.published", of="", subject=found.text_hash, content={"reason": reason})
    return first


def _approval(doing: Doing, act: Act, publication: Publication) -> dict[str, Any]:
    body = json.loads(publication.body)
    return {"organ": doing.agency.name, "fields": [
        ["公示标题", publication.title], ["文号", publication.number], ["当事人", body["party"]],
        *([head, body[name]] for head, name in zip(forms.HEADS.get(publication.kind, forms.OTHER), forms.BODY[1:], strict=True)),
        ["公示稿指纹", publication.text_hash[:16]]],
        "opinions": [{"label": ROLES.get(row["role"], "审批意见"), "text": row["opinion"], "name": row["name"],
                      "number": row["post"], "date": row["on"]} for row in doing.approvals],
        "elements": {}}


register(Kind("publication-approval", "信息公示审批表", "公审", build=_approval))
