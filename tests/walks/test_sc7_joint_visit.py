"""SC7: two agencies of one county go together once: one notice, a record each, one visit in the
count.
"""

from __future__ import annotations

from datetime import date

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Certificate
from mingzheng.cases.models import Visit
from mingzheng.documents.models import Document
from mingzheng.records.models import Act, Link
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import Play, at, who
from mingzheng.site.demo.tour import Tour
from tests.cases.telling import heard

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 4, 7)
HOME = parties.company("lm", 3)
NUMBER = "陵联查2026-01"


def pair(
    bodies: dict[str, Agency], start: date = TUESDAY, number: str = NUMBER
) -> tuple[Tour, Tour]:
    """Civil affairs leads, industry comes along; the notice is made, and joined."""
    lead = Tour(
        Play(bodies["lm"], ("武强", "靳月"), HOME, "jc-yl"),
        start,
        joint=number,
        joined="陵川县工业和信息化局",
    )
    lead.go("planned")
    mate = Tour(
        Play(bodies["lg"], ("侯野", "曹越"), HOME, "jc-jn"),
        start,
        joint=number,
        planned=lead.planned,
    ).go("approved")
    with at(mate.day, 16):
        assert "只能从列出的选项中选择" in heard(
            lambda: mate.play.step("notice.joined", lead=lead.play.record.pk)
        )
    lead.stage("approved")
    lead.stage("noticed")
    with at(lead.day, 17, 30):
        mate.play.step("notice.joined", lead=lead.play.record.pk)
    return lead, mate


def visited(*trips: Tour) -> None:
    """Both arrive, look and leave, each with its own officers and its own record."""
    for trip in trips:
        for stage in ("started", "checked", "visited"):
            trip.stage(stage)


def test_two_offices_use_one_notice_and_keep_separate_records(bodies: dict[str, Agency]) -> None:
    lead, mate = pair(bodies)
    visited(lead, mate)
    notices = Document.objects.filter(
        record__in=(lead.play.record, mate.play.record), kind="inspection-notice"
    )
    assert [paper.record_id for paper in notices] == [lead.play.record.pk]
    assert "陵川县工业和信息化局" in notices[0].body
    joined = Act.objects.get(record=mate.play.record, kind="notice.joined")
    assert notices[0].full_number in joined.content.body
    records = Document.objects.filter(
        kind="on-site-record", record__in=(lead.play.record, mate.play.record)
    )
    assert {paper.record_id for paper in records} == {lead.play.record.pk, mate.play.record.pk}
    assert (
        Link.objects.get(source=mate.play.record, kind="joint-visit").target_id
        == lead.play.record.pk
    )


def test_each_publishes_its_own_result_and_neither_handles_the_others(
    bodies: dict[str, Agency],
) -> None:
    lead, mate = pair(bodies)
    visited(lead, mate)
    for trip in (lead, mate):
        trip.stage("concluded")
        trip.stage("published")
    shown = {trip.play.record.publications.get(state="live").agency_id for trip in (lead, mate)}
    assert shown == {bodies["lm"].pk, bodies["lg"].pk}
    assert not access.visible(who(bodies["lg"], "侯野")).filter(pk=lead.play.record.pk).exists()
    assert not access.visible(who(bodies["lm"], "武强")).filter(pk=mate.play.record.pk).exists()
    assert list(verify_all()) == []


def test_going_together_counts_once_for_whoever_comes_next(bodies: dict[str, Agency]) -> None:
    """Two agencies in one visit, and the second visit of the year is still free; the third is
    not.
    """
    visited(*pair(bodies))
    alone = Tour(Play(bodies["lg"], ("侯野", "曹越"), HOME, "jc-jn"), date(2026, 7, 7)).go(
        "visited"
    )
    assert alone.play.record.visit.ended_on is not None
    third = Tour(Play(bodies["lm"], ("武强", "靳月"), HOME, "jc-yl"), date(2026, 9, 1)).go(
        "noticed"
    )
    with at(third.planned, 9):
        third.identify()
        assert "年度频次上限" in heard(third.start)


def test_each_agency_answers_for_its_own_officers(bodies: dict[str, Agency]) -> None:
    """A certificate of the one that ran out does not stop the other."""
    lead, mate = pair(bodies)
    Certificate.objects.filter(person_id=mate.play.officers_ids()[0]).update(until=mate.began)
    lead.stage("started")
    with at(mate.planned, 9):
        assert "到期" in heard(mate.identify)
        assert "到期" in heard(mate.start)
    assert Visit.objects.get(record=lead.play.record).started_on == lead.planned
    assert Visit.objects.get(record=mate.play.record).started_on is None


def test_one_number_in_two_counties_is_not_one_visit(bodies: dict[str, Agency]) -> None:
    """The other county's notice is not offered."""
    lead, _ = pair(bodies)
    far = Tour(
        Play(bodies["wg"], ("张三", "李四"), HOME, "jc-jn"),
        lead.began,
        joint=NUMBER,
        planned=lead.planned,
    ).go("approved")
    with at(far.day, 17):
        assert "只能从列出的选项中选择" in heard(
            lambda: far.play.step("notice.joined", lead=lead.play.record.pk)
        )
