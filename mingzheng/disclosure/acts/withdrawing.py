"""Taken down: here in the act's own transaction, elsewhere by an order that only the channel's own
receipt ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from mingzheng.core import clock
from mingzheng.disclosure.access import OWN_SITE, ordered_down, shown_on
from mingzheng.disclosure.acts import channel_tasks, terms
from mingzheng.disclosure.acts.publishing import LAW48, seal
from mingzheng.disclosure.forms.publishing import EndEarlyForm, TakenDownForm, WithdrawForm
from mingzheng.disclosure.models import ChannelReceipt, ChannelTask, Publication
from mingzheng.pages import acts as page_acts
from mingzheng.procedures import registry
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, ActContent, Record
from mingzheng.records.refusal import refuse


@verb("publication.withdrawn", WithdrawForm)
def withdraw(context: StepContext) -> Act:
    """《行政处罚法》第四十八条第二款: off this platform in this transaction, a tombstone with the
    reason stays; every other channel is told to.
    """

    def append(**entry: Any) -> Act:
        return context.append(**entry)

    return _down(
        context.record,
        append,
        context.form.qualifier(""),
        context.data["reason"],
        context.data.get("channels") or (),
    )


def take_down(record: Record, by: Actor, reason: str) -> Act | None:
    """国办发〔2018〕118号 二（四）: what was published rested on an entry that is void; it goes at
    once, with the reason.
    """
    if not shown_on(record):
        return None

    def append(*, kind: str = "publication.withdrawn", of: str = "wrong", **entry: Any) -> Act:
        return record_acts.append(
            record,
            by,
            record_acts.Entry(kind=kind, of=of, facts=registry.facts_of(record), **entry),
        )

    return _down(record, append, "wrong", reason)


def _down(
    record: Record, append: Callable[..., Act], cause: str, reason: str, only: Sequence[str] = ()
) -> Act:
    arrived = channel_tasks.drop_ups(record) if not only else {}
    told = ordered_down(record)
    shown = {
        channel: found
        for channel, found in {**arrived, **shown_on(record)}.items()
        if (not only or channel in only) and channel not in told
    }
    if not shown:
        raise refuse("这些渠道上没有正在公示的内容。", LAW48)
    acts = (
        [_off_here(record, shown.pop(OWN_SITE), append, cause, reason)] if OWN_SITE in shown else []
    )
    for channel, found in shown.items():
        # One act a channel: what one site confirms does not end the duty on another.
        acts.append(
            append(
                kind="publication.take-down-ordered",
                subject=found.text_hash,
                attrs={"channel": channel},
                content={"cause": cause, "reason": reason, "code": found.code, "channel": channel},
            )
        )
        channel_tasks.open_one(record, found, channel, ChannelTask.DOWN, acts[-1])
    page_acts.touch(record)
    if cause != "term-ended":
        append(kind="reasons.published", of="", content={"reason": reason})
    return acts[0]


def _off_here(
    record: Record, found: Publication, append: Callable[..., Act], cause: str, reason: str
) -> Act:
    act = append(
        subject=found.text_hash,
        attrs={"channel": OWN_SITE},
        content={"cause": cause, "reason": reason, "code": found.code, "channel": OWN_SITE},
    )
    ChannelReceipt.objects.create(
        publication=found,
        agency_id=found.agency_id,
        channel=OWN_SITE,
        on=clock.today(),
        down=True,
        act=act,
    )
    found.state, found.withdrawn_by, found.withdrawn_on, found.reason = (
        Publication.WITHDRAWN,
        act,
        clock.today(),
        reason,
    )
    found.save(update_fields=["state", "withdrawn_by", "withdrawn_on", "reason"])
    seal(record, found, "withdrawn", {"withdrawn_on": found.withdrawn_on, "cause": cause})
    return act


@verb("publication.withdrawn:confirmed", TakenDownForm)
def taken_down(context: StepContext) -> Act:
    """《行政处罚法》第四十八条第二款: a channel that was told to take it down confirms that it
    did; only that ends the duty there.
    """
    return confirm_down(
        context.record, context.data["channel"], context.data["receipt"], context.append
    )


def confirm_down(record: Record, channel: str, receipt: str, append: Callable[..., Act]) -> Act:
    """《行政处罚法》第四十八条第二款: the receipt of a taking down, as a person or the delivery
    brought it.
    """
    order = ordered_down(record).get(channel)
    found = shown_on(record).get(channel)
    if order is None:
        raise refuse("这个渠道没有等着撤下的内容。", LAW48)
    content = ActContent.objects.get(act=order.act)
    said = json.loads(content.body)
    act = append(
        of=order.act.of,
        subject=order.act.subject,
        attrs={"channel": channel},
        content={
            "cause": said["cause"],
            "reason": said["reason"],
            "code": said["code"],
            "channel": channel,
            "receipt": receipt,
        },
    )
    if found is not None:
        ChannelReceipt.objects.create(
            publication=found,
            agency_id=found.agency_id,
            channel=channel,
            receipt=receipt,
            on=clock.today(),
            down=True,
            act=act,
        )
    channel_tasks.finish(record, channel, ChannelTask.DOWN, act)
    return act


@verb("publication.ended-early", EndEarlyForm)
def end_early(context: StepContext) -> Act:
    """《信用修复管理办法》: one credit channel stops showing a repaired decision, never before its
    shortest term.
    """
    channel = context.data["channel"]
    found = shown_on(context.record).get(channel)
    if found is None:
        raise refuse("这个渠道上没有正在公示的内容。", LAW48)
    shown = (
        ChannelReceipt.objects.filter(publication=found, channel=channel, down=False)
        .latest("pk")
        .on
    )
    ends = [
        row
        for row in terms.of(context.record, channel, shown, repaired=True)
        if row.may_end and row.may_end["when"] is True
    ]
    if not ends:
        raise refuse(
            "这个渠道的规则没有写明可以提前停止公示。", "信用修复管理办法（2026年4月1日施行）"
        )
    earliest = _day(ends[0].may_end["from"])
    if earliest is not None and clock.today() < earliest:
        raise refuse(
            f"最短公示期到 {earliest.year}年{earliest.month}月{earliest.day}日，在此之前不能停止公示。",
            ends[0].source,
        )
    act = context.append(
        subject=found.text_hash,
        attrs={"channel": channel},
        content={
            "channel": channel,
            "number": context.data["number"],
            "decided_on": context.data["decided_on"],
            "receipt": context.data["receipt"],
        },
    )
    ChannelReceipt.objects.create(
        publication=found,
        agency_id=found.agency_id,
        channel=channel,
        receipt=context.data["receipt"],
        on=clock.today(),
        down=True,
        act=act,
    )
    return act


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
