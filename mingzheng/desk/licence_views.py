"""许可证件: the register of licences held, filtered, ordered, paged, or as a sheet."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk.exporting import exported
from mingzheng.desk.identity import signed_in
from mingzheng.desk.lists import licences
from mingzheng.desk.menu import powers, shell
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor


@signed_in
def licence_register(request: SignedRequest) -> HttpResponseBase:
    """The register, or its sheet; an agency without the power has no such page."""
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    if "licence" not in powers(agency):
        raise Absent()
    reach = access.reach(by)
    listing, parts = licences.listing(agency), licences.parts(reach)
    if taken := exported(request, listing, parts):
        return taken
    return render(
        request,
        "desk/licences.html",
        shell(request, "licences", {"page": listing.page(parts, request.GET)}),
    )
