"""审计记录, for the audit administrator: filtered, paged, or as a sheet; taking the sheet is itself
on the record.
"""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from mingzheng.agencies import policy
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.agencies.separation import AUDIT
from mingzheng.desk.identity import signed_in, to_step_up
from mingzheng.desk.lists import audits, sheet
from mingzheng.desk.menu import shell
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor


@signed_in
def audit(request: SignedRequest) -> HttpResponseBase:
    """One tab of the audit, or its sheet."""
    by: Actor = request.actor
    if AUDIT not in by.roles:
        raise Absent()
    agency = Agency.objects.get(pk=by.agency_id)
    tab = request.GET.get("tab", "signins")
    tab = tab if tab in audits.TABS else "signins"
    listing, parts = audits.listing(agency, tab), audits.parts(agency, tab)
    if request.GET.get("export") == "xlsx":
        if away := to_step_up(request):
            return away
        return sheet.answer(
            listing, by, listing.all(parts, request.GET), listing.conditions(request.GET)
        )
    return render(
        request,
        "desk/audit.html",
        shell(
            request,
            "audit",
            {
                "page": listing.page(parts, request.GET),
                "tab": tab,
                "tabs": audits.TABS.items(),
                "months": policy.read("audit")["kept_months"],
            },
        ),
    )
