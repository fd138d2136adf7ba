"""Visits: approved, announced, carried out by the right people, written down, handled, published
(SC1, SC3, SC7).
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Agency, Certificate
from mingzheng.cases.acts.inspection import scan
from mingzheng.cases.models import Checked, Visit
from mingzheng.catalogue.models import Item
from mingzheng.procedures.outcome import Invalid
from mingzheng.records.models import Act, ActContent, Duty, Link
from mingzheng.records.refusal import Refused
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.tour import Tour
from tests.cases.telling import heard
from tests.clause import clause
from tests.desk.test_unsent import browser

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 4, 7)
OFFICERS = {
    "lm": ("武强", "靳月"),
    "wg": ("张三", "李四"),
    "lx": ("焦专", "史宁"),
    "fc": ("常青", "贾晋"),
    "lg": ("侯野", "曹越"),
}
ITEM = {"lm": "jc-yl", "wg": "jc-jn", "lx": "jc-xf", "fc": "jc-jd", "lg": "jc-jn"}


def tour(
    bodies: dict[str, Agency],
    code: str = "wg",
    item: str = "",
    number: int = 3,
    start: date = TUESDAY,
    **how: Any,
) -> Tour:
    """A visit that has not begun; `.go(stage)` takes it along its road."""
    party = parties.company("lm" if code == "lx" else code, number)
    return Tour(Play(bodies[code], OFFICERS[code], party, item or ITEM[code]), start, **how)


@clause("WG-A7.2")
def test_a_clean_visit_goes_from_plan_to_published_result(bodies: dict[str, Agency]) -> None:
    """The whole road of a drawn, clean check."""
    trip = tour(bodies, source="draw").go("published")
    record = trip.play.record
    record.refresh_from_db()
    assert record.state == "concluded"
    live = record.publications.get(state="live")
    assert live.kind == "inspection" and "未发现问题" in live.body
    for channel in ("own-site", "random-check-platform"):
        duty = Duty.objects.get(record=record, rule="WG-A7.2/random", channel=channel)
        assert duty.state == Duty.DONE, channel


def test_a_drawn_check_is_published_within_twenty_working_days_of_its_end(
    bodies: dict[str, Agency],
) -> None:
    """SC1: ended 2026-09-18, to be published by 2026-10-22."""
    trip = tour(bodies, source="draw", start=date(2026, 9, 15)).go("visited")
    assert trip.day == date(2026, 9, 18)
    rows = Duty.objects.filter(record=trip.play.record, topic="publication/random")
    assert {row.light_due for row in rows} == {date(2026, 10, 22)}


def test_nobody_enters_an_enterprise_without_approval_and_notice(bodies: dict[str, Agency]) -> None:
    """Both are missing, both are said."""
    trip = tour(bodies).go("planned")
    with at(trip.day, 15):
        trip.identify()
        words = heard(lambda: trip.start())
    assert "要先办" in words


def test_a_notice_is_not_made_before_the_approval(bodies: dict[str, Agency]) -> None:
    """The paper would promise a visit that nobody agreed to."""
    trip = tour(bodies).go("planned")
    with at(trip.day, 15):
        assert "检查还没有批准" in heard(
            lambda: trip.play.step("notice.prepared", rights="有权核验证件")
        )


def test_an_approved_visit_still_needs_its_notice(bodies: dict[str, Agency]) -> None:
    """Approved, but no paper."""
    trip = tour(bodies).go("approved")
    with at(trip.forward(4), 9):
        trip.identify()
        assert "检查通知书" in heard(lambda: trip.start())


def test_one_officer_alone_may_not_begin(bodies: dict[str, Agency]) -> None:
    """The same officer twice is one."""
    trip = tour(bodies).go("noticed")
    with at(trip.forward(1), 9):
        one = trip.play.officers_ids()[:1]
        trip.play.step(
            "officer.identified", officers=one * 2, mode="shown", to="值班人员", place="厂区"
        )
        assert "两名以上" in heard(lambda: trip.start())


def test_a_certificate_that_ran_out_this_morning_stops_the_visit(bodies: dict[str, Agency]) -> None:
    """Valid when planned, expired on the day (bypass 26)."""
    trip = tour(bodies).go("noticed")
    day = trip.forward(1)
    Certificate.objects.filter(person_id=trip.play.officers_ids()[1]).update(
        until=date.fromordinal(day.toordinal() - 1)
    )
    with at(day, 9):
        assert "到期" in heard(lambda: trip.identify())
        assert "到期" in heard(lambda: trip.start())


def test_a_nursing_home_is_told_three_working_days_before_a_routine_check(
    bodies: dict[str, Agency],
) -> None:
    """Two days are not three."""
    trip = tour(bodies, "lm", gap=2).go("noticed")
    with at(trip.planned, 9):
        trip.identify()
        words = heard(lambda: trip.start())
    assert "三个工作日" in words


def test_a_case_specific_check_of_a_nursing_home_is_not_announced(
    bodies: dict[str, Agency],
) -> None:
    """Telling it beforehand is refused; the notice is carried along."""
    trip = tour(bodies, "lm", check_type="case", source="complaint").go("approved")
    with at(trip.day, 17):
        trip.play.step("notice.prepared", rights="有权核验证件", joined="")
        words = heard(
            lambda: trip.play.step(
                "party.notified:inspection",
                manner="direct",
                place="院内",
                receiver="院长",
                relation="legal-representative",
            )
        )
    assert "不得事先告知" in words
    with at(trip.forward(1), 9):
        trip.identify()
        trip.start()


def test_a_notice_after_the_visit_day_is_contradictory(bodies: dict[str, Agency]) -> None:
    """Dates that contradict are said so."""
    trip = tour(bodies, "lm").go("approved")
    with at(trip.planned, 8):
        trip.play.step("notice.prepared", rights="有权核验证件", joined="")
    with at(date.fromordinal(trip.planned.toordinal() + 1), 9):
        words = heard(
            lambda: trip.play.step(
                "party.notified:inspection",
                manner="direct",
                place="院内",
                receiver="院长",
                relation="legal-representative",
            )
        )
    assert "通知晚于拟检查日期" in words


def test_the_yearly_cap_counts_every_agency_of_the_county(bodies: dict[str, Agency]) -> None:
    """Two visits of one office leave no third for another office of the same county."""
    lg_item = Item.objects.get(agency=bodies["lg"], code="jc-jn")
    lm_item = Item.objects.get(agency=bodies["lm"], code="jc-yl")
    assert lg_item.details["cap"]["times"] == lm_item.details["cap"]["times"] == 2
    same = parties.company("lm", 3)
    for start in (date(2026, 3, 3), date(2026, 5, 12)):
        Tour(Play(bodies["lm"], OFFICERS["lm"], same, "jc-yl"), start).go("visited")
    third = Tour(Play(bodies["lg"], OFFICERS["lg"], same, "jc-jn"), date(2026, 7, 7)).go("noticed")
    with at(third.planned, 9):
        third.identify()
        assert "年度频次上限" in heard(lambda: third.start())


def test_a_clue_lets_a_case_specific_check_exceed_the_cap(bodies: dict[str, Agency]) -> None:
    """Neither counted nor barred."""
    same = parties.company("lm", 3)
    for start in (date(2026, 3, 3), date(2026, 5, 12)):
        Tour(Play(bodies["lm"], OFFICERS["lm"], same, "jc-yl"), start).go("visited")
    clue = Tour(
        Play(bodies["lm"], OFFICERS["lm"], same, "jc-yl"),
        date(2026, 7, 7),
        check_type="case",
        source="report",
    ).go("started")
    assert clue.play.record.visit.started_on is not None


def test_a_joint_visit_counts_once_and_uses_one_notice(bodies: dict[str, Agency]) -> None:
    """Two offices, one number, one paper, two records."""
    same = parties.company("lm", 3)
    lead = Tour(Play(bodies["lm"], OFFICERS["lm"], same, "jc-yl"), TUESDAY, joint="联查2026-01").go(
        "noticed"
    )
    mate = Tour(
        Play(bodies["lg"], OFFICERS["lg"], same, "jc-jn"),
        lead.began,
        joint="联查2026-01",
        planned=lead.planned,
    ).go("approved")
    with at(lead.planned, 8):
        mate.play.step("notice.joined", lead=lead.play.record.pk)
    for trip in (lead, mate):
        trip.day = lead.planned
        with at(lead.planned, 9):
            trip.identify()
            trip.start()
    assert Link.objects.filter(
        source=mate.play.record, target=lead.play.record, kind="joint-visit"
    ).exists()
    after = Tour(Play(bodies["lg"], OFFICERS["lg"], same, "jc-jn"), date(2026, 7, 7)).go("noticed")
    with at(after.planned, 9):
        after.identify()
        after.start()
    assert after.play.record.visit.started_on is not None


def test_an_enterprise_confirms_by_scanning_or_its_absence_is_explained(
    bodies: dict[str, Agency],
) -> None:
    """The end of a visit waits for one of the two."""
    trip = tour(bodies, scans=False).go("checked")
    with at(trip.day, 16):
        assert "扫码" in heard(lambda: trip.finish())
    with at(trip.day, 16, 10):
        scan(Visit.objects.get(record=trip.play.record))
    with at(trip.day, 16, 20):
        trip.finish()


def test_nobody_confirms_before_the_day_of_the_visit(bodies: dict[str, Agency]) -> None:
    """Nor does an officer in the place of the enterprise."""
    trip = tour(bodies, scans=False).go("approved")
    visit = Visit.objects.get(record=trip.play.record)
    assert visit.planned_on is not None and trip.day < visit.planned_on
    with at(trip.day, 16):
        assert "到场以后再确认" in heard(lambda: scan(visit))
    with at(visit.planned_on, 9):
        officer = browser(trip.play.body, trip.play.officers[0])
        answer = officer.post(f"/q/{visit.code}/here")
        assert answer.status_code == 409 and "不能代为确认" in answer.content.decode()


def test_an_unapproved_visit_cannot_be_confirmed_by_the_enterprise(
    bodies: dict[str, Agency],
) -> None:
    """Scanning tells it that it may refuse."""
    trip = tour(bodies).go("planned")
    with at(trip.day, 16), pytest.raises(Refused) as refused:
        scan(Visit.objects.get(record=trip.play.record))
    assert "可以拒绝检查" in refused.value.grounds[0].say


def test_a_problem_needs_its_note_and_its_code(bodies: dict[str, Agency]) -> None:
    """A point with a problem and no words is not taken; nor is a clean result on top of it."""
    trip = tour(bodies, problem=True).go("started")
    with at(trip.day, 10):
        trip.rights()
        answers = trip.findings() | {"note-report": ""}
        assert "请写明情况" in heard(
            lambda: trip.play.step("checklist.filled", officers=trip.play.officers_ids(), **answers)
        )
    trip.checked()
    assert Checked.objects.filter(record=trip.play.record, finding="problem").count() == 1
    with at(trip.day, 16):
        words = heard(
            lambda: trip.play.step(
                "inspection.ended",
                officers=trip.play.officers_ids(),
                result="nothing",
                text="没有问题。",
            )
        )
    assert "结果不能是" in words


def test_a_result_with_a_problem_waits_for_its_handling(bodies: dict[str, Agency]) -> None:
    """Ordered and checked again, or a case, or another agency: first one of them."""
    trip = tour(bodies, problem=True).go("visited")
    with at(trip.forward(1), 9):
        assert "先责令改正" in heard(
            lambda: trip.play.step("result.formed", conclusion="存在问题", handling="待处理")
        )
    trip.corrected()
    with at(trip.forward(1), 9):
        trip.play.step(
            "result.formed", conclusion="发现问题，已经改正", handling="责令改正并复查合格"
        )


def test_what_a_visit_found_becomes_a_case_tied_to_it(bodies: dict[str, Agency]) -> None:
    """The follow-up is a penalty matter with the visit as its source."""
    trip = tour(bodies, "lm", problem=True).go("visited")
    item = Item.objects.get(agency=bodies["lm"], code="yl-46")
    with at(trip.forward(1), 9):
        trip.play.step(
            "matter.followed-up",
            item=item.pk,
            cause="未与老年人签订服务协议",
            summary="检查发现多人没有签订协议。",
        )
    link = Link.objects.get(source=trip.play.record, kind="follow-up")
    assert link.target.kind == "penalty" and link.target.state == "registered"
    assert link.target.parties.get().identifier == trip.play.party["identifier"]


def test_an_office_without_penalty_power_cannot_turn_a_visit_into_a_case(
    bodies: dict[str, Agency],
) -> None:
    """LX refers it to whoever may."""
    trip = tour(bodies, "lx", problem=True).go("visited")
    with at(trip.forward(1), 9):
        assert "只能从列出的选项中选择" in heard(
            lambda: trip.play.step("matter.followed-up", item=1, cause="示例", summary="示例")
        )
        trip.play.step(
            "matter.transferred:other-agency",
            to="陵川县民政局",
            reason="属于民政部门职责",
            materials="检查笔录复印件",
        )


@clause("LX-A12.1(2)")
def test_lx_publishes_a_clean_drawn_check_by_the_unit_heads_approval(
    bodies: dict[str, Agency],
) -> None:
    """Twenty working days from its end; approved by the head of the handling unit."""
    trip = tour(bodies, "lx", source="draw").go("published")
    assert trip.play.record.publications.get().state == "live"


@clause("LX-A6")
def test_what_officers_owe_on_site_stands_on_the_checklist(bodies: dict[str, Agency]) -> None:
    """A certificate worn is recorded as worn; papers, telling, explanation and uniform are points
    of the officers themselves.
    """
    trip = tour(bodies, "lx").go("started")
    off = trip.play.officers_ids()
    answers = trip.findings()
    assert answers["conduct"] == ["certificate", "document", "told", "explained", "uniform"]
    with at(trip.day, 10):
        lacking = heard(
            lambda: trip.play.step(
                "checklist.filled", officers=off, **{**answers, "conduct": ["certificate", "told"]}
            )
        )
    assert "出具执法文书" in lacking and "说明解释" in lacking and "制式服装" not in lacking
    trip.stage("checked")
    said = ActContent.objects.get(
        act=Act.objects.get(record=trip.play.record, kind="checklist.filled")
    )
    assert json.loads(said.body)["conduct"] == answers["conduct"]
    assert tour(bodies, "wg").go("started").findings()["conduct"] == []


def test_the_same_visit_is_not_planned_twice(bodies: dict[str, Agency]) -> None:
    """Same day, item and enterprise."""
    trip = tour(bodies).go("planned")
    again = tour(bodies, planned=trip.planned)
    with at(trip.day, 11):
        assert "已经安排过" in heard(lambda: again.planned_now(not_duplicate="on"))


def test_a_case_specific_check_needs_a_clue_and_a_drawn_one_is_none(
    bodies: dict[str, Agency],
) -> None:
    """The form says which."""
    with pytest.raises(Invalid):
        tour(bodies, check_type="case", source="plan").go("planned")
    with pytest.raises(Invalid):
        tour(bodies, check_type="case", source="draw").go("planned")


def test_an_urgent_check_goes_first_and_is_approved_afterwards(bodies: dict[str, Agency]) -> None:
    """The exception is approved; the approval of the visit is then owed promptly."""
    trip = tour(bodies, urgent=True).go("planned")
    with at(trip.day, 9, 30):
        trip.play.step(
            "exception.approved", ground="urgent-inspection", reason="有爆炸危险，须立即检查。"
        )
        trip.play.approve()
        trip.play.step("notice.prepared", rights="有权核验证件", joined="")
        trip.identify()
        trip.start()
    assert Duty.objects.filter(
        record=trip.play.record, rule="SQ54/approval-afterwards", state=Duty.OPEN
    ).exists()


def test_replaying_a_visit_gives_its_state(bodies: dict[str, Agency]) -> None:
    """The memos equal the record."""
    tour(bodies, problem=True).go("visited")
    assert list(verify_all()) == []
