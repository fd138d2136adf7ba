"""三员分立, in code and below it in the database: who may do what with an account."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from mingzheng.agencies import access, acts
from mingzheng.agencies.acts import accounts
from mingzheng.agencies.models import Account, Person, Post, TwoHands
from mingzheng.records.models import Act, Record
from mingzheng.site.demo.play import at, person_id, who
from tests.cases.telling import case, heard

DAY = date(2026, 4, 7)


def account(body: Any, name: str) -> Account:
    """Whose sign-in."""
    return Account.objects.get(person=person_id(body, name))


def named(body: Any, name: str) -> Person:
    """A person of the cast."""
    return Person.objects.get(pk=person_id(body, name))


def role_number(name: str) -> int:
    """Which of wg's people."""
    return {"袁系": 14, "安全": 15, "纪审": 16}[name]


@pytest.mark.parametrize(
    "roles",
    [
        ["system-admin", "security-admin"],
        ["security-admin", "audit-admin"],
        ["system-admin", "head"],
        ["audit-admin", "handler"],
    ],
)
def test_no_post_joins_an_administrator_with_anything(
    bodies: dict[str, Any], roles: list[str]
) -> None:
    wg = bodies["wg"]
    person = acts.add_person("某人")
    with at(DAY):
        assert "三员" in heard(lambda: acts.appoint(person, wg.units.first(), "职员", roles, DAY))
        with pytest.raises(DatabaseError), transaction.atomic():
            Post.objects.create(
                person=person,
                agency=wg,
                unit=wg.units.first(),
                title="职员",
                roles=roles,
                since=DAY,
            )


def test_nor_do_two_posts_of_one_person_in_whatever_agency(bodies: dict[str, Any]) -> None:
    wg, lm = bodies["wg"], bodies["lm"]
    person = named(wg, "袁系")
    for roles in (["head"], ["security-admin"], ["handler"]):
        with pytest.raises(DatabaseError), transaction.atomic():
            Post.objects.create(
                person=person,
                agency=lm,
                unit=lm.units.first(),
                title="兼职",
                roles=roles,
                since=DAY,
            )
    with pytest.raises(DatabaseError), transaction.atomic():
        Post.objects.filter(person=named(wg, "陈局")).update(roles=["head", "audit-admin"])
    # What ended before does not count, and the same administrator may serve two agencies.
    Post.objects.create(
        person=person, agency=lm, unit=lm.units.first(), title="", roles=["system-admin"], since=DAY
    )
    Post.objects.filter(person=named(wg, "郝档")).update(until=date(2026, 4, 1))
    Post.objects.create(
        person=named(wg, "郝档"),
        agency=wg,
        unit=wg.units.first(),
        title="",
        roles=["audit-admin"],
        since=DAY,
    )


def test_the_security_administrator_gives_roles_and_nobody_raises_himself(
    bodies: dict[str, Any],
) -> None:
    wg = bodies["wg"]
    unit = wg.units.get(name="办公室")
    with at(DAY):
        for name in ("袁系", "纪审", "陈局", "刘副"):
            assert "三员互不替代" in heard(
                lambda name=name: accounts.appoint(
                    wg, who(wg, name), named(wg, "张三"), unit, "主任", ["unit-head"]
                )
            )
        by = who(wg, "安全")
        assert "不能办理自己的账号" in heard(
            lambda: accounts.appoint(wg, by, named(wg, "安全"), unit, "局长", ["head"])
        )
        assert "不能兼任" in heard(
            lambda: accounts.appoint(wg, by, named(wg, "袁系"), unit, "局长", ["head"])
        )
        assert "不认识的角色" in heard(
            lambda: accounts.appoint(wg, by, named(wg, "张三"), unit, "x", ["boss"])
        )
        person = named(wg, "张三")
        made = accounts.appoint(wg, by, person, unit, "主任", ["unit-head"])
        assert made.roles == ["unit-head"]
        before = Account.objects.get(login="wg-01").epoch
        changed = accounts.change_post(wg, by, made, unit, "档案员", ["archivist"])
        made.refresh_from_db()
        assert made.until is not None and changed.roles == ["archivist"]
        assert Account.objects.get(login="wg-01").epoch > before
        (head,) = Post.objects.filter(person=named(wg, "陈局"))
        assert "最后一名主要负责人" in heard(
            lambda: accounts.change_post(wg, by, head, unit, "调研员", [])
        )


