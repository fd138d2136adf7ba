"""机关、人员、账号: who sees what, and from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies import access, acts
from mingzheng.agencies.acts import accounts, delegations
from mingzheng.agencies.identifiers import (
    citizen_check,
    fault_in_citizen,
    fault_in_uscc,
    uscc_check,
)
from mingzheng.agencies.models import Account, Person, Post
from mingzheng.records.models import Record
from mingzheng.site.demo.play import at, who
from tests.cases.telling import case, heard


def sees(journey: Any, code: str, name: str, bodies: dict[str, Any]) -> bool:
    """Whether a person finds the case."""
    with at(journey.day, 18):
        return access.visible(who(bodies[code], name)).filter(pk=journey.play.record.pk).exists()


@pytest.mark.parametrize(
    "code, name, seen",
    [
        ("wg", "张三", True),
        ("wg", "郭砚青", True),
        ("wg", "秦望舒", True),
        ("wg", "冯立", False),
        ("wg", "孟昭", False),
        ("wg", "王审", True),
        ("wg", "陈局", True),
        ("wg", "郝档", True),
        ("wg", "窦敏", False),
        ("wg", "袁系", False),
        ("lm", "赵晨", False),
        ("lg", "徐局", False),
        ("ws-justice", "孔令川", True),
        ("lc-justice", "钱督", False),
        ("cz-justice", "崔建平", False),
    ],
)
def test_a_case_is_seen_by_its_section_its_leaders_its_reviewers_and_its_supervisor(
    bodies: dict[str, Any], code: str, name: str, seen: bool
) -> None:
    assert sees(case(bodies).go("opened"), code, name, bodies) is seen


@pytest.mark.parametrize(
    "name, seen",
    [("张三", True), ("陈局", True), ("李四", False), ("秦望舒", False), ("王审", False)],
)
def test_an_informants_case_is_for_its_handlers_and_the_head(
    bodies: dict[str, Any], name: str, seen: bool
) -> None:
    journey = case(bodies, source={"source": "report", "informant": "举报人甲，13800001111"}).go(
        "registered"
    )
    assert sees(journey, "wg", name, bodies) is seen
    assert not sees(journey, "ws-justice", "孔令川", bodies)


def test_whoever_must_approve_an_informants_case_sees_it_while_it_waits_for_him(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, source={"source": "report", "informant": "举报人甲"}).go("proposed")
    assert sees(journey, "wg", "秦望舒", bodies) and not sees(journey, "wg", "刘副", bodies)
    with at(journey.day, 15):
        journey.play.agree("秦望舒")
    assert not sees(journey, "wg", "秦望舒", bodies)


def test_an_informant_is_named_nowhere_but_in_the_sealed_act(
    bodies: dict[str, Any], client: Any
) -> None:
    from mingzheng.disclosure.models import Publication
    from mingzheng.documents.models import Document
    from mingzheng.notices.models import Task

    secret = "举报人甲乙丙"
    journey = case(bodies, source={"source": "report", "informant": secret}).go("served")
    record = journey.play.record
    assert secret not in record.title
    assert not [row for row in Document.objects.filter(record=record) if secret in row.body]
    assert not Task.objects.filter(record=record, title__contains=secret)
    with at(journey.day, 18):
        journey.play.propose()
    assert secret not in Publication.objects.get(record=record).body


def test_a_grant_opens_one_record_for_some_days(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    person = Person.objects.get(posts__agency=bodies["lm"], name="赵晨")
    with at(journey.day, 12):
        assert "由本机关主要负责人办理" in heard(
            lambda: acts.grant(
                who(bodies["wg"], "张三"),
                journey.play.record,
                person,
                journey.day,
                journey.day,
                "协查",
            )
        )
        acts.grant(
            who(bodies["wg"], "陈局"), journey.play.record, person, journey.day, journey.day, "协查"
        )
    assert sees(journey, "lm", "赵晨", bodies)
    journey.forward(1)
    assert not sees(journey, "lm", "赵晨", bodies)


def test_the_three_administrators_do_not_stand_in_for_each_other(bodies: dict[str, Any]) -> None:
    account = Account.objects.get(login="wg-01")
    with at("2026-04-07"):
        for name in ("安全", "纪审", "陈局"):
            assert "三员互不替代" in heard(
                lambda name=name: accounts.disable(
                    bodies["wg"], who(bodies["wg"], name), account, "离岗"
                )
            )
        assert "三员互不替代" in heard(
            lambda: accounts.unlock(bodies["wg"], who(bodies["wg"], "袁系"), account)
        )
        assert "三员互不替代" in heard(
            lambda: accounts.disable(bodies["wg"], who(bodies["lm"], "于系"), account, "离岗")
        )
        epoch = account.epoch
        accounts.disable(bodies["wg"], who(bodies["wg"], "袁系"), account, "离岗")
    account.refresh_from_db()
    assert not account.active and account.epoch == epoch + 1


def test_a_delegation_begins_and_ends(bodies: dict[str, Any]) -> None:
    taker = Person.objects.get(posts__agency=bodies["wg"], name="刘副")
    with at("2026-04-07"):
        delegations.delegate(
            bodies["wg"],
            who(bodies["wg"], "陈局"),
            taker,
            ["head"],
            date(2026, 4, 8),
            date(2026, 4, 9),
        )
    for day, held in (
        ("2026-04-07", False),
        ("2026-04-08", True),
        ("2026-04-09", True),
        ("2026-04-10", False),
    ):
        with at(day):
            assert ("head" in who(bodies["wg"], "刘副").roles) is held


def test_a_person_with_two_posts_chooses_one_identity(bodies: dict[str, Any]) -> None:
    person = Person.objects.get(posts__agency=bodies["wg"], name="张三")
    unit = bodies["lm"].units.get(name="社会组织股")
    acts.appoint(person, unit, "挂职", ["handler"], date(2026, 4, 1))
    with at("2026-04-07"):
        assert {actor.agency_id for actor in access.actors_of(person.pk)} == {
            bodies["wg"].pk,
            bodies["lm"].pk,
        }
    with at("2026-03-31"):
        assert len(access.actors_of(person.pk)) == 1
    Post.objects.filter(person=person, agency=bodies["lm"]).update(until=date(2026, 4, 6))
    with at("2026-04-07"):
        assert len(access.actors_of(person.pk)) == 1


@pytest.mark.parametrize("head", ["91370830MA3C7H2Q3", "12370830493456789", "511405247624567MJ"])
def test_a_changed_character_of_a_credit_code_is_noticed(head: str) -> None:
    code = head + uscc_check(head)
    assert fault_in_uscc(code) == ""
    for place in range(17):
        other = "1" if code[place] != "1" else "2"
        assert fault_in_uscc(code[:place] + other + code[place + 1 :])


def test_a_changed_digit_of_a_citizen_number_is_noticed() -> None:
    head = "37083019800101123"
    code = head + citizen_check(head)
    assert fault_in_citizen(code) == ""
    assert all(
        fault_in_citizen(code[:n] + str((int(code[n]) + 1) % 10) + code[n + 1 :]) for n in range(17)
    )


def test_records_of_the_agency_itself_are_not_cases(bodies: dict[str, Any]) -> None:
    assert Record.objects.filter(kind="agency").count() == len(bodies)
