"""20 logs of refused acts; 21 menu and backend; 23 approve A, issue B; 26 certificates that end;
27 own requests; 30 unknown years.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.models import Account, Certificate, Handler, Post, SignIn
from mingzheng.core import clock
from mingzheng.core.workdays import Calendar
from mingzheng.desk import case_page, menu
from mingzheng.documents.models import Document
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures import registry
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Invalid
from mingzheng.procedures.situation import Matter
from mingzheng.records import duties as record_duties
from mingzheng.records.actors import Actor
from mingzheng.records.guard import Unchangeable
from mingzheng.records.models import Act, Duty
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import at, form_data, who
from tests.bypasses.test_05_to_09_records_and_people import enter
from tests.cases.telling import case, do, heard, refused, state
from tests.clause import rule


def test_20_a_refused_act_leaves_no_trace_of_success(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("noticed")
    before = list(Act.objects.filter(record=journey.play.record).values_list("pk", flat=True))
    refused(journey, "decision.made:penalty")
    assert (
        list(Act.objects.filter(record=journey.play.record).values_list("pk", flat=True)) == before
    )
    assert not Document.objects.filter(record=journey.play.record, kind="penalty-decision")


def test_20_signing_in_is_logged_as_it_ended(bodies: dict[str, Any], client: Any) -> None:
    client.post("/login", {"login": "wg-01", "password": "wrong"})
    assert client.get("/desk").status_code == 302
    enter(client, "wg-01")
    assert list(SignIn.objects.order_by("pk").values_list("outcome", flat=True)) == ["wrong", "in"]


def test_20_five_wrong_passwords_lock_the_account(bodies: dict[str, Any], client: Any) -> None:
    for _ in range(5):
        client.post("/login", {"login": "wg-01", "password": "wrong"})
    answer = client.post("/login", {"login": "wg-01", "password": "mingzheng-demo"})
    assert "已锁定" in answer.content.decode()
    assert SignIn.objects.latest("pk").outcome == "locked"


STAGES = (
    "registered",
    "opened",
    "investigated",
    "drafted",
    "heard",
    "decided",
    "served",
    "published",
    "executed",
    "closed",
)


@pytest.mark.parametrize("stage", STAGES)
def test_21_what_is_offered_is_what_may_be_done(bodies: dict[str, Any], stage: str) -> None:
    journey = case(bodies).go(stage)
    record = journey.play.record
    record.refresh_from_db()
    procedure = registry.procedure(record.procedure)
    with at(journey.day, 18):
        for by in sorts(bodies["wg"], record):
            if not access.visible(by).filter(pk=record.pk).exists():
                continue
            offered = {offer.step.key for offer in case_page.offers(Matter(record), by)}
            for step in procedure.steps:
                words = attempt(journey, step.key, by)
                barred = any(
                    word in words
                    for word in ("您不能办理这一步", "本案现在处于", "还没有到这一步", "已经办过了")
                )
                assert barred == (step.key not in offered), f"{by.name} {step.key}: {words}"


def sorts(body: Any, record: Any) -> list[Actor]:
    """Everybody who has a hand in the matter, and one of each sort of the others: of people of one
    section with the same roles, and a certificate or none, who have done nothing in it, one says what
    all are told.
    """
    hands = {*record.acts.values_list("actor_id", flat=True)}
    hands |= {*Handler.objects.filter(record=record).values_list("person_id", flat=True)}
    found: dict[Any, Actor] = {}
    for post in Post.objects.filter(agency=body).select_related("person", "unit"):
        by = access.actor_of(post)
        sort = (by.roles, by.unit_id, bool(by.certificate))
        found.setdefault(by.person_id if by.person_id in hands else sort, by)
    return list(found.values())


def one_of_each(body: Any) -> list[Post]:
    """Of people of one section with the same roles, and a certificate or none, one: before anything
    has happened their pages are the same.
    """
    found: dict[Any, Post] = {}
    for post in Post.objects.filter(agency=body).select_related("person", "unit").order_by("pk"):
        by = access.actor_of(post)
        found.setdefault((by.roles, by.unit_id, bool(by.certificate)), post)
    return list(found.values())


def login_of(post: Post) -> str:
    """The account of a person of the cast."""
    return str(Account.objects.get(person=post.person).login)


SAID = {"left_open": "on", "left_why": "已安排专人继续办理。"}


def attempt(journey: Any, key: str, by: Actor) -> str:
    """What an empty form of a step is told."""
    from django.db import transaction

    try:
        with transaction.atomic():
            record = journey.play.record
            said = SAID | {"happened_at": clock.now().strftime("%Y-%m-%dT%H:%M")}
            procedure_acts.take_step(
                by, record.pk, key, form_data(said), form_key="attempt", seen=record.head
            )
            transaction.set_rollback(True)
    except Refused as refusal:
        return f"{refusal.title}：{refusal}"
    except Invalid:
        return "表单"
    return "办成"


def test_21_the_menu_shows_what_opens_and_nothing_else(bodies: dict[str, Any], client: Any) -> None:
    for code in ("wg", "lx", "ws-justice"):
        for post in one_of_each(bodies[code]):
            with at("2026-04-07"):
                enter(client, login_of(post))
                shown = {
                    address
                    for _, _, address, _ in menu.entries(
                        who(bodies[code], post.person.name), bodies[code]
                    )
                }
                for address in shown:
                    assert client.get(address).status_code == 200, (post.person.name, address)
                for address in {"/desk/people", "/desk/rules"} - shown:
                    assert client.get(address).status_code in (403, 404, 302), (
                        post.person.name,
                        address,
                    )
            client.get("/logout")
            client.cookies.clear()


@rule("WG-B13", "LM-2.3.4")
def test_23_a_proposal_keeps_the_words_that_are_approved(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record)
    found.payload = found.payload.replace("符合立案条件", "别的理由")
    with pytest.raises(Unchangeable):
        found.save(update_fields=["payload"])
    with at(journey.forward(1), 9):
        journey.play.approve()
    opened = Act.objects.get(record=journey.play.record, kind="case.opened")
    assert (
        json.loads(opened.content.body)["text_hash"] == Proposal.objects.get(pk=found.pk).text_hash
    )


def test_26_a_certificate_that_ends_between_planning_and_the_act(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    Certificate.objects.filter(person__name="李四").update(until=journey.day)
    do(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        mode="shown",
        to="牛晋川",
        place="现场",
        hour=10,
    )
    journey.forward(1)
    words = refused(
        journey,
        "party.questioned",
        officers=journey.play.officers_ids(),
        asked="牛晋川",
        relation="负责人",
        place="现场",
        text="问：\n答：",
        signed="signed",
    )
    assert "李四的执法证已于2026年4月9日到期" in words


def test_26_a_certificate_taken_away_today_stops_today(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    Certificate.objects.filter(person__name="张三").update(state=Certificate.SUSPENDED)
    assert "已暂扣" in refused(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        mode="shown",
        to="甲",
        place="乙",
    )


def test_27_the_proposer_is_refused_even_when_the_route_would_fit_him(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("registered")
    post = Post.objects.get(agency=bodies["wg"], person__name="张三")
    Post.objects.filter(pk=post.pk).update(roles=["handler", "unit-head", "deputy-head", "head"])
    do(journey, "case.opened", officers=journey.play.officers_ids(), reason="符合条件")
    with at(journey.day, 18):
        assert "不能审批自己报的事项" in heard(lambda: journey.play.agree("张三"))
        journey.play.agree("秦望舒")
        assert "不能审批自己报的事项" in heard(lambda: journey.play.agree("张三"))
        journey.play.agree("陈局")
    assert state(journey) == "investigating"


def test_27_a_paper_signature_is_not_registered_and_checked_by_one_person(
    bodies: dict[str, Any],
) -> None:
    from mingzheng.core import clock
    from mingzheng.procedures import paper
    from mingzheng.site.demo.play import person_id

    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record)
    with at(journey.day, 15):
        signer = person_id(bodies["wg"], "秦望舒")
        scan = journey.play.picture("签批单")
        # Nor by whoever proposed: he would bring the head's word to his own request.
        assert "报批人不能自己登记" in heard(
            lambda: paper.register(
                who(bodies["wg"], "张三"), found.pk, signer, clock.now(), "同意", scan
            )
        )
        assert "就是报批人本人" in heard(
            lambda: paper.register(
                who(bodies["wg"], "李四"),
                found.pk,
                person_id(bodies["wg"], "张三"),
                clock.now(),
                "同意",
                scan,
            )
        )
        paper.register(who(bodies["wg"], "李四"), found.pk, signer, clock.now(), "同意", scan)
        for name in ("李四", "张三"):
            assert "登记人、报批人、承办人以外的人" in heard(
                lambda name=name: paper.check(who(bodies["wg"], name), found.pk, found.text_hash)
            )
        paper.check(who(bodies["wg"], "陈局"), found.pk, found.text_hash)
    found.refresh_from_db()
    assert found.position == 1


def test_30_a_year_without_a_notice_is_said_to_be_provisional(bodies: dict[str, Any]) -> None:
    assert Calendar.shipped().add(date(2026, 12, 28), 7, "workday").provisional
    assert not Calendar.shipped().add(date(2026, 12, 1), 7, "workday").provisional
    journey = case(bodies, start=date(2026, 11, 26)).go("decided")
    late = [
        row
        for row in Duty.objects.filter(record=journey.play.record, state=Duty.OPEN)
        if row.light_due and row.light_due.year == 2027 and row.how.get("unit") == "workday"
    ]
    assert late and all(
        row.provisional and "暂估" in record_duties.light(row, journey.day).words for row in late
    )


def test_30_nothing_beyond_the_notices_is_shipped_as_known() -> None:
    calendar = Calendar.shipped()
    assert not calendar.covers(date(2027, 1, 1)) and calendar.covers(date(2026, 12, 31))
