"""Duties: opened and closed by acts, paused and moved by deductions, shown as lights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.core import clock
from mingzheng.core.canonical import plain
from mingzheng.core.regimes import ActRef, Owed, Regime
from mingzheng.core.regimes.answers import SuspensionRule
from mingzheng.core.workdays import Calendar
from mingzheng.records import law
from mingzheng.records.law import Holding
from mingzheng.records.models import Act, Duty, Record, Retiming
from mingzheng.records.refusal import refuse
from mingzheng.records.situation import Situation

# Lead of the yellow light, in working days: a reminder, not law (design/packs: outside on purpose).
LEAD = 2
# Acts about everything that the record holds: one of them answers every duty that waits for it.
WHOLE = {"volume.bound", "volume.handed-over"}


@dataclass(frozen=True)
class Light:
    """colour: g, y, r or n (paused); words: what a person reads; left: days of `unit`, negative
    when late.
    """

    colour: str
    words: str
    left: int | None = None


def settle(
    situation: Situation, act: Act, facts: Mapping[str, Any], attrs: Mapping[str, Any]
) -> None:
    """Close, pause, move and open duties; `situation` is the one that `act` has made."""
    regime = situation.rules.regime
    if regime is None:
        return
    _close(situation, act, attrs)
    _pause_or_move(situation, regime, act)
    on = clock.local(act.happened_at).date()
    asked = law.asked(act.of, facts, situation.history)
    for owed in regime.owed(act.kind, on, asked, situation.calendar):
        if owed.none or owed.unset:
            continue
        # "live" means wherever the record is shown now, once each.
        for channel in situation.channels() if owed.channel == "live" else [owed.channel or ""]:
            situation.open_duties.append(_open(situation.record, act, owed, channel))


def _open(record: Record, act: Act, owed: Owed, channel: str) -> Duty:
    opened: Duty = Duty.objects.create(
        record=record,
        agency_id=record.agency_id,
        opened_by=act,
        rule=owed.rule,
        topic=owed.topic or "",
        pack=owed.pack,
        version=owed.version,
        by=owed.by or "",
        then=[f"{ref.act}:{ref.of}" if ref.of else ref.act for ref in owed.closes],
        channel=channel,
        to=owed.to or "",
        party=",".join(owed.party),
        source=owed.source,
        text=owed.text or "",
        confirmed=owed.confirmed,
        awaited=owed.awaited,
        due=owed.due,
        floor=plain(owed.floor),
        light_due=owed.light_due,
        provisional=owed.provisional,
        how=plain(owed.how),
    )
    return opened


def _close(situation: Situation, act: Act, attrs: Mapping[str, Any]) -> None:
    done: set[tuple[str, str, str, str]] = set()
    for duty in situation.open_duties:
        slot = (duty.rule, duty.channel, duty.to, duty.party)
        if slot in done and act.kind not in WHOLE or not _fulfils(act, duty, attrs):
            continue
        done.add(slot)
        duty.state, duty.closed_by, duty.closed_at = Duty.DONE, act, act.happened_at
        duty.save(update_fields=["state", "closed_by", "closed_at"])


def _fulfils(act: Act, duty: Duty, attrs: Mapping[str, Any]) -> bool:
    if act.kind not in duty.then and f"{act.kind}:{act.of}" not in duty.then:
        return False
    for name, wanted in (("channel", duty.channel), ("to", duty.to), ("party", duty.party)):
        given = attrs.get(name)
        # An act that names no channel (withheld, for instance) answers for all of them.
        if wanted and given is not None and str(wanted) != str(given):
            return False
    return True


def _pause_or_move(situation: Situation, regime: Regime, act: Act) -> None:
    for duty in situation.open_duties:
        if duty.state != Duty.OPEN:
            continue
        rules = regime.suspensions(duty.topic)
        ended = any(_named(act.kind, act.of, rule.end) for rule in rules)
        begun = any(_named(act.kind, act.of, (*rule.start, *rule.needs)) for rule in rules)
        if ended or begun:
            _pause(situation, regime, duty)
        extended = act.kind == "limit.extended" and act.of == duty.topic
        if extended or ended and duty.paused_since is None:
            _move(situation, regime, duty, act)


def _pause(situation: Situation, regime: Regime, duty: Duty) -> None:
    _, running = deductions(regime, situation.holdings, duty.topic)
    if running != duty.paused_since:
        duty.paused_since = running
        duty.save(update_fields=["paused_since"])


def release(record: Record, act: Act) -> None:
    """When a matter goes on inside another: what is still open here is owed there, no longer
    here.
    """
    Duty.objects.filter(record=record, state=Duty.OPEN).update(state=Duty.VOID, closed_by=act)


def reopen(record: Record, act: Act) -> None:
    """What an act that never stood had fulfilled is owed as before."""
    for duty in Duty.objects.filter(record=record, closed_by=act, state=Duty.DONE):
        duty.state, duty.closed_by, duty.closed_at = Duty.OPEN, None, None
        duty.save(update_fields=["state", "closed_by", "closed_at"])


def recount(record: Record, act: Act) -> None:
    """After `act` voided an earlier one: whatever a deduction or an extension had moved is counted
    anew.
    """
    situation = Situation(record)
    regime = situation.rules.regime
    if regime is None:
        return
    for duty in situation.open_duties:
        if duty.due is None:
            continue
        _pause(situation, regime, duty)
        if duty.paused_since is None and (
            duty.retimings.exists() or regime.suspensions(duty.topic)
        ):
            _move(situation, regime, duty, act)


def _named(kind: str, of: str, refs: Iterable[ActRef]) -> bool:
    return any(ref.fits(kind, of) for ref in refs)


def _move(situation: Situation, regime: Regime, duty: Duty, act: Act) -> None:
    try:
        moved = regime.retime(
            duty.how, intervals(situation, duty), granted(situation, duty), situation.calendar
        )
    except ValueError as error:
        raise refuse(str(error)) from error
    Retiming.objects.create(
        duty=duty, agency_id=duty.agency_id, act=act, before=duty.light_due, after=moved.due
    )
    # A higher norm's earlier day goes on driving the light: whether the deduction moves it too is
    # not known here.
    higher = date.fromisoformat(duty.floor["due"]) if duty.floor and duty.floor.get("due") else None
    light_due = min((day for day in (moved.due, higher) if day), default=None)
    duty.due, duty.light_due, duty.provisional, duty.how = (
        moved.due,
        light_due,
        moved.provisional,
        plain(moved.how),
    )
    duty.save(update_fields=["due", "provisional", "how", "light_due", "paused_since"])


def intervals(situation: Situation, duty: Duty) -> list[dict[str, Any]]:
    """The finished deductions of this duty's topic, none overlapping another."""
    return deductions(situation.regime, situation.holdings, duty.topic)[0]


