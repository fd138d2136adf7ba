"""To connected channels without anybody's hand: sent, sent again, and entered on the record when
the channel's receipt is there.

Network and files are never touched inside a transaction. An attempt is remembered before it is
made, so that whoever takes something down meanwhile knows that it may have arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from mingzheng.core import clock
from mingzheng.disclosure.access import ordered_down, shown_on
from mingzheng.disclosure.acts import channel_tasks, publishing, withdrawing
from mingzheng.disclosure.channels import connections, orders, transports
from mingzheng.disclosure.models import ChannelTask, Publication
from mingzheng.jobs.acts import enqueue, job
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.pages import acts as page_acts
from mingzheng.procedures import registry
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import Refused, refuse
from mingzheng.records.situation import Situation
from mingzheng.records.unit import work
from mingzheng.records.words import channel_name, owner_name

# Times of the queue, not of any law: an attempt may last so long; then again after 1, 2, 4 …
# minutes; people are told after so many.
LEASE, LONGEST, TOLD = timedelta(minutes=2), 60, 3
# Where nobody was there just now, (agency, channel) → until when nothing else is tried: a dead
# channel must not keep the worker from the papers.
_away: dict[tuple[int, str], datetime] = {}


@job("publication.errands", every=timedelta(minutes=1))
def plan() -> None:
    """国办发〔2018〕118号 二（四）: whatever waits for a connected channel and may be tried now;
    an operational matter, no act.
    """
    now = timezone.now()
    for agency in connections.agencies():
        due = ChannelTask.objects.filter(
            agency_id=agency, state=ChannelTask.OPEN, channel__in=list(connections.of(agency))
        ).filter(Q(next_at=None) | Q(next_at__lte=now))
        for pk, channel in due.order_by("pk").values_list("pk", "channel"):
            if not _is_away(agency, channel):
                enqueue(
                    "publication.deliver", f"{pk}-{int(now.timestamp() // 60)}", agency, errand=pk
                )


def _is_away(agency: int, channel: str) -> bool:
    return (agency, channel) in _away and _away[agency, channel] > timezone.now()


@job("publication.deliver")
def deliver(errand: int) -> None:
    """国办发〔2018〕118号 二（四）: one attempt at one task."""
    row = _begin(errand)
    if row is None:
        return
    answer = _sent(row)
    if answer.away:
        _away[row.agency_id, row.channel] = timezone.now() + _pause(row.tries)
    with work():
        record = record_acts.lock(row.record_id)
        row = ChannelTask.objects.get(pk=errand)
        if row.state == ChannelTask.OPEN:
            _end(record, row, answer)
        else:
            _save(row, next_at=None)


def _sent(row: ChannelTask) -> transports.Answer:
    connection = connections.of(row.agency_id).get(row.channel)
    if connection is None:
        return transports.Answer(waiting="渠道没有接通")
    try:
        package = orders.make(row)
    except Exception as error:
        # Whatever keeps the file from being made has to reach a person, like a channel that does
        # not answer.
        return transports.Answer(waiting=f"给该渠道的文件做不出来（{type(error).__name__}）")
    return transports.send(connection, row.key, package)


def _begin(pk: int) -> ChannelTask | None:
    with work():
        row: ChannelTask = ChannelTask.objects.select_related("publication", "act").get(pk=pk)
        record = record_acts.lock(row.record_id)
        row.refresh_from_db()
        now = timezone.now()
        if row.state != ChannelTask.OPEN or row.next_at is not None and row.next_at > now:
            return None
        if _is_away(row.agency_id, row.channel):
            return None
        if row.what == ChannelTask.DOWN and (held := _under_way(row)):
            _save(row, next_at=held)
            return None
        if said := _hindrance(record, row):
            _save(row, said=said[:200], next_at=now + timedelta(minutes=LONGEST))
            return None
        _save(row, tries=row.tries + 1, said=channel_tasks.SENDING, next_at=now + LEASE)
        return row


def _under_way(row: ChannelTask) -> Any:
    """Until when an attempt to bring up what this task takes down may still be on its way."""
    other = ChannelTask.objects.filter(
        record=row.record_id, channel=row.channel, what=ChannelTask.UP, next_at__gt=timezone.now()
    )
    return other.order_by("-next_at").values_list("next_at", flat=True).first()


def _hindrance(record: Record, row: ChannelTask) -> str:
    """Why it may not go out now: a gate that the receipt's act would not pass, a row that the
    standard refuses.
    """
    if row.what == ChannelTask.DOWN:
        return ""
    if row.channel in ordered_down(record):
        return "这个渠道上原来的内容还没有撤下"
    entry = _entry(record, row, "")
    try:
        Situation(record).gates_held(
            entry.kind, entry.of, clock.now(), entry.facts, {"person": None, **entry.attrs}
        )
    except Refused as stopped:
        return "；".join(ground.say for ground in stopped.grounds)
    return "；".join(orders.faults(row))


def _entry(record: Record, row: ChannelTask, receipt: str) -> record_acts.Entry:
    found = row.publication
    facts = {**registry.facts_of(record), "channel": row.channel}
    if row.what == ChannelTask.REPORT:
        return record_acts.Entry(
            kind="decision.transmitted",
            attrs={"to": row.channel},
            facts=facts,
            content={"to": row.channel, "receipt": receipt, "delivery": row.key},
        )
    before = shown_on(record).get(row.channel)
    corrected = row.act.kind == "publication.corrected" and before is not None
    content = {
        "channel": row.channel,
        "receipt": receipt,
        "code": found.code,
        "delivery": row.key,
        "text_hash": found.text_hash,
    }
    return record_acts.Entry(
        kind="publication.corrected" if corrected else "publication.published",
        of="" if corrected else found.of,
        subject=found.text_hash,
        attrs={"channel": row.channel},
        facts=facts,
        content={**content, "replaces": before.code} if corrected and before else content,
    )


def _end(record: Record, row: ChannelTask, answer: transports.Answer) -> None:
    if answer.receipt:
        DONE[row.what](record, row, answer.receipt)
        page_acts.touch(record)
    elif answer.refused:
        _save(row, state=ChannelTask.REFUSED, next_at=None, said=answer.refused)
        _tell(record, row, "delivery.refused", f"{_name(row)}退回：{answer.refused}")
    else:
        _save(row, said=answer.waiting, next_at=timezone.now() + _pause(row.tries))
        if row.tries == TOLD:
            _tell(
                record,
                row,
                "delivery.unanswered",
                f"{_name(row)}还没有回执：{answer.waiting}。平台会继续送，也可以自己办理后登记回执",
            )


def _pause(tries: int) -> timedelta:
    return timedelta(minutes=min(2 ** (tries - 1), LONGEST))


def _came_up(record: Record, row: ChannelTask, receipt: str) -> None:
    act = record_acts.append(record, None, _entry(record, row, receipt))
    publishing.up(record, row.publication, row.channel, receipt, act)


def _went_down(record: Record, row: ChannelTask, receipt: str) -> None:
    def append(*, content: Any, **entry: Any) -> Act:
        return record_acts.append(
            record,
            None,
            record_acts.Entry(
                kind="publication.withdrawn",
                facts=registry.facts_of(record),
                content={**content, "delivery": row.key},
                **entry,
            ),
        )

    withdrawing.confirm_down(record, row.channel, receipt, append)


def _reported(record: Record, row: ChannelTask, receipt: str) -> None:
    channel_tasks.finish(
        record,
        row.channel,
        ChannelTask.REPORT,
        record_acts.append(record, None, _entry(record, row, receipt)),
    )


DONE: dict[str, Callable[[Record, ChannelTask, str], None]] = {
    ChannelTask.UP: _came_up,
    ChannelTask.DOWN: _went_down,
    ChannelTask.REPORT: _reported,
}


def again(by: Actor, row: ChannelTask) -> Act:
    """国办发〔2018〕118号 二（四）: what a channel sent back goes out once more, after a person
    saw to it.
    """
    with work():
        record = record_acts.lock(row.record_id)
        row.refresh_from_db()
        if (
            row.state != ChannelTask.REFUSED
            or row.what != ChannelTask.DOWN
            and row.publication.state != Publication.LIVE
        ):
            raise refuse("这一件已经不用再送了。")
        act = record_acts.append(
            record,
            by,
            record_acts.Entry(
                kind="delivery.again",
                subject=row.key,
                content={"channel": row.channel, "what": row.what},
            ),
        )
        _save(row, state=ChannelTask.OPEN, next_at=None, said="")
        return act


def _tell(record: Record, row: ChannelTask, kind: str, words: str) -> None:
    act = record_acts.append(
        record,
        None,
        record_acts.Entry(
            kind=kind, subject=row.key, content={"channel": row.channel, "said": row.said}
        ),
    )
    for person in record.handlers.filter(until=None).values_list("person", flat=True):
        notice_acts.give(record, act, words[:200], person_id=person, kind=Task.URGE)


def _name(row: ChannelTask) -> str:
    return owner_name(row.channel) if row.what == ChannelTask.REPORT else channel_name(row.channel)


def _save(row: ChannelTask, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
