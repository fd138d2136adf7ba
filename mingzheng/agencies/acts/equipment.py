"""Devices and rooms: registered, lent, given back, out of order, booked. Acts on the agency's own
affairs.
"""

from __future__ import annotations

from datetime import datetime

from mingzheng.agencies.acts import affairs
from mingzheng.agencies.models import Agency, Booking, Device, DeviceUse, Person, Room
from mingzheng.core import clock
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

KEEPERS = frozenset({"system-admin", "unit-head", "head"})
PURPOSES = {"inquiry": "询问室", "hearing": "听证室", "other": "其他办案场所"}


def _keeper(by: Actor, agency: Agency) -> None:
    if by.agency_id != agency.pk or not by.roles & KEEPERS:
        raise refuse(
            "登记和调配设备、场所由科室负责人或者系统管理员办理。", title="您不能办理这一步"
        )


def register_device(
    agency: Agency, by: Actor | None, number: str, name: str, standard: str
) -> Device:
    """国办发〔2018〕118号 三（三）: a recording device enters the register, with the standard it
    meets.
    """
    if by is not None:
        _keeper(by, agency)
    if not number.strip() or not name.strip():
        raise refuse("请填写设备编号和名称。")
    if Device.objects.filter(agency=agency, number=number).exists():
        raise refuse(f"编号 {number} 的设备已经登记过。")
    with work():
        record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="device.registered",
                subject=number[:80],
                content={"number": number, "name": name, "standard": standard},
            ),
        )
        return Device.objects.create(
            agency=agency, number=number[:40], name=name[:60], standard=standard[:120]
        )


def lend(agency: Agency, by: Actor, device: Device, person: Person) -> DeviceUse:
    """国办发〔2018〕118号 三（三）: an officer takes the device; from now on its recordings are
    his.
    """
    _keeper(by, agency)
    with work():
        record = affairs(agency)
        device = Device.objects.select_for_update().get(pk=device.pk, agency=agency)
        if device.state != Device.FIT:
            raise refuse(f"{device.number} {Device.NAMES[device.state]}，不能领用。")
        if device.holder_id:
            raise refuse(
                f"{device.number} 已由{device.holder.name if device.holder else ''}领用，请先交还。"
            )
        act = record_acts.append(
            record,
            by,
            Entry(
                kind="device.lent",
                subject=device.number,
                content={"number": device.number, "to": person.name},
            ),
        )
        Device.objects.filter(pk=device.pk).update(holder=person)
        return DeviceUse.objects.create(
            device=device, agency_id=agency.pk, person=person, since=clock.now(), given_by=act
        )


def take_back(agency: Agency, by: Actor, device: Device) -> Act:
    """国办发〔2018〕118号 三（三）: the device comes back."""
    _keeper(by, agency)
    with work():
        record = affairs(agency)
        use = (
            DeviceUse.objects.select_for_update()
            .filter(device=device, agency_id=agency.pk, until=None)
            .first()
        )
        if use is None:
            raise refuse(f"{device.number} 没有人领用。")
        act = record_acts.append(
            record,
            by,
            Entry(
                kind="device.returned",
                subject=device.number,
                content={"number": device.number, "from": use.person.name},
            ),
        )
        DeviceUse.objects.filter(pk=use.pk).update(until=clock.now(), back_by=act)
        Device.objects.filter(pk=device.pk).update(holder=None)
        return act


DEVICE_STATES = {
    Device.BROKEN: "device.defect",
    Device.FIT: "device.fit",
    Device.RETIRED: "device.retired",
}


def judge(agency: Agency, by: Actor, device: Device, state: str, reason: str) -> Act:
    """国办发〔2018〕118号 三（三）: out of order, mended or retired, with what happened."""
    _keeper(by, agency)
    if state not in DEVICE_STATES or not reason.strip():
        raise refuse("请选择设备状态，并写明情况。")
    if state == Device.RETIRED and device.holder_id:
        raise refuse("设备还在领用中，请先交还再报废。")
    with work():
        act = record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind=DEVICE_STATES[state],
                subject=device.number,
                content={"number": device.number, "reason": reason},
            ),
        )
        Device.objects.filter(pk=device.pk, agency=agency).update(state=state)
        return act


def holder_at(device: Device, at: datetime) -> Person | None:
    """Who held the device at that moment."""
    uses = (
        DeviceUse.objects.filter(device=device, since__lte=at)
        .exclude(until__lt=at)
        .select_related("person")
    )
    found = uses.order_by("-since").first()
    return found.person if found else None


def register_room(agency: Agency, by: Actor | None, name: str, purpose: str) -> Room:
    """《行政处罚法》第五十五条: a room of the agency for inquiries or hearings."""
    if by is not None:
        _keeper(by, agency)
    if purpose not in PURPOSES or not name.strip():
        raise refuse("请填写场所名称，并选择用途。")
    if Room.objects.filter(agency=agency, name=name).exists():
        raise refuse(f"“{name}”已经登记过。")
    with work():
        record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="room.registered",
                subject=name[:80],
                content={"name": name, "purpose": purpose},
            ),
        )
        return Room.objects.create(agency=agency, name=name[:60], purpose=purpose)


def book(
    agency: Agency, by: Actor, room: Room, since: datetime, until: datetime, why: str
) -> Booking:
    """《行政处罚法》第五十五条: the room is kept for a stretch of time that nobody else has."""
    if by.agency_id != agency.pk:
        raise refuse("只能预定本机关的场所。")
    if not since < until or until < clock.now():
        raise refuse("请核对预定的起止时间：结束要晚于开始，并且不能是过去。")
    if not why.strip():
        raise refuse("请写明用途。")
    with work():
        record = affairs(agency)
        other = (
            Booking.objects.filter(room=room, freed_by=None, since__lt=until, until__gt=since)
            .select_related("person")
            .first()
        )
        if other is not None:
            raise refuse(
                f"{clock.local(other.since):%-m月%-d日 %H:%M} 至 {clock.local(other.until):%H:%M}"
                f" 已由{other.person.name}预定，请换时间。"
            )
        act = record_acts.append(
            record,
            by,
            Entry(
                kind="room.booked",
                subject=room.name,
                content={"room": room.name, "since": since, "until": until, "why": why},
            ),
        )
        return Booking.objects.create(
            room=room,
            agency_id=agency.pk,
            person_id=by.person_id,
            why=why[:120],
            since=since,
            until=until,
            act=act,
        )


def free(agency: Agency, by: Actor, booking: Booking) -> Act:
    """《行政处罚法》第五十五条: a booking is given up by whoever made it, or by a keeper."""
    if booking.agency_id != agency.pk or (
        booking.person_id != by.person_id and not by.roles & KEEPERS
    ):
        raise refuse("只有预定人或者科室负责人可以取消预定。", title="您不能办理这一步")
    with work():
        act = record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="room.freed",
                subject=booking.room.name,
                content={"room": booking.room.name, "since": booking.since},
            ),
        )
        Booking.objects.filter(pk=booking.pk, freed_by=None).update(freed_by=act)
        return act
