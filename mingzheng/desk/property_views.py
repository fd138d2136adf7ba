"""涉案财物: what is in the agency's keeping, where, since when; and the counting of a place."""

from __future__ import annotations

import secrets

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.requests import SignedRequest
from mingzheng.cases.acts import store
from mingzheng.cases.models import Property, Stocktake
from mingzheng.desk.exporting import exported
from mingzheng.desk.identity import signed_in
from mingzheng.desk.lists import property as listing
from mingzheng.desk.menu import shell
from mingzheng.procedures.outcome import Absent
from mingzheng.records.refusal import Refused

COUNTING = frozenset({"custodian", "archivist", "unit-head", "head"})


@signed_in
def property_list(request: SignedRequest) -> HttpResponseBase:
    """The store as a list, or its sheet."""
    by = request.actor
    reach = access.reach(by)
    found, parts = listing.listing(by), listing.parts(reach)
    if taken := exported(request, found, parts):
        return taken
    places = (
        Property.objects.filter(agency_id=by.agency_id, state=Property.KEPT)
        .values_list("place", flat=True)
        .distinct()
        .order_by("place")
    )
    return render(
        request,
        "desk/property.html",
        shell(
            request,
            "property",
            {
                "page": found.page(parts, request.GET),
                "places": list(places) if by.roles & COUNTING else [],
                "taken": (
                    Stocktake.objects.filter(agency_id=by.agency_id)
                    .select_related("act")
                    .order_by("-pk")[:5]
                ),
            },
        ),
    )


@signed_in
def count(request: SignedRequest) -> HttpResponse:
    """盘点 of one place: each thing seen, or a note."""
    by = request.actor
    place = (request.GET.get("place") or request.POST.get("place", ""))[:120]
    things = list(
        Property.objects.filter(agency_id=by.agency_id, state=Property.KEPT, place=place).order_by(
            "pk"
        )
    )
    if not by.roles & COUNTING or not things:
        raise Absent()
    refusal, key = None, request.POST.get("form_key", secrets.token_hex(12))[:64]
    said = {
        thing.pk: (
            request.POST.get(f"seen-{thing.pk}") == "yes",
            request.POST.get(f"note-{thing.pk}", "")[:200],
        )
        for thing in things
    }
    if request.method == "POST":
        try:
            store.count(by, place, said, key)
            return redirect(reverse("cases:property") + "?done=counted")
        except Refused as error:
            refusal = error
    return render(
        request,
        "desk/count.html",
        shell(
            request,
            "property",
            {
                "place": place,
                "things": [
                    {"thing": thing, "seen": said[thing.pk][0], "note": said[thing.pk][1]}
                    for thing in things
                ],
                "form_key": key,
                "refusal": refusal,
            },
        ),
        status=409 if refusal else 200,
    )
