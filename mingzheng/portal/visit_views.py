"""The door of a visit: the page behind its 检查码, and the enterprise's confirmation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from mingzheng.cases.acts.inspection import scan
from mingzheng.cases.models import Visit
from mingzheng.portal import visiting
from mingzheng.portal.page import show
from mingzheng.records.refusal import Refused, refuse
from mingzheng.records.unit import work


def page(
    request: HttpRequest, found: visiting.Shown, refusal: Refused | None = None
) -> HttpResponse:
    """Task, clause, officers and certificates valid now, rights; the button while they are at the
    door.
    """
    return show(
        request,
        "visit",
        {"here": "verify", "visit": found, "refusal": refusal},
        status=409 if refusal else 200,
    )


def by_the_enterprise(request: HttpRequest, what: str) -> None:
    """Refused where an officer's browser stands in for whoever was inspected."""
    if getattr(request, "actor", None) is not None:
        raise refuse(f"这台设备上登录着工作人员，不能代为{what}。请由被检查人用自己的手机扫码。")


@csrf_protect
@require_POST
def here(request: HttpRequest, code: str) -> HttpResponse:
    """The enterprise confirms that these officers are here."""
    visit = Visit.objects.filter(code=code).first()
    if visit is None:
        raise Http404
    try:
        by_the_enterprise(request, "确认")
        with work():
            scan(visit)
    except Refused as error:
        shown = visiting.shown(code)
        assert shown is not None
        return page(request, shown, error)
    return redirect("portal:verified", code)
