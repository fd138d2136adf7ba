"""What is public before enforcement: an agency's pages by kind, what changed between versions, the
window board, samples, bases.
"""

from __future__ import annotations

import json
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import applying, texts
from mingzheng.core import clock
from mingzheng.disclosure.models import Publication
from mingzheng.documents import kinds
from mingzheng.documents import render as printing
from mingzheng.portal import pages, places
from mingzheng.portal.page import show


def _agency(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).exclude(pack="").first()
    if agency is None:
        raise Http404
    return agency


def _page(code: str) -> Publication:
    row: Publication | None = Publication.objects.filter(
        code=code, form="page", state__in=pages.SHOWN
    ).first()
    if row is None:
        raise Http404
    return row


@require_safe
def lists(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that an agency keeps public before enforcement, kind by kind."""
    body = _agency(code)
    return show(
        request,
        "lists",
        {"here": "home", "place": places.place(body), "groups": pages.groups(body)},
    )


@require_safe
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """What changed from one version of a page to a newer one; without `from`, from the one
    before.
    """
    row = _page(code)
    shown = pages.page(row)
    found = pages.compared(row, request.GET.get("from", shown.older)[:32])
    if found is None:
        raise Http404
    return show(request, "changes", {"here": "home", "page": shown, "compared": found})


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The page as PDF, A3 across."""
    row = _page(code)
    return _pdf(pages.sheet(row), f"{row.title}.pdf")


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """岗位信息公示牌 for a screen on the wall and for the printer: the published board, in big
    letters, without a menu.
    """
    body = _agency(code)
    row = pages.live(body, "board").order_by("-pk").first()
    if row is None:
        raise Http404
    return render(
        request, "portal/board.html", {"place": places.place(body), "page": pages.page(row)}
    )


@require_safe
def samples(request: HttpRequest, code: str) -> HttpResponse:
    """Blank papers of the kinds that the agency's matters leave, each as the template prints it."""
    body = _agency(code)
    rows = [(key, kinds.find(key).title, names) for key, names in texts.sample_kinds(body).items()]
    return show(
        request,
        "samples",
        {"here": "home", "place": places.place(body), "rows": rows, "forms": applying.forms(body)},
    )


@require_safe
def sample(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One blank paper as PDF."""
    body = _agency(code)
    if kind not in texts.sample_kinds(body):
        raise Http404
    return _pdf(
        _sample(body.pk, kind, clock.today().isoformat()), f"{kinds.find(kind).title}（示例）.pdf"
    )


@require_safe
def form(request: HttpRequest, code: str, item: int, material: str, filled: bool) -> HttpResponse:
    """A form that an applicant fills in, as PDF: empty, or filled as an example."""
    body = _agency(code)
    found = applying.find(body, item, material)
    if found is None:
        raise Http404
    # Made of the item as it is now: what it says decides which copy is kept.
    made = json.dumps(applying.sheet(found, filled), ensure_ascii=False, sort_keys=True)
    return _pdf(_form(made), f"{found.name}（{'示例' if filled else '空白'}）.pdf")


@lru_cache(maxsize=32)
def _form(sheet: str) -> bytes:
    return printing.pdf(json.loads(sheet))[0]


@lru_cache(maxsize=32)
def _sample(agency: int, kind: str, day: str) -> bytes:
    return printing.pdf(texts.sample(Agency.objects.get(pk=agency), kind))[0]


@require_safe
def bases(request: HttpRequest, code: str) -> HttpResponse:
    """The agency's legal bases with their days, and what came, was amended, was repealed."""
    body = _agency(code)
    return show(
        request,
        "bases",
        {
            "here": "home",
            "place": places.place(body),
            "rows": pages.held_bases(body),
            "changes": pages.changes(body),
        },
    )


def _pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
