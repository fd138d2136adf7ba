"""On a channel: the approved text and no other, with the term that its rules give it there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mingzheng.core import clock
from mingzheng.disclosure import redaction
from mingzheng.disclosure.access import OWN_SITE, newest, ordered_down, shown_on
from mingzheng.disclosure.acts import channel_tasks, terms
from mingzheng.disclosure.acts.withholding import require_not_withheld
from mingzheng.disclosure.channels import connections
from mingzheng.disclosure.forms.publishing import PublishForm, TransmitForm
from mingzheng.disclosure.models import ChannelReceipt, ChannelTask, Publication
from mingzheng.pages import acts as page_acts
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.models import Act, ActContent, EffectiveAct, Record
from mingzheng.records.refusal import refuse

LAW48 = "《行政处罚法》第四十八条"


@verb("publication.published:public", PublishForm)
def publish(context: StepContext) -> Act:
    """《行政处罚法》第四十八条第一款: the approved text goes public on a channel; its term is
    computed.
    """
    require_not_withheld(context.record)
    live, fresh = (
        newest(context.record, Publication.LIVE),
        newest(context.record, Publication.APPROVED),
    )
    if fresh is None:
        return _elsewhere(context, live)
    # A newer page takes the place of the one that is public; a decision is corrected by its own
    # act.
    if live is not None and (fresh.form != "page" or context.data["channel"] != OWN_SITE):
        return _elsewhere(context, live)
    return _here(context, live, fresh)


def _here(context: StepContext, live: Publication | None, fresh: Publication) -> Act:
    """The approved text goes live on this platform, in the place of an older one, and on to every
    channel that is to show it.
    """
    if context.data["channel"] != OWN_SITE:
        raise refuse("请先在本平台发布，再登记其他渠道的回执。", LAW48)
    require_not_ordered_down(context.record, OWN_SITE)
    require_approved(context.record, fresh)
    require_covered(context.record, fresh)
    act = _shown(context, fresh)
    if live is not None:
        supersede(live, act, "有新的版本")
        context.append(
            kind="page.updated", of="", subject=fresh.text_hash, content={"code": fresh.code}
        )
    go_live(context.record, fresh, act)
    up(context.record, fresh, OWN_SITE, context.data["receipt"], act)
    to_the_others(context.record, fresh, act)
    return act


def _elsewhere(context: StepContext, live: Publication | None) -> Act:
    """What is live here stands on another channel too, as its receipt says."""
    channel = context.data["channel"]
    if live is None:
        raise refuse("没有批准过的公示稿。未经审批不得发布。", LAW48)
    shown = shown_on(context.record).get(channel)
    if shown is not None and shown.pk == live.pk:
        raise refuse("这个渠道已经发布过了。", LAW48)
    require_not_ordered_down(context.record, channel)
    require_covered(context.record, live)
    act = _shown(context, live)
    up(context.record, live, channel, context.data["receipt"], act)
    return act


def _shown(context: StepContext, found: Publication) -> Act:
    channel, receipt = context.data["channel"], context.data["receipt"]
    return context.append(
        subject=found.text_hash,
        attrs={"channel": channel},
        content={
            "text_hash": found.text_hash,
            "channel": channel,
            "receipt": receipt,
            "code": found.code,
        },
    )


def require_not_ordered_down(record: Record, channel: str) -> None:
    """Refused while the channel has not confirmed that it took the former text down."""
    if channel in ordered_down(record):
        raise refuse("这个渠道上原来的内容还没有撤下。请先登记它的撤下回执。", f"{LAW48}第二款")


def require_approved(record: Record, found: Publication) -> None:
    """Refused unless the newest approval that stands is of this very text."""
    approved = EffectiveAct.objects.filter(
        record=record, kind="publication.approved", voided_by=None
    ).last()
    if approved is None or approved.subject != found.text_hash:
        raise refuse("公示稿与批准的文本不一致，不能发布。", LAW48)


def require_covered(record: Record, found: Publication) -> None:
    """Refused while a finder of today still sees in it what nobody released; a page has no
    counterpart to cover.
    """
    if found.form != "decision":
        return
    held = redaction.sources_of(record)
    content = (
        ActContent.objects.filter(act=found.proposed_by_id).values_list("body", flat=True).first()
    )
    passages = json.loads(content).get("passages", []) if content else []
    left = held.left_over(
        redaction.body_parts(json.loads(found.body)),
        [each["said"] for each in passages if "said" in each],
    )
    if left:
        names = "、".join(sorted({each.name for each in left}))
        raise refuse(
            f"公示稿里还有没遮盖的{names}，不能发布。请重新拟公示。", "《政府信息公开条例》第十五条"
        )


def go_live(record: Record, found: Publication, act: Act) -> None:
    """国办发〔2018〕118号 二（四）: the platform shows it from now on; its seal opens what the
    public reads.
    """
    found.state, found.published_by, found.published_on = Publication.LIVE, act, clock.today()
    found.save(update_fields=["state", "published_by", "published_on"])
    page_acts.show(record, found.code)
    seal(record, found, "published", {"published_on": found.published_on})


def to_the_others(record: Record, found: Publication, act: Act) -> None:
    """国办发〔2018〕118号 二（四）: every connected channel gets it by itself, and whatever showed
    an older text is to show this one.
    """
    older = [channel for channel, shown in shown_on(record).items() if shown.pk != found.pk]
    for channel in dict.fromkeys([*older, *connections.wanted(record, found)]):
        channel_tasks.open_one(
            record,
            found,
            channel,
            ChannelTask.REPORT if channel in connections.REPORTED else ChannelTask.UP,
            act,
        )


def up(record: Record, found: Publication, channel: str, receipt: str, act: Act) -> None:
    """It stands on this channel from today, until the day that its rules say, in the place of what
    stood there before.
    """
    before = shown_on(record).get(channel)
    if before is not None and before.pk != found.pk:
        ChannelReceipt.objects.create(
            publication=before,
            agency_id=found.agency_id,
            channel=channel,
            receipt=receipt,
            on=clock.today(),
            down=True,
            act=act,
        )
    channel_tasks.finish(record, channel, ChannelTask.UP, act)
    ChannelReceipt.objects.create(
        publication=found,
        agency_id=found.agency_id,
        channel=channel,
        receipt=receipt,
        on=clock.today(),
        act=act,
    )
    until = terms.remember(record, found, channel, act)
    if channel == OWN_SITE:
        found.until = until
        found.save(update_fields=["until"])


def supersede(old: Publication, act: Act, reason: str) -> None:
    """A newer version of the line stands where this one stood."""
    old.state, old.withdrawn_by, old.withdrawn_on, old.reason = (
        Publication.REPLACED,
        act,
        clock.today(),
        reason,
    )
    old.save(update_fields=["state", "withdrawn_by", "withdrawn_on", "reason"])


def seal(record: Record, found: Publication, of: str, said: Mapping[str, Any]) -> None:
    """国办发〔2018〕118号 二（四）: the platform's own act over what the public reads: its proof
    names no officer, so anybody may have it.
    """
    version = Publication.objects.filter(
        record=record, published_by__isnull=False, pk__lte=found.pk
    ).count()
    record_acts.append(
        record,
        None,
        record_acts.Entry(
            kind="publication.sealed",
            of=of,
            subject=found.code,
            content={
                "code": found.code,
                "version": version,
                **store.fingerprint([found.body.encode()]).said,
                "sha256": found.text_hash,
                **said,
            },
        ),
    )


@verb("decision.transmitted", TransmitForm)
def transmit(context: StepContext) -> Act:
    """发改办财金〔2018〕424号: the decision is reported to a platform, whose receipt is kept."""
    act = context.append(attrs={"to": context.data["to"]})
    channel_tasks.finish(context.record, context.data["to"], ChannelTask.REPORT, act)
    return act
