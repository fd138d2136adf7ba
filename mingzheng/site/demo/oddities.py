"""The demo's mistakes and meetings: an entry declared void, a paper corrected, cases merged,
people handed over and called in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mingzheng.agencies.models import Agency, Person
from mingzheng.cases.acts import handover, mistakes
from mingzheng.catalogue.models import Item
from mingzheng.documents.models import Document
from mingzheng.records.models import Act
from mingzheng.site.demo import parties
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, at, back, person_id, who

NUMBER = 7


def play(made: dict[str, Agency]) -> Iterator[None]:
    """Play every story; one yield a matter."""
    for story in (voided, corrected, several):
        story(made)
        yield
    for _ in merged(made):
        yield
    for story in (offered, advised):
        story(made)
        yield


def case(made: dict[str, Agency], number: int, item: str, ago: int) -> Journey:
    from mingzheng.site.demo.stories import TEXTS, cause_of

    row = Item.objects.get(agency=made["wg"], code=item)
    told: dict[str, Any] = {**TEXTS[item], "broken": row.broken, "applied": row.applied}
    who_plays = Play(
        made["wg"],
        ("冯立", "苗青"),
        parties.company("wg", number),
        item,
        cause=cause_of(item),
        summary=TEXTS[item]["facts"],
    )
    return Journey(who_plays, back(ago), **told)


def voided(made: dict[str, Agency]) -> None:
    """An inquiry entered into the wrong case; a colleague declares it void, the paper with it."""
    journey = case(made, 16, "jn-82", 9).go("investigated")
    record = journey.play.record
    act = Act.objects.filter(record=record, kind="party.questioned").latest("pk")
    with at(journey.day, 17):
        mistakes.void_entry(
            who(made["wg"], "苗青"),
            record.pk,
            act.pk,
            "wrong-case",
            "把另一件案件的询问笔录录到了本案，已在正确的案件中重新录入。",
            f"oddity-{act.pk}",
        )


def corrected(made: dict[str, Agency]) -> None:
    """A slip in a decision, put right by a notice."""
    journey = case(made, 17, "jn-84", 30).go("served")
    paper = Document.objects.get(record=journey.play.record, kind="penalty-decision")
    address = journey.place()
    with at(journey.forward(1), 10):
        journey.play.step(
            "document.corrected",
            paper=paper.pk,
            wrong=address,
            right=f"{address}院内",
            reason="住所登记不完整，补正门牌。",
        )


def several(made: dict[str, Agency]) -> None:
    """A second counterpart and a second item in one case, then a new name of the first."""
    journey = case(made, 18, "jn-82", 11).go("opened")
    other = parties.company("wg", 19)
    item = Item.objects.get(agency=made["wg"], code="jn-84")
    with at(journey.forward(1), 10):
        journey.play.step(
            "party.added",
            role="respondent",
            reason="两家单位共用能源计量，共同报送。",
            party_kind=other["kind"],
            party_name=other["name"],
            identifier=other["identifier"],
            representative=other["representative"],
            address=other["address"],
        )
    with at(journey.day, 11):
        journey.play.step(
            "item.added",
            item=item.pk,
            cause="未按规定设立能源管理岗位",
            reason="同一次检查中一并发现。",
        )


def merged(made: dict[str, Agency]) -> Iterator[None]:
    """The younger of two cases goes into the older."""
    main = case(made, 10, "jn-82", 14).go("opened")
    yield
    young = case(made, 10, "jn-84", 9).go("opened")
    with at(young.forward(1), 10):
        young.play.step(
            "case.merged", into=main.play.record.pk, reason="同一当事人，同一次检查发现，合并办理。"
        )
    with at(young.forward(1), 10):
        young.play.approve()
    yield


def offered(made: dict[str, Agency]) -> None:
    """An officer is leaving; a colleague has not answered yet."""
    journey = case(made, 12, "jn-84", 6).go("opened")
    giver, taker = (
        Person.objects.get(pk=person_id(made["wg"], name)) for name in ("冯立", "郭砚青")
    )
    with at(journey.forward(1), 9):
        handover.offer(
            who(made["wg"], "孟昭"), giver, taker, [journey.play.record.pk], "冯立借调外出三个月"
        )


def advised(made: dict[str, Agency]) -> None:
    """A lawyer of another office is asked to look."""
    journey = case(made, 13, "jn-82", 7).go("opened")
    with at(journey.forward(1), 9):
        journey.play.step(
            "grant.made",
            by="陈局",
            person=person_id(made["lg"], "魏清"),
            purpose="adviser",
            until=journey.day + timedelta(days=60),
            why="请就法律适用提供意见",
        )
