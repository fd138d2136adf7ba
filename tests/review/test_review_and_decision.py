"""法制审核、集体讨论、决定: the text that was reviewed is the text that is issued."""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.documents.acts import current_draft
from mingzheng.documents.models import Document
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act, Duty
from mingzheng.site.demo.play import at, who
from tests.cases.telling import MAJOR, case, do, heard, refused, state
from tests.clause import clause

ASKED = {"materials": "调查终结报告\n证据\n告知书", "note": ""}
PASS = {"opinion": "事实清楚，同意。"}
BIG = {**MAJOR, "fine": "20000"}
TALK = {
    "host": "陈局",
    "attendees": "陈局，局长\n刘副，副局长",
    "text": "陈局：同意。刘副：同意。",
    "conclusion": "同意",
}


def waiting(bodies: dict[str, Any], code: str = "wg", **how: Any) -> Any:
    """A major case whose waiting periods are over, before its review."""
    return case(bodies, code, **{**BIG, **how}).go("heard")


@clause("LG-3.2", "CX-3", "LM-3.2.2")
@pytest.mark.parametrize("code", ["wg", "lm", "lg"])
def test_a_major_decision_waits_for_legal_review(bodies: dict[str, Any], code: str) -> None:
    journey = waiting(bodies, code)
    journey.forward(1)
    words = refused(journey, "decision.made:penalty")
    assert "法制审核" in words and "第五十八条" in words


@clause("LG-3.2")
@pytest.mark.parametrize(
    "judged, how",
    [
        ({"public_interest": "yes"}, {}),
        ({"major_rights": "yes"}, {"hearing": "held"}),
        ({"complex": "yes", "many_legal_relations": "yes"}, {}),
        ({"review_by_other_law": "yes"}, {}),
    ],
)
def test_each_ground_of_the_law_makes_a_decision_major(
    bodies: dict[str, Any], judged: dict[str, str], how: dict[str, str]
) -> None:
    journey = case(bodies, judged=judged, **how).go("heard")
    journey.forward(1)
    assert "法制审核" in refused(journey, "decision.made:penalty")


def test_major_rights_alone_ask_for_review_only_after_a_hearing(bodies: dict[str, Any]) -> None:
    journey = case(bodies, judged={"major_rights": "yes"}).go("heard")
    do(journey, "decision.made:penalty")
    assert (
        Proposal.objects.filter(
            record=journey.play.record, step="decision.made:penalty", state=Proposal.OPEN
        ).count()
        == 1
    )


