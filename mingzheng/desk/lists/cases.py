"""The list of matters of every kind: what it shows, filters by and is ordered by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Handler, Person
from mingzheng.cases.models import CaseItem, CaseParty
from mingzheng.core import clock
from mingzheng.core.nouns import word
from mingzheng.desk.inbox import record_light, state_name
from mingzheng.desk.lists import keyset
from mingzheng.desk.lists.keyset import Part, Sort
from mingzheng.desk.lists.listing import Cell, Column, Filter, Listing, Narrow
from mingzheng.desk.menu import powers
from mingzheng.procedures import matter_kinds, registry
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.duties import LEAD
from mingzheng.records.models import Record

TAG = "record"
LIGHTS = (("r", "已超期"), ("y", "临近到期"), ("g", "正常"), ("n", "中止、扣除"))
SORTS = (
    Sort("due", "期限由近到远", "due"),
    Sort("new", "新登记的在前", "opened_at", descending=True),
    Sort("old", "先登记的在前", "opened_at"),
    Sort("title", "按案件名称", "title", personal=True),
    Sort("party", "按当事人", "party", personal=True),
)
# A tile of the workbench counts so far; beyond it says "and more", so that it costs the same in
# every year.
MOST = 1_000
# A certificate number or a credit code, whole: nobody finds a person by a piece of his number.
IDENTIFIER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{5,39}")


def parts(reach: access.Reach) -> list[Part]:
    """The matters within a reach, as parts of a list."""
    return [Part(TAG, *reach.parted(Record.objects.filter(kind__in=_registered())))]


def listing(by: Actor, reach: access.Reach, agency: Agency, query: Mapping[str, str]) -> Listing:
    """The list as this identity sees it.

    What may be chosen comes from the agency's own register, never from the matters: no choice
    tells of one that is sealed or another agency's.
    """
    kinds = _kinds(reach, agency)
    kind = next((code for code, _ in kinds if code == query.get("kind") or len(kinds) == 1), "")
    choices = [
        Filter(
            "kind",
            "类别",
            lambda rows, value: rows.filter(kind=value),
            choices=kinds,
            every="全部类别",
        ),
        Filter(
            "state",
            "环节",
            lambda rows, value: rows.filter(state=value),
            choices=_states(kind),
            every="全部环节",
        ),
        Filter("item", "事项", _of_item, choices=_items(agency, kind), every="全部事项"),
        Filter(
            "agency",
            "机关",
            lambda rows, value: rows.filter(agency_id=int(value)),
            choices=_bodies(reach),
            every="全部机关",
        ),
        Filter(
            "unit",
            "承办机构",
            lambda rows, value: rows.filter(unit_id=int(value)),
            choices=_units(by, agency),
            every="全部机构",
        ),
        Filter("handler", "承办人", _handled, choices=_handlers(agency), every="全部人员"),
    ]
    filters = (
        Filter("light", "期限", lit, choices=LIGHTS, lamps=True),
        Filter("q", "关键词", _words(reach), kind="word", hint="案件名称、当事人、完整证件号码"),
        *(each for each in choices if len(each.choices) > 1),
        Filter("from", "登记日期起", _since, kind="day"),
        Filter("to", "登记日期止", _until, kind="day"),
    )
    present = Handler.objects.filter(until=None).select_related("person").order_by("pk")
    return Listing(
        word("desk:cases"),
        reverse("desk:cases"),
        _columns(),
        filters,
        SORTS,
        {TAG: Record.objects.prefetch_related(Prefetch("handlers", present, to_attr="present"))},
        empty="没有符合条件的案件",
        advice="可以减少条件，或者换一个词。",
    )


def lights(reach: access.Reach) -> dict[str, int]:
    """How many matters the list shows under each light; `MOST` stands for that many or more."""
    shown = parts(reach)
    return {
        light: keyset.count([replace(part, rows=lit(part.rows, light)) for part in shown], MOST)
        for light, _ in LIGHTS
    }


def lit(rows: QuerySet[Any], light: str) -> QuerySet[Any]:
    """Matters by the light of their nearest deadline."""
    today = clock.today()
    if light == "n":
        return rows.filter(paused=True)
    if light == "r":
        return rows.filter(due__lt=today)
    near = law.calendar().add(today, LEAD, "workday").due
    return rows.filter(due__gte=today, due__lte=near) if light == "y" else rows.filter(due__gt=near)


def _words(reach: access.Reach) -> Narrow:
    def narrow(rows: QuerySet[Any], word: str) -> QuerySet[Any]:
        found = Q(title__icontains=word) | Q(party__icontains=word)
        if IDENTIFIER.fullmatch(word):
            found |= Q(
                pk__in=CaseParty.objects.filter(
                    party__agency__in=reach.agencies, party__identifier=word.upper()
                ).values("record")
            )
        return rows.filter(found)

    return narrow


def _of_item(rows: QuerySet[Any], item: str) -> QuerySet[Any]:
    further = CaseItem.objects.filter(item=int(item), until=None).values("record")
    return rows.filter(Q(item_id=int(item)) | Q(pk__in=further))


def _handled(rows: QuerySet[Any], person: str) -> QuerySet[Any]:
    return rows.filter(
        pk__in=Handler.objects.filter(person=int(person), until=None).values("record")
    )


def _since(rows: QuerySet[Any], day: str) -> QuerySet[Any]:
    return rows.filter(opened_at__gte=_midnight(date.fromisoformat(day)))


def _until(rows: QuerySet[Any], day: str) -> QuerySet[Any]:
    last = date.fromisoformat(day)
    return (
        rows if last == date.max else rows.filter(opened_at__lt=_midnight(last + timedelta(days=1)))
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.ZONE)


def _registered() -> list[str]:
    # What is the agency's own affairs has lists of its own.
    return sorted(kind.code for kind in matter_kinds.enforcement())


def _kinds(reach: access.Reach, agency: Agency) -> list[tuple[str, str]]:
    """Kinds the agency has power for, or of which this identity already has matters; all where
    others are overseen.
    """
    registered = set(_registered())
    held = powers(agency) & registered
    if len(reach.scopes) > 1:
        held = registered
    for kind in registered - held:
        if reach.within(Record.objects.filter(agency_id__in=reach.agencies, kind=kind)).exists():
            held.add(kind)
    return [(kind.code, kind.name) for kind in matter_kinds.enforcement() if kind.code in held]


def _states(kind: str) -> list[tuple[str, str]]:
    found = (state for each in registry.procedures() if each.kind == kind for state in each.states)
    return list({state.code: state.name for state in found}.items())


def _items(agency: Agency, kind: str) -> list[tuple[str, str]]:
    rows = agency.items.filter(kind=kind) if kind else agency.items.all()
    return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]


def _bodies(reach: access.Reach) -> list[tuple[str, str]]:
    if len(reach.scopes) == 1:
        return []
    rows = Agency.objects.filter(pk__in=reach.agencies).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _units(by: Actor, agency: Agency) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in agency.units.order_by("pk").values_list("pk", "name")]


def _handlers(agency: Agency) -> list[tuple[str, str]]:
    rows = (
        Person.objects.filter(posts__agency=agency)
        .distinct()
        .order_by("pk")
        .values_list("pk", "name", "posts__roles")
    )
    return list({str(pk): name for pk, name, roles in rows if "handler" in roles}.items())


def _title(record: Any) -> Cell:
    other = record.party or ""
    return Cell(
        record.title,
        link=reverse("desk:case", args=[record.pk]),
        small="" if record.title.startswith(other) else other,
    )


def _opened(record: Any) -> Cell:
    day = clock.local(record.opened_at).date()
    return Cell(_day(day), value=day)


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _columns() -> tuple[Column, ...]:
    # The calendar is read once a list, not once a row.
    calendar = law.calendar()
    return (
        Column(
            "期限",
            lambda record: Cell("", light=record_light(record, calendar), small=_day(record.due)),
            place="due",
            sort="due",
            width=0,
        ),
        Column("案件", _title, place="main", sort="title", width=60),
        Column("当事人", lambda record: Cell(record.party or ""), place="", width=36),
        Column(
            "期限", lambda record: Cell(record_light(record, calendar).words), place="", width=22
        ),
        Column(
            "最后一天", lambda record: Cell(_day(record.due), value=record.due), place="", width=14
        ),
        Column("类别", lambda record: Cell(matter_kinds.name(record.kind)), width=16),
        Column("环节", lambda record: Cell(state_name(record)), width=16),
        Column(
            "承办人",
            lambda record: Cell("、".join(row.person.name for row in record.present)),
            width=20,
        ),
        Column("登记日期", _opened, sort="new", back="old", width=14),
    )
