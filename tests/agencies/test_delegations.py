"""职务代理: not lent on, not to oneself, not longer than the loan or the lender's post, taken back at
any time, and never joining what the law keeps apart (27, 32, 33).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from mingzheng.agencies import access
from mingzheng.agencies.acts import accounts, delegations
from mingzheng.agencies.models import Delegation, Exclusion, Person, Post
from mingzheng.records.guard import Unchangeable
from mingzheng.records.models import Act
from mingzheng.site.demo import founding
from mingzheng.site.demo.play import at, person_id, who
from tests.cases.telling import case, do, heard

DAY = date(2026, 4, 7)


def named(body: Any, name: str) -> Person:
    """A person of the cast."""
    return Person.objects.get(pk=person_id(body, name))


def lend(
    body: Any, giver: str, taker: str, roles: list[str], since: date = DAY, days: int = 3
) -> Delegation:
    """One lends to another from that day on."""
    return delegations.delegate(
        body, who(body, giver), named(body, taker), roles, since, since + timedelta(days=days)
    )


def test_what_was_lent_is_not_lent_on(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        lend(wg, "陈局", "刘副", ["head"], days=1)
        assert who(wg, "刘副").lent == {"head"}
        assert "不能再委托出去" in heard(lambda: lend(wg, "刘副", "郭砚青", ["head"], days=300))
        assert "只能把自己有的职责" in heard(lambda: lend(wg, "刘副", "郭砚青", ["archivist"]))
    with at(DAY + timedelta(days=2)):
        assert "head" not in who(wg, "刘副").roles


def test_a_chain_of_old_rows_lends_nothing_on_and_bars_everybody_in_it(
    bodies: dict[str, Any],
) -> None:
    wg = bodies["wg"]
    with at(DAY):
        first = lend(wg, "陈局", "刘副", ["head"])
        Delegation.objects.create(
            agency=wg,
            giver=named(wg, "刘副"),
            taker=named(wg, "郭砚青"),
            roles=["head"],
            since=DAY,
            until=DAY + timedelta(days=300),
            act=first.act,
        )
        actor = who(wg, "郭砚青")
        assert "head" not in actor.roles
        assert access.principals(actor) == {
            person_id(wg, name) for name in ("郭砚青", "刘副", "陈局")
        }


@pytest.mark.parametrize(
    ("taker", "days", "words"),
    [
        ("陈局", 1, "不能委托给自己"),
        ("袁系", 1, "不能代行办案、审批的职责"),
        ("安全", 1, "不能代行办案、审批的职责"),
        ("纪审", 1, "不能代行办案、审批的职责"),
        ("刘副", -1, "起止日期不对"),
    ],
)
def test_whom_nothing_is_lent_to(bodies: dict[str, Any], taker: str, days: int, words: str) -> None:
    with at(DAY):
        assert words in heard(lambda: lend(bodies["wg"], "陈局", taker, ["head"], days=days))


def test_nothing_is_lent_to_whoever_is_not_here_nor_from_yesterday(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        stranger = named(bodies["lm"], "赵晨")
        assert "不在本机关任职" in heard(
            lambda: delegations.delegate(wg, who(wg, "陈局"), stranger, ["head"], DAY, DAY)
        )
        assert "起止日期不对" in heard(
            lambda: lend(wg, "陈局", "刘副", ["head"], since=DAY - timedelta(days=1))
        )
        assert "不在您的科室" in heard(lambda: lend(wg, "秦望舒", "冯立", ["unit-head"]))


def test_a_loan_ends_with_the_lenders_post(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        lend(wg, "陈局", "刘副", ["head"], days=20)
        Post.objects.filter(person=named(wg, "陈局")).update(until=DAY + timedelta(days=2))
        assert "委托不能比它长" in heard(lambda: lend(wg, "陈局", "刘副", ["head"], days=5))
    with at(DAY + timedelta(days=2)):
        assert "head" in who(wg, "刘副").roles
    with at(DAY + timedelta(days=3)):
        assert "head" not in who(wg, "刘副").roles


def test_a_loan_is_taken_back_at_once_and_only_by_those_who_may(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        row = lend(wg, "秦望舒", "郭砚青", ["unit-head"])
        for name in ("郭砚青", "刘副", "袁系", "纪审"):
            assert "委托人本人" in heard(
                lambda name=name: delegations.revoke(wg, who(wg, name), row)
            )
        delegations.revoke(wg, who(wg, "秦望舒"), row, "提前回来")
        assert "unit-head" not in who(wg, "郭砚青").roles
        assert Act.objects.filter(record=wg.record, kind="delegation.revoked").count() == 1
        assert "已经结束" in heard(lambda: delegations.revoke(wg, who(wg, "陈局"), row))
        for name in ("陈局", "安全"):
            again = lend(wg, "秦望舒", "郭砚青", ["unit-head"])
            delegations.revoke(wg, who(wg, name), again)
        assert not access.lenders(who(wg, "郭砚青"))


def test_33_the_co_officer_does_not_approve_as_the_heads_delegate(bodies: dict[str, Any]) -> None:
    journey, wg = case(bodies).go("investigated"), bodies["wg"]
    with at(journey.forward(1), 9):
        lend(wg, "陈局", "李四", ["head"], since=journey.day)
        assert "head" in who(wg, "李四").roles
        journey.play.step(
            "seizure.approved", way="seize", things="变压器，1台", basis="节约能源法", reason="转移"
        )
        assert "本案的承办人不能审批" in heard(lambda: journey.play.agree("李四"))
        journey.play.agree("陈局")


def test_whoever_stands_in_for_a_recused_head_does_not_approve_in_his_place(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("investigated")
    wg, record = bodies["wg"], journey.play.record
    Exclusion.objects.create(
        record=record,
        agency_id=wg.pk,
        person=named(wg, "陈局"),
        act=Act.objects.filter(record=record).latest("pk"),
    )
    with at(journey.forward(1), 9):
        journey.play.step(
            "seizure.approved", way="seize", things="变压器，1台", basis="节约能源法", reason="转移"
        )
        lend(wg, "陈局", "刘副", ["head"], since=journey.day)
        assert "已经决定回避" in heard(lambda: journey.play.agree("刘副"))


def test_nobody_reviews_for_somebody_who_handles(bodies: dict[str, Any]) -> None:
    from tests.cases.telling import MAJOR, refused

    journey = case(bodies, **MAJOR).go("heard")
    wg = bodies["wg"]
    do(journey, "review.submitted", materials="材料", note="", hour=9)
    with at(journey.day, 10):
        lend(wg, "王审", "张三", ["legal-reviewer"], since=journey.day)
        assert "legal-reviewer" in who(wg, "张三").roles
    words = refused(journey, "review.passed", by="张三", opinion="同意", **journey.points())
    assert "您不能办理这一步" in words or "承办人" in words


def test_the_database_keeps_a_delegation_as_it_was_made(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        row = lend(wg, "陈局", "刘副", ["head"])
    with pytest.raises(Unchangeable):
        Delegation.objects.filter(pk=row.pk).update(until=date(2099, 1, 1))
    from django.db import connection

    for statement in (
        "UPDATE agencies_delegation SET until = '2099-01-01'",
        "UPDATE agencies_delegation SET taker_id = giver_id",
        "DELETE FROM agencies_delegation",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.create(
            agency=wg,
            giver=row.giver,
            taker=row.giver,
            roles=["head"],
            since=DAY,
            until=DAY,
            act=row.act,
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.create(
            agency=wg,
            giver=row.giver,
            taker=named(wg, "袁系"),
            roles=["head"],
            since=DAY,
            until=DAY,
            act=row.act,
        )


def browser(login: str) -> Client:
    """Somebody's browser."""
    client = Client()
    answer = client.post("/login", {"login": login, "password": founding.PASSWORD})
    assert answer.status_code == 302
    return client


