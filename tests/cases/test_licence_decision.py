"""Licences: review, refusal, extension, the columns of 双公示, certificates."""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.cases.facts import licence_columns
from mingzheng.cases.models import Application, Licence
from mingzheng.core import clock
from mingzheng.documents import kinds
from mingzheng.documents.models import Document
from mingzheng.procedures import registry
from mingzheng.records import acts as record_acts
from mingzheng.records import law
from mingzheng.records.models import Duty, EffectiveAct
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import at, who
from tests.cases.licensing import do, draft, licence, limit, neighbour, refused
from tests.cases.telling import heard


def test_a_major_licence_waits_for_legal_review(bodies: Any) -> None:
    lic = licence(bodies, judged={"major_rights": "yes"}).go("drafted")
    assert "法制审核" in refused(lic, "decision.made:granted")
    lic.review()
    do(lic, "decision.made:granted")


def test_a_refusal_gives_its_reasons(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    with at(lic.day, 17):
        assert "不予许可要写明理由" in heard(lambda: lic.draft(outcome="refused", reasons=""))
    body = {
        "elements": {
            "applicant": "甲",
            "decision": "不予许可",
            "remedies": "复议、诉讼",
            "agency-and-date": "机关",
            "reasons": "",
        }
    }
    with pytest.raises(Refused, match="缺少法定内容"):
        kinds.check_elements(
            law.regime(lic.play.record),
            kinds.find("refusal-decision"),
            body,
            {"kind": "licence"},
            lic.day,
        )


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
    assert not Duty.objects.filter(
        record=lic.play.record, rule="XK42/tell", state=Duty.OPEN
    ).exists()
    assert "只能延长 1 次" in refused(
        lic, "limit.extended:licence/limit", hour=18, days=5, reason="还要延长"
    )


def test_no_more_than_ten_workdays_are_added(bodies: Any) -> None:
    lic = licence(bodies).go("accepted")
    assert "最多延长 10 个工作日" in refused(
        lic, "limit.extended:licence/limit", days=11, reason="太多"
    )


def test_a_joint_licence_has_forty_five_workdays_and_fifteen_more_with_the_governments_approval(
    bodies: Any,
) -> None:
    lic = licence(bodies, apply={"joint_licence": "yes"}).go("accepted")
    due = limit(lic, "XK42/joint").due
    assert due == law.calendar().add(lic.day, 45, "workday").due
    assert "本级政府负责人" in refused(
        lic, "limit.extended:licence/limit", days=15, reason="部门多"
    )
    do(
        lic,
        "limit.extended:licence/limit",
        days=15,
        reason="部门多",
        government="县政府领导批示〔2026〕3号",
        files=lic.play.picture("批准件"),
    )
    with at(lic.day, 18):
        lic.play.approve()
    assert limit(lic, "XK42/joint").due == law.calendar().add(due, 15, "workday").due


def test_a_social_organisation_is_registered_within_sixty_days_and_no_extension_is_known(
    bodies: Any,
) -> None:
    lic = licence(bodies, "lm", "xk-st").go("accepted")
    duty = limit(lic, "ST12/register")
    received = Application.objects.get(record=lic.play.record).completed_on
    assert received is not None and duty.how["start"]["date"] == received.isoformat()
    assert duty.due == law.calendar().add(received, 60, "day", True).due
    assert not Duty.objects.filter(record=lic.play.record, rule="XK42/decide").exists()
    assert "没有哪一条写明这项期限可以延长" in refused(
        lic, "limit.extended:licence/limit", days=10, reason="材料多"
    )


def test_every_mandatory_column_of_the_credit_record_is_filled_by_the_decision(bodies: Any) -> None:
    lic = licence(bodies).go("certified")
    with at(lic.day, 18):
        row = licence_columns.row(lic.play.record, clock.today())
        columns = licence_columns.columns(lic.play.record, clock.today())
        assert (
            len(
                law.regime(lic.play.record)
                .rows(licence_columns.LIST, clock.today(), {"kind": "licence"})
                .rows
            )
            == 28
            == len(row)
        )
        assert not [
            each["id"] for each in columns if each["need"] == "must" and not row[each["id"]]
        ]
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
        record_acts.append(
            record_acts.lock(lic.play.record.pk),
            who(bodies["wg"], lic.play.officers[0]),
            record_acts.Entry(kind="certificate.issued", facts=registry.facts_of(lic.play.record)),
        )
    assert "有准予许可的决定" in caught.value.grounds[0].say


def test_a_certificate_ends_neither_before_it_begins_nor_otherwise_than_decided(
    bodies: Any,
) -> None:
    lic = licence(bodies).go("accepted")
    with at(lic.day, 17):
        assert "早于" in heard(lambda: lic.draft(until="2025-01-01"))
    draft(lic)
    lic.proposed()
    lic.decided()
    assert "早于决定日期" in refused(
        lic, "certificate.issued", number="X1", receiver="甲", until="2026-04-08"
    )
    assert "与决定书写明的" in refused(
        lic, "certificate.issued", number="X1", receiver="甲", until="2027-04-08"
    )


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
    assert not Duty.objects.filter(
        record=lic.play.record, rule="XK42/decide", state=Duty.OPEN
    ).exists()
    later = licence(bodies, number=1).go("decided")
    assert "已作决定" in refused(later, "application.withdrawn:applicant", reason="项目取消")


def test_a_material_of_another_item_is_not_counted(bodies: Any) -> None:
    lic = licence(bodies)
    with at(lic.day, 9):
        assert "别的事项的材料" in heard(
            lambda: lic.apply(
                materials=[*lic.materials(), *licence(bodies, item="xk-jn").materials()]
            )
        )


def test_an_agency_without_the_power_begins_no_licence(bodies: Any) -> None:
    from mingzheng.cases.acts.licence import receive

    by = who(bodies["lx"], "焦专")
    with pytest.raises(Refused) as caught:
        receive.run(
            by,
            {
                "item": 0,
                "sort": "new",
                "materials": [],
                "content": "",
                "way": "window",
                "joint_licence": False,
                "lower_first": False,
            },
            "",
        )
    assert (
        "没有行政许可的职权" in caught.value.title
        and "公示实施办法 第三条" in caught.value.grounds[0].source
    )


def test_the_hearing_right_stands_in_the_record(bodies: Any) -> None:
    lic = licence(
        bodies, item="xk-dl", hearing=True, other=neighbour(), turns=("neighbours",), review=True
    ).go("closed")
    held = set(
        EffectiveAct.objects.filter(record=lic.play.record, voided_by=None).values_list(
            "kind", flat=True
        )
    )
    assert {"hearing.held", "hearing.reported", "review.passed", "party.added"} <= held
