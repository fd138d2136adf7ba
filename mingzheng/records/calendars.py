"""A new State Council notice: loaded once, and every deadline that it moves is moved with a log."""

from __future__ import annotations

import tomllib
from datetime import date

from django.db import transaction

from mingzheng.core import clock, workdays
from mingzheng.core.canonical import plain
from mingzheng.core.workdays import foreign
from mingzheng.records import acts, duties, law, sandbox
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Duty, HolidayNotice, Record, Retiming
from mingzheng.records.refusal import refuse
from mingzheng.records.situation import Situation

KIND = "calendar"
TITLE = "工作日历"


def load_calendar(by: Actor, text: str, *, replace: bool = False) -> Act:
    """《全国年节及纪念日放假办法》: load a year's notice (TOML like law/holidays/2026.toml) and
    re-time what it moves.

    Loading the same text again changes nothing; another text for a year that is known is taken only
    where `replace` says so. Refused, with what to mend, when the text cannot be read, or speaks of
    a year that nobody announces now.
    """
    _looked_at(text)
    notice = workdays.read_notice(tomllib.loads(text))
    with transaction.atomic():
        record = _record(by)
        newest = (
            HolidayNotice.objects.filter(year=notice.year)
            .select_related("act")
            .order_by("-pk")
            .first()
        )
        if newest is not None and newest.text == text:
            held: Act = newest.act
            return held
        today = clock.today()
        if notice.year not in (today.year, today.year + 1):
            raise refuse(
                f"现在只能载入 {today.year} 年和 {today.year + 1} 年的放假安排。", title="没有载入"
            )
        if notice.year in law.calendar().notices and not replace:
            raise refuse(
                f"{notice.year} 年的放假安排已经有了。确实要换的，请勾选“替换已有的安排”，"
                "所有机关的期限都会重算。",
                title="没有载入",
            )
        act = acts.append(
            record,
            by,
            acts.Entry(
                kind="calendar.loaded",
                of=str(notice.year),
                content={"title": notice.title, "number": notice.number, "text": text},
            ),
        )
        HolidayNotice.objects.create(year=notice.year, text=text, act=act)
        _retime(act, notice.year)
        return act


def _looked_at(text: str) -> None:
    """Read apart before it is read here."""
    try:
        answer = sandbox.ask(foreign.__name__, "read", text.encode(errors="replace"))
    except sandbox.Unconfined as error:
        raise refuse(str(error), title="没有载入") from error
    fault = "这个文件不能安全地读取" if answer.late or answer.died else answer.said.get("fault")
    if fault:
        raise refuse(f"{fault}。请照 law/holidays 里的样子改好后重新载入。", title="没有载入")


def _record(by: Actor) -> Record:
    found = Record.objects.filter(kind=KIND, agency_id=by.agency_id).order_by("pk").first()
    if found is None:
        found, _ = acts.open_record(
            None,
            title=TITLE,
            kind=KIND,
            state="open",
            pack="",
            agency_id=by.agency_id,
            entry=acts.Entry(kind="calendar.opened"),
        )
    return acts.lock(found.pk)


def _retime(act: Act, year: int) -> None:
    # A notice also moves days of the December before its year: New Year's make-up days.
    rows = Duty.objects.filter(
        state=Duty.OPEN, paused_since=None, light_due__gte=date(year - 1, 12, 1)
    )
    touched: dict[int, Record] = {}
    for duty in rows.select_related("record").order_by("pk"):
        if _move(act, duty):
            touched[duty.record_id] = duty.record
    for record in touched.values():
        acts.remember_due(acts.lock(record.pk))


def _move(act: Act, duty: Duty) -> bool:
    situation = Situation(duty.record)
    made = situation.regime.retime(
        duty.how,
        duties.intervals(situation, duty),
        duties.granted(situation, duty),
        situation.calendar,
    )
    floor = date.fromisoformat(str(duty.floor["due"])) if duty.floor else made.due
    light = min((day for day in (made.due, floor) if day), default=None)
    if (made.due, made.provisional, light) == (duty.due, duty.provisional, duty.light_due):
        return False
    Retiming.objects.create(
        duty=duty, agency_id=duty.agency_id, act=act, before=duty.light_due, after=light
    )
    duty.due, duty.light_due, duty.provisional, duty.how = (
        made.due,
        light,
        made.provisional,
        plain(made.how),
    )
    duty.save(update_fields=["due", "light_due", "provisional", "how"])
    return True
