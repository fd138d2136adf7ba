"""The rules pages: every agency side by side, and one agency rule by rule."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mingzheng.agencies.models import Agency
from mingzheng.portal import places
from mingzheng.portal.page import show
from mingzheng.rulebook.adopted import adopted, chapter, compared, enforcing

# The questions citizens ask first: shown agency by agency on each agency's page too.
FIRST = ("penalty", "licence", "inspection")


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """The packs in force, agency by agency, and the same questions side by side."""
    bodies = enforcing()
    return show(
        request,
        "rules",
        {
            "here": "rules",
            "adopted": [adopted(body) for body in bodies],
            "compared": compared(bodies),
        },
    )


@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One agency's rules in plain words, each beside the higher norm."""
    agency = Agency.objects.filter(code=code).exclude(pack="").first()
    if agency is None:
        raise Http404
    bodies = enforcing()
    return show(
        request,
        "rules_one",
        {
            "here": "rules",
            "place": places.place(agency),
            "compared": compared(bodies, agency, FIRST),
            "others": [places.place(each) for each in bodies if each != agency],
            **chapter(agency),
        },
    )
