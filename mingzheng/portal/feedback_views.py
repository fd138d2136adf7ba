"""Telling an agency something, and looking up what became of it: a number and a code, nothing else
is needed.
"""

from __future__ import annotations

import textwrap

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Visit
from mingzheng.disclosure.acts.correcting import requested
from mingzheng.disclosure.models import Publication
from mingzheng.oversight import access
from mingzheng.oversight.acts.intake import receive
from mingzheng.oversight.acts.ratings import QUESTIONS, rate
from mingzheng.oversight.forms import IntakeForm
from mingzheng.oversight.models import Feedback
from mingzheng.portal import places, progress, visiting
from mingzheng.portal.page import show
from mingzheng.portal.visit_views import by_the_enterprise
from mingzheng.records.refusal import Refused
from mingzheng.records.unit import work
from mingzheng.rulebook.adopted import enforcing

TELL = ("text", "correct", "name", "contact")


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """The form, and taking in what it says; a correction comes from a published page and is about
    it.
    """
    about = (
        Publication.objects.select_related("record")
        .filter(
            code=request.POST.get("about") or request.GET.get("about", ""), state=Publication.LIVE
        )
        .first()
    )
    if request.method != "POST":
        start = {"kind": request.GET.get("kind", ""), "agency": request.GET.get("agency", "")}
        return _form(request, IntakeForm(initial=start), about)
    form = IntakeForm(request.POST)
    if not form.is_valid():
        return _form(request, form, about, status=422)
    agency = Agency.objects.filter(code=form.cleaned_data["agency"]).exclude(pack="").first()
    if about is not None:
        agency = Agency.objects.get(pk=about.agency_id)
    kind = Feedback.CORRECTION if about is not None else form.cleaned_data["kind"]
    if agency is None:
        form.add_error("agency", "请从列出的单位中选择")
    if kind == Feedback.CORRECTION and about is None:
        form.add_error("kind", "更正申请请从有误的那一页点“申请更正”提出")
    if agency is None or not form.is_valid():
        return _form(request, form, about, status=422)
    try:
        with work():
            made = receive(
                agency,
                kind,
                {name: form.cleaned_data[name] for name in TELL},
                about.record if about else None,
                about.code if about else "",
            )
            if about is not None:
                requested(about, made.number)
    except Refused as error:
        return _form(request, form, about, refusal=error, status=409)
    return show(
        request,
        "told",
        {
            "here": "feedback",
            "made": made,
            "kind": Feedback.KINDS[kind],
            "agency": agency,
            "parts": textwrap.wrap(made.record.code, 4),
        },
        status=201,
    )


def _form(
    request: HttpRequest,
    form: IntakeForm,
    about: Publication | None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    kinds = [(code, name) for code, name in Feedback.KINDS.items() if code != Feedback.CORRECTION]
    return show(
        request,
        "tell",
        {
            "here": "feedback",
            "form": form,
            "about": about,
            "refusal": refusal,
            "kinds": kinds,
            "agencies": [places.place(body) for body in enforcing()],
        },
        status=status,
    )


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """What became of it: asked by number and code in the body of the request, so that neither
    stands in an address.
    """
    number, code = (
        request.POST.get("number", "").strip()[:80],
        "".join(request.POST.get("code", "").lower().split())[:60],
    )
    found = (
        (access.look_up(number, code) or progress.of_paper(number, code))
        if request.method == "POST"
        else None
    )
    return show(
        request,
        "progress",
        {"here": "feedback", "found": found, "asked": request.method == "POST", "number": number},
        status=404 if request.method == "POST" and found is None else 200,
    )


@csrf_protect
@require_POST
def rated(request: HttpRequest, code: str) -> HttpResponse:
    """The enterprise rates the visit behind this 检查码, once it has ended; nothing ties the marks
    to the visit.
    """
    visit = Visit.objects.filter(code=code, ended_on__isnull=False).first()
    if visit is None:
        raise Http404
    agency = Agency.objects.get(pk=visit.agency_id)
    try:
        by_the_enterprise(request, "评价")
        rate(agency, code, {name: request.POST.get(name, "") for name in QUESTIONS})
    except Refused as error:
        return show(request, "rated", {"here": "verify", "refusal": error}, status=409)
    return show(
        request,
        "rated",
        {"here": "verify", "refusal": None, "promise": visiting.promise(agency)},
        status=201,
    )