def test_an_ordinary_decision_needs_no_review(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("decided")
    assert state(journey) == "decided"
    assert not Act.objects.filter(record=journey.play.record, kind="review.passed")


def test_the_handler_does_not_review_his_own_case(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies)
    do(journey, "review.submitted", hour=9, **ASKED)
    assert "您不能办理这一步" in refused(
        journey, "review.passed", by="张三", **PASS, **journey.points()
    )


@clause("LM-3.3")
def test_nothing_is_passed_that_was_not_submitted(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies)
    assert "还没有到这一步" in refused(
        journey, "review.passed", by="王审", **PASS, **journey.points()
    )


@clause("LG-3.3", "CX-3.4")
@pytest.mark.parametrize("code, points", [("lg", 7), ("wg", 1)])
def test_a_review_answers_every_point_of_the_agencys_own_list(
    bodies: dict[str, Any], code: str, points: int
) -> None:
    journey = waiting(bodies, code)
    do(journey, "review.submitted", hour=9, **ASKED)
    reviewer = journey.role("legal-reviewer")
    with at(journey.day, 10):
        asked = journey.points()
    assert len(asked) >= points
    words = refused(journey, "review.passed", by=reviewer, **PASS, **dict.fromkeys(asked, ""))
    assert words.count("请填写") == len(asked)


@clause("LG-3.1")
def test_lingchuan_industry_checks_itself_before_it_submits(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies, "lg", self_check=False)
    words = refused(journey, "review.submitted", **ASKED)
    assert "自查" in words
    assert "先补正再登记" in refused(journey, "self-check.done", text="发现问题", passed="no")
    do(journey, "self-check.done", text="逐项自查，符合要求。", passed="yes", hour=10)
    do(journey, "review.submitted", hour=11, **ASKED)


def test_a_township_reviews_within_the_time_of_its_own_rules(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies, "fc", fine="500")
    do(journey, "review.submitted", hour=9, **ASKED)
    (owed,) = [
        row
        for row in Duty.objects.filter(record=journey.play.record, state=Duty.OPEN)
        if "review.passed" in row.then
    ]
    assert owed.source and owed.light_due == journey.forward(int(owed.how["within"]))


@clause("CX-3")
def test_a_change_after_the_review_voids_it(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies)
    do(journey, "review.submitted", hour=9, **ASKED)
    do(journey, "review.passed", by="王审", hour=10, **PASS, **journey.points())
    answers = {
        **journey.draft(),
        "substance_changed": "no",
        "heavier": "no",
        "discretion": "补充说明裁量理由",
    }
    do(journey, "draft.amended", hour=11, **answers)
    do(journey, "discussion.held", by="陈局", hour=12, **TALK)
    assert "法制审核" in refused(journey, "decision.made:penalty")


def test_a_submission_is_for_one_text_only(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies)
    do(journey, "review.submitted", hour=9, **ASKED)
    answers = {
        **journey.draft(),
        "substance_changed": "no",
        "heavier": "no",
        "discretion": "另一种理由",
    }
    do(journey, "draft.amended", hour=11, **answers)
    words = refused(journey, "review.passed", by="王审", **PASS, **journey.points())
    assert "重新送审" in words or "还没有到这一步" in words


def test_what_was_returned_is_mended_and_submitted_again(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies)
    do(journey, "review.submitted", hour=9, **ASKED)
    do(journey, "review.returned", by="王审", opinion="补充铭牌照片", hour=10)
    assert "还没有到这一步" in refused(
        journey, "review.passed", by="王审", hour=11, **PASS, **journey.points()
    )
    do(journey, "review.submitted", hour=12, **ASKED)
    do(journey, "review.passed", by="王审", hour=13, **PASS, **journey.points())


def test_a_refused_review_decides_nothing(bodies: dict[str, Any]) -> None:
    journey = waiting(bodies)
    do(journey, "review.submitted", hour=9, **ASKED)
    do(journey, "review.refused", by="王审", opinion="主要证据不足", hour=10, **journey.points())
    do(journey, "discussion.held", by="陈局", hour=12, **TALK)
    assert "法制审核" in refused(journey, "decision.made:penalty")


def test_a_complex_case_is_discussed(bodies: dict[str, Any]) -> None:
    journey = case(bodies, **{**BIG, "discussion": False}).go("reviewed")
    words = refused(journey, "decision.made:penalty")
    assert "集体讨论" in words and "第五十七条" in words


@pytest.mark.parametrize(
    "change, words",
    [
        ({"text": ""}, "请填写讨论记录"),
        ({"conclusion": " "}, "请填写结论性意见"),
        ({"attendees": "陈局，局长"}, "至少要写两名出席人员"),
    ],
)
def test_an_empty_discussion_is_no_discussion(
    bodies: dict[str, Any], change: dict[str, str], words: str
) -> None:
    journey = case(bodies, **{**BIG, "discussion": False}).go("reviewed")
    assert words in refused(journey, "discussion.held", by="陈局", **{**TALK, **change})


def test_the_decision_is_the_reviewed_text_word_for_word(bodies: dict[str, Any]) -> None:
    journey = case(bodies, **BIG).go("decided")
    draft = current_draft(journey.play.record, "penalty-decision")
    made = Document.objects.get(record=journey.play.record, kind="penalty-decision")
    assert draft is not None and made.text_hash == draft.text_hash and made.body == draft.body
    assert (
        Act.objects.get(record=journey.play.record, kind="decision.made").subject == draft.text_hash
    )


def test_a_text_changed_between_proposal_and_approval_is_not_issued(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    do(journey, "decision.made:penalty", hour=9)
    answers = {
        **journey.draft(),
        "discretion": "改写的理由",
        "substance_changed": "no",
        "heavier": "no",
    }
    do(journey, "draft.amended", hour=10, **answers)
    with at(journey.day, 11):
        journey.play.agree("秦望舒", "刘副")
        words = heard(lambda: journey.play.agree("陈局"))
    assert "稿子" in words or "重新" in words
    assert state(journey) == "deciding"


def test_an_approver_who_saw_another_text_is_stopped(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    do(journey, "decision.made:penalty", hour=9)
    found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
    with at(journey.day, 11):
        words = heard(
            lambda: procedure_acts.answer(
                who(bodies["wg"], "秦望舒"),
                found.pk,
                "agree",
                "同意",
                text_hash="0" * 64,
                form_key="other-text",
            )
        )
    assert "内容不一致" in words


def test_a_penalty_is_not_decided_on_a_draft_of_no_penalty(bodies: dict[str, Any]) -> None:
    journey = case(bodies, draft={"outcome": "no-penalty", "penalties": [], "fine": ""}).go(
        "drafted"
    )
    journey.forward(6)
    words = refused(journey, "decision.made:penalty")
    assert words
    do(journey, "decision.made:no-penalty", hour=18)
    with at(journey.forward(1), 10):
        journey.play.approve()
    assert state(journey) == "decided"
    assert Document.objects.filter(record=journey.play.record, kind="no-penalty-decision")


def test_a_decision_of_no_penalty_runs_to_its_end(bodies: dict[str, Any]) -> None:
    journey = case(bodies, draft={"outcome": "no-penalty", "penalties": [], "fine": ""}).go(
        "served"
    )
    journey.published()
    with at(journey.forward(1), 10):
        journey.play.step("case.closed", way="no-penalty", text="不予处罚，结案。")
    with at(journey.forward(1), 10):
        journey.play.approve()
    assert state(journey) == "closed"
