"""调查: who may ask, what is asked for, and what happens to what was kept."""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.documents.models import Document
from mingzheng.records.models import Act, Duty
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, duties, refused, state
from tests.clause import clause

QUESTION = {
    "asked": "牛晋川",
    "relation": "法定代表人",
    "place": "现场",
    "text": "问：是否属实？\n答：属实。",
    "signed": "signed",
}
IDENTIFY = {"mode": "shown", "to": "牛晋川", "place": "现场"}


@clause("LG-1.2", "WG-A6.1", "CX-1.3.1")
def test_no_questioning_before_certificates_are_shown(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    words = refused(journey, "party.questioned", officers=journey.play.officers_ids(), **QUESTION)
    assert "亮明执法身份" in words and "第四十二条" in words and "第五十五条" in words


def test_one_officer_alone_is_not_enough(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    do(journey, "officer.identified", officers=journey.play.officers_ids()[:1], hour=10, **IDENTIFY)
    words = refused(journey, "party.questioned", officers=journey.play.officers_ids(), **QUESTION)
    assert "不少于 2 名" in words and "现有 1 名" in words


def test_the_second_officer_opens_the_way(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    do(journey, "officer.identified", officers=journey.play.officers_ids(), hour=10, **IDENTIFY)
    do(journey, "party.questioned", officers=journey.play.officers_ids(), hour=11, **QUESTION)
    assert Act.objects.filter(record=journey.play.record, kind="party.questioned").count() == 1


def test_a_certificate_worn_does_not_replace_one_shown(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    do(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        hour=10,
        **{**IDENTIFY, "mode": "worn"},
    )
    assert "第五十五条" in refused(
        journey, "party.questioned", officers=journey.play.officers_ids(), **QUESTION
    )


@clause("LG-2.1")
@pytest.mark.parametrize(
    "signed, more, words",
    [
        ("refused", {}, "请写明拒签的理由"),
        ("refused", {"refusal_reason": "有意见"}, "请写见证人姓名"),
        ("absent", {}, "请写明拒签的理由"),
    ],
)
def test_a_record_without_a_signature_says_why_and_who_saw_it(
    bodies: dict[str, Any], signed: str, more: dict[str, str], words: str
) -> None:
    journey = case(bodies).go("opened")
    do(journey, "officer.identified", officers=journey.play.officers_ids(), hour=10, **IDENTIFY)
    assert words in refused(
        journey,
        "party.questioned",
        officers=journey.play.officers_ids(),
        **{**QUESTION, "signed": signed, **more},
    )


@clause("LG-2.1")
def test_a_refused_signature_is_printed_with_reason_and_witness(bodies: dict[str, Any]) -> None:
    journey = case(bodies, refuses=True).go("investigated")
    made = Document.objects.get(record=journey.play.record, kind="on-site-record")
    assert "不愿签名" in made.body and "申林生" in made.body


@clause("WG-A6.2", "LM-1.3.1")
def test_the_investigation_does_not_end_before_rights_are_told(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    do(journey, "officer.identified", officers=journey.play.officers_ids(), hour=10, **IDENTIFY)
    from mingzheng.cases.models import JUDGED

    words = refused(
        journey,
        "investigation.ended",
        facts_found="事实",
        evidence="证据",
        opinion="建议",
        **{name: "no" for name in JUDGED},
    )
    assert "告知" in words


def test_the_end_of_the_investigation_leaves_nothing_unjudged(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    words = refused(
        journey, "investigation.ended", facts_found="事实", evidence="证据", opinion="建议"
    )
    assert "请填写是否涉嫌犯罪" in words and "请填写是否直接关系当事人或者第三人重大权益" in words


def test_evidence_needs_its_file(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    words = refused(
        journey,
        "evidence.taken:documentary",
        officers=journey.play.officers_ids(),
        kind_of_evidence="书证",
        name="台账",
        origin="当事人提供",
        proves="未报送",
    )
    assert "请上传证据文件" in words


def preserve(journey: Any) -> None:
    """Ask to register and keep a thing."""
    do(
        journey,
        "evidence.preserved",
        officers=journey.play.officers_ids(),
        place="车间",
        items="变压器，1台",
        reason="可能被转移",
        hour=16,
    )


def test_evidence_is_kept_only_after_the_head_agrees(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    preserve(journey)
    assert not Act.objects.filter(record=journey.play.record, kind="evidence.preserved")
    with at(journey.day, 17):
        journey.play.agree("陈局")
    kept = Act.objects.get(record=journey.play.record, kind="evidence.preserved")
    assert "CF56/approval" in kept.rules


def test_kept_evidence_is_handled_within_seven_workdays(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    preserve(journey)
    with at(journey.day, 17):
        journey.play.approve()
    (owed,) = duties(journey, "preservation/limit")
    began = journey.day
    assert owed.light_due == journey.forward(7) and owed.how["unit"] == "workday"
    assert (owed.light_due - began).days > 7
    do(
        journey,
        "preservation.handled",
        officers=journey.play.officers_ids(),
        handling="return",
        detail="解除登记保存",
    )
    owed.refresh_from_db()
    assert owed.state == Duty.DONE
    from mingzheng.records.duties import light

    assert light(owed).words == "已办"


def test_nothing_is_handled_that_was_not_kept(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    assert "还没有到这一步" in refused(
        journey,
        "preservation.handled",
        officers=journey.play.officers_ids(),
        handling="return",
        detail="解除",
    )


def test_no_step_lies_before_the_one_that_led_here(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    words = refused(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        happened_at="2026-04-07T09:00",
        late_reason="paper",
        files=journey.play.picture(),
        **IDENTIFY,
    )
    assert "发生时间早于上一环节" in words


def test_an_officer_of_another_section_does_not_find_the_case(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    assert (
        refused(
            journey,
            "officer.identified",
            by="冯立",
            officers=journey.play.officers_ids(),
            **IDENTIFY,
        )
        == "没有找到"
    )


def test_a_colleague_who_does_not_handle_the_case_may_not_act_in_it(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    words = refused(
        journey, "officer.identified", by="郭砚青", officers=journey.play.officers_ids(), **IDENTIFY
    )
    assert "您不能办理这一步" in words and "出示执法证件" in words


def test_a_suspected_crime_is_handed_to_the_police_instead_of_fined(bodies: dict[str, Any]) -> None:
    journey = case(bodies, judged={"crime_suspected": "yes"}).go("heard")
    words = refused(journey, "decision.made:penalty")
    assert "不得以罚代刑" in words
    do(
        journey,
        "matter.transferred",
        to="汶上县公安局",
        suspected="非法经营罪",
        reason="数额达到追诉标准",
        materials="案件调查报告\n涉案物品清单",
        hour=10,
    )
    (owed,) = duties(journey, "transfer/decision")
    assert (owed.light_due - journey.day).days == 3
    with at(journey.day, 11):
        journey.play.approve()
    assert state(journey) == "transferred"
    assert duties(journey, "transfer/hand-over")[0].state == Duty.DONE
    assert duties(journey, "decision/limit")[0].state == Duty.DONE


def test_the_head_may_refuse_the_transfer_and_then_the_penalty_goes_on(
    bodies: dict[str, Any],
) -> None:
    from mingzheng.procedures import acts
    from mingzheng.procedures.models import Proposal
    from mingzheng.site.demo.play import who

    journey = case(bodies, judged={"crime_suspected": "yes"}).go("heard")
    do(
        journey,
        "matter.transferred",
        to="汶上县公安局",
        suspected="非法经营罪",
        reason="拟移送",
        materials="报告",
        hour=10,
    )
    found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
    with at(journey.day, 11):
        acts.answer(
            who(bodies["wg"], "陈局"),
            found.pk,
            "refuse",
            "不够追诉标准，依法处罚。",
            text_hash=found.text_hash,
            form_key="no-transfer",
        )
    do(journey, "decision.made:penalty", hour=15)
    with at(journey.day, 16):
        journey.play.approve()
    assert state(journey) == "decided"
