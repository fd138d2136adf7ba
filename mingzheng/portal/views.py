"""The public pages: home, agencies, decisions, one decision, withdrawals, officers, papers."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from mingzheng.agencies.models import Agency, Party
from mingzheng.disclosure.models import Publication
from mingzheng.pages import store
from mingzheng.portal import (
    balance,
    pages,
    places,
    proving,
    reading,
    searching,
    tombs,
    verifying,
    visit_views,
    visiting,
)
from mingzheng.portal.page import show
from mingzheng.rulebook.adopted import enforcing


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, three tools, what is new, the balance, who publishes, where the rules are."""
    bodies = enforcing()
    rows = [balance.of_agency(body) for body in bodies]
    gone, _, withdrawn = searching.withdrawn(limit=3)
    return show(
        request,
        "home",
        {
            "here": "home",
            "agencies": [places.place(body) for body in bodies],
            "lines": reading.newest(6),
            "balance": balance.total(rows),
            "balances": rows,
            "gone": gone,
            "withdrawn": withdrawn,
            "officers": places.valid().count(),
            "items": sum(len(places.powers(body)) for body in bodies),
            "live": Publication.objects.filter(state=Publication.LIVE, form="decision").count(),
        },
    )


@require_safe
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """One agency: what it may do and on what basis, its officers, its newest publications, how to
    complain.
    """
    agency = Agency.objects.filter(code=code).exclude(pack="").first()
    if agency is None:
        raise Http404
    officers, more = places.officers_of(agency)
    return show(
        request,
        "agency",
        {
            "here": "home",
            "place": places.place(agency),
            "scope": places.scope(agency),
            "powers": places.powers(agency),
            "officers": officers[:12],
            "more_officers": bool(more) or len(officers) > 12,
            "lines": reading.newest(5, agency),
            "balance": balance.of_agency(agency),
            "overseer": places.overseer(agency),
            "kept": pages.groups(agency),
            "grant": agency.basis,
            "remedy_body": agency.reconsideration.name if agency.reconsideration else "",
            "court": agency.court,
        },
    )


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Search and list of what is public now."""
    asked = searching.ask(request.GET.dict())
    found = searching.search(asked, request.GET.get("after", ""))
    query = request.GET.copy()
    for name in ("after", "size"):
        query.pop(name, None)
    return show(
        request,
        "decisions",
        {
            "here": "decisions",
            "asked": asked,
            "said": asked.said(),
            "found": found,
            "query": query.urlencode(),
            "paged": bool(request.GET.get("after")),
            "parties": Party.KINDS,
            "agencies": [places.place(body) for body in enforcing()],
        },
    )


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One publication; withdrawn or corrected: 410 and what happened; anything else: not found."""
    # Read before the database: what is made from an older state is then never kept.
    seen = store.turn(code) if store.CODE.fullmatch(code) else ""
    row = (
        Publication.objects.select_related("record", "withdrawn_by")
        .filter(code=code, state__in=(Publication.LIVE, *Publication.GONE))
        .first()
    )
    if row is None:
        raise Http404
    response = _shown(request, row)
    if proving.settled(row):
        response.keep_as = seen  # type: ignore[attr-defined]
    return response


def _shown(request: HttpRequest, row: Publication) -> HttpResponse:
    if row.form == "page" and row.state != Publication.WITHDRAWN:
        return show(request, "page", {"here": "lists", "page": pages.page(row)})
    if row.state in Publication.GONE:
        return show(request, "tomb", {"here": "decisions", "tomb": tombs.tomb(row)}, status=410)
    # The drawing is our own, made from our own address: nothing of a reader gets into it.
    address = settings.PUBLIC_URL + reverse("portal:item", args=[row.code])
    qr = mark_safe(segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2))
    return show(
        request,
        "item",
        {"here": "decisions", "item": reading.item(row), "qr": qr, "address": address},
    )


@require_safe
def withdrawals(request: HttpRequest) -> HttpResponse:
    """The register of what was taken down."""
    rows, following, number = searching.withdrawn(request.GET.get("after", ""))
    return show(
        request,
        "withdrawals",
        {
            "here": "withdrawals",
            "rows": rows,
            "next": following,
            "number": number,
            "paged": bool(request.GET.get("after")),
        },
    )


@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    """Officers by name or certificate number, or the list of one agency."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:40]
    agency = Agency.objects.filter(code=request.GET.get("agency", "")).exclude(pack="").first()
    found, invalid = places.find_officers(asked) if asked else ([], None)
    listed, more = (
        places.officers_of(agency, request.GET.get("after", "")[:30])
        if agency and not asked
        else ([], "")
    )
    return show(
        request,
        "officers",
        {
            "here": "officers",
            "q": asked,
            "found": found,
            "invalid": invalid,
            "limit": places.PAGE,
            "place": places.place(agency) if agency else None,
            "listed": listed,
            "more": more,
            "agencies": [
                (places.place(each), places.valid().filter(agency=each).count())
                for each in enforcing()
            ],
        },
    )


@require_safe
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a paper is real, by the code printed on it; or the visit whose 检查码 it is."""
    typed = request.GET.get("code", "")
    if typed and (held := verifying.code_in(typed)):
        return redirect("portal:verified", held)
    if code and (visit := visiting.shown(verifying.code_in(code))):
        return visit_views.page(request, visit)
    verdict = verifying.verify(verifying.code_in(code)) if code else None
    return show(
        request,
        "verify",
        {"here": "verify", "verdict": verdict, "code": code[:40], "typed": typed[:60]},
        status=404 if verdict and verdict.state == "unknown" else 200,
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the platform is, and how it can be read by everybody."""
    bodies = enforcing()
    return show(
        request, "about", {"here": "about", "agencies": [places.place(body) for body in bodies]}
    )
