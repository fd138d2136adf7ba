"""许可证件: the register of licences held, filtered, ordered, paged, or as a sheet."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk.identity import signed_in
from mingzheng.desk.lists import licences, sheet
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
    if request.GET.get("export") == "xlsx":
        return sheet.answer(
            listing, by, listing.all(parts, request.GET), listing.conditions(request.GET)
        )
    return render(
        request,
        "desk/licences.html",
        shell(request, "licences", {"page": listing.page(parts, request.GET)}),
    )
