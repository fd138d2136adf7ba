"""The workbench: what waits, what was done, what one proposed, what was copied, what was urged."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.models import Handler
from mingzheng.core import clock
from mingzheng.desk.lists import Cell, Column, Filter, Listing, Part, Sort
from mingzheng.notices.access import addressed
from mingzheng.notices.models import Task
from mingzheng.procedures import registry
from mingzheng.procedures.models import Proposal
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.duties import Light, light_of
from mingzheng.records.models import Record

TABS = {"todo": "待办", "done": "已办", "mine": "我发起的", "copy": "抄送我的", "urge": "督办"}
# Tasks and proposals hang on the record that has the deadline.
BY_RECORD = (("task", "record__due"), ("proposal", "record__due"))
DUE = Sort("due", "期限由近到远", "due", fields=BY_RECORD)
NEW = Sort("new", "新来的在前", "opened_at", descending=True)
CLOSED = Sort("closed", "新办的在前", "closed_at", descending=True)
PROPOSED = Sort("new", "新报的在前", "pk", descending=True)
SORTS = {
    "todo": (DUE, NEW),
    "done": (CLOSED, DUE),
    "mine": (PROPOSED, DUE),
    "copy": (NEW, DUE),
    "urge": (NEW, DUE),
}


def my_records(by: Actor, reach: access.Reach | None = None) -> QuerySet[Record]:
    """Open records this person handles."""
    mine = Handler.objects.filter(person=by.person_id, until=None).values("record")
    final = [state.code for found in registry.procedures() for state in found.states if state.final]
    held = (reach or access.reach(by)).within(Record.objects.filter(pk__in=mine))
    return held.filter(~Q(state__in=final) | Q(due__isnull=False))


def counts(by: Actor, reach: access.Reach | None = None) -> dict[str, int]:
    """How many lines stand under each tab."""
    waits = Q(closed_at=None)
    found = addressed(by).aggregate(
        todo=Count("pk", filter=waits & Q(kind__in=[Task.TODO, Task.ASK])),
        done=Count("pk", filter=Q(closer_id=by.person_id)),
        copy=Count("pk", filter=waits & Q(kind=Task.COPY)),
        urge=Count("pk", filter=waits & Q(kind=Task.URGE)),
    )
    return {
        "todo": found["todo"] + my_records(by, reach).count(),
        "done": found["done"],
        "mine": Proposal.objects.filter(proposer_id=by.person_id, agency_id=by.agency_id).count(),
        "copy": found["copy"],
        "urge": found["urge"],
    }


def returned(by: Actor) -> list[Task]:
    """What came back to this person and waits for him, the newest first; the first few."""
    rows = addressed(by).filter(closed_at=None, kind=Task.TODO, person_id=by.person_id)
    return list(rows.filter(proposal_id__isnull=False).select_related("record").order_by("-pk")[:5])


def parts(by: Actor, tab: str, reach: access.Reach) -> list[Part]:
    """What stands under a tab: tasks, one's own records, one's own proposals."""
    tasks = addressed(by)
    if tab == "todo":
        return [
            Part("task", tasks.filter(closed_at=None, kind__in=[Task.TODO, Task.ASK])),
            Part("record", my_records(by, reach)),
        ]
    if tab == "done":
        return [Part("task", tasks.filter(closer_id=by.person_id))]
    if tab == "mine":
        return [
            Part(
                "proposal",
                Proposal.objects.filter(proposer_id=by.person_id, agency_id=by.agency_id),
            )
        ]
    return [
        Part("task", tasks.filter(closed_at=None, kind=Task.COPY if tab == "copy" else Task.URGE))
    ]


def listing(tab: str) -> Listing:
    """The list under a tab."""
    calendar = law.calendar()
    third = {
        "mine": Column("状态", _state, width=14),
        "done": Column("办理时间", _closed, sort="closed", width=18),
    }.get(tab, Column("收到日期", _opened, sort="new", width=14))
    return Listing(
        TABS[tab],
        reverse("desk:home"),
        (
            Column(
                "期限",
                lambda row: Cell("", light=record_light(_record(row), calendar), small=_due(row)),
                place="due",
                sort="due",
                width=0,
            ),
            Column("事项", _main, place="main", width=50),
            Column("案件", lambda row: Cell(_record(row).title), place="", width=50),
            Column(
                "期限",
                lambda row: Cell(record_light(_record(row), calendar).words),
                place="",
                width=22,
            ),
            Column(
                "最后一天", lambda row: Cell(_due(row), value=_record(row).due), place="", width=14
            ),
            third,
        ),
        (
            Filter(
                "q",
                "关键词",
                _worded,
                kind="word",
                hint="事项、案件名称、当事人",
                per_tag={
                    "task": lambda rows, word: rows.filter(
                        Q(title__icontains=word) | _on_record(word)
                    ),
                    "proposal": lambda rows, word: rows.filter(
                        Q(name__icontains=word) | _on_record(word)
                    ),
                },
            ),
        ),
        SORTS[tab],
        {
            "task": Task.objects.select_related("record"),
            "record": Record.objects.all(),
            "proposal": Proposal.objects.select_related("record"),
        },
        along={"tab": tab},
        empty="这里现在没有事项",
        advice=(
            "有人报批、转办或者期限临近时，会出现在这里。"
            if tab == "todo"
            else "办理之后会留在这里，只增不减。"
        ),
    )


def _worded(rows: QuerySet[Any], word: str) -> QuerySet[Any]:
    return rows.filter(Q(title__icontains=word) | Q(party__icontains=word))


def _on_record(word: str) -> Q:
    return Q(record__title__icontains=word) | Q(record__party__icontains=word)


def _record(row: Any) -> Record:
    return row if isinstance(row, Record) else row.record


def _due(row: Any) -> str:
    due = _record(row).due
    return f"{due:%Y-%m-%d}" if due else ""


def _main(row: Any) -> Cell:
    record = _record(row)
    if isinstance(row, Record):
        return Cell(
            record.title,
            link=reverse("desk:case", args=[record.pk]),
            small=state_name(record),
            verb="办理",
        )
    if isinstance(row, Proposal):
        return Cell(
            row.name, link=reverse("desk:proposal", args=[row.pk]), small=record.title, verb="查看"
        )
    case = reverse("desk:case", args=[record.pk])
    if row.closed_at is not None:
        return Cell(row.title, link=case, small=record.title, verb="查看")
    if row.kind in (Task.COPY, Task.URGE):
        return Cell(
            row.title,
            link=case,
            small=record.title,
            verb="查看",
            done=reverse("desk:read", args=[row.pk]),
        )
    if row.proposal_id:
        return Cell(
            row.title,
            link=reverse("desk:proposal", args=[row.proposal_id]),
            small=record.title,
            # What is asked of one person alone is what came back to him.
            verb="审批" if row.person_id is None else "修改重报",
        )
    return Cell(
        row.title,
        link=reverse("desk:task", args=[row.pk]) if row.kind == Task.ASK else case,
        small=record.title,
        verb="办理",
    )


def _state(row: Any) -> Cell:
    return Cell(row.said)


def _closed(row: Any) -> Cell:
    return Cell(
        f"{clock.local(row.closed_at):%Y-%m-%d %H:%M}" if row.closed_at else "", value=row.closed_at
    )


def _opened(row: Any) -> Cell:
    day = clock.local(row.opened_at).date()
    return Cell(f"{day:%Y-%m-%d}", value=day)


def state_name(record: Record) -> str:
    """Where the record stands, in Chinese."""
    if record.procedure == "":
        return ""
    return registry.procedure(record.procedure).state(record.state).name


def record_light(record: Record, calendar: Any = None) -> Light:
    """The light of the record's nearest deadline, from its memo; a list hands its calendar in,
    once for all rows.
    """
    if record.due is None:
        return Light("n", "中止、扣除期间") if record.paused else Light("g", "暂无到期日")
    return light_of(record.due, clock.today(), record.due_unit or "workday", calendar=calendar)
