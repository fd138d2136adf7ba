"""Taken down: everywhere in one transaction with the reason, or on one channel whose term is over or was lawfully ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from mingzheng.core import clock
from mingzheng.disclosure.access import channels_up, newest
from mingzheng.disclosure.acts import terms
from mingzheng.disclosure.acts.publishing import LAW48, seal
from mingzheng.disclosure.forms.publishing import EndEarlyForm, WithdrawForm
from mingzheng.disclosure.models import ChannelReceipt, Publication
from mingzheng.pages import acts as page_acts
from mingzheng.procedures import registry
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import refuse


@verb("publication.withdrawn", WithdrawForm)
def withdraw(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第二款: taken down everywhere in this transaction; a tombstone with the reason stays."""
    found = _live(doing.record)

    def append(**entry: Any) -> Act:
        return doing.append(**entry)

    return _down(doing.record, found, append, doing.form.qualifier(""), doing.data["reason"], doing.data.get("channels") or ())


def _live(record: Record) -> Publication:
    found = newest(record, Publication.LIVE)
    if found is None:
        raise refuse("没有正在公示的内容。", LAW48)
    return found


def take_down(record: Record, by: Actor, reason: str) -> Act | None:
    """国办发〔2018〕118号 二（四）: what was published rested on an entry that is void; it goes at once, with the reason."""
    found = newest(record, Publication.LIVE)
    if found is None:
        return None

    def append(*, kind: str = "publication.withdrawn", of: str = "wrong", **entry: Any) -> Act:
        return record_acts.append(record, by, record_acts.Entry(kind=kind, of=of, facts=registry.facts_of(record), **entry))

    return _down(record, found, append, "wrong", reason)


def _down(record: Record, found: Publication, append: Callable[..., Act], cause: str, reason: str, only: Sequence[str] = ()) -> Act:
    content = {"cause": cause, "reason": reason, "code": found.code}
    acts: list[Act] = []
    for channel in [each for each in channels_up(found) if not only or each in only]:
        # One act a channel: taking it off one site does not end the duty on another.
        acts.append(append(subject=found.text_hash, attrs={"channel": channel}, content={**content, "channel": channel}))
        ChannelReceipt.objects.create(
            publication=found, agency_id=found.agency_id, channel=channel, on=clock.today(), down=True, act=acts[-1])
    if not acts:
        raise refuse("这些渠道上没有正在公示的内容。", LAW48)
    if not channels_up(found):
        found.state, found.withdrawn_by, found.withdrawn_on, found.reason = Publication.WITHDRAWN, acts[0], clock.today(), reason
        found.save(update_fields=["state", "withdrawn_by", "withdrawn_on", "reason"])
        seal(record, found, "withdrawn", {"withdrawn_on": found.withdrawn_on, "cause": cause})
    page_acts.touch(record)
    if cause != "term-ended":
        append(kind="reasons.published", of="", subject=found.text_hash, content={"reason": reason})
    return acts[0]


@verb("publication.ended-early", EndEarlyForm)
def end_early(doing: Doing) -> Act:
    """《信用修复管理办法》: one credit channel stops showing a repaired decision, never before its shortest term."""
    found, channel = _live(doing.record), doing.data["channel"]
    shown = ChannelReceipt.objects.filter(publication=found, channel=channel, down=False).latest("pk").on
    ends = [row for row in terms.of(doing.record, channel, shown, repaired=True) if row.may_end and row.may_end["when"] is True]
    if not ends:
        raise refuse("这个渠道的规则没有写明可以提前停止公示。", "信用修复管理办法（2026年4月1日施行）")
    earliest = _day(ends[0].may_end["from"])
    if earliest is not None and clock.today() < earliest:
        raise refuse(f"最短公示期到 {earliest.year}年{earliest.month}月{earliest.day}日，在此之前不能停止公示。", ends[0].source)
    act = doing.append(subject=found.text_hash, attrs={"channel": channel}, content={
        "channel": channel, "number": doing.data["number"], "decided_on": doing.data["decided_on"], "receipt": doing.data["receipt"]})
    ChannelReceipt.objects.create(publication=found, agency_id=found.agency_id, channel=channel, receipt=doing.data["receipt"],
                                  on=clock.today(), down=True, act=act)
    return act


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
