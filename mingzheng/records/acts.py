"""The only writer of the record: open a matter, append an act, load rules and calendars.

An act is appended in the transaction of its effect. Appending checks the times
and every gate of the rules in force that day, writes act, content, leaf and
standing, voids what the rules say it voids, and closes and opens duties. There
is no parameter that leaves any of this out.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from mingzheng.core import clock
from mingzheng.core.canonical import canonical, commitment, plain
from mingzheng.core.regimes import Regime
from mingzheng.records import duties, kept, law
from mingzheng.records.actors import Actor
from mingzheng.records.ids import next_id
from mingzheng.records.models import (
    Act,
    ActContent,
    Attachment,
    Blob,
    Duty,
    EffectiveAct,
    Link,
    Record,
)
from mingzheng.records.refusal import Refused, refuse
from mingzheng.records.situation import Situation
from mingzheng.records.unit import joined, work
from mingzheng.records.words import PLATFORM_ACTS

# Why an act may be entered on a later day than it happened (design: 纸质补录, 离线采集, 邮寄签收).
LATE_REASONS = {
    "paper": "纸质补录",
    "offline": "离线采集",
    "post": "邮寄签收",
    "other-body": "其他机关来文",
}


@dataclass(frozen=True)
class Entry:
    """What an act says. `facts` are what rules look at; `content` is everything else that is kept.

    `attrs` (officer ids, person, channel, party) are what later gates compare;
    they hold internal ids only. `to_state` is empty when the matter stays where it is.
    """

    kind: str
    of: str = ""
    subject: str = ""
    happened_at: datetime | None = None
    late_reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    attrs: Mapping[str, Any] = field(default_factory=dict)
    to_state: str = ""
    files: Sequence[tuple[Blob, str, str]] = ()


def open_record(
    by: Actor | None,
    *,
    title: str,
    kind: str,
    state: str,
    pack: str,
    agency_id: int,
    entry: Entry,
    procedure: str = "",
    unit_id: int | None = None,
    classification: int = 0,
    party: str = "",
    item_id: int | None = None,
) -> tuple[Record, Act]:
    """Open a matter and append its first act; `party` (names) and `item_id` are memos for lists."""
    with work():
        record = Record.objects.create(
            title=title,
            kind=kind,
            state=state,
            pack=pack,
            agency_id=agency_id,
            procedure=procedure,
            unit_id=unit_id,
            classification=classification,
            party=party or None,
            item_id=item_id,
            opened_at=entry.happened_at or clock.now(),
        )
        return record, append(record, by, replace(entry, to_state=state))


def lock(record_id: int) -> Record:
    """The record, locked until the transaction ends."""
    found: Record = Record.objects.select_for_update().get(pk=record_id)
    return found


def append(
    record: Record, by: Actor | None, entry: Entry, situation: Situation | None = None
) -> Act:
    """Append one act to a locked record; Refused with its grounds when a gate does not hold.

    `situation` is what was read of this same locked record and no act has changed since; otherwise
    it is read here. Either way rules, history and duties are read under the lock, once.
    """
    with joined() as open_unit:
        if situation is None or situation.record is not record or situation.stale:
            situation = Situation(record)
        moment = clock.now()
        happened = clock.local(entry.happened_at) if entry.happened_at else moment
        happened = _checked_time(situation, entry, happened, moment)
        # Of the platform's own acts no rule of law speaks, and no pack knows their names.
        regime = None if entry.kind in PLATFORM_ACTS else situation.rules.regime
        facts = {key: value for key, value in entry.facts.items() if value is not None}
        attrs = {"person": by.person_id if by else None, **entry.attrs}
        followed = (
            situation.gates_held(entry.kind, entry.of, happened, facts, attrs) if regime else []
        )
        act = _write(record, by, entry, attrs, happened, moment, facts, regime, followed)
        open_unit.acts[act.pk] = bytes(act.commitment)
        if regime:
            voided = _void_undone(situation, regime, act, facts)
            situation = situation.after(act, act.effective, voided)
            duties.settle(situation, act, facts, entry.attrs)
        _remember(record, act, entry, situation.open_duties if regime else None)
        return act


def _void_undone(
    situation: Situation, regime: Regime, act: Act, facts: Mapping[str, Any]
) -> list[EffectiveAct]:
    """Void every earlier act that this one undoes under the rules."""
    found: dict[int, EffectiveAct] = {}
    for undo in regime.undone_by(
        act.kind,
        clock.local(act.happened_at).date(),
        law.asked(act.of, facts, situation.history),
    ):
        undone = {
            row.pk
            for row in situation.holdings
            if row.stands and any(ref.fits(row.kind, row.of) for ref in undo.acts)
        }
        if undo.holds is False or not undone - set(found):
            continue
        for standing in EffectiveAct.objects.filter(pk__in=undone - set(found)):
            if _same_channel(act, standing):
                law.void(standing, act)
                found[standing.pk] = standing
    return [standing for standing in found.values() if standing.voided_by_id is not None]


def _same_channel(act: Act, standing: EffectiveAct) -> bool:
    """What is done on a channel (taken off it) undoes only what was done on that channel, or on
    none.
    """
    here, there = act.effective.attrs.get("channel"), standing.attrs.get("channel")
    return not here or not there or here == there


def _checked_time(
    situation: Situation, entry: Entry, happened: datetime, moment: datetime
) -> datetime:
    if happened > moment:
        raise refuse(
            f"发生时间晚于现在（{moment:%Y年%-m月%-d日 %H:%M}）。请填已经发生的时间。",
            field="happened_at",
        )
    if happened.date() < clock.local(moment).date() and entry.late_reason not in LATE_REASONS:
        raise refuse(
            "发生日期早于今天，请选择补录原因：" + "、".join(LATE_REASONS.values()) + "。",
            field="late_reason",
        )
    last = situation.moved_at
    if last is None or happened >= last:
        return happened
    local = clock.local(last)
    # People give minutes, approvals carry seconds: within one minute the order of entry is the
    # order.
    if happened >= local.replace(second=0, microsecond=0):
        return local
    raise refuse(
        f"发生时间早于上一环节（{local:%Y年%-m月%-d日 %H:%M}）。请核对先后次序。",
        field="happened_at",
    )


def _write(
    record: Record,
    by: Actor | None,
    entry: Entry,
    attrs: dict[str, Any],
    happened: datetime,
    moment: datetime,
    facts: dict[str, Any],
    regime: Regime | None,
    followed: list[str],
) -> Act:
    act = Act(
        id=next_id(record.head),
        record=record,
        agency_id=record.agency_id,
        kind=entry.kind,
        of=entry.of,
        subject=entry.subject,
        actor_id=by.person_id if by else None,
        recorded_at=moment,
        happened_at=happened,
        from_state=record.state,
        to_state=entry.to_state,
        rules=followed,
        pack_version=regime.version if regime else "",
    )
    content: dict[str, Any] = {"facts": facts, **entry.content}
    if by:
        content["by"] = by.snapshot()
    if entry.late_reason:
        content["late_reason"] = entry.late_reason
    if entry.files:
        content["files"] = [
            {"sha256": blob.sha256, "name": name, "purpose": purpose}
            for blob, name, purpose in entry.files
        ]
    salt, text = secrets.token_bytes(32), canonical(committed(act, content))
    act.commitment = commitment(salt, text)
    act.save(force_insert=True)
    ActContent.objects.create(act=act, agency_id=act.agency_id, body=canonical(content), salt=salt)
    EffectiveAct.objects.create(
        record=record,
        agency_id=act.agency_id,
        act=act,
        kind=act.kind,
        of=act.of,
        subject=act.subject,
        happened_at=happened,
        attrs=plain(attrs),
    )
    for blob, name, purpose in entry.files:
        Attachment.objects.create(
            record=record, agency_id=act.agency_id, act=act, blob=blob, name=name, purpose=purpose
        )
    return act


def committed(act: Act, content: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object that an act's commitment is made over: its row and its content together."""
    return {
        "id": act.pk,
        "record": act.record_id,
        "agency": act.agency_id,
        "kind": act.kind,
        "of": act.of,
        "subject": act.subject,
        "actor": act.actor_id,
        "recorded_at": clock.local(act.recorded_at).isoformat(),
        "happened_at": clock.local(act.happened_at).isoformat(),
        "from": act.from_state,
        "to": act.to_state,
        "rules": list(act.rules),
        "pack": act.pack_version,
        "content": plain(content),
    }


