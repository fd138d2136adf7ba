"""What the demo's agencies work with: electronic seals, cameras with their holders, rooms with a
booking.
"""

from __future__ import annotations

from datetime import timedelta

from mingzheng.agencies import access
from mingzheng.agencies.acts import equipment
from mingzheng.agencies.models import Agency, Device
from mingzheng.core import clock
from mingzheng.documents import demo_seals
from mingzheng.documents.acts import seal_code

# 长治's own plan names both rooms; the others keep an inquiry room.
ROOMS = {"cx": (("询问室", "inquiry"), ("听证室", "hearing"))}


def fit_out(made: dict[str, Agency]) -> None:
    """Seals for all, devices and rooms for those that enforce."""
    demo_seals.make([(seal_code(body.pk), body.name) for body in made.values()])
    for code, body in made.items():
        if body.pack:
            _equip(code, body)


def _equip(code: str, agency: Agency) -> None:
    for number in range(1, 5):
        equipment.register_device(
            agency, None, f"{agency.mark or code.upper()}-{number:02d}", "执法记录仪", "GA/T 947.2"
        )
    for name, purpose in ROOMS.get(code, (("询问室", "inquiry"),)):
        equipment.register_room(agency, None, name, purpose)
    posts = [
        post
        for post in agency.posts.select_related("person", "unit", "agency")
        if post.until is None
    ]
    keeper = next((post for post in posts if "unit-head" in post.roles), None)
    officers = [post for post in posts if "handler" in post.roles]
    if keeper is None or not officers:
        return
    by = access.actor_of(keeper)
    devices = list(Device.objects.filter(agency=agency).order_by("number"))
    for device, post in zip(devices, officers[:2], strict=False):
        equipment.lend(agency, by, device, post.person)
    equipment.judge(agency, by, devices[-1], Device.BROKEN, "不能开机，已送修")
    room, tomorrow = (
        agency.rooms.order_by("pk")[0],
        clock.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1),
    )
    equipment.book(
        agency, access.actor_of(officers[0]), room, tomorrow, tomorrow + timedelta(hours=2), "询问"
    )
