"""A list taken out of the house as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from django.http.response import HttpResponseBase

from mingzheng.agencies import policy
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk.identity import to_step_up
from mingzheng.desk.lists import Listing, Part, sheet


def exported(
    request: SignedRequest, listing: Listing, parts: Sequence[Part], *, always: bool = False
) -> HttpResponseBase | None:
    """The sheet where it is asked for, else None. Who takes many rows, or any of the audit
    (`always`), shows his second factor first.
    """
    if request.GET.get("export") != "xlsx":
        return None
    many = int(policy.read("second")["export_rows"])
    if always or sum(1 for _ in islice(listing.all(parts, request.GET), many + 1)) > many:
        if away := to_step_up(request):
            return away
    return sheet.answer(
        listing, request.actor, listing.all(parts, request.GET), listing.conditions(request.GET)
    )