def _remember(record: Record, act: Act, entry: Entry, owed: Sequence[Duty] | None) -> None:
    """Renew the memos of a record; `owed` is None where no rule spoke, so that nothing was owed or
    fulfilled.
    """
    record.head = act.pk
    changed = ["head"]
    if entry.to_state and entry.to_state != record.state:
        record.state = entry.to_state
        changed.append("state")
    if owed is not None:
        record.due, record.due_unit, record.paused = duties.nearest_of(owed)
        changed += ["due", "due_unit", "paused"]
    kept.save_whole(record, changed)


def remember_due(record: Record) -> None:
    """Renew the memo of the nearest deadline of a locked record."""
    record.due, record.due_unit, record.paused = duties.nearest(record)
    record.save(update_fields=["due", "due_unit", "paused"])


def remember_parties(record: Record, names: Sequence[str]) -> None:
    """Renew the memo of the counterparts' names after an act changed who they are."""
    record.party = "、".join(names)[:300] or None
    record.save(update_fields=["party"])


def close(record: Record, on: date) -> None:
    """Remember the day on which the matter ended."""
    record.closed_on = on
    record.save(update_fields=["closed_on"])


def link(source: Record, target: Record, kind: str, act: Act) -> Link:
    """Tie two records together; `kind` says how (follow-up, merged, split, complaint …)."""
    made: Link = Link.objects.create(
        source=source, target=target, kind=kind, act=act, agency_id=source.agency_id
    )
    return made


