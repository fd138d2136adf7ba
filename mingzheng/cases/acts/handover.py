"""Staff who leave: one list of what they handle; the receiver accepts; until then the old handler
keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mingzheng.agencies import access
from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.models import Exclusion, Handler, Handover, Person, Post
from mingzheng.cases.acts.handlers import assign, handler_ids
from mingzheng.core import clock
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.models import Task
from mingzheng.procedures import registry
from mingzheng.procedures.outcome import Absent
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

LAW = "《行政处罚法》第四十二条"
CHIEFS = frozenset({"unit-head", "deputy-head", "head"})


def open_matters(agency_id: int, person_id: int) -> list[Record]:
    """What this person handles and what has not come to its end, nearest deadline first."""
    final = [state.code for found in registry.procedures() for state in found.states if state.final]
    held = Handler.objects.filter(person=person_id, agency_id=agency_id, until=None).values(
        "record"
    )
    rows = list(
        Record.objects.filter(pk__in=held, agency_id=agency_id).exclude(state__in=final, due=None)
    )
    far = clock.today().replace(year=9999)
    return sorted(rows, key=lambda row: (row.due or far, row.pk))


def offer(
    by: Actor, giver: Person, taker: Person, records: Sequence[int], why: str
) -> list[Handover]:
    """《行政处罚法》第四十二条: a chief offers matters of somebody who leaves to somebody who may
    handle them.
    """
    if not by.roles & CHIEFS:
        raise refuse("工作移交由承办机构负责人或者本机关负责人办理。", title="您不能办理这一步")
    if giver.pk == taker.pk:
        raise refuse("移交人和接收人不能是同一人。", field="taker")
    if not records:
        raise refuse("请至少选择一件要移交的案件。", field="records")
    post = (
        Post.objects.filter(person=taker, agency=by.agency_id)
        .exclude(until__lt=clock.today())
        .first()
    )
    if post is None or "handler" not in post.roles:
        raise refuse(f"{taker.name}不是本机关的执法人员，不能接收案件。", LAW, field="taker")
    with work():
        return [_offer(by, giver, taker, pk, why) for pk in dict.fromkeys(records)]


def _offer(by: Actor, giver: Person, taker: Person, record_id: int, why: str) -> Handover:
    if not access.visible(by).filter(pk=record_id, agency_id=by.agency_id).exists():
        raise Absent()
    record = record_acts.lock(record_id)
    if giver.pk not in handler_ids(record):
        raise refuse(f"“{record.title}”不是{giver.name}承办的。")
    _able(taker, record)
    if Handover.objects.filter(record=record, giver=giver, state=Handover.OFFERED).exists():
        raise refuse(f"“{record.title}”已经在移交，等对方接收。")
    act = record_acts.append(
        record,
        by,
        Entry(
            kind="handover.offered",
            subject=str(taker.pk),
            content={"giver": giver.name, "taker": taker.name, "why": why},
        ),
    )
    notice_acts.give(record, act, f"请接收移交：{record.title}", person_id=taker.pk)
    made: Handover = Handover.objects.create(
        record=record, agency_id=record.agency_id, giver=giver, taker=taker, why=why, offered_by=act
    )
    return made


def _able(taker: Person, record: Record) -> None:
    """Whoever takes over may handle it this very day: asked when it is offered, and again when it
    is accepted.
    """
    if not access.valid_certificate(taker.pk, record.agency_id, record.kind):
        raise refuse(
            f"{taker.name}没有当日有效的、含这类事项的执法证件，不能接收“{record.title}”。",
            LAW,
            field="taker",
        )
    if Exclusion.objects.filter(record=record, person=taker).exists():
        raise refuse(
            f"{taker.name}已决定回避“{record.title}”，不能接收。",
            "《行政处罚法》第四十三条",
            field="taker",
        )


def answer(by: Actor, handover_id: int, accept: bool, reason: str = "") -> Act:
    """《行政处罚法》第四十二条: the receiver takes it over, or says why not; then it stays where
    it was.
    """
    with work():
        found = Handover.objects.filter(
            pk=handover_id, taker=by.person_id, state=Handover.OFFERED
        ).first()
        if found is None:
            raise Absent()
        record = record_acts.lock(found.record_id)
        found = Handover.objects.select_for_update().get(pk=found.pk)
        if not accept and not reason.strip():
            raise refuse("不接收的，请写明理由。", field="reason")
        if accept:
            _able(found.taker, record)
        people = sorted({*handler_ids(record), by.person_id} - {found.giver_id})
        act = record_acts.append(
            record,
            by,
            Entry(
                kind="handover.accepted" if accept else "handover.declined",
                subject=str(found.giver_id),
                attrs={"handler": people} if accept else {},
                content={"giver": found.giver.name, "reason": reason},
            ),
        )
        if accept:
            assign(record, act, people)
        found.state, found.answered_by = Handover.ACCEPTED if accept else Handover.DECLINED, act
        found.save(update_fields=["state", "answered_by"])
        for task in Task.objects.filter(
            record=record, person_id=by.person_id, closed_at=None, opened_by=found.offered_by
        ):
            notice_acts.close(act, task=task)
        return act


def end_post(by: Actor, post: Post, on: date) -> None:
    """《公务员法》: a post ends only when nothing that its holder handles is left without an
    owner.
    """
    if not by.roles & CHIEFS or by.agency_id != post.agency_id:
        raise Absent()
    if not by.roles & {"head", "deputy-head"} and post.unit_id != by.unit_id:
        raise refuse(
            "其他科室人员的离岗由该科室负责人或者本机关负责人登记。", title="您不能办理这一步"
        )
    left = open_matters(post.agency_id, post.person_id)
    others = Post.objects.filter(person=post.person_id, agency=post.agency_id, until=None).exclude(
        pk=post.pk
    )
    if left and not others.exists():
        seen = access.visible(by).filter(pk__in=[row.pk for row in left]).first()
        such = f"，例如“{seen.title}”" if seen else ""
        raise refuse(
            f"{post.person.name}名下还有 {len(left)} 件没有办完的案件{such}。请先移交并由对方接收。",
            LAW,
        )
    if on < clock.today():
        raise refuse("离岗日期不能早于今天。", field="on")
    agency_acts.end_post(post, by, on)
