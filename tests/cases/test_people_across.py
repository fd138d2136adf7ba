"""People from other bodies in one case, and the work of those who leave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Grant, Handover, Person, Post
from mingzheng.cases.acts import handover
from mingzheng.core import clock
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures import roles
from mingzheng.records.models import Record
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import at, form_data, person_id, who
from tests.cases.telling import case, heard, refused

pytestmark = pytest.mark.django_db


def test_a_stand_in_from_another_body_acts_in_this_one_case(bodies: dict[str, Agency]) -> None:
    """Called in by the head; sees and handles this record, no other, until the day named."""
    journey = case(bodies).go("opened")
    other = case(bodies, item="jn-84", party=parties.company("wg", 5)).go("opened")
    guest = who(bodies["lg"], "侯野")
    assert not access.visible(guest).filter(pk=journey.play.record.pk).exists()
    with at(journey.day, 15):
        journey.play.step(
            "grant.made",
            by="陈局",
            person=guest.person_id,
            purpose="replacement",
            until=journey.day + timedelta(days=30),
            why="承办人员均须回避，请支援",
        )
        assert access.visible(guest).filter(pk=journey.play.record.pk).exists()
        assert not access.visible(guest).filter(pk=other.play.record.pk).exists()
        record = Record.objects.get(pk=journey.play.record.pk)
        procedure_acts.take_step(
            guest,
            record.pk,
            "officer.identified",
            form_data(
                {
                    "officers": [guest.person_id, *journey.play.officers_ids()[:1]],
                    "mode": "shown",
                    "to": "负责人",
                    "place": "厂区",
                    "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
                }
            ),
            form_key="guest-1",
            seen=record.head,
        )
    with at(journey.day + timedelta(days=31), 9):
        assert not access.visible(guest).filter(pk=journey.play.record.pk).exists()
        assert not access.own(guest, record)


def test_an_adviser_looks_and_does_nothing(bodies: dict[str, Agency]) -> None:
    """Seeing is not handling."""
    journey = case(bodies).go("opened")
    guest = who(bodies["lg"], "侯野")
    with at(journey.day, 15):
        journey.play.step(
            "grant.made",
            by="陈局",
            person=guest.person_id,
            purpose="adviser",
            until=journey.day + timedelta(days=30),
            why="请提供专业意见",
        )
        record = Record.objects.get(pk=journey.play.record.pk)
        assert access.visible(guest).filter(pk=record.pk).exists()
        assert "不能代为办理" in heard(
            lambda: procedure_acts.take_step(
                guest, record.pk, "officer.identified", form_data({}), form_key="guest-2"
            )
        )


def test_only_the_head_calls_somebody_in(bodies: dict[str, Agency]) -> None:
    """An officer may not open the wall."""
    journey = case(bodies).go("opened")
    words = refused(
        journey,
        "grant.made",
        person=person_id(bodies["lg"], "侯野"),
        purpose="adviser",
        until=journey.day,
        why="请来看看",
    )
    assert "由主要负责人办理" in words
    assert not Grant.objects.filter(record=journey.play.record).exists()


def leaving(bodies: dict[str, Agency]) -> tuple[Any, Person, Person, Any]:
    """(a journey, who leaves, who takes over, the chief)."""
    journey = case(bodies).go("opened")
    return (
        journey,
        Person.objects.get(pk=person_id(bodies["wg"], "张三")),
        Person.objects.get(pk=person_id(bodies["wg"], "郭砚青")),
        who(bodies["wg"], "秦望舒"),
    )


def test_nobody_leaves_a_post_with_open_cases(bodies: dict[str, Agency]) -> None:
    """First handed over and accepted."""
    journey, giver, taker, chief = leaving(bodies)
    post = Post.objects.get(person=giver)
    with at(journey.day, 16):
        assert "还有 1 件" in heard(lambda: handover.end_post(chief, post, journey.day))
        rows = handover.offer(chief, giver, taker, [journey.play.record.pk], "调离")
        assert "还有 1 件" in heard(lambda: handover.end_post(chief, post, journey.day))
        handover.answer(who(bodies["wg"], "郭砚青"), rows[0].pk, True)
        handover.end_post(chief, post, journey.day)
    post.refresh_from_db()
    assert post.until == journey.day
    record = journey.play.record
    assert roles.handles(taker.pk, record) and not roles.handles(giver.pk, record)
    assert list(verify_all()) == []


def test_until_it_is_accepted_the_old_handler_keeps_the_case(bodies: dict[str, Agency]) -> None:
    """Declined with a reason: it stays where it was."""
    journey, giver, taker, chief = leaving(bodies)
    with at(journey.day, 16):
        row = handover.offer(chief, giver, taker, [journey.play.record.pk], "调离")[0]
        assert roles.handles(giver.pk, journey.play.record)
        mine = who(bodies["wg"], "郭砚青")
        assert access.visible(mine).filter(pk=journey.play.record.pk).exists()
        assert "请写明理由" in heard(lambda: handover.answer(mine, row.pk, False))
        handover.answer(mine, row.pk, False, "手头案件已满")
    assert roles.handles(giver.pk, journey.play.record) and not roles.handles(
        taker.pk, journey.play.record
    )
    assert Handover.objects.get(pk=row.pk).state == Handover.DECLINED


def test_the_receiver_from_another_section_sees_what_he_is_to_accept(
    bodies: dict[str, Agency],
) -> None:
    """Offered is visible, before and not after he declined."""
    journey, giver, _, chief = leaving(bodies)
    taker = Person.objects.get(pk=person_id(bodies["wg"], "冯立"))
    mine = who(bodies["wg"], "冯立")
    with at(journey.day, 16):
        assert not access.visible(mine).filter(pk=journey.play.record.pk).exists()
        row = handover.offer(chief, giver, taker, [journey.play.record.pk], "调离")[0]
        assert access.visible(mine).filter(pk=journey.play.record.pk).exists()
        handover.answer(mine, row.pk, False, "不熟悉这类业务")
        assert not access.visible(mine).filter(pk=journey.play.record.pk).exists()


def test_a_case_is_not_offered_to_somebody_without_certificate(bodies: dict[str, Agency]) -> None:
    """Nor to somebody who is no officer, nor by an officer himself."""
    journey, giver, _, chief = leaving(bodies)
    desk = Person.objects.get(pk=person_id(bodies["wg"], "窦敏"))
    with at(journey.day, 16):
        assert "不是本机关的执法人员" in heard(
            lambda: handover.offer(chief, giver, desk, [journey.play.record.pk], "调离")
        )
        officer = who(bodies["wg"], "张三")
        assert "由承办机构负责人" in heard(
            lambda: handover.offer(officer, giver, desk, [journey.play.record.pk], "调离")
        )


def test_a_unit_head_ends_no_post_of_another_section(bodies: dict[str, Agency]) -> None:
    """The section's own head or the head of the office does."""
    post = Post.objects.get(person_id=person_id(bodies["wg"], "苗青"))
    with at("2026-04-07", 9):
        assert "该科室负责人" in heard(
            lambda: handover.end_post(who(bodies["wg"], "秦望舒"), post, date(2026, 4, 7))
        )
        handover.end_post(who(bodies["wg"], "孟昭"), post, date(2026, 4, 7))