def deductions(
    regime: Regime, rows: Sequence[Holding], topic: str
) -> tuple[list[dict[str, Any]], date | None]:
    """(finished deductions of a topic, since when one is running), from the acts that still stand.

    Time is deducted only where the papers that the rule asks for are in the record by its end.
    """
    found: list[dict[str, Any]] = []
    running: list[date] = []
    for rule in regime.suspensions(topic):
        begun: date | None = None
        told = _papers(rule, rows)
        for row in rows:
            # The act that ends a suspension may also void its beginning; the days in between still
            # count.
            if not row.stands and not _named(row.voiding or "", row.voiding_of or "", rule.end):
                continue
            if _named(row.kind, row.of, rule.start) and begun is None:
                begun = row.on
            elif _named(row.kind, row.of, rule.end) and begun is not None:
                if told is None or told <= row.on:
                    found.append({"from": begun, "until": row.on, "why": rule.source})
                begun = None
        if begun is not None and (told is None or told < date.max):
            running.append(begun)
    return _joined(found), min(running, default=None)


def _papers(rule: SuspensionRule, rows: Sequence[Holding]) -> date | None:
    """The day by which every paper of a deduction was there; date.max when one is lacking, None
    when none is asked for.
    """
    days = [
        min(
            (row.on for row in rows if row.stands and ref.fits(row.kind, row.of)),
            default=date.max,
        )
        for ref in rule.needs
    ]
    return max(days, default=None)


def _joined(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Overlapping deductions as one: no day is deducted twice."""
    out: list[dict[str, Any]] = []
    for each in sorted(found, key=lambda interval: interval["from"]):
        if out and each["from"] <= out[-1]["until"]:
            whys = dict.fromkeys([*out[-1]["why"].split("；"), each["why"]])
            out[-1] = {
                **out[-1],
                "until": max(out[-1]["until"], each["until"]),
                "why": "；".join(whys),
            }
        else:
            out.append(each)
    return out


def granted(situation: Situation, duty: Duty) -> list[dict[str, Any]]:
    """The extensions granted for a duty's topic: {"by", "unit", "why"} each."""
    return [
        {"by": row.attrs.get("n"), "unit": row.attrs.get("unit"), "why": "经批准延长期限"}
        for row in situation.extended(duty.topic)
    ]


def nearest(record: Record) -> tuple[date | None, str, bool]:
    """The earliest open due day of the agency's own duties, its unit, and whether any deadline is
    paused.
    """
    return nearest_of(Duty.objects.filter(record=record, state=Duty.OPEN))


def nearest_of(duties: Iterable[Duty]) -> tuple[date | None, str, bool]:
    """The same among duties that are in hand already."""
    rows = [row for row in duties if row.state == Duty.OPEN and not row.awaited]
    running = [
        (row.light_due, str(row.how.get("unit", "")))
        for row in rows
        if row.light_due and row.paused_since is None and row.by != "party"
    ]
    due, unit = min(running, default=(None, ""))
    return due, unit, any(row.paused_since for row in rows)


def light(duty: Duty, today: date | None = None, calendar: Calendar | None = None) -> Light:
    """The light of a duty on `today`, in one place for officers, leaders and citizens."""
    today = today or clock.today()
    if duty.state == Duty.DONE:
        late = (
            duty.closed_at
            and duty.light_due
            and clock.local(duty.closed_at).date() > duty.light_due
        )
        return Light("r", "已办，逾期") if late else Light("g", "已办")
    if duty.paused_since:
        return Light("n", "中止、扣除期间")
    if duty.light_due is None:
        return Light(
            "y",
            "应当及时办理（未规定天数）" if duty.how.get("within") == "promptly" else "期限未规定",
        )
    unit = str(duty.how.get("unit", "workday"))
    return light_of(duty.light_due, today, unit, duty.provisional, calendar)


def light_of(
    due: date,
    today: date,
    unit: str = "workday",
    provisional: bool = False,
    calendar: Calendar | None = None,
) -> Light:
    """Green, yellow (≤ LEAD working days left) or red for a due day; a list hands its calendar in,
    once for all rows.
    """
    calendar = calendar or law.calendar()
    mark = "（暂估）" if provisional else ""
    working = unit == "workday"
    word = "个工作日" if working else "日"
    if today > due:
        late = calendar.workdays_between(due, today) if working else (today - due).days
        return Light("r", f"已超 {late} {word}{mark}" if late else f"已过期限{mark}", -late)
    left = calendar.workdays_between(today, due)
    shown = left if working else (due - today).days
    if today == due:
        return Light("y", f"今天到期{mark}", 0)
    return Light("y" if left <= LEAD else "g", f"还剩 {shown} {word}{mark}", shown)
