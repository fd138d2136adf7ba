"""Licences: application, acceptance, examination, decision, certificate."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Unit
from mingzheng.cases.facts import licence_columns
from mingzheng.cases.models import Application, Licence
from mingzheng.core import clock
from mingzheng.documents import kinds
from mingzheng.documents.models import Document
from mingzheng.procedures import registry
from mingzheng.records import acts as record_acts
from mingzheng.records import law
from mingzheng.records.models import Duty, Standing
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.play import at, who
from tests.cases.licensing import licence, neighbour
from tests.cases.telling import heard


def refused(lic: Licensing, key: str, *, by: str = "", hour: int = 17, files: Any = (), **values: Any) -> str:
    """Try a step at the end of the day; the words of its refusal."""
    with at(lic.day, hour):
        return heard(lambda: lic.play.step(key, by=by, files=files, **values))


def do(lic: Licensing, key: str, *, by: str = "", hour: int = 17, files: Any = (), **values: Any) -> Any:
    """Take a step at the end of the day."""
    with at(lic.day, hour):
        return lic.play.step(key, by=by, files=files, **values)


def limit(lic: Licensing, rule: str = "XK42/decide") -> Duty:
    """The duty of a rule in this matter."""
    return Duty.objects.get(record=lic.play.record, rule=rule)


def draft(lic: Licensing, **more: Any) -> None:
    """Draft at the end of the day."""
    with at(lic.day, 17):
        lic.draft(**more)


def test_what_is_missing_is_told_once_only(bodies: Any) -> None:
    lic = licence(bodies, without=("plan",)).go("received")
    lic.forward(1)
    do(lic, "materials.requested", lacking=["plan"], content="补交规划意见", **lic.service())
    said = refused(lic, "materials.requested", hour=18, lacking=["land"], content="再补用地意见", **lic.service())
    assert "不能再告知第二次" in said and "第三十二条" in said


def test_what_is_missing_is_told_within_the_period_or_it_counts_as_accepted_from_receipt(bodies: Any) -> None:
    lic = licence(bodies, without=("plan",)).go("received")
    received = lic.day
    last = limit(lic, "XK32/correct-once").due
    assert last == date(2026, 4, 14)
    lic.forward(5)
    assert lic.day == last
    lic.forward(1)
    said = refused(lic, "materials.requested", lacking=["plan"], content="补交规划意见", **lic.service())
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
    assert set(lic.play.record.handlers.filter(until=None).values_list("person__name", flat=True)) == set(lic.play.officers)


def test_an_application_refused_says_why_and_where_to_object(bodies: Any) -> None:
    lic = licence(bodies).go("received")
    do(lic, "application.refused", ground="not-competent", reasons="该项目由市级机关核准。", **lic.service())
    text = Document.objects.get(record=lic.play.record, kind="non-acceptance-notice").body
    assert "由市级机关核准" in text and "行政复议" in text and "行政诉讼" in text
    lic.play.record.refresh_from_db()
    assert lic.play.record.state == "rejected"


def test_acceptance_names_two_officers(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl").go("received")
    assert "不得少于 2 名" in refused(lic, "application.accepted", officers=lic.play.officers_ids()[:1])


def test_a_check_of_substance_needs_two_officers_shown(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl").go("accepted")
    off, place = lic.play.officers_ids(), lic.play.party["address"]
    words = {"officers": off, "place": place, "present": "申请人", "text": "与材料一致", "conclusion": "fits", "signed": "signed"}
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
    other = licence(bodies, item="xk-dl", number=2, hearing=True, other=neighbour(), turns=("neighbours",)).go("examined")
    with at(other.forward(1), 10):
        other.draft()
        other.play.step("party.notified:hearing-right", contact="电话", **other.service())
    do(other, "hearing.requested", applicant="邻厂", text="要求听证")
    assert limit(other).paused_since is None


def test_the_same_deduction_is_not_begun_twice(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    lic.experts_called()
    lic.forward(1)
    said = refused(lic, "testing.commissioned:expert-review", laboratory="另一组", items="再评", expected="5个工作日", told_on=lic.day,
                   **lic.service())
    assert "正在进行" in said and "第四十五条" in said


def test_overlapping_deductions_count_each_day_once(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    start = lic.day
    lic.experts_called()
    lic.forward(2)
    do(lic, "testing.commissioned:testing", laboratory="检测中心", items="设备检测", expected="6个工作日", told_on=lic.day, **lic.service())
    lic.forward(4)
    do(lic, "testing.reported:expert-review", number="1", conclusion="可行")
    assert limit(lic).paused_since is not None
    lic.forward(2)
    do(lic, "testing.reported:testing", number="2", conclusion="合格")
    rows = limit(lic).how["suspensions"]
    assert len(rows) == 1 and rows[0]["from"] == law.calendar().add(start, 1, "workday").due.isoformat()
    assert rows[0]["until"] == lic.day.isoformat()


def test_interested_parties_are_told_before_the_decision(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    other = neighbour()
    do(lic, "party.added:interested", hour=11, party_kind=other["kind"], party_name=other["name"], identifier=other["identifier"],
       representative=other["representative"], address=other["address"], interest="厂房相邻")
    with at(lic.day, 12):
        assert "已登记利害关系人" in heard(lambda: lic.draft(hearing_right="no"))
    draft(lic, hearing_right="yes")
    said = refused(lic, "decision.made:granted", hour=18)
    assert "利害关系人" in said and "听证的权利" in said


def test_the_hearing_of_a_licence_follows_five_twenty_and_seven_workdays(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl", hearing=True, other=neighbour(), turns=("neighbours",)).go("examined")
    with at(lic.forward(1), 10):
        lic.draft()
        lic.play.step("party.notified:hearing-right", contact="电话", **lic.service())
    assert "五日内可以申请" in refused(lic, "decision.made:granted")
    do(lic, "hearing.requested", applicant="邻厂", text="要求听证")
    hold = Duty.objects.get(record=lic.play.record, topic="hearing/hold")
    assert hold.due == law.calendar().add(lic.day, 20, "workday").due
    lic.forward(1)
    do(lic, "party.notified:hearing", hour=9, hearing_on=law.calendar().add(lic.day, 8, "workday").due, hearing_place="听证室", host="王审",
       clerk="记录员", expected="8个工作日", **lic.service())
    assert limit(lic).paused_since is not None
    lic.forward(6)
    words = {"officers": lic.play.officers_ids(), "host": "王审", "attended": "yes", "text": "各方陈述", "signed": "signed"}
    assert "七个工作日" in refused(lic, "hearing.held", by="王审", **words)
    lic.forward(1)
    do(lic, "hearing.held", by="王审", hour=9, **words)
    assert limit(lic).paused_since is None and limit(lic).how["suspensions"]
    assert "听证笔录" in refused(lic, "decision.made:granted")


def test_a_major_licence_waits_for_legal_review(bodies: Any) -> None:
    lic = licence(bodies, judged={"major_rights": "yes"}).go("drafted")
    assert "法制审核" in refused(lic, "decision.made:granted")
    lic.review()
    do(lic, "decision.made:granted")


def test_a_refusal_gives_its_reasons(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    with at(lic.day, 17):
        assert "不予许可要写明理由" in heard(lambda: lic.draft(outcome="refused", reasons=""))
    body = {"elements": {"applicant": "甲", "decision": "不予许可", "remedies": "复议、诉讼", "agency-and-date": "机关", "reasons": ""}}
    with pytest.raises(Refused, match="缺少法定内容"):
        kinds.check_elements(law.regime(lic.play.record), kinds.find("refusal-decision"), body, {"kind": "licence"}, lic.day)


def test_a_refusal_is_served_and_leaves_no_certificate(bodies: Any) -> None:
    lic = licence(bodies, outcome="refused", reasons="没有取得用地文件。").go("closed")
    assert not Licence.objects.filter(record=lic.play.record).exists()
    text = Document.objects.get(record=lic.play.record, kind="refusal-decision").body
    assert "没有取得用地文件" in text and "行政复议" in text
    assert not Duty.objects.filter(record=lic.play.record, rule="SGS/report").exists()


def test_the_outcome_of_the_draft_is_the_outcome_of_the_decision(bodies: Any) -> None:
    lic = licence(bodies).go("drafted")
    assert "审查意见稿不是“不予许可”" in refused(lic, "decision.made:refused")


def test_the_period_is_extended_by_the_head_once_and_the_applicant_is_told(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    before = limit(lic).due
    do(lic, "limit.extended:licence/limit", days=10, reason="清单较多")
    assert limit(lic).due == before, "报批还不是批准"
    with at(lic.forward(1), 9):
        lic.play.approve()
    assert before is not None and limit(lic).due == law.calendar().add(before, 10, "workday").due
    assert Duty.objects.filter(record=lic.play.record, rule="XK42/tell", state=Duty.OPEN).exists()
    do(lic, "party.told-of-extension", **lic.service())
    assert not Duty.objects.filter(record=lic.play.record, rule="XK42/tell", state=Duty.OPEN).exists()
    assert "只能延长 1 次" in refused(lic, "limit.extended:licence/limit", hour=18, days=5, reason="还要延长")


def test_no_more_than_ten_workdays_are_added(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    assert "最多延长 10 个工作日" in refused(lic, "limit.extended:licence/limit", days=11, reason="太多")


def test_a_joint_licence_has_forty_five_workdays_and_fifteen_more_with_the_governments_approval(bodies: Any) -> None:
    lic = licence(bodies, apply={"joint_licence": "yes"}).go("accepted")
    due = limit(lic, "XK42/joint").due
    assert due == law.calendar().add(lic.day, 45, "workday").due
    assert "本级政府负责人" in refused(lic, "limit.extended:licence/limit", days=15, reason="部门多")
    do(lic, "limit.extended:licence/limit", days=15, reason="部门多", government="县政府领导批示〔2026〕3号", files=lic.play.picture("批准件"))
    with at(lic.day, 18):
        lic.play.approve()
    assert limit(lic, "XK42/joint").due == law.calendar().add(due, 15, "workday").due


def test_a_social_organisation_is_registered_within_sixty_days_and_no_extension_is_known(bodies: Any) -> None:
    lic = licence(bodies, "lm", "xk-st").go("accepted")
    duty = limit(lic, "ST12/register")
    received = Application.objects.get(record=lic.play.record).completed_on
    assert received is not None and duty.how["start"]["date"] == received.isoformat()
    assert duty.due == law.calendar().add(received, 60, "day", True).due
    assert not Duty.objects.filter(record=lic.play.record, rule="XK42/decide").exists()
    assert "没有哪一条写明这项期限可以延长" in refused(lic, "limit.extended:licence/limit", days=10, reason="材料多")


def test_every_mandatory_column_of_the_credit_record_is_filled_by_the_decision(bodies: Any) -> None:
    lic = licence(bodies).go("certified")
    with at(lic.day, 18):
        row = licence_columns.row(lic.play.record, clock.today())
        columns = licence_columns.columns(lic.play.record, clock.today())
        assert len(law.regime(lic.play.record).rows(licence_columns.LIST, clock.today(), {"kind": "licence"}).rows) == 28 == len(row)
        assert not [each["id"] for each in columns if each["need"] == "must" and not row[each["id"]]]
        assert not licence_columns.lacking(lic.play.record, clock.today())
    assert row["XK_XKLB"] == "核准" and row["XK_ZT"] == "1" and row["XK_YXQZI"] >= row["XK_YXQZ"]
    assert row["XK_XDR_ZJHM"] == "" and row["XK_WSH"].startswith("汶工信许〔2026〕")


def test_a_decision_that_would_leave_a_mandatory_column_empty_is_refused(bodies: Any) -> None:
    lic = licence(bodies).go("drafted")
    agency = lic.play.body
    agency.uscc = ""
    agency.save(update_fields=["uscc"])
    said = refused(lic, "decision.made:granted")
    assert "许可机关统一社会信用代码" in said and "424号" in said


def test_a_certificate_without_a_grant_is_not_issued(bodies: Any) -> None:
    lic = licence(bodies, outcome="refused", reasons="条件不符").go("decided")
    assert "还没有到这一步" in refused(lic, "certificate.issued", number="X1", receiver="甲")
    with at(lic.day, 17), pytest.raises(Refused) as caught:
        record_acts.append(record_acts.lock(lic.play.record.pk), who(bodies["wg"], lic.play.officers[0]), record_acts.Entry(
            kind="certificate.issued", facts=registry.facts_of(lic.play.record)))
    assert "有准予许可的决定" in caught.value.grounds[0].say


def test_a_certificate_ends_neither_before_it_begins_nor_otherwise_than_decided(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    with at(lic.day, 17):
        assert "早于" in heard(lambda: lic.draft(until="2025-01-01"))
    draft(lic)
    lic.proposed()
    lic.decided()
    assert "早于决定日期" in refused(lic, "certificate.issued", number="X1", receiver="甲", until="2026-04-08")
    assert "与决定书写明的" in refused(lic, "certificate.issued", number="X1", receiver="甲", until="2027-04-08")


def test_a_certificate_number_is_given_once(bodies: Any) -> None:
    first = licence(bodies).go("certified").certificate()
    assert first is not None
    lic = licence(bodies, number=1).go("decided")
    assert "已经颁发过" in refused(lic, "certificate.issued", number=first.number, receiver="甲")


def test_the_certificate_is_due_ten_workdays_after_the_decision(bodies: Any) -> None:
    lic = licence(bodies).go("decided")
    duty = limit(lic, "XK44/issue")
    assert duty.due == law.calendar().add(lic.day, 10, "workday").due
    lic.served()
    assert "颁发证件以后办结" in refused(lic, "case.closed", text="办结")
    lic.certified()
    duty.refresh_from_db()
    assert duty.state == Duty.DONE


def test_an_application_is_withdrawn_before_the_decision_only(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    do(lic, "application.withdrawn:applicant", reason="项目取消")
    lic.play.record.refresh_from_db()
    assert lic.play.record.state == "withdrawn"
    assert not Duty.objects.filter(record=lic.play.record, rule="XK42/decide", state=Duty.OPEN).exists()
    later = licence(bodies, number=1).go("decided")
    assert "已作决定" in refused(later, "application.withdrawn:applicant", reason="项目取消")


def test_a_material_of_another_item_is_not_counted(bodies: Any) -> None:
    lic = licence(bodies)
    with at(lic.day, 9):
        assert "别的事项的材料" in heard(lambda: lic.apply(
            materials=[*lic.materials(), *licence(bodies, item="xk-jn").materials()]))


def test_an_agency_without_the_power_begins_no_licence(bodies: Any) -> None:
    from mingzheng.cases.acts.licence import receive

    by = who(bodies["lx"], "焦专")
    with pytest.raises(Refused) as caught:
        receive(by, {"item": 0, "sort": "new", "materials": [], "content": "", "way": "window", "joint_licence": False, "lower_first": False})
    assert "没有行政许可的职权" in caught.value.title and "公示实施办法 第三条" in caught.value.grounds[0].source


def test_the_hearing_right_stands_in_the_record(bodies: Any) -> None:
    lic = licence(bodies, item="xk-dl", hearing=True, other=neighbour(), turns=("neighbours",), review=True).go("closed")
    held = set(Standing.objects.filter(record=lic.play.record, voided_by=None).values_list("kind", flat=True))
    assert {"hearing.held", "hearing.reported", "review.passed", "party.added"} <= held
