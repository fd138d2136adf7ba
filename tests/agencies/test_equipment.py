"""Devices and rooms: who held what when, and no room twice at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mingzheng.agencies.acts import equipment
from mingzheng.agencies.models import Agency, Device, Person
from mingzheng.core import clock
from mingzheng.records.models import Act
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import at, who
from mingzheng.site.demo.stories import OFFICERS
from tests.clause import rule

DAY = "2026-04-07"


def device(agency: Agency) -> Device:
    """A camera of the agency."""
    return equipment.register_device(agency, None, "ZF-01", "执法记录仪", "")


def head(agency: Agency) -> str:
    """A person who keeps the register."""
    return next(
        post.person.name
        for post in agency.posts.select_related("person")
        if "unit-head" in post.roles
    )


def refused(run: object) -> str:
    """The words of a refusal."""
    with pytest.raises(Refused) as caught:
        run()  # type: ignore[operator]
    return str(caught.value)


@rule("LM-2.3.3", "WG-B9", "CX-2.3.1")
def test_a_device_traces_back_to_who_held_it(bodies: dict[str, Agency]) -> None:
    body = bodies["wg"]
    with at(DAY, 9):
        keeper, officer = (
            who(body, head(body)),
            Person.objects.get(posts__agency=body, name=OFFICERS["wg"][0]),
        )
        camera = device(body)
        equipment.lend(body, keeper, camera, officer)
    with at(DAY, 12):
        assert "请先交还" in refused(lambda: equipment.lend(body, keeper, camera, officer))
        equipment.take_back(body, keeper, camera)
        assert "没有人领用" in refused(lambda: equipment.take_back(body, keeper, camera))
    with at(DAY, 13):
        assert equipment.holder_at(camera, clock.now() - timedelta(hours=2)) == officer
        assert equipment.holder_at(camera, clock.now()) is None
        assert Act.objects.filter(kind="device.lent", subject="ZF-01").count() == 1


def test_a_broken_one_is_not_lent_and_a_lent_one_not_retired(bodies: dict[str, Agency]) -> None:
    body = bodies["wg"]
    with at(DAY, 9):
        keeper, officer, camera = (
            who(body, head(body)),
            Person.objects.get(posts__agency=body, name=OFFICERS["wg"][0]),
            device(body),
        )
        assert "写明情况" in refused(
            lambda: equipment.judge(body, keeper, camera, Device.BROKEN, " ")
        )
        equipment.judge(body, keeper, camera, Device.BROKEN, "不能开机")
        assert "故障" in refused(lambda: equipment.lend(body, keeper, camera, officer))
        equipment.judge(body, keeper, camera, Device.FIT, "换电池后正常")
        equipment.lend(body, keeper, camera, officer)
        camera.refresh_from_db()
        assert "先交还" in refused(
            lambda: equipment.judge(body, keeper, camera, Device.RETIRED, "报废")
        )


def test_an_officer_does_not_keep_the_register(bodies: dict[str, Agency]) -> None:
    body = bodies["wg"]
    with at(DAY, 9):
        assert "不能办理" in refused(
            lambda: equipment.register_device(body, who(body, OFFICERS["wg"][0]), "X", "y", "")
        )
        assert "已经登记过" in refused(lambda: (device(body), device(body)))


def test_a_keeper_of_another_agency_changes_nothing_here(bodies: dict[str, Agency]) -> None:
    with at(DAY, 9):
        foreign = who(bodies["lm"], head(bodies["lm"]))
        assert "不能办理" in refused(
            lambda: equipment.register_room(bodies["wg"], foreign, "询问室", "inquiry")
        )


@pytest.mark.sql
@rule("CX-2.3.3")
def test_a_room_is_not_booked_twice_at_once(bodies: dict[str, Agency]) -> None:
    body = bodies["cx"]
    with at(DAY, 9):
        by = who(body, str(Person.objects.filter(posts__agency=body).first().name))  # type: ignore[union-attr]
        room, now = equipment.register_room(body, None, "询问室", "inquiry"), clock.now()
        hours = [now + timedelta(hours=n) for n in range(6)]
        equipment.book(body, by, room, hours[1], hours[3], "询问")
        assert "已由" in refused(
            lambda: equipment.book(body, by, room, hours[2], hours[4], "另一件")
        )
        assert "起止时间" in refused(
            lambda: equipment.book(body, by, room, hours[4], hours[4], "空")
        )
        second = equipment.book(body, by, room, hours[3], hours[4], "接着用")
        equipment.free(body, by, second)
        equipment.book(body, by, room, hours[3], hours[5], "再定")
