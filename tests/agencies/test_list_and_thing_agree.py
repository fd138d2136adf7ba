"""One answer for list and thing: what lists show is exactly what opens, whoever asks and whatever
was decided about people.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.models import Exclusion, Grant, Handler, Person
from mingzheng.notices.access import open_tasks
from mingzheng.notices.models import Task
from mingzheng.records.models import Act, Record
from mingzheng.site.demo.play import at, who
from tests.desk.listed import DAY, many, page, shown

PEOPLE = [
    ("wg", "张三"),
    ("wg", "秦望舒"),
    ("wg", "冯立"),
    ("wg", "陈局"),
    ("wg", "王审"),
    ("wg", "刘副"),
    ("lm", "赵晨"),
    ("ws-justice", "孔令川"),
    ("lc-justice", "钱督"),
]


def scatter(chance: random.Random, bodies: dict[str, Any]) -> None:
    """Matters here and there, and people who handle, may see, must not see or are asked about some
    of them.
    """
    act, persons = Act.objects.earliest("pk"), list(Person.objects.order_by("pk"))
    rows: list[Record] = []
    for code in ("wg", "lm", "lg"):
        for unit in bodies[code].units.order_by("pk")[:3]:
            rows += many(
                bodies[code],
                unit.name,
                4,
                first=chance.randrange(50),
                classification=chance.choice([0, 0, access.SECRET]),
            )
        rows += many(bodies[code], bodies[code].units.earliest("pk").name, 1, unit_id=None)
    for row in rows:
        for _ in range(chance.randrange(3)):
            person = chance.choice(persons)
            Handler.objects.create(
                record=row,
                agency_id=row.agency_id,
                person=person,
                since=act,
                until=chance.choice([None, None, act]),
            )
        if chance.random() < 0.4:
            since = DAY + timedelta(days=chance.randrange(-3, 3))
            Grant.objects.create(
                record=row,
                agency_id=row.agency_id,
                person=chance.choice(persons),
                since=since,
                until=since + timedelta(days=chance.randrange(3)),
                why="协查",
                act=act,
            )
        if chance.random() < 0.4:
            Exclusion.objects.create(
                record=row, agency_id=row.agency_id, person=chance.choice(persons), act=act
            )
        if chance.random() < 0.6:
            Task.objects.create(
                agency_id=row.agency_id,
                record=row,
                title="审批",
                opened_by=act,
                opened_at=act.recorded_at,
                proposal_id=chance.choice([None, 1]),
                closed_at=chance.choice([None, act.recorded_at]),
                **chance.choice(
                    [
                        {"person_id": chance.choice(persons).pk},
                        {
                            "role": chance.choice(["unit-head", "deputy-head", "head"]),
                            "unit_id": chance.choice([None, row.unit_id]),
                        },
                    ]
                ),
            )


def allowed(by: Any, record: Record, overseen: list[int]) -> bool:
    """The rule of sight in words of its own, for one record."""
    if Exclusion.objects.filter(record=record, person=by.person_id).exists():
        return False
    if Grant.objects.filter(
        record=record, person=by.person_id, since__lte=DAY, until__gte=DAY
    ).exists():
        return True
    sealed = record.classification >= access.SECRET
    if record.agency_id in overseen and not sealed:
        return True
    if record.agency_id != by.agency_id:
        return False
    handles = Handler.objects.filter(record=record, person=by.person_id, until=None).exists()
    asked = open_tasks(by).filter(record=record).exclude(proposal_id=None).exists()
    near = bool(by.roles & access.WHOLE_AGENCY) or record.unit_id == by.unit_id
    return handles or near and (not sealed or "head" in by.roles or asked)


@pytest.mark.sql
@pytest.mark.parametrize("seed", range(6))
def test_a_list_shows_exactly_what_opens(bodies: dict[str, Any], seed: int) -> None:
    with at(DAY):
        scatter(random.Random(seed), bodies)
        matters = list(Record.objects.filter(kind="penalty"))
        for code, name in PEOPLE:
            by = who(bodies[code], name)
            overseen = access.supervised(by) if "judicial-bureau" in by.roles else []
            rule = {record.pk for record in matters if allowed(by, record, overseen)}
            assert (
                set(access.visible(by).filter(kind="penalty").values_list("pk", flat=True)) == rule
            ), (seed, name)
            listed = shown(
                by, size=9, sort=random.Random(seed).choice(["due", "new", "old", "title", "party"])
            )
            assert sorted(listed) == sorted(rule), (seed, name)
            assert {
                pk
                for pk in (record.pk for record in matters)
                if access.visible(by).filter(pk=pk).exists()
            } == rule


def test_what_may_be_chosen_tells_of_no_matter(bodies: dict[str, Any]) -> None:
    with at(DAY):
        by = who(bodies["wg"], "张三")
        before = [(each["filter"].name, list(each["filter"].choices)) for each in page(by).fields]
        many(
            bodies["wg"],
            "节能监察科",
            3,
            classification=access.SECRET,
            state="transferred",
            title="举报件",
            kind="penalty",
        )
        many(
            bodies["lm"],
            bodies["lm"].units.earliest("pk").name,
            3,
            kind="licence",
            state="granted",
            title="他机关的件",
        )
        many(bodies["wg"], "企业运行科", 2, kind="coercion", classification=access.SECRET)
        assert [
            (each["filter"].name, list(each["filter"].choices)) for each in page(by).fields
        ] == before
        for word in ("举报件", "他机关"):
            assert shown(by, q=word) == []
        assert page(by).rows == []


def test_a_foreign_matter_is_no_place_to_begin_a_page(bodies: dict[str, Any]) -> None:
    with at(DAY):
        mine = many(bodies["wg"], "节能监察科", 10)
        foreign = many(
            bodies["lm"], bodies["lm"].units.earliest("pk").name, 1, title="名单005 某事"
        )[0]
        by = who(bodies["wg"], "张三")
        assert (
            shown(by, sort="title", after=str(foreign.pk)) == shown(by, sort="title")
            and len(mine) == 10
        )
