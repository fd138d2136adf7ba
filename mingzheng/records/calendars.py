"""A new State Council notice: loaded once, and every deadline that it moves is moved with a log."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date

from mingzheng.core import clock, workdays
from mingzheng.core.canonical import plain
from mingzheng.core.workdays import foreign
from mingzheng.records import acts, duties, law, sandbox
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Duty, HolidayNotice, Record, Retiming
from mingzheng.records.refusal import refuse
from mingzheng.records.situation import Situation
from mingzheng.records.unit import work

KIND = "calendar"
TITLE = "工作日历"


def propose_calendar(by: Actor, text: str, *, replace: bool = False) -> Act:
    """《全国年节及纪念日放假办法》: one administrator brings a year's notice (TOML like
    law/holidays/2026.toml); it moves the deadlines of every agency, so another one has to agree.

    Refused, with what to mend, where the notice could not be loaded either.
    """
    notice = _read(text)
    with work():
        record = _record(by)
        _may_be_loaded(notice, replace)
        if any(each.text == text for each in proposed(by)):
            raise refuse("这份放假安排已经提出，正等另一名管理员确认。", title="不用再提")
        content = {"title": notice.title, "number": notice.number, "text": text, "replace": replace}
        entry = acts.Entry(kind="calendar.proposed", of=str(notice.year), content=content)
        return acts.append(record, by, entry)


@dataclass(frozen=True)
class Proposed:
    """A notice that waits for the second administrator."""

    act: Act
    title: str
    who: str
    text: str
    replace: bool


def proposed(by: Actor) -> list[Proposed]:
    """What was brought in this agency and is neither loaded nor declined, oldest first."""
    rows = Act.objects.filter(record__kind=KIND, record__agency_id=by.agency_id)
    answers = ("calendar.loaded", "calendar.declined")
    answered = set(rows.filter(kind__in=answers).values_list("subject", flat=True))
    found = []
    for act in rows.filter(kind="calendar.proposed").select_related("content").order_by("pk"):
        if str(act.pk) not in answered:
            said = json.loads(act.content.body)
            who = said.get("by", {}).get("name", "")
            found.append(Proposed(act, said["title"], who, said["text"], said["replace"]))
    return found


def answer_calendar(by: Actor, act_id: int, agreed: bool) -> Act:
    """《全国年节及纪念日放假办法》: the second administrator agrees, and the notice is loaded, or
    declines. Refused for whoever brought it, and where it is answered already.
    """
    with work():
        record = _record(by)
        row = next((each for each in proposed(by) if each.act.pk == act_id), None)
        if row is None:
            raise refuse("这件事已经办过了。", title="不能再确认")
        if row.act.actor_id == by.person_id:
            raise refuse("提出的人不能自己确认。", title="没有载入")
        if agreed:
            return load_calendar(by, row.text, replace=row.replace, subject=str(act_id))
        entry = acts.Entry(kind="calendar.declined", of=row.act.of, subject=str(act_id))
        return acts.append(record, by, entry)


def load_calendar(by: Actor, text: str, *, replace: bool = False, subject: str = "") -> Act:
    """《全国年节及纪念日放假办法》: load a year's notice and re-time what it moves; `subject` is the
    act that proposed it.

    Loading the same text again changes nothing; another text for a year that is known is taken only
    where `replace` says so. Refused, with what to mend, when the text cannot be read, or speaks of
    a year that nobody announces now.
    """
    notice = _read(text)
    with work():
        record = _record(by)
        if (held := _held(notice.year, text)) is not None:
            return held
        _may_be_loaded(notice, replace)
        act = acts.append(
            record,
            by,
            acts.Entry(
                kind="calendar.loaded",
                of=str(notice.year),
                subject=subject,
                content={"title": notice.title, "number": notice.number, "text": text},
            ),
        )
        HolidayNotice.objects.create(year=notice.year, text=text, act=act)
        _retime(act, notice.year)
        return act


def _held(year: int, text: str) -> Act | None:
    """The act that loaded this very text, where it is what holds."""
    rows = HolidayNotice.objects.filter(year=year).select_related("act").order_by("-pk")
    newest = rows.first()
    return newest.act if newest is not None and newest.text == text else None


def _may_be_loaded(notice: workdays.Notice, replace: bool) -> None:
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


def _read(text: str) -> workdays.Notice:
    """The notice, once it has been read apart."""
    _looked_at(text)
    return workdays.read_notice(tomllib.loads(text))


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
