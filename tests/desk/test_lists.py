"""Lists: filtered, ordered, paged by key; a constant number of statements; nonsense answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingzheng.agencies import access
from mingzheng.agencies.models import Handler, Person
from mingzheng.cases.models import CaseParty
from mingzheng.catalogue.models import Item
from mingzheng.desk import inbox
from mingzheng.desk.lists import cases
from mingzheng.records.models import Act, Record
from mingzheng.site.demo.play import at, who
from tests.bypasses.test_05_to_09_records_and_people import enter
from tests.cases.telling import case, do
from tests.desk.listed import DAY, many, page, shown

ORDERS: dict[str, Any] = {
    "due": lambda row: (row.due is None, row.due or DAY, row.pk),
    "old": lambda row: (row.opened_at, row.pk),
    "title": lambda row: (row.title, row.pk),
    "party": lambda row: (row.party is None, row.party or "", row.pk),
}


@pytest.mark.sql
@pytest.mark.parametrize("sort", sorted(ORDERS))
@pytest.mark.parametrize("name", ["张三", "陈局"])
def test_pages_by_key_show_every_row_once_and_in_order(
    bodies: dict[str, Any], sort: str, name: str
) -> None:
    with at(DAY):
        rows = many(bodies["wg"], "节能监察科", 40) + many(bodies["wg"], "企业运行科", 20, first=40)
        by = who(bodies["wg"], name)
        mine = [row for row in rows if name == "陈局" or row.unit_id == by.unit_id]
        assert shown(by, sort=sort) == [row.pk for row in sorted(mine, key=ORDERS[sort])]


@pytest.mark.sql
def test_the_newest_come_first_when_asked(bodies: dict[str, Any]) -> None:
    with at(DAY):
        rows = many(bodies["wg"], "节能监察科", 30)
        newest = sorted(rows, key=lambda row: (row.opened_at, row.pk), reverse=True)
        assert shown(who(bodies["wg"], "张三"), sort="new") == [row.pk for row in newest]


@pytest.mark.sql
def test_each_filter_narrows_to_what_it_says(bodies: dict[str, Any]) -> None:
    with at(DAY):
        by, colleague = (
            who(bodies["wg"], "陈局"),
            Person.objects.get(posts__agency=bodies["wg"], name="李四"),
        )
        item, other = Item.objects.filter(agency=bodies["wg"], kind="penalty").order_by("pk")[:2]
        plain = many(bodies["wg"], "节能监察科", 5, due=DAY + timedelta(days=60), item_id=other.pk)
        late, soon, paused, decided, of_item, far, old, handled, named = (
            many(bodies["wg"], unit, 1, first=9, **fields)[0]
            for unit, fields in [
                ("节能监察科", {"due": DAY - timedelta(days=1)}),
                ("节能监察科", {"due": DAY}),
                ("节能监察科", {"due": None, "paused": True}),
                ("节能监察科", {"state": "decided", "due": None}),
                ("节能监察科", {"item_id": item.pk, "due": None}),
                ("企业运行科", {"due": None}),
                ("节能监察科", {"opened_at": plain[0].opened_at - timedelta(days=40), "due": None}),
                ("节能监察科", {"due": None}),
                ("节能监察科", {"title": "独一无二的名称 某事", "due": None}),
            ]
        )
        Handler.objects.create(
            record=handled,
            agency_id=bodies["wg"].pk,
            person=colleague,
            since=Act.objects.earliest("pk"),
        )
        start, end = (DAY - timedelta(days=41)).isoformat(), (DAY - timedelta(days=39)).isoformat()
        for asked, expected in [
            ({"light": "r"}, late),
            ({"light": "y"}, soon),
            ({"light": "n"}, paused),
            ({"kind": "penalty", "state": "decided"}, decided),
            ({"item": str(item.pk)}, of_item),
            ({"unit": str(far.unit_id)}, far),
            ({"from": start, "to": end}, old),
            ({"to": end}, old),
            ({"handler": str(colleague.pk)}, handled),
            ({"q": "独一无二"}, named),
        ]:
            assert shown(by, **asked) == [expected.pk], asked
        assert set(shown(by, light="g", sort="title")) == {row.pk for row in plain}


def test_a_matter_is_found_by_its_whole_identifier_and_its_partys_new_name(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("opened")
    record, party = journey.play.record, CaseParty.objects.get(record=journey.play.record)
    with at(journey.day, 18):
        many(bodies["wg"], "节能监察科", 3)
        by = who(bodies["wg"], "张三")
        assert (
            shown(by, q=party.identifier.lower()) == [record.pk]
            and shown(by, q=party.identifier[:-3]) == []
        )
    do(
        journey,
        "party.changed",
        way="name",
        name="汶上新名称有限公司",
        address="汶上县某路",
        reason="登记机关核准更名",
        files=journey.play.picture(),
    )
    with at(journey.day, 18):
        assert shown(by, q="新名称") == [record.pk]
        assert Record.objects.get(pk=record.pk).party == "汶上新名称有限公司"


def test_states_are_those_of_the_chosen_kind(bodies: dict[str, Any]) -> None:
    with at(DAY):
        by = who(bodies["wg"], "张三")
        for kind, _ in cases._kinds(access.reach(by), bodies["wg"]):
            filters = {each["filter"].name: each["filter"] for each in page(by, kind=kind).fields}
            assert dict(filters["state"].choices) == dict(cases._states(kind))


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x"},
        {"after": "2026-99-99_1"},
        {"after": "none_9999999999999999999"},
        {"after": "2026-01-01_1", "sort": "new"},
        {"sort": "?"},
        {
            "light": "?",
            "kind": "agency",
            "state": "'",
            "item": "0",
            "unit": "-1",
            "handler": "x",
            "from": "gestern",
            "to": "9999-12-31",
        },
        {"q": "%_\\'"},
        {"after": "7", "sort": "party"},
    ],
)
def test_nonsense_in_the_address_is_answered(
    bodies: dict[str, Any], client: Any, asked: dict[str, str]
) -> None:
    with at(DAY):
        many(bodies["wg"], "节能监察科", 3)
        enter(client, "wg-01")
        for address in ("/desk/cases", "/desk"):
            assert client.get(address, asked).status_code == 200


def test_every_link_of_a_page_keeps_what_was_asked(bodies: dict[str, Any]) -> None:
    with at(DAY):
        many(bodies["wg"], "节能监察科", 30, due=DAY)
        one = page(who(bodies["wg"], "张三"), light="y", q="名单", sort="old")
        assert len(one.rows) == 7 and one.next
        for link in (
            one.following,
            one.sheet,
            one.start,
            *(head["link"] for head in one.heads if head["link"]),
        ):
            assert "q=%E5%90%8D%E5%8D%95" in link and "light=y" in link and "sort=" in link
        assert one.reset == "/desk/cases" and ("light", "y") in one.hidden


def test_a_name_is_never_the_key_of_an_address(bodies: dict[str, Any]) -> None:
    with at(DAY):
        many(bodies["wg"], "节能监察科", 30)
        for sort in ("title", "party"):
            assert page(who(bodies["wg"], "张三"), sort=sort).next.isdigit()


@pytest.mark.parametrize(
    "address",
    ["/desk/cases", "/desk/cases?sort=new&light=g", "/desk", "/desk?tab=done", "/desk?tab=mine"],
)
def test_a_page_costs_the_same_number_of_statements_whatever_there_is(
    bodies: dict[str, Any], client: Any, address: str
) -> None:
    person = Person.objects.get(posts__agency=bodies["wg"], name="张三")
    with at(DAY):
        enter(client, "wg-01")
        taken = []
        for more in (45, 60):
            for record in many(bodies["wg"], "节能监察科", more):
                Handler.objects.create(
                    record=record,
                    agency_id=bodies["wg"].pk,
                    person=person,
                    since=Act.objects.earliest("pk"),
                )
            client.get(address)
            with CaptureQueriesContext(connection) as statements:
                assert client.get(address).status_code == 200
            taken.append(len(statements))
    assert taken[0] == taken[1] <= 44


def test_the_workbench_pages_what_waits_by_nearest_deadline(bodies: dict[str, Any]) -> None:
    journeys = [case(bodies, start=DAY + timedelta(days=7 * n)).go("proposed") for n in range(3)]
    with at(journeys[-1].day, 18):
        for name, tab, verb in [
            ("秦望舒", "todo", "审批"),
            ("张三", "todo", "办理"),
            ("张三", "mine", "查看"),
        ]:
            by = who(bodies["wg"], name)
            reach, query, dues, links = access.reach(by), {"tab": tab, "sort": "due"}, [], []
            while True:
                one = inbox.listing(tab).page(inbox.parts(by, tab, reach), query, 1)
                cells = [each["cell"] for row in one.rows for each in row]
                assert {cell.verb for cell in cells if cell.link} == {verb}
                dues += [cell.small for cell in cells if cell.light]
                links += [cell.link for cell in cells if cell.link]
                if not one.next:
                    break
                query["after"] = one.next
            assert len(set(links)) == len(links) == inbox.counts(by)[tab] >= 3
            assert [day for day in dues if day] == sorted(day for day in dues if day)


def test_an_empty_list_says_what_to_do(bodies: dict[str, Any], client: Any) -> None:
    with at(DAY):
        enter(client, "wg-01")
        assert "看全部" in client.get("/desk/cases?q=无此名").content.decode()
        assert "期限临近时，会出现在这里" in client.get("/desk").content.decode()


def test_the_tiles_count_what_the_list_behind_them_shows(bodies: dict[str, Any]) -> None:
    with at(DAY):
        many(bodies["wg"], "节能监察科", 30)
        many(bodies["wg"], "企业运行科", 9, due=DAY - timedelta(days=3))
        for name in ("张三", "陈局", "冯立"):
            by = who(bodies["wg"], name)
            assert cases.lights(access.reach(by)) == {
                light: len(shown(by, light=light)) for light, _ in cases.LIGHTS
            }
