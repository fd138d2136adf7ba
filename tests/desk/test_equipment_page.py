"""The page of devices and rooms: lending, giving back, booking, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mingzheng.agencies.models import Agency, Booking, Device, Person, Room
from mingzheng.core import clock
from mingzheng.procedures.outcome import Absent
from mingzheng.records.models import Act
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.play import at, who
from mingzheng.site.demo.stories import OFFICERS
from tests.agencies.test_equipment import head
from tests.clause import clause
from tests.scenes.pages import officer, posted

DAY = "2026-04-07"


def said(client: Any, **answers: Any) -> str:
    """What the page answers to a form: nothing when it was taken."""
    try:
        posted(client, "/desk/equipment", answers)
    except (Refused, Absent) as no:
        return str(no) or type(no).__name__
    return ""


@clause("LM-2.3.3", "WG-B9", "CX-2.3.1")
def test_a_device_is_lent_to_one_and_traced_back_on_its_page(bodies: dict[str, Agency]) -> None:
    body = bodies["wg"]
    one = Person.objects.get(posts__agency=body, name=OFFICERS["wg"][0])
    with at(DAY, 9):
        keeper = officer(who(body, head(body)))
        assert not said(keeper, verb="register", number="ZF-01", name="执法记录仪", standard="")
        camera = Device.objects.get(agency=body, number="ZF-01")
        assert not said(keeper, verb="lend", device=camera.pk, person=one.pk)
        assert "请先交还" in said(keeper, verb="lend", device=camera.pk, person=one.pk)
        shown = keeper.get("/desk/equipment").content.decode()
        assert "ZF-01" in shown and one.name in shown
    with at(DAY, 12):
        assert not said(keeper, verb="back", device=camera.pk)
        assert "没有人领用" in said(keeper, verb="back", device=camera.pk)
    assert list(
        Act.objects.filter(subject="ZF-01").order_by("pk").values_list("kind", flat=True)
    ) == ["device.registered", "device.lent", "device.returned"]


def test_a_device_of_another_agency_is_not_found(bodies: dict[str, Agency]) -> None:
    with at(DAY, 9):
        keeper = officer(who(bodies["wg"], head(bodies["wg"])))
        said(keeper, verb="register", number="ZF-02", name="执法记录仪", standard="")
        camera = Device.objects.get(number="ZF-02")
        other = officer(who(bodies["fc"], head(bodies["fc"])))
        assert said(other, verb="back", device=camera.pk)
    assert not Act.objects.filter(kind="device.returned").exists()


@clause("CX-2.3.3")
def test_the_inquiry_room_is_booked_for_one_matter_at_a_time(bodies: dict[str, Agency]) -> None:
    body = bodies["cx"]
    with at(DAY, 9):
        keeper = officer(who(body, head(body)))
        assert not said(keeper, verb="room", name="询问室", purpose="inquiry")
        room = Room.objects.get(agency=body)
        hours = [(clock.now() + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M") for n in range(6)]
        asked = {"verb": "book", "room": room.pk}
        assert not said(keeper, **asked, since=hours[1], until=hours[3], why="询问")
        assert "已由" in said(keeper, **asked, since=hours[2], until=hours[4], why="另一件")
        assert "起止时间" in said(keeper, **asked, since=hours[4], until=hours[4], why="空")
        assert "询问室" in keeper.get("/desk/equipment").content.decode()
    assert Booking.objects.filter(room=room).count() == 1
