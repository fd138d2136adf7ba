"""Mistakes: declared void by a second person, corrected by a further paper, never edited; what
rested on them follows.
"""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.acts import mistakes
from mingzheng.documents.models import Document
from mingzheng.records.models import Act, Attachment, Duty, EffectiveAct
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case, do, duties, heard, refused, state

pytestmark = pytest.mark.django_db


def last(journey: Any, kind: str) -> Act:
    """The newest act of a kind."""
    return Act.objects.filter(record=journey.play.record, kind=kind).latest("pk")


def void(journey: Any, act: Act, by: str = "李四", reason: str = "录入有误", key: str = "v") -> Any:
    """Declare an entry void at the end of the day."""
    with at(journey.day, 18):
        return mistakes.void_entry(
            who(journey.body, by),
            journey.play.record.pk,
            act.pk,
            "wrong-content",
            reason,
            f"{key}-{act.pk}",
        )


def test_nobody_voids_his_own_entry(bodies: dict[str, Agency]) -> None:
    """A second person does."""
    journey = case(bodies).go("investigated")
    act = last(journey, "party.questioned")
    assert "原记录人以外" in heard(lambda: void(journey, act, by="张三"))
    void(journey, act)
    assert EffectiveAct.objects.get(act=act).voided_by is not None
    assert list(verify_all()) == []


def test_the_paper_of_a_void_entry_is_void_and_says_so(bodies: dict[str, Agency]) -> None:
    """The number is spent, the page of the code says 作废."""
    from mingzheng.portal.verifying import verify

    journey = case(bodies).go("investigated")
    act = last(journey, "party.questioned")
    paper = Document.objects.get(record=journey.play.record, kind="inquiry-record")
    void(journey, act)
    paper.refresh_from_db()
    assert paper.voided_by is not None and verify(paper.code).state == "voided"
    assert Act.objects.filter(
        record=journey.play.record, kind="document.voided", subject=str(paper.pk)
    ).exists()


def test_a_gate_that_rested_on_a_void_entry_closes_again(bodies: dict[str, Agency]) -> None:
    """Without the notice there is no decision."""
    journey = case(bodies).go("heard")
    void(journey, last(journey, "party.notified"))
    assert "告知" in refused(journey, "decision.made:penalty", hour=19)


def test_what_a_void_entry_had_opened_goes_and_what_it_had_closed_is_owed_again(
    bodies: dict[str, Agency],
) -> None:
    """Service voided: payment is no longer due, service is."""
    journey = case(bodies).go("served")
    served = last(journey, "decision.served")
    assert Duty.objects.filter(opened_by=served, state=Duty.OPEN).exists()
    assert duties(journey, "decision/service")[0].state == Duty.DONE
    void(journey, served)
    assert state(journey) == "decided"
    assert not Duty.objects.filter(opened_by=served, state=Duty.OPEN).exists()
    assert duties(journey, "decision/service")[0].state == Duty.OPEN
    assert (
        journey.play.record.case.__class__.objects.get(pk=journey.play.record.pk).served_on is None
    )
    assert list(verify_all()) == []


def test_an_approved_act_is_voided_by_the_head_only(bodies: dict[str, Agency]) -> None:
    """Whoever could agree to it."""
    journey = case(bodies).go("decided")
    act = last(journey, "decision.made")
    assert "由主要负责人作废" in heard(lambda: void(journey, act, by="李四"))


def test_a_step_with_later_steps_on_top_is_not_voided(bodies: dict[str, Agency]) -> None:
    """From the last one backwards, or not at all."""
    journey = case(bodies).go("served")
    assert "之后又办了别的事" in heard(
        lambda: void(journey, last(journey, "investigation.ended"), by="李四")
    )


def test_the_first_entry_and_parts_of_steps_are_not_voided(bodies: dict[str, Agency]) -> None:
    """They have other ways."""
    journey = case(bodies).go("decided")
    assert "第一条记录不能作废" in heard(
        lambda: void(journey, last(journey, "source.registered"), by="李四")
    )
    assert "所属的那一步" in heard(
        lambda: void(journey, last(journey, "approval.requested"), by="李四")
    )
    assert "自己的更正办法" in heard(lambda: void(journey, last(journey, "draft.made"), by="李四"))


