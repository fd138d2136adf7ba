"""The list of what people told the agency. What they wrote stands on the matter's own page, never
in a list.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.core.nouns import word
from mingzheng.desk.inbox import record_light, state_name
from mingzheng.desk.lists.keyset import Part, Sort
from mingzheng.desk.lists.listing import Cell, Column, Filter, Listing
from mingzheng.oversight.models import Feedback
from mingzheng.oversight.procedures import COMPLAINT, CORRECTION
from mingzheng.records import law
from mingzheng.records.models import Record

TAG = "record"
SORTS = (
    Sort("new", "新收到的在前", "opened_at", descending=True),
    Sort("due", "期限由近到远", "due"),
)
FEEDBACK_STATES = tuple(
    {state.code: state.name for table in (COMPLAINT, CORRECTION) for state in table.states}.items()
)


def parts(reach: access.Reach) -> list[Part]:
    """What was told, within a reach."""
    return [Part(TAG, *reach.parted(Record.objects.filter(kind="feedback").exclude(feedback=None)))]


def listing() -> Listing:
    """By kind and state; newest first."""
    calendar = law.calendar()
    return Listing(
        word("oversight:feedback"),
        reverse("oversight:feedback"),
        (
            Column(
                "期限",
                lambda row: Cell("", light=record_light(row, calendar)),
                place="due",
                sort="due",
                width=0,
            ),
            Column(
                "编号",
                lambda row: Cell(row.feedback.number, link=reverse("desk:case", args=[row.pk])),
                place="main",
                width=24,
            ),
            Column("类型", lambda row: Cell(Feedback.KINDS[row.feedback.kind]), width=12),
            Column("办理情况", lambda row: Cell(state_name(row)), width=14),
            Column(
                "收到日期",
                lambda row: Cell(
                    f"{row.feedback.received_on:%Y年%-m月%-d日}", value=row.feedback.received_on
                ),
                sort="new",
                width=16,
            ),
        ),
        (
            Filter(
                "kind",
                "类型",
                lambda rows, value: rows.filter(feedback__kind=value),
                choices=tuple(Feedback.KINDS.items()),
                every="全部类型",
            ),
            Filter("state", "办理情况", _in_state, choices=FEEDBACK_STATES, every="全部"),
            Filter(
                "q",
                "编号",
                lambda rows, value: rows.filter(feedback__number__iexact=value),
                kind="word",
                hint="完整编号",
            ),
        ),
        SORTS,
        {TAG: Record.objects.select_related("feedback")},
        empty="还没有收到投诉、咨询和更正申请",
        advice="公众从公示网站提交以后，会出现在这里。",
    )


def _in_state(rows: QuerySet[Record], value: str) -> QuerySet[Record]:
    return rows.filter(state=value)
