"""Duties: opened and closed by acts, paused and moved by deductions, shown as lights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.core import clock
from mingzheng.core.canonical import plain
from mingzheng.records import law
from mingzheng.records.models import Act, Duty, Record, Retiming, Standing
from mingzheng.records.refusal import refuse

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
    regime: Any, record: Record, act: Act, facts: Mapping[str, Any], attrs: Mapping[str, Any]
) -> None:
    """Close, pause, move and open duties after `act`."""
    if regime is None:
        return
    _close(record, act, attrs)
    _pause_or_move(regime, record, act, facts)
    on = clock.local(act.happened_at).date()
    for owed in regime.owed(
        act.kind, on, law.asked(act.of, facts, law.story(record)), law.calendar()
    ):
        if owed.none or owed.unset:
            continue
        for channel in _channels(record, owed.channel or ""):
            _open(record, act, owed, channel)


def _open(record: Record, act: Act, owed: Any, channel: str) -> None:
    Duty.objects.create(
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


def _channels(record: Record, named: str) -> list[str]:
    """Where it is owed: "live" means wherever the record is shown now, once each."""
    if named != "live":
        return [named]
    shown = Standing.objects.filter(record=record, kind="publication.published", voided_by=None)
    return sorted({str(row.attrs.get("channel") or "") for row in shown})


def _close(record: Record, act: Act, attrs: Mapping[str, Any]) -> None:
    done: set[tuple[str, str, str, str]] = set()
    for duty in Duty.objects.filter(record=record, state=Duty.OPEN).order_by("pk"):
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


def _pause_or_move(regime: Any, record: Record, act: Act, facts: Mapping[str, Any]) -> None:
    for duty in Duty.objects.filter(record=record, state=Duty.OPEN):
        rules = regime.suspensions(duty.topic)
        ended = any(_named(act, rule.end) for rule in rules)
        if ended or any(_named(act, (*rule.start, *rule.needs)) for rule in rules):
            _pause(regime, record, duty)
        extended = act.kind == "limit.extended" and act.of == duty.topic
        if extended or ended and duty.paused_since is None:
            _move(regime, record, duty, act)


def _pause(regime: Any, record: Record, duty: Duty) -> None:
    _, running = deductions(regime, record, duty.topic)
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
    regime = law.regime(record)
    if regime is None:
        return
    for duty in Duty.objects.filter(record=record, state=Duty.OPEN).exclude(due=None):
        _pause(regime, record, duty)
        if duty.paused_since is None and (
            duty.retimings.exists() or regime.suspensions(duty.topic)
        ):
            _move(regime, record, duty, act)


def _named(act: Act | Standing, refs: Any) -> bool:
    return any(ref.fits(act.kind, act.of) for ref in refs)


def _move(regime: Any, record: Record, duty: Duty, act: Act) -> None:
    try:
        moved = regime.retime(
            duty.how, intervals(regime, record, duty), granted(record, duty.topic), law.calendar()
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


def intervals(regime: Any, record: Record, duty: Duty) -> list[dict[str, Any]]:
    """The finished deductions of this duty's topic, none overlapping another."""
    return deductions(regime, record, duty.topic)[0]


def deductions(regime: Any, record: Record, topic: str) -> tuple[list[dict[str, Any]], date | None]:
    """(finished deductions of a topic, since when one is running), from the acts that still stand.

    Time is deducted only where the papers that the rule asks for are in the record by its end.
    """
    found: list[dict[str, Any]] = []
    running: list[date] = []
    rows = list(
        Standing.objects.filter(record=record)
        .select_related("voided_by")
        .order_by("happened_at", "act_id")
    )
    for rule in regime.suspensions(topic):
        begun: date | None = None
        told = _papers(rule, rows)
        for row in rows:
            # The act that ends a suspension may also void its beginning; the days in between still
            # count.
            if row.voided_by is not None and not _named(row.voided_by, rule.end):
                continue
            on = clock.local(row.happened_at).date()
            if _named(row, rule.start) and begun is None:
                begun = on
            elif _named(row, rule.end) and begun is not None:
                if told is None or told <= on:
                    found.append({"from": begun, "until": on, "why": rule.source})
                begun = None
        if begun is not None and (told is None or told < date.max):
            running.append(begun)
    return _joined(found), min(running, default=None)


def _papers(rule: Any, rows: list[Standing]) -> date | None:
    """The day by which every paper of a deduction was there; date.max when one is lacking, None
    when none is asked for.
    """
    days = [
        min(
            (
                clock.local(row.happened_at).date()
                for row in rows
                if row.voided_by_id is None and ref.fits(row.kind, row.of)
            ),
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


def granted(record: Record, topic: str) -> list[dict[str, Any]]:
    """The extensions granted for a topic: {"by", "unit", "why"} each."""
    rows = Standing.objects.filter(record=record, kind="limit.extended", of=topic, voided_by=None)
    return [
        {"by": row.attrs.get("n"), "unit": row.attrs.get("unit"), "why": "经批准延长期限"}
        for row in rows.order_by("happened_at", "act_id")
    ]


def nearest(record: Record) -> tuple[date | None, str, bool]:
    """The earliest open due day of the agency's own duties, its unit, and whether any deadline is
    paused.
    """
    rows = Duty.objects.filter(record=record, state=Duty.OPEN, awaited=False)
    running = [
        (row.light_due, str(row.how.get("unit", "")))
        for row in rows
        if row.light_due and row.paused_since is None and row.by != "party"
    ]
    due, unit = min(running, default=(None, ""))
    return due, unit, any(row.paused_since for row in rows)


def light(duty: Duty, today: date | None = None) -> Light:
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
    return light_of(duty.light_due, today, str(duty.how.get("unit", "workday")), duty.provisional)


def light_of(
    due: date, today: date, unit: str = "workday", provisional: bool = False, calendar: Any = None
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
