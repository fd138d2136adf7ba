"""SC3: a nursing home is told, looked at, ordered to mend, looked at again, and fined when it has
not.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from mingzheng.agencies.models import Agency
from mingzheng.cases.acts.inspection import scan
from mingzheng.cases.models import Checked, Visit
from mingzheng.catalogue.models import Item
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.records.models import Link, Record
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.tour import Tour
from tests.cases.telling import heard
from tests.clause import clause

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 4, 7)
HOME = parties.company("lm", 3)
OFFICERS = ("武强", "靳月")
FOUND = "抽查的入住老年人档案中有五份没有服务协议"


def visit(bodies: dict[str, Agency], start: date = TUESDAY, **how: Any) -> Tour:
    """A check of the nursing home that has not begun."""
    return Tour(Play(bodies["lm"], OFFICERS, HOME, "jc-yl"), start, **{"found": FOUND, **how})


def announced(bodies: dict[str, Agency], trip: Tour) -> None:
    """Three working days before; a visit that leaves two is refused at the door."""
    early = visit(bodies, start=date(2026, 3, 24), gap=2).go("noticed")
    with at(early.planned, 9):
        early.identify()
        assert "三个工作日" in heard(early.start)
    trip.go("started")
    assert trip.planned == date(2026, 4, 10)


def looked_at(trip: Tour) -> None:
    """The home scans, a problem is found, the result cannot be called clean."""
    play = trip.play
    with at(trip.day, 9, 20), transaction.atomic():
        scan(Visit.objects.get(record=play.record))
    trip.how["scans"] = False
    trip.checked()
    assert Checked.objects.get(record=play.record, finding="problem").note == FOUND
    with at(trip.day, 16):
        assert "结果不能是" in heard(
            lambda: play.step(
                "inspection.ended",
                officers=play.officers_ids(),
                result="nothing",
                text="没有问题。",
            )
        )
    trip.stage("visited")
    kinds = set(Document.objects.filter(record=play.record).values_list("kind", flat=True))
    assert {"inspection-notice", "rights-notice", "on-site-record"} <= kinds


def not_mended(trip: Tour) -> Journey:
    """Ordered, checked again, still not done: the matter becomes a penalty case tied to the
    visit.
    """
    with at(trip.day, 17, 5):
        assert "先责令改正" in heard(
            lambda: trip.play.step("result.formed", conclusion="存在问题", handling="待处理")
        )
    trip.corrected(done="no")
    text = Document.objects.get(record=trip.play.record, kind="recheck-opinion").body
    assert "仍没有改正" in text
    item = Item.objects.get(agency=trip.play.body, code="yl-46")
    with at(trip.forward(1), 9):
        trip.play.step(
            "matter.followed-up",
            item=item.pk,
            cause="未与老年人签订服务协议",
            summary=f"{FOUND}，责令改正后复查仍未改正。",
        )
    link = Link.objects.get(source=trip.play.record, kind="follow-up")
    return case_of(trip, Record.objects.get(pk=link.target_id), item)


def case_of(trip: Tour, record: Record, item: Item) -> Journey:
    """The story goes on in the case that the visit began."""
    play = Play(
        trip.play.body, OFFICERS, HOME, "yl-46", cause="未与老年人签订服务协议", summary=FOUND
    )
    play.record = record
    return Journey(
        play,
        trip.day,
        **{
            **stories.TEXTS["yl-46"],
            "broken": item.broken,
            "applied": item.applied,
            "penalties": ["警告", "罚款"],
            "fine": "8000",
        },
    )


@clause("LM-1.3.1")
def test_a_home_that_does_not_mend_is_told_fined_and_published(bodies: dict[str, Agency]) -> None:
    trip = visit(bodies, problem=True)
    announced(bodies, trip)
    looked_at(trip)
    journey = not_mended(trip)
    for stage in ("proposed", "opened", "investigated", "ended", "drafted"):
        getattr(journey, stage)()
    with at(journey.day, 17):
        assert "没有告知" in heard(lambda: journey.play.step("decision.made:penalty"))
    for stage in (
        "noticed",
        "heard",
        "decided",
        "served",
        "published",
        "paid",
        "executed",
        "closed",
    ):
        getattr(journey, stage)()
    record = journey.play.record
    record.refresh_from_db()
    assert record.state == "closed"
    live = Publication.objects.get(record=record, state="live")
    assert HOME["name"] in live.body and "8000" in live.body.replace(",", "")
    with at(trip.forward(1), 9):
        trip.play.step(
            "result.formed", conclusion="发现问题，复查不合格，已立案", handling="转为立案线索"
        )
    assert list(verify_all()) == []


def test_a_home_that_mends_gets_its_result_published_and_no_case(bodies: dict[str, Agency]) -> None:
    trip = visit(bodies, problem=True).go("published")
    assert "复查合格" in trip.play.record.publications.get(state="live").body
    assert not Link.objects.filter(source=trip.play.record, kind="follow-up").exists()


def test_the_check_beyond_the_cap_is_refused_but_a_clue_lets_it(bodies: dict[str, Agency]) -> None:
    """Twice a year is published; the third routine one is not let in, one after a complaint is."""
    for start in (date(2026, 3, 3), date(2026, 5, 12)):
        visit(bodies, start=start).go("visited")
    third = visit(bodies, start=date(2026, 7, 7)).go("noticed")
    with at(third.planned, 9):
        third.identify()
        said = heard(third.start)
        assert "年度频次上限" in said and "国办发〔2024〕54号" in said
    clue = visit(bodies, start=date(2026, 7, 14), check_type="case", source="complaint").go(
        "approved"
    )
    with at(clue.day, 16):
        clue.play.step("notice.prepared", rights="有权核验证件", joined="")
        assert "不得事先告知" in heard(
            lambda: clue.play.step(
                "party.notified:inspection",
                manner="direct",
                place="院内",
                receiver="院长",
                relation="legal-representative",
            )
        )
    for stage in ("started", "checked", "visited"):
        clue.stage(stage)
    assert clue.play.record.visit.ended_on == clue.day


def test_what_belongs_to_another_agency_goes_there_with_its_papers(
    bodies: dict[str, Agency],
) -> None:
    """The fire exit is for the fire brigade: a letter, and then the result may be formed."""
    trip = visit(bodies, problem=True, found="疏散通道被货架占用").go("visited")
    with at(trip.forward(1), 9):
        trip.play.step(
            "matter.transferred:other-agency",
            to="陵川县消防救援大队",
            reason="疏散通道占用属于消防部门职责。",
            materials="现场检查笔录复印件\n现场照片",
        )
        trip.play.step(
            "result.formed", conclusion="发现问题，已移送消防部门", handling="移送有权机关"
        )
    letter = Document.objects.get(record=trip.play.record, kind="referral-letter").body
    assert "陵川县消防救援大队" in letter and "疏散通道" in letter