def test_on_the_page_a_loan_is_made_for_one_role_and_taken_back(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        desk = browser("wg-09")
        form = {
            "taker": named(wg, "刘副").pk,
            "since": "2026-04-07",
            "until": "2026-04-09",
            "role": ["publishing-head"],
        }
        assert desk.post("/desk/office", form).status_code == 302
        row = Delegation.objects.get()
        assert row.roles == ["publishing-head"]
        assert "收回" in desk.get("/desk/office").content.decode()
        assert browser("wg-10").post(
            "/desk/office", {"verb": "revoke", "delegation": row.pk}
        ).status_code in (404, 409)
        assert desk.post("/desk/office", {"verb": "revoke", "delegation": "²"}).status_code == 404
        assert (
            desk.post("/desk/office", {"verb": "revoke", "delegation": row.pk}).status_code == 302
        )
        row.refresh_from_db()
        assert row.revoked_by is not None
        for bad in ("²", "9" * 40, ""):
            assert desk.post("/desk/office", {**form, "taker": bad}).status_code == 409


def test_an_administrator_is_not_appointed_while_he_stands_in(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        lend(wg, "陈局", "刘副", ["head"])
        person = named(wg, "刘副")
        assert "兼任" in heard(
            lambda: accounts.appoint(
                wg, who(wg, "安全"), person, wg.units.first(), "管理员", ["system-admin"]
            )
        )
