"""5 empty discussion; 6 publishing what may not be; 7 one officer twice; 8 a recused officer; 9
the reviewer handles the case.
"""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.models import Handler, Person
from mingzheng.disclosure.models import Publication
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act
from mingzheng.site.demo.play import at, person_id, who
from tests.cases.telling import MAJOR, case, do, refused
from tests.clause import rule


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u3000"])
def test_5_a_blank_discussion_opens_nothing(bodies: dict[str, Any], text: str) -> None:
    journey = case(bodies, **{**MAJOR, "discussion": False}).go("reviewed")
    talk = {"host": "陈局", "attendees": "陈局，局长\n刘副，副局长", "conclusion": "同意"}
    assert "请填写讨论记录" in refused(journey, "discussion.held", by="陈局", text=text, **talk)
    assert "集体讨论" in refused(journey, "decision.made:penalty")


def test_6_nothing_is_published_before_service_or_once_it_is_withheld(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("served")
    with at(journey.day, 15):
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.approve()
        journey.play.step("publication.withheld", ground="secrets", reason="涉及未公开的工艺")
        journey.play.approve()
    words = refused(journey, "publication.published:decision", channel="own-site", receipt="")
    assert "不予公开" in words
    assert Publication.objects.get(record=journey.play.record).state != Publication.LIVE


def test_6_what_is_public_is_not_withheld_without_being_taken_down(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("published")
    assert "正在公示" in refused(
        journey, "publication.withheld", ground="secrets", reason="涉及未公开的工艺"
    )


def test_7_the_same_officer_twice_counts_once(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    one = journey.play.officers_ids()[0]
    do(
        journey,
        "officer.identified",
        officers=[one, one],
        mode="shown",
        to="牛晋川",
        place="现场",
        hour=10,
    )
    do(
        journey,
        "officer.identified",
        officers=[one],
        mode="shown",
        to="牛晋川",
        place="现场",
        hour=11,
    )
    words = refused(
        journey,
        "party.questioned",
        officers=[one, one],
        asked="牛晋川",
        relation="负责人",
        place="现场",
        text="问：\n答：",
        signed="signed",
    )
    assert "现有 1 名" in words


def test_7_a_case_is_not_filed_for_one_officer_named_twice(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    one = journey.play.officers_ids()[0]
    assert "不得少于 2 名" in refused(
        journey, "case.opened", officers=[one, one], reason="符合条件"
    )


def recused(bodies: dict[str, Any]) -> Any:
    """李四 was recused by the head."""
    journey = case(bodies).go("investigated")
    values = {"person": person_id(bodies["wg"], "李四"), "asked_by": "party", "reason": "亲属"}
    do(journey, "recusal.requested", hour=16, **values)
    do(journey, "officer.recused", hour=17, **values)
    with at(journey.day, 18):
        journey.play.approve()
    return journey


def test_8_a_recused_officer_reads_nothing_through_any_door(
    bodies: dict[str, Any], client: Any
) -> None:
    journey = recused(bodies)
    record = journey.play.record
    enter(client, "wg-02")
    paper, file = record.documents.earliest("pk"), record.attachments.earliest("pk")
    with at(journey.day, 19):
        assert not access.visible(who(bodies["wg"], "李四")).filter(pk=record.pk).exists()
        for address in (
            f"/desk/cases/{record.pk}",
            f"/desk/cases/{record.pk}/do/officer.identified",
            f"/desk/documents/{paper.pk}",
            f"/desk/files/{file.pk}",
            f"/desk/proposals/{Proposal.objects.filter(record=record).earliest('pk').pk}",
        ):
            assert client.get(address).status_code == 404, address
        assert record.title not in client.get("/desk/cases").content.decode()
        assert record.title not in client.get("/desk").content.decode()


def test_8_a_recused_officer_is_not_brought_back_as_one_who_was_present(
    bodies: dict[str, Any],
) -> None:
    journey = recused(bodies)
    words = refused(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        mode="shown",
        to="牛晋川",
        place="现场",
        hour=19,
    )
    assert "回避" in words


def enter(client: Any, login: str) -> None:
    """Sign in through the page."""
    from mingzheng.site.demo.founding import PASSWORD

    assert client.post("/login", {"login": login, "password": PASSWORD}).status_code == 302


@rule("LG-3.1", "CX-3.2.3")
def test_9_a_reviewer_who_handles_the_case_does_not_review_it(bodies: dict[str, Any]) -> None:
    journey = case(bodies, **MAJOR).go("heard")
    do(journey, "review.submitted", materials="材料", note="", hour=9)
    reviewer = Person.objects.get(posts__agency=bodies["wg"], name="王审")
    Handler.objects.create(
        record=journey.play.record,
        agency_id=bodies["wg"].pk,
        person=reviewer,
        since=Act.objects.filter(record=journey.play.record).latest("pk"),
    )
    assert "承办人不能审核自己办理的案件" in refused(
        journey, "review.passed", by="王审", opinion="同意", **journey.points()
    )


def test_9_nor_does_one_who_handled_it_when_it_was_submitted(bodies: dict[str, Any]) -> None:
    journey = case(bodies, **MAJOR).go("heard")
    post = Person.objects.get(posts__agency=bodies["wg"], name="张三").posts.get()
    type(post).objects.filter(pk=post.pk).update(roles=["handler", "legal-reviewer"])
    do(journey, "review.submitted", materials="材料", note="", hour=9)
    new = [person_id(bodies["wg"], name) for name in ("郭砚青", "李四")]
    do(journey, "case.reassigned", by="秦望舒", officers=new, reason="转办", hour=10)
    words = refused(journey, "review.passed", by="张三", opinion="同意", **journey.points())
    assert "第五十八条" in words or "承办人" in words


def test_9_the_last_approver_of_the_route_is_never_the_proposer(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    post = Person.objects.get(posts__agency=bodies["wg"], name="张三").posts.get()
    type(post).objects.filter(pk=post.pk).update(roles=["handler", "head"])
    do(journey, "decision.made:penalty", hour=9)
    with at(journey.day, 10):
        journey.play.agree("秦望舒", "刘副")
        found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
        with pytest.raises(Exception, match="不能审批自己报的事项"):
            procedure_acts.answer(
                who(bodies["wg"], "张三"),
                found.pk,
                "agree",
                "同意",
                text_hash=found.text_hash,
                form_key="self",
            )
