"""The phone's pages and what they ask: an empty shell that anybody may load, and answers for
whoever is signed in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.capture import matters, shell, syncing, things
from mingzheng.core import clock
from mingzheng.procedures.outcome import Absent
from mingzheng.records.actors import Actor
from mingzheng.records.models import FormUse
from mingzheng.records.refusal import Refused
from mingzheng.records.seal import reading
from mingzheng.records.store import StoreError

STATUS = {
    syncing.DONE: 200,
    syncing.HELD: 200,
    syncing.CONFLICT: 409,
    syncing.CLOCK: 409,
    syncing.REFUSED: 422,
}
View = Callable[[SignedRequest, Actor], HttpResponse]


def officers_only(view: View) -> Callable[[SignedRequest], HttpResponse]:
    """JSON for a signed-in person; 401 in a sentence otherwise, so that the phone keeps what it
    has. Never cached.
    """

    @wraps(view)
    def guarded(request: SignedRequest) -> HttpResponse:
        by: Actor | None = request.actor
        if by is None:
            answer: HttpResponse = say("登录已过期，手机里的材料还在。请重新登录，然后继续。", 401)
        else:
            try:
                answer = view(request, by)
            except Absent:
                answer = say(
                    "没有找到这件案子，没有提交。它可能已经转办，或者不在您的工作范围内；手机里的材料还在。",
                    404,
                )
            except StoreError as error:
                answer = say(str(error), 507)
        answer["Cache-Control"] = "no-store"
        return answer

    return guarded


def say(text: str, status: int) -> JsonResponse:
    """A refusal before anything was looked at."""
    return JsonResponse({"state": syncing.REFUSED, "say": text, "missing": []}, status=status)


@require_GET
def page(request: SignedRequest) -> HttpResponse:
    """/capture: the same empty shell for everybody; what it shows lies on the phone."""
    answer = render(request, "capture/shell.html", {"version": shell.version()})
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def plain(request: SignedRequest) -> HttpResponse:
    """/capture/plain: without camera or service worker, the forms of the desk, and a sentence that
    says so.
    """
    by: Actor | None = request.actor
    found = [matters.brief(record) for record in matters.mine(by)] if by else []
    answer = render(request, "capture/plain.html", {"by": by, "matters": found})
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def now(request: SignedRequest) -> HttpResponse:
    """/capture/now: the server's clock, which the phone compares its own with."""
    answer = JsonResponse({"now": clock.now().isoformat()})
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@officers_only
def taken_along(request: SignedRequest, by: Actor) -> HttpResponse:
    """/capture/matters: who is signed in, the clock, and a line for each matter that the phone
    takes along.
    """
    agency = Agency.objects.get(pk=by.agency_id)
    return JsonResponse(
        {
            "person": {
                "id": str(by.person_id),
                "name": by.name,
                "body": agency.name,
                "certificate": by.certificate,
            },
            "now": clock.now().isoformat(),
            "token": get_token(request),
            "matters": [matters.brief(record) for record in matters.mine(by)],
        }
    )


@require_GET
@officers_only
def matter(request: SignedRequest, by: Actor) -> HttpResponse:
    """/capture/matter?id=…: one matter with all that its screens need."""
    asked = request.GET.get("id", "")
    record = next((each for each in matters.mine(by) if str(each.pk) == asked), None)
    if record is None:
        raise Absent()
    return JsonResponse(matters.whole(record, by))


@require_POST
@officers_only
def sync(request: SignedRequest, by: Actor) -> HttpResponse:
    """/capture/sync: one thing; 200 done or held, 409 conflict or clock, 422 refused, 404 no such
    matter, 400 unreadable.
    """
    try:
        thing = things.read(request.body)
        answer = syncing.take(by, thing, request.body)
    except things.Unreadable as error:
        return say(str(error), 400)
    except Refused as refusal:
        return say(str(refusal), 422)
    return JsonResponse(answer.said(), status=STATUS[answer.state])


@require_GET
@officers_only
def sealed(request: SignedRequest, by: Actor) -> HttpResponse:
    """/capture/sealed?client=…: of things that were taken in, when the ledger sealed them; absent
    ones are left out.
    """
    keys = [f"capture-{client}" for client in request.GET.getlist("client")[:200]]
    rows = dict(
        FormUse.objects.filter(pk__in=keys, record__in=access.visible(by)).values_list("key", "act")
    )
    seals = reading.seals(act for act in rows.values() if act)
    found: dict[str, Any] = {}
    for key, act in rows.items():
        seal = seals.get(act) if act else None
        found[key.removeprefix("capture-")] = (
            seal.signed_at.astimezone(clock.ZONE).isoformat() if seal else ""
        )
    return JsonResponse(found)
