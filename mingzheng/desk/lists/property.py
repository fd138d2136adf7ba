"""The store of 涉案财物 as a list."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.cases.models import Property
from mingzheng.core import clock
from mingzheng.core.nouns import word
from mingzheng.desk.lists.keyset import Part, Sort
from mingzheng.desk.lists.listing import Cell, Column, Filter, Listing
from mingzheng.records.actors import Actor
from mingzheng.records.duties import light_of

TAG = "property"
SORTS = (
    Sort("new", "新入库的在前", "id", descending=True),
    Sort("old", "先入库的在前", "id"),
    Sort("place", "按存放位置", "place"),
    Sort("name", "按名称", "name"),
)


def parts(reach: access.Reach) -> list[Part]:
    """The things of the matters within a reach."""
    return [Part(TAG, reach.within(Property.objects.all(), "record__"))]


def listing(by: Actor) -> Listing:
    """The list as this identity sees it."""
    places = (
        Property.objects.filter(agency_id=by.agency_id)
        .values_list("place", flat=True)
        .distinct()
        .order_by("place")
    )
    return Listing(
        word("cases:property"),
        reverse("cases:property"),
        _columns(),
        (
            Filter(
                "state",
                "状态",
                lambda rows, value: rows.filter(state=value),
                choices=tuple(Property.STATES.items()),
                every="全部状态",
            ),
            Filter(
                "place",
                "存放位置",
                lambda rows, value: rows.filter(place=value),
                choices=[(place, place) for place in places],
                every="全部位置",
            ),
            Filter("q", "关键词", _words, kind="word", hint="编号、名称、规格"),
        ),
        SORTS,
        {TAG: Property.objects.select_related("record", "seizure", "act")},
        empty=f"没有{word('cases:property')}",
        advice="查封、扣押时按清单入库，这里就会出现。",
    )


def _words(rows: QuerySet[Any], word: str) -> QuerySet[Any]:
    return (
        rows.filter(name__icontains=word)
        | rows.filter(number__icontains=word)
        | rows.filter(specification__icontains=word)
    )


def _limit(row: Any) -> Cell:
    if row.state != Property.KEPT or row.seizure is None or row.seizure.until is None:
        return Cell("")
    until = row.seizure.until
    return Cell(
        f"{until:%Y-%m-%d}",
        value=until,
        light=light_of(until, clock.today(), "day"),
        small=f"{until:%Y-%m-%d}",
    )


def _since(row: Any) -> Cell:
    day = clock.local(row.act.happened_at).date()
    return Cell(f"{day:%Y-%m-%d}", value=day)


def _columns() -> tuple[Column, ...]:
    return (
        Column("查封扣押期限", _limit, place="due", width=14),
        Column(
            "财物",
            lambda row: Cell(
                f"{row.name} {row.specification}".strip(),
                link=reverse("desk:case", args=[row.record_id]),
                small=f"{row.number} · {row.record.title}",
                verb="看案件",
            ),
            place="main",
            sort="name",
            width=30,
        ),
        Column("编号", lambda row: Cell(row.number), place="", width=22),
        Column("案件", lambda row: Cell(row.record.title), place="", width=50),
        Column("数量", lambda row: Cell(row.quantity), width=10),
        Column("存放位置", lambda row: Cell(row.place), sort="place", width=20),
        Column("状态", lambda row: Cell(Property.STATES[row.state]), width=14),
        Column("入库日期", _since, sort="new", back="old", width=14),
    )