# What comes along with a step, or looks at it, and is no step of its own.
ALONG = (
    "document.issued",
    "document.rendered",
    "publication.sealed",
    "evidence.stored",
    "officer.assigned",
    "approval.given",
    "notice.read",
    "case.read",
    "volume.read",
    "duty.urged",
    "duty.reminded",
)


def rested_on(record: Record, act: Act) -> bool:
    """Whether anything was done after an act, beside its own papers and what only looked at it."""
    return (
        EffectiveAct.objects.filter(record=record, act_id__gt=act.pk, voided_by=None)
        .exclude(kind__in=ALONG)
        .exists()
    )


def void(record: Record, by: Actor, act: Act, reason: str) -> Act:
    """作废 an entry: a new act of a second person; what rested on it no longer stands, what it had
    closed is owed again.

    An entry that had moved the matter on takes it back to where it was; whether that may be is
    for the chapter to say.
    """
    standing = EffectiveAct.objects.filter(act=act, voided_by=None).first()
    if standing is None or act.record_id != record.pk:
        raise refuse("这条记录已经失效，或者不属于本案，不能作废。")
    if act.actor_id == by.person_id:
        raise refuse("作废须由原记录人以外的人办理。", "不得自己作废自己的记录")
    back = (
        act.from_state
        if act.to_state and act.to_state == record.state and not rested_on(record, act)
        else ""
    )
    if act.to_state and not back:
        raise refuse(
            "这一步之后又办了别的事，不能直接作废。请从最后一步起逐步作废，或者用退回、撤销或者变更办理。"
        )
    with joined():
        voiding = append(
            record,
            by,
            Entry(
                kind="entry.voided",
                of=act.kind,
                subject=str(act.pk),
                to_state=back,
                content={"reason": reason, "act": act.pk},
            ),
        )
        law.void(standing, voiding)
        duties.reopen(record, act)
        duties.recount(record, voiding)
        remember_due(record)
        return voiding


def refused_title(name: str) -> str:
    """The heading of a refusal: the step that cannot be taken."""
    return f"现在还不能“{name}”"


__all__ = [
    "LATE_REASONS",
    "Entry",
    "Refused",
    "append",
    "committed",
    "link",
    "lock",
    "open_record",
    "remember_due",
    "remember_parties",
    "void",
]
