"""The register of licences held: what it shows, filters by and is ordered by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Licence
from mingzheng.core.nouns import word
from mingzheng.desk.lists.keyset import Part, Sort
from mingzheng.desk.lists.listing import Cell, Column, Filter, Listing

TAG = "licence"
SORTS = (
    Sort("until", "有效期由近到远", "until"),
    Sort("new", "新颁发的在前", "granted_on", descending=True),
    Sort("old", "先颁发的在前", "granted_on"),
    Sort("number", "按证件编号", "number", personal=True),
    Sort("holder", "按持证人", "holder", personal=True),
)


def parts(reach: access.Reach) -> list[Part]:
    """The certificates whose matters lie within a reach, as parts of a list."""
    return [Part(TAG, *reach.parted(Licence.objects.all(), "record__"))]


def listing(agency: Agency) -> Listing:
    """The register as this agency sees it; what may be chosen comes from its list of items."""
    items = [
        (str(pk), name)
        for pk, name in agency.items.filter(kind="licence")
        .order_by("name")
        .values_list("pk", "name")
    ]
    filters = (
        Filter("q", "关键词", _words, kind="word", hint="证件编号、持证人、许可内容"),
        Filter(
            "state",
            "状态",
            lambda rows, value: rows.filter(state=value),
            choices=tuple(Licence.STATES.items()),
            every="全部状态",
        ),
        Filter(
            "item",
            "事项",
            lambda rows, value: rows.filter(item_id=int(value)),
            choices=items,
            every="全部事项",
        ),
        Filter(
            "from",
            "到期日起",
            lambda rows, value: rows.filter(until__gte=date.fromisoformat(value)),
            kind="day",
        ),
        Filter(
            "to",
            "到期日止",
            lambda rows, value: rows.filter(until__lte=date.fromisoformat(value)),
            kind="day",
        ),
    )
    return Listing(
        word("cases:licences"),
        reverse("cases:licences"),
        LICENCE_COLUMNS,
        filters,
        SORTS,
        {TAG: Licence.objects.select_related("item")},
        empty="还没有颁发过证件",
        advice="准予许可以后，在案件里办理“颁发证件”，证件就会列在这里。",
    )


def _words(rows: QuerySet[Any], word: str) -> QuerySet[Any]:
    return rows.filter(
        Q(number__icontains=word) | Q(holder__icontains=word) | Q(content__icontains=word)
    )


def _day(day: date | None, other: str = "") -> Cell:
    return Cell(f"{day:%Y-%m-%d}" if day else other, value=day)


def _main(held: Any) -> Cell:
    return Cell(
        f"{held.holder} {held.name}",
        link=reverse("desk:case", args=[held.record_id]),
        small=f"{held.number}，{held.content}"[:120],
    )


LICENCE_COLUMNS = (
    Column("证件", _main, place="main", sort="holder", width=0),
    Column("编号", lambda held: Cell(held.number), place="", width=24),
    Column("证件名称", lambda held: Cell(held.name), place="", width=28),
    Column("持证人", lambda held: Cell(held.holder), place="", width=36),
    Column("事项", lambda held: Cell(held.item.name), place="", width=40),
    Column("许可内容", lambda held: Cell(held.content), place="", width=60),
    Column("颁发日期", lambda held: _day(held.granted_on), sort="new", back="old", width=14),
    Column("有效期至", lambda held: _day(held.until, "长期"), sort="until", width=14),
    Column("状态", lambda held: Cell(Licence.STATES[held.state]), width=12),
    Column("失效日期", lambda held: _day(held.ended_on), place="", width=14),
)
