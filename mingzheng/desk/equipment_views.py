"""装备与场所: devices with who holds them, rooms with their bookings; one page, each button one
act.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies.acts import equipment
from mingzheng.agencies.models import Agency, Booking, Device, Person, Room
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock, given
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import shell
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor
from mingzheng.records.refusal import Refused, refuse

M = TypeVar("M", bound=Model)


@signed_in
def equipment_page(request: SignedRequest) -> HttpResponse:
    """The register of devices and the calendar of rooms."""
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    if not agency.pack:
        raise Absent()
    refusal = None
    if request.method == "POST":
        try:
            _do(request, by, agency)
            return redirect(reverse("agencies:equipment") + "?done=1")
        except Refused as error:
            refusal = error
    people = (
        Person.objects.filter(posts__agency=agency, posts__until=None).distinct().order_by("pk")
    )
    coming = Booking.objects.filter(agency_id=agency.pk, freed_by=None, until__gte=clock.now())
    return render(
        request,
        "desk/equipment.html",
        shell(
            request,
            "equipment",
            {
                "devices": (
                    Device.objects.filter(agency=agency).select_related("holder").order_by("number")
                ),
                "rooms": Room.objects.filter(agency=agency).order_by("pk"),
                "people": people,
                "purposes": equipment.PURPOSES.items(),
                "bookings": coming.select_related("room", "person").order_by("since"),
                "keeper": bool(by.roles & equipment.KEEPERS),
                "refusal": refusal,
                "said": request.POST,
            },
        ),
        status=409 if refusal else 200,
    )


def _do(request: SignedRequest, by: Actor, agency: Agency) -> None:
    said = request.POST
    verb = said.get("verb", "")
    if verb == "register":
        equipment.register_device(
            agency,
            by,
            said.get("number", "")[:40],
            said.get("name", "")[:60],
            said.get("standard", "")[:120],
        )
    elif verb == "room":
        equipment.register_room(agency, by, said.get("name", "")[:60], said.get("purpose", ""))
    elif verb in ("lend", "back", "state"):
        device = _found(Device.objects.filter(agency=agency), said.get("device", ""))
        if verb == "lend":
            equipment.lend(
                agency,
                by,
                device,
                _found(
                    Person.objects.filter(posts__agency=agency).distinct(), said.get("person", "")
                ),
            )
        elif verb == "back":
            equipment.take_back(agency, by, device)
        else:
            equipment.judge(agency, by, device, said.get("state", ""), said.get("reason", "")[:200])
    elif verb == "book":
        room = _found(Room.objects.filter(agency=agency), said.get("room", ""))
        equipment.book(
            agency,
            by,
            room,
            _moment(said.get("since", "")),
            _moment(said.get("until", "")),
            said.get("why", ""),
        )
    elif verb == "free":
        equipment.free(
            agency, by, _found(Booking.objects.filter(agency_id=agency.pk), said.get("booking", ""))
        )
    else:
        raise Absent()


def _found(rows: QuerySet[M], wanted: str) -> M:
    found = rows.filter(pk=given.key(wanted)).first()
    if found is None:
        raise refuse("请从列出的项目中选择。")
    return found


def _moment(text: str) -> datetime:
    found = given.moment(text)
    if found is None:
        raise refuse("请填写起止时间。")
    return found
