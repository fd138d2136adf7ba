"""Licences: application, acceptance, examination, decision, certificate."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.agencies.models import Unit
from mingzheng.cases.models import Application
from mingzheng.documents.models import Document
from mingzheng.records import law
from mingzheng.records.models import Duty
from mingzheng.site.demo.play import at
from tests.cases.licensing import do, draft, licence, limit, neighbour, refused
from tests.cases.telling import heard


def test_what_is_missing_is_told_once_only(bodies: Any) -> None:
    lic = licence(bodies, without=("plan",)).go("received")
    lic.forward(1)
    do(lic, "materials.requested", lacking=["plan"], content="补交规划意见", **lic.service())
    said = refused(
        lic,
        "materials.requested",
        hour=18,
        lacking=["land"],
        content="再补用地意见",
        **lic.service(),
    )
    assert "不能再告知第二次" in said and "第三十二条" in said


def test_what_is_missing_is_told_within_the_period_or_it_counts_as_accepted_from_receipt(
    bodies: Any,
) -> None:
    lic = licence(bodies, without=("plan",)).go("received")
    received = lic.day
    last = limit(lic, "XK32/correct-once").due
    assert last == date(2026, 4, 14)
    lic.forward(5)
    assert lic.day == last
    lic.forward(1)
    said = refused(
        lic, "materials.requested", lacking=["plan"], content="补交规划意见", **lic.service()
    )
    assert "自收到申请材料之日起就是受理" in said
    do(lic, "application.accepted", officers=lic.play.officers_ids())
    assert Application.objects.get(record=lic.play.record).accepted_on == received
    assert limit(lic).due == law.calendar().add(received, 20, "workday").due
    notice = Document.objects.get(record=lic.play.record, kind="acceptance-notice")
    assert "没有按期告知补正" in notice.body


def test_an_incomplete_application_is_not_accepted_while_the_period_runs(bodies: Any) -> None:
    lic = licence(bodies, without=("plan",)).go("received")
    assert "还不齐全" in refused(lic, "application.accepted", officers=lic.play.officers_ids())


def test_supplied_materials_lead_to_acceptance_on_the_day_they_are_complete(bodies: Any) -> None:
    lic = licence(bodies, without=("plan",)).go("accepted")
    assert limit(lic).how["start"]["date"] == lic.day.isoformat()
    assert Application.objects.get(record=lic.play.record).completed_on is not None


def test_the_window_receives_and_accepts_and_hands_over_to_the_section(bodies: Any) -> None:
    lic = licence(bodies, window="窦敏").go("accepted")
    lic.play.record.refresh_from_db()
    assert Unit.objects.get(pk=lic.play.record.unit_id).name == "节能监察科"
    assert set(
        lic.play.record.handlers.filter(until=None).values_list("person__name", flat=True)
    ) == set(lic.play.officers)


def test_an_application_refused_says_why_and_where_to_object(bodies: Any) -> None:
    lic = licence(bodies).go("received")
    do(
        lic,
        "application.refused",
        ground="not-competent",
        reasons="该项目由市级机关核准。",
        **lic.service(),
    )
    text = Document.objects.get(record=lic.play.record, kind="non-acceptance-notice").body
    assert "由市级机关核准" in text and "行政复议" in text and "行政诉讼" in text
    lic.play.record.refresh_from_db()
    assert lic.play.record.state == "rejected"


def test_acceptance_names_two_officers(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl").go("received")
    assert "不得少于 2 名" in refused(
        lic, "application.accepted", officers=lic.play.officers_ids()[:1]
    )


def test_a_check_of_substance_needs_two_officers_shown(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl").go("accepted")
    off, place = lic.play.officers_ids(), lic.play.party["address"]
    words = {
        "officers": off,
        "place": place,
        "present": "申请人",
        "text": "与材料一致",
        "conclusion": "fits",
        "signed": "signed",
    }
    do(lic, "officer.identified", hour=11, officers=off[:1], mode="shown", to="申请人", place=place)
    assert "2 名" in refused(lic, "site.examined", hour=12, **words)
    do(lic, "officer.identified", hour=13, officers=off, mode="shown", to="申请人", place=place)
    do(lic, "site.examined", hour=14, **words)


def test_an_item_that_asks_for_a_check_is_not_decided_without_it(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl").go("accepted")
    draft(lic)
    assert "先由两名以上工作人员核查" in refused(lic, "decision.made:granted", hour=18)


def test_expert_review_told_in_writing_does_not_count(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    before = limit(lic).due
    lic.experts_called()
    duty = limit(lic)
    assert duty.paused_since == lic.day
    lic.forward(10)
    do(lic, "testing.reported:expert-review", number="评审1", conclusion="可行")
    assert before is not None and limit(lic).due > before and limit(lic).paused_since is None


def test_time_is_not_deducted_without_the_written_telling(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    values = {"laboratory": "专家组", "items": "评审", "expected": "5个工作日", **lic.service()}
    assert "told_on" in refused(lic, "testing.commissioned:expert-review", **values)
    other = licence(
        bodies, item="xk-dl", number=2, hearing=True, other=neighbour(), turns=("neighbours",)
    ).go("examined")
    with at(other.forward(1), 10):
        other.draft()
        other.play.step("party.notified:hearing-right", contact="电话", **other.service())
    do(other, "hearing.requested", applicant="邻厂", text="要求听证")
    assert limit(other).paused_since is None


def test_the_same_deduction_is_not_begun_twice(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    lic.experts_called()
    lic.forward(1)
    said = refused(
        lic,
        "testing.commissioned:expert-review",
        laboratory="另一组",
        items="再评",
        expected="5个工作日",
        told_on=lic.day,
        **lic.service(),
    )
    assert "正在进行" in said and "第四十五条" in said


def test_overlapping_deductions_count_each_day_once(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    start = lic.day
    lic.experts_called()
    lic.forward(2)
    do(
        lic,
        "testing.commissioned:testing",
        laboratory="检测中心",
        items="设备检测",
        expected="6个工作日",
        told_on=lic.day,
        **lic.service(),
    )
    lic.forward(4)
    do(lic, "testing.reported:expert-review", number="1", conclusion="可行")
    assert limit(lic).paused_since is not None
    lic.forward(2)
    do(lic, "testing.reported:testing", number="2", conclusion="合格")
    rows = limit(lic).how["suspensions"]
    assert (
        len(rows) == 1
        and rows[0]["from"] == law.calendar().add(start, 1, "workday").due.isoformat()
    )
    assert rows[0]["until"] == lic.day.isoformat()


def test_interested_parties_are_told_before_the_decision(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    other = neighbour()
    do(
        lic,
        "party.added:interested",
        hour=11,
        party_kind=other["kind"],
        party_name=other["name"],
        identifier=other["identifier"],
        representative=other["representative"],
        address=other["address"],
        interest="厂房相邻",
    )
    with at(lic.day, 12):
        assert "已登记利害关系人" in heard(lambda: lic.draft(hearing_right="no"))
    draft(lic, hearing_right="yes")
    said = refused(lic, "decision.made:granted", hour=18)
    assert "利害关系人" in said and "听证的权利" in said


def test_the_hearing_of_a_licence_follows_five_twenty_and_seven_workdays(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl", hearing=True, other=neighbour(), turns=("neighbours",)).go(
        "examined"
    )
    with at(lic.forward(1), 10):
        lic.draft()
        lic.play.step("party.notified:hearing-right", contact="电话", **lic.service())
    assert "五日内可以申请" in refused(lic, "decision.made:granted")
    do(lic, "hearing.requested", applicant="邻厂", text="要求听证")
    hold = Duty.objects.get(record=lic.play.record, topic="hearing/hold")
    assert hold.due == law.calendar().add(lic.day, 20, "workday").due
    lic.forward(1)
    do(
        lic,
        "party.notified:hearing",
        hour=9,
        hearing_on=law.calendar().add(lic.day, 8, "workday").due,
        hearing_place="听证室",
        host="王审",
        clerk="记录员",
        expected="8个工作日",
        **lic.service(),
    )
    assert limit(lic).paused_since is not None
    lic.forward(6)
    words = {
        "officers": lic.play.officers_ids(),
        "host": "王审",
        "attended": "yes",
        "text": "各方陈述",
        "signed": "signed",
    }
    assert "七个工作日" in refused(lic, "hearing.held", by="王审", **words)
    lic.forward(1)
    do(lic, "hearing.held", by="王审", hour=9, **words)
    assert limit(lic).paused_since is None and limit(lic).how["suspensions"]
    assert "听证笔录" in refused(lic, "decision.made:granted")
