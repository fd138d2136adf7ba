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
from mingzheng.desk.exporting import exported
from mingzheng.desk.identity import signed_in
from mingzheng.desk.lists import audits
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
    if taken := exported(request, listing, parts, always=True):
        return taken
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
