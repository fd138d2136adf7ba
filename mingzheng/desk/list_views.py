"""The pages that are lists: the workbench and the matters, each also as a sheet."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk import inbox
from mingzheng.desk.alarms import alarms
from mingzheng.desk.exporting import exported
from mingzheng.desk.identity import signed_in
from mingzheng.desk.lists import cases
from mingzheng.desk.menu import shell
from mingzheng.records.actors import Actor
from mingzheng.unsent import acts as unsent


@signed_in
def home(request: SignedRequest) -> HttpResponseBase:
    """工作台: what waits, nearest deadline first, and the other tabs."""
    by: Actor = request.actor
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in inbox.TABS else "todo"
    reach = access.reach(by)
    listing, parts = inbox.listing(tab), inbox.parts(by, tab, reach)
    if taken := exported(request, listing, parts):
        return taken
    frame = shell(request, "home", {})
    return render(
        request,
        "desk/home.html",
        {
            **frame,
            "tab": tab,
            "tabs": [(key, name, frame["counts"][key]) for key, name in inbox.TABS.items()],
            "page": listing.page(parts, request.GET),
            "lights": cases.lights(reach),
            "most": cases.MOST,
            "alarms": alarms(by),
            "unsent": unsent.count(by),
            "returned": inbox.returned(by),
        },
    )


@signed_in
def matters(request: SignedRequest) -> HttpResponseBase:
    """执法案件: matters of every kind, or their sheet."""
    by: Actor = request.actor
    reach = access.reach(by)
    listing = cases.listing(by, reach, Agency.objects.get(pk=by.agency_id), request.GET)
    parts = cases.parts(reach)
    if taken := exported(request, listing, parts):
        return taken
    return render(
        request,
        "desk/cases.html",
        shell(request, "cases", {"page": listing.page(parts, request.GET)}),
    )
