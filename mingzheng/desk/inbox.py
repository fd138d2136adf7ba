"""The workbench: what waits, by nearest deadline; what was done; what was copied; what was urged."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from mingzheng.agencies import access
from mingzheng.agencies.models import Handler
from mingzheng.core import clock
from mingzheng.notices.access import addressed
from mingzheng.notices.models import Task
from mingzheng.procedures import registry
from mingzheng.procedures.models import Proposal
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.duties import LEAD, Light, light_of
from mingzheng.records.models import Duty, Record

TABS = {"todo": "待办", "done": "已办", "mine": "我发起的", "copy": "抄送我的", "urge": "督办"}
PAGE = 20


def my_records(by: Actor) -> QuerySet[Record]:
    """Open records this person handles."""
    mine = Handler.objects.filter(person=by.person_id, until=None).values("record")
    final = [state.code for found in registry.procedures() for state in found.states if state.final]
    return access.visible(by).filter(pk__in=mine).filter(~Q(state__in=final) | Q(due__isnull=False))


def counts(by: Actor) -> dict[str, int]:
    """How many lines stand under each tab."""
    open_tasks = addressed(by).filter(closed_at=None)
    return {
        "todo": open_tasks.filter(kind__in=[Task.TODO, Task.ASK]).count() + my_records(by).count(),
        "done": addressed(by).filter(closer_id=by.person_id).count(),
        "mine": Proposal.objects.filter(proposer_id=by.person_id, agency_id=by.agency_id).count(),
        "copy": open_tasks.filter(kind=Task.COPY).count(),
        "urge": open_tasks.filter(kind=Task.URGE).count(),
    }


def rows(by: Actor, tab: str, word: str = "", page: int = 1) -> tuple[list[dict[str, Any]], Any]:
    """One page of lines of a tab: {record, title, light, link, verb, note}, and the page object."""
    found = {"todo": _todo, "done": _done, "mine": _mine}.get(tab, _tasks)(by, tab, word)
    shown = Paginator(found, PAGE).get_page(page)
    return list(shown.object_list), shown


def _todo(by: Actor, tab: str, word: str) -> list[dict[str, Any]]:
    lines = []
    for task in addressed(by).filter(closed_at=None, kind__in=[Task.TODO, Task.ASK]).select_related("record"):
        link = f"/desk/proposals/{task.proposal_id}" if task.proposal_id else (
            f"/desk/tasks/{task.pk}" if task.kind == Task.ASK else f"/desk/cases/{task.record_id}")
        lines.append(_line(task.record, task.title, link, "审批" if task.proposal_id else "办理"))
    for record in my_records(by):
        lines.append(_line(record, "", f"/desk/cases/{record.pk}", "办理"))
    if word:
        lines = [line for line in lines if word in line["record"].title or word in line["title"]]
    far = clock.today().replace(year=9999)
    lines.sort(key=lambda line: (line["record"].due or far, line["record"].pk))
    return lines


def _line(record: Record, title: str, link: str, verb: str) -> dict[str, Any]:
    return {"record": record, "title": title or record.title, "sub": record.title if title else state_name(record),
            "light": record_light(record), "link": link, "verb": verb}


def state_name(record: Record) -> str:
    """Where the record stands, in Chinese."""
    if record.procedure == "":
        return ""
    return registry.procedure(record.procedure).state(record.state).name


def record_light(record: Record) -> Light:
    """The light of the record's nearest deadline, from its memo."""
    if record.due is None:
        return Light("n", "中止、扣除期间") if record.paused else Light("g", "没有在计的期限")
    return light_of(record.due, clock.today(), record.due_unit or "workday")


def _done(by: Actor, tab: str, word: str) -> list[dict[str, Any]]:
    found = addressed(by).filter(closer_id=by.person_id).select_related("record").order_by("-closed_at")
    return [_line(task.record, task.title, f"/desk/cases/{task.record_id}", "查看") | {"on": task.closed_at}
            for task in found if word in task.title or word in task.record.title]


def _mine(by: Actor, tab: str, word: str) -> list[dict[str, Any]]:
    found = Proposal.objects.filter(proposer_id=by.person_id, agency_id=by.agency_id).select_related("record")
    return [_line(row.record, row.name, f"/desk/proposals/{row.pk}", "查看") | {"state": Proposal.NAMES[row.state]}
            for row in found.order_by("-pk") if word in row.name or word in row.record.title]


def _tasks(by: Actor, tab: str, word: str) -> list[dict[str, Any]]:
    kind = Task.COPY if tab == "copy" else Task.URGE
    found = addressed(by).filter(closed_at=None, kind=kind).select_related("record").order_by("-pk")
    return [_line(task.record, task.title, f"/desk/cases/{task.record_id}", "查看") | {"task": task}
            for task in found if word in task.title or word in task.record.title]


def lights(by: Actor) -> dict[str, int]:
    """How many of the visible records' own duties are late, near, fine, paused."""
    today = clock.today()
    near = law.calendar().add(today, LEAD, "workday").due
    open_duties = Duty.objects.filter(
        record__in=access.visible(by).filter(agency_id=by.agency_id), state=Duty.OPEN, awaited=False).exclude(by="party")
    running = open_duties.filter(paused_since=None)
    return {
        "r": running.filter(light_due__lt=today).count(),
        "y": running.filter(light_due__gte=today, light_due__lte=near).count(),
        "g": running.filter(light_due__gt=near).count(),
        "n": open_duties.exclude(paused_since=None).count(),
    }