def test_nobody_closes_unlocks_or_resets_himself(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        own = "不能办理自己的账号"
        assert own in heard(
            lambda: accounts.disable(wg, who(wg, "袁系"), account(wg, "袁系"), "离岗")
        )
        assert own in heard(lambda: accounts.unlock(wg, who(wg, "安全"), account(wg, "安全")))
        assert own in heard(
            lambda: accounts.ask_reset(wg, who(wg, "安全"), account(wg, "安全"), "忘了")
        )


def test_the_last_of_a_kind_is_closed_by_two(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        accounts.disable(wg, who(wg, "袁系"), account(wg, "陈局"), "调离")
        assert account(wg, "陈局").active
        asked = TwoHands.objects.get(account=account(wg, "陈局"))
        assert "已经提出" in heard(
            lambda: accounts.disable(wg, who(wg, "袁系"), account(wg, "陈局"), "调离")
        )
        for name in ("袁系", "刘副", "陈局"):
            assert "不能办理" in heard(
                lambda name=name: accounts.answer(wg, who(wg, name), asked, True)
            )
        accounts.answer(wg, who(wg, "安全"), asked, True)
        assert not account(wg, "陈局").active
        assert "已经办过" in heard(lambda: accounts.answer(wg, who(wg, "安全"), asked, True))
        # The security administrator himself is closed by the other two.
        accounts.disable(wg, who(wg, "袁系"), account(wg, "安全"), "调离")
        second = TwoHands.objects.get(account=account(wg, "安全"))
        assert "自己的账号" in heard(lambda: accounts.answer(wg, who(wg, "安全"), second, True))
        accounts.answer(wg, who(wg, "纪审"), second, False)
        assert account(wg, "安全").active


def test_35_unlocking_is_not_opening_again(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    with at(DAY):
        accounts.disable(wg, who(wg, "袁系"), account(wg, "张三"), "离岗")
        accounts.unlock(wg, who(wg, "安全"), account(wg, "张三"))
        assert not account(wg, "张三").active
        assert "三员互不替代" in heard(
            lambda: accounts.enable(wg, who(wg, "安全"), account(wg, "张三"), "回来")
        )
        assert "写明启用的原因" in heard(
            lambda: accounts.enable(wg, who(wg, "袁系"), account(wg, "张三"), " ")
        )
        accounts.enable(wg, who(wg, "袁系"), account(wg, "张三"), "回来")
        assert account(wg, "张三").active
        kinds = Act.objects.filter(record=wg.record, subject=str(person_id(wg, "张三")))
        assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
            "account.disabled",
            "account.unlocked",
            "account.enabled",
        ]


@pytest.mark.parametrize("name", ["袁系", "安全", "纪审"])
def test_an_administrator_sees_no_matter_at_all(
    bodies: dict[str, Any], name: str, client: Any
) -> None:
    wg = bodies["wg"]
    journey = case(bodies).go("opened")
    record = journey.play.record
    # Not even one of his own unit.
    with at(journey.day, 18):
        by = who(wg, name)
        Record.objects.filter(pk=record.pk).update(unit_id=by.unit_id)
        assert not access.visible(by).exists()
        record.refresh_from_db()
        assert not access.reach(by).shows(record)
        from mingzheng.site.demo.founding import PASSWORD

        number = role_number(name)
        client.post("/login", {"login": f"wg-{number:02d}", "password": PASSWORD})
        assert client.get("/desk/cases").status_code in (200, 404)
        assert record.title not in client.get("/desk/cases").content.decode()
        for place in (f"/desk/cases/{record.pk}", f"/desk/cases/{record.pk}/do/case.closed"):
            assert client.get(place).status_code == 404


def test_accounts_and_posts_are_kept_rows(bodies: dict[str, Any]) -> None:
    from django.db import connection

    for statement in (
        "DELETE FROM agencies_account",
        "DELETE FROM agencies_post",
        "UPDATE agencies_account SET login = 'x' || login",
        "UPDATE agencies_account SET person_id = person_id + 1",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Account.objects.filter(login="wg-01").exists()