def test_a_second_press_voids_once(bodies: dict[str, Agency]) -> None:
    """The same form twice is one act."""
    journey = case(bodies).go("investigated")
    act = last(journey, "party.questioned")
    assert void(journey, act).pk == void(journey, act).pk


def test_another_agency_finds_nothing_to_void(bodies: dict[str, Agency]) -> None:
    """It looks absent."""
    journey = case(bodies).go("investigated")
    act = last(journey, "party.questioned")
    with at(journey.day, 18):
        assert (
            heard(
                lambda: mistakes.void_entry(
                    who(bodies["lg"], "徐局"),
                    journey.play.record.pk,
                    act.pk,
                    "wrong-content",
                    "试试",
                    "x",
                )
            )
            == "没有找到"
        )


def test_money_of_a_void_payment_does_not_count(bodies: dict[str, Agency]) -> None:
    """Paid by mistake entered, then void: not executed."""
    journey = case(bodies).go("paid")
    void(journey, last(journey, "payment.received"))
    assert "罚款还差" in refused(journey, "decision.executed", hour=19, text="已履行")


def test_a_slip_is_corrected_by_a_notice_and_both_are_read(bodies: dict[str, Agency]) -> None:
    """The paper stays; the notice says which words; the page of the code tells."""
    from mingzheng.portal.verifying import verify

    journey = case(bodies).go("decided")
    paper = Document.objects.get(record=journey.play.record, kind="penalty-decision")
    before = paper.body
    words = {"paper": paper.pk, "right": "经济开发区2号", "reason": "地址笔误"}
    assert "没有这一句" in refused(journey, "document.corrected", wrong="没有出现过的话", **words)
    do(journey, "document.corrected", wrong="经济开发区1号", **words)
    paper.refresh_from_db()
    assert paper.body == before and paper.corrected_by is not None
    assert Document.objects.filter(record=journey.play.record, kind="correction-notice").exists()
    assert verify(paper.code).state == "corrected"


def test_a_decision_that_was_served_is_not_voided_as_a_paper(bodies: dict[str, Agency]) -> None:
    """It is revoked, altered or corrected."""
    journey = case(bodies).go("served")
    paper = Document.objects.get(record=journey.play.record, kind="penalty-decision")
    assert "已经送达" in refused(
        journey, "document.voided", by="秦望舒", paper=paper.pk, reason="试试"
    )


def test_a_wrong_file_stays_beside_the_right_one(bodies: dict[str, Agency]) -> None:
    """Both are in the record, the old one marked."""
    journey = case(bodies).go("investigated")
    wrong = Attachment.objects.filter(record=journey.play.record).latest("pk")
    assert "请上传" in refused(journey, "file.corrected", file=wrong.pk, reason="传错")
    do(
        journey,
        "file.corrected",
        file=wrong.pk,
        reason="传成了别的照片",
        files=journey.play.picture("更正的附件", "正确.png"),
    )
    assert Attachment.objects.filter(pk=wrong.pk).exists()
    assert "只能从列出的选项中选择" in refused(
        journey, "file.corrected", file=wrong.pk, reason="再来", files=journey.play.picture()
    )


def test_a_published_decision_that_is_voided_leaves_the_public_at_once(
    bodies: dict[str, Agency],
) -> None:
    """The page of the desk takes both steps in one transaction."""
    from django.test import Client

    from mingzheng.agencies.models import Account

    journey = case(bodies).go("published")
    served = last(journey, "decision.served")
    live = journey.play.record.publications.get(state="live")
    # What was done after service stands in the way: the entry of service is no longer the last
    # step.
    with at(journey.day, 18):
        client = Client()
        account = Account.objects.get(person=who(bodies["wg"], "陈局").person_id)
        client.post("/login", {"login": account.login, "password": "mingzheng-demo"})
        page = client.get(f"/desk/cases/{journey.play.record.pk}/void/{served.pk}")
        assert "之后又办了别的事" in page.content.decode()
        assert live.state == "live"
