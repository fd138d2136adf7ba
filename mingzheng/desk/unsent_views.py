"""What was typed and not sent: kept while it is typed, offered again, thrown away; and what was sent
by somebody whose session had ended.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.views.decorators.http import require_POST

from mingzheng.agencies import access
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock
from mingzheng.desk.identity import HELD, OWES, WHO, inside, know, signed_in
from mingzheng.desk.menu import shell
from mingzheng.procedures import registry
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Record
from mingzheng.unsent import acts as unsent
from mingzheng.unsent.sealing import unseal

TEXT = "text/plain; charset=utf-8"
ENDED = "登录已到期。请先别关闭页面：提交时会请您重新登录，填的内容不会丢。"


def keep(request: SignedRequest) -> HttpResponse:
    """Keep the answers so far. Answers when, or 401 where the session has ended: the page then says
    so while nothing is lost yet.
    """
    if request.actor is None:
        return HttpResponse(ENDED, status=401, content_type=TEXT)
    place = request.POST.get("unsent-place", "")
    if request.method != "POST" or not inside(place) or not _is_a_form(place):
        return HttpResponse("没有暂存：地址不对。", status=400, content_type=TEXT)
    try:
        at = unsent.keep(request.actor, place, request.POST)
    except unsent.TooMuch:
        return HttpResponse("填写的内容太长，没有暂存，请及时提交", status=413, content_type=TEXT)
    return HttpResponse(f"已暂存 {clock.local(at):%H:%M}" if at else "", content_type=TEXT)


def _is_a_form(place: str) -> bool:
    """Whether an address leads to a page of the desk that is no page of this module."""
    try:
        found = resolve(place.partition("?")[0])
    except Resolver404:
        return False
    return found.func not in (keep, forget, resume, waiting)


@signed_in
@require_POST
def forget(request: SignedRequest) -> HttpResponse:
    """Throw away what was typed, and begin anew."""
    place = request.POST.get("unsent-place", "")
    unsent.forget(request.actor, place)
    if "list" in request.POST:
        return redirect("desk:waiting")
    return redirect(place if inside(place) else "desk:home")


@signed_in
def waiting(request: SignedRequest) -> HttpResponse:
    """没有提交的表: what this person began and did not send, each with the way back to it."""
    rows = unsent.waiting(request.actor)
    places = {
        row.place: resolve(row.place.partition("?")[0]) for row in rows if _is_a_form(row.place)
    }
    wanted = {found.kwargs["record_id"] for found in places.values() if "record_id" in found.kwargs}
    reach = access.reach(request.actor)
    records = {each.pk: each for each in reach.within(Record.objects.filter(pk__in=wanted))}
    shown = [
        (row, *_shown(row.place, places[row.place], records, reach))
        for row in rows
        if row.place in places
    ]
    return render(request, "desk/waiting.html", shell(request, "home", {"rows": shown}))


def _shown(
    place: str, found: ResolverMatch, records: Mapping[int, Record], reach: access.Reach
) -> tuple[str, str, str]:
    """What a form is about, the matter it belongs to, as this person may see it, and the way back to
    it; no way where it is not asked any more.
    """
    if found.url_name == "proposal":
        row = (
            Proposal.objects.filter(pk=found.kwargs["proposal_id"]).select_related("record").first()
        )
        # Of a matter that he no longer sees nothing is told, though he wrote an opinion once.
        if row is None or not reach.shows(row.record):
            return "审批意见", "", ""
        return (
            f"审批意见：{row.name}",
            row.record.title,
            place if row.state == Proposal.OPEN else "",
        )
    if found.url_name == "open":
        code = found.kwargs["code"]
        name = next((each.name for each in registry.openings() if each.code == code), "")
        return name, "", f"{place}{'&' if '?' in place else '?'}continue=1"
    record = records.get(found.kwargs.get("record_id", 0))
    row = registry.step_of(record, found.kwargs.get("key", "")) if record else None
    if record is None or row is None:
        return "没有提交的表", "", ""
    held = record.state in row.from_states
    return row.name, record.title, f"{place}?continue=1" if held else ""


@signed_in
def resume(request: SignedRequest) -> HttpResponse:
    """What was sent when the session had ended: kept for its author, and sent now."""
    held = request.session.pop(HELD, None)
    answers = unseal(held["body"]) if held else None
    if held is None or answers is None or held["person"] != request.actor.person_id:
        return redirect("desk:home")
    data = unsent.form_data(answers)
    unsent.keep_if_it_fits(request.actor, held["place"], data)
    return render(
        request,
        "desk/resume.html",
        {
            "place": held["place"],
            "pairs": [(name, value) for name in data for value in data.getlist(name)],
            "files": held["files"],
        },
    )


def remember(request: SignedRequest, response: HttpResponse, person_id: int) -> HttpResponse:
    """Whose browser this is, so that what was typed is handed back to nobody else."""
    know(request, response, person_id)
    response.set_cookie(
        WHO,
        signing.dumps(person_id, salt=WHO),
        max_age=settings.UNSENT_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def after_sign_in(request: SignedRequest, person_id: int, back: str) -> HttpResponse:
    """Where somebody goes who has just signed in: to what he had been about to send, back, or home."""
    held = request.session.get(HELD)
    if request.session.get(OWES):
        return remember(request, redirect("agencies:account"), person_id)
    if held and held["person"] == person_id:
        return remember(request, redirect("desk:resume"), person_id)
    request.session.pop(HELD, None)
    return remember(request, redirect(back if inside(back) else reverse("desk:home")), person_id)
