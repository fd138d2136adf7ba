"""审批、退回、撤回、转办、会签、回避."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.acts import delegations
from mingzheng.agencies.models import Exclusion, Handler, Person
from mingzheng.notices.access import open_tasks
from mingzheng.notices.models import Task
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act
from mingzheng.site.demo.play import at, person_id, who
from tests.cases.telling import case, do, heard, refused, state


def waiting(journey: Any) -> Proposal:
    """The proposal that is open."""
    return Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)


def answer(
    journey: Any, name: str, decision: str, opinion: str = "同意", hour: int = 15, key: str = ""
) -> Any:
    """Somebody answers the open proposal."""
    found = waiting(journey)
    with at(journey.day, hour):
        return procedure_acts.answer(
            who(journey.body, name),
            found.pk,
            decision,
            opinion,
            text_hash=found.text_hash,
            form_key=key or f"{found.pk}-{name}-{decision}",
        )


def test_an_approval_goes_along_its_route_in_order(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    assert "审批" in heard(lambda: answer(journey, "陈局", "agree"))
    answer(journey, "秦望舒", "agree", hour=14)
    assert state(journey) == "registered"
    answer(journey, "陈局", "agree", hour=15)
    assert state(journey) == "investigating"
    opinions = procedure_acts.opinions(Proposal.objects.get(record=journey.play.record))
    assert [row["name"] for row in opinions] == ["秦望舒", "陈局"]


def test_the_head_of_another_section_does_not_approve(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    assert heard(lambda: answer(journey, "孟昭", "agree")) == "没有找到"


def test_nobody_approves_his_own_request(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    person = Person.objects.get(posts__agency=bodies["wg"], name="张三")
    post = person.posts.get()
    type(post).objects.filter(pk=post.pk).update(roles=["handler", "unit-head"])
    assert "不能审批自己报的事项" in heard(lambda: answer(journey, "张三", "agree"))


def test_nobody_approves_his_own_request_through_a_deputy(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    person = Person.objects.get(posts__agency=bodies["wg"], name="张三")
    post = person.posts.get()
    type(post).objects.filter(pk=post.pk).update(roles=["handler", "unit-head"])
    do(journey, "case.opened", officers=journey.play.officers_ids(), reason="符合条件", hour=10)
    taker = Person.objects.get(posts__agency=bodies["wg"], name="郭砚青")
    with at(journey.day, 11):
        delegations.delegate(
            bodies["wg"],
            who(bodies["wg"], "张三"),
            taker,
            ["unit-head"],
            journey.day,
            date(2026, 4, 30),
        )
    assert "代行职务时也不能" in heard(lambda: answer(journey, "郭砚青", "agree"))


def test_a_deputy_approves_the_requests_of_others_while_the_delegation_runs(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("proposed")
    taker = Person.objects.get(posts__agency=bodies["wg"], name="郭砚青")
    with at(journey.day, 10):
        delegations.delegate(
            bodies["wg"],
            who(bodies["wg"], "秦望舒"),
            taker,
            ["unit-head"],
            journey.day,
            journey.day,
        )
    answer(journey, "郭砚青", "agree")
    assert waiting(journey).position == 1


def test_nobody_lends_what_he_does_not_have(bodies: dict[str, Any]) -> None:
    taker = Person.objects.get(posts__agency=bodies["wg"], name="郭砚青")
    with at("2026-04-07"):
        words = heard(
            lambda: delegations.delegate(
                bodies["wg"],
                who(bodies["wg"], "张三"),
                taker,
                ["head"],
                date(2026, 4, 7),
                date(2026, 4, 8),
            )
        )
    assert "只能把自己有的职责委托给别人" in words


@pytest.mark.parametrize(
    "decision, left", [("return", Proposal.RETURNED), ("refuse", Proposal.REFUSED)]
)
def test_sending_back_needs_a_reason_and_tells_the_proposer(
    bodies: dict[str, Any], decision: str, left: str
) -> None:
    journey = case(bodies).go("proposed")
    assert "请写明理由" in heard(lambda: answer(journey, "秦望舒", decision, " "))
    answer(journey, "秦望舒", decision, "请补充送达证明", key="second")
    assert Proposal.objects.get(record=journey.play.record).state == left
    with at(journey.day, 16):
        titles = [task.title for task in open_tasks(who(bodies["wg"], "张三"))]
    assert any("退回" in title or "未批准" in title for title in titles)
    assert state(journey) == "registered"


def test_what_was_sent_back_is_proposed_again_and_the_first_opinion_stays(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("proposed")
    answer(journey, "秦望舒", "return", "请补充")
    do(
        journey,
        "case.opened",
        officers=journey.play.officers_ids(),
        reason="已补充，符合条件",
        hour=16,
    )
    with at(journey.day, 17):
        journey.play.approve()
    assert state(journey) == "investigating"
    assert Proposal.objects.filter(record=journey.play.record).count() == 2
    assert Act.objects.filter(record=journey.play.record, kind="step.returned").count() == 1


def test_only_the_proposer_takes_his_request_back(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    found = waiting(journey)
    with at(journey.day, 11):
        assert (
            heard(lambda: procedure_acts.withdraw(who(bodies["wg"], "李四"), found.pk))
            == "没有找到"
        )
        procedure_acts.withdraw(who(bodies["wg"], "张三"), found.pk)
    found.refresh_from_db()
    assert found.state == Proposal.WITHDRAWN
    assert not Task.objects.filter(proposal_id=found.pk, closed_at=None)


def test_an_answered_request_is_not_answered_again(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    found = waiting(journey)
    answer(journey, "秦望舒", "refuse", "不符合条件")
    with at(journey.day, 16):
        words = heard(
            lambda: procedure_acts.answer(
                who(bodies["wg"], "秦望舒"),
                found.pk,
                "agree",
                "同意",
                text_hash=found.text_hash,
                form_key="again",
            )
        )
    assert "未批准，不用再办" in words


def test_a_case_is_handed_to_other_officers_by_the_section_head(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    new = [person_id(bodies["wg"], "郭砚青"), person_id(bodies["wg"], "李四")]
    assert "您不能办理这一步" in refused(
        journey, "case.reassigned", officers=new, reason="工作调整"
    )
    do(journey, "case.reassigned", by="秦望舒", officers=new, reason="工作调整")
    held = Handler.objects.filter(record=journey.play.record, until=None).values_list(
        "person__name", flat=True
    )
    assert sorted(held) == ["李四", "郭砚青"]
    assert "您不能办理这一步" in refused(
        journey,
        "officer.identified",
        officers=new,
        mode="shown",
        to="牛晋川",
        place="现场",
        hour=18,
    )


def test_a_colleague_of_another_section_is_asked_and_finds_it_in_his_inbox(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("drafted")
    do(
        journey,
        "case.countersigned",
        person=person_id(bodies["wg"], "冯立"),
        question="该企业是否列入计划？",
    )
    with at(journey.day, 18):
        tasks = list(open_tasks(who(bodies["wg"], "冯立")))
    assert [task.kind for task in tasks] == [Task.ASK] and "是否列入计划" in tasks[0].title


def recuse(journey: Any, decision: str = "agree") -> None:
    """The party asks that one officer keeps away; the head decides."""
    person = person_id(journey.body, "李四")
    values = {"person": person, "asked_by": "party", "reason": "与当事人有亲属关系"}
    do(journey, "recusal.requested", hour=10, **values)
    do(journey, "officer.recused", hour=11, **values)
    found = waiting(journey)
    with at(journey.day, 12):
        procedure_acts.answer(
            who(journey.body, "陈局"),
            found.pk,
            decision,
            "经审查决定",
            text_hash=found.text_hash,
            form_key=f"recuse-{found.pk}",
        )


def test_a_recused_officer_no_longer_finds_the_case(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    recuse(journey)
    assert Exclusion.objects.filter(record=journey.play.record, person__name="李四").exists()
    with at(journey.day, 13):
        assert (
            not access.visible(who(bodies["wg"], "李四")).filter(pk=journey.play.record.pk).exists()
        )
    assert (
        refused(
            journey,
            "officer.identified",
            by="李四",
            officers=journey.play.officers_ids(),
            mode="shown",
            to="甲",
            place="乙",
        )
        == "没有找到"
    )


def test_no_decision_while_a_recusal_is_undecided(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    values = {"person": person_id(bodies["wg"], "李四"), "asked_by": "party", "reason": "亲属"}
    do(journey, "recusal.requested", hour=10, **values)
    assert "第四十三条" in refused(journey, "decision.made:penalty")


def test_after_a_rejected_recusal_the_case_goes_on(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    recuse(journey, "refuse")
    do(journey, "decision.made:penalty")
    with at(journey.day, 18):
        assert access.visible(who(bodies["wg"], "李四")).filter(pk=journey.play.record.pk).exists()
