"""Standing in for each other, and loading the year's State Council calendar."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies.acts import delegations
from mingzheng.agencies.models import Agency, Delegation, Person, Post
from mingzheng.agencies.requests import SignedRequest
from mingzheng.agencies.separation import LENDABLE, SECURITY, SYSTEM
from mingzheng.core import clock, given
from mingzheng.desk.identity import signed_in, to_step_up
from mingzheng.desk.menu import shell
from mingzheng.desk.people_views import said_yes
from mingzheng.procedures.outcome import Absent
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.calendars import answer_calendar, propose_calendar, proposed
from mingzheng.records.refusal import Refused, refuse


@signed_in
def office(request: SignedRequest) -> HttpResponse:
    """职务代理 for whoever decides something, and for the security administrator, who may end it;
    工作日历 for the system administrator, with the other one's word.
    """
    by: Actor = request.actor
    mine = sorted((by.roles - by.lent) & LENDABLE)
    if not by.roles & (LENDABLE | {SYSTEM, SECURITY}):
        raise Absent()
    refusal: Refused | None = None
    if request.method == "POST":
        if away := to_step_up(request):
            return away
        try:
            _act(request, by)
            return redirect(reverse("agencies:office") + "?done=1")
        except Refused as error:
            refusal = error
    agency = Agency.objects.get(pk=by.agency_id)
    lent = list(
        Delegation.objects.filter(
            agency=agency, until__gte=clock.today(), revoked_by=None
        ).select_related("giver", "taker")
    )
    ends_all = bool((by.roles - by.lent) & {"head", SECURITY})
    for row in lent:
        row.mine = ends_all or row.giver_id == by.person_id
    posts = (
        Post.objects.filter(agency=agency)
        .exclude(person=by.person_id)
        .select_related("person", "unit")
    )
    return render(
        request,
        "desk/office.html",
        shell(
            request,
            "office",
            {
                "mine": mine,
                "posts": posts,
                "refusal": refusal,
                "covered": max(law.calendar().notices),
                "given": lent,
                "notices": proposed(by) if by.roles & {SYSTEM, SECURITY} else [],
            },
        ),
        status=409 if refusal else 200,
    )


def _act(request: SignedRequest, by: Actor) -> None:
    if request.POST.get("verb") == "calendar" and SYSTEM in by.roles:
        sent = request.FILES.get("notice")
        if sent is None or (sent.size or 0) > 100_000:
            raise refuse("请选择放假安排文件（TOML，不超过 100 KB）。")
        try:
            text = sent.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise refuse("这个文件不是 UTF-8 编码，请另存为 UTF-8 后再载入。") from error
        propose_calendar(by, text, replace="replace" in request.POST)
        return
    if request.POST.get("verb") == "answer" and by.roles & {SYSTEM, SECURITY}:
        agreed = said_yes(request.POST.get("decision", ""))
        answer_calendar(by, given.number(request.POST.get("asked")) or 0, agreed)
        return
    agency = Agency.objects.get(pk=by.agency_id)
    if request.POST.get("verb") == "revoke":
        row = Delegation.objects.filter(
            agency=agency, pk=given.key(request.POST.get("delegation"))
        ).first()
        if row is None:
            raise Absent()
        delegations.revoke(agency, by, row, request.POST.get("reason", ""))
        return
    since, until = (given.day(request.POST.get(name)) for name in ("since", "until"))
    taker = (
        Person.objects.filter(pk=given.key(request.POST.get("taker")), posts__agency=agency)
        .distinct()
        .first()
    )
    if since is None or until is None or taker is None:
        raise refuse("请选择代理人，并填写起止日期。")
    chosen = sorted(set(request.POST.getlist("role")) or (by.roles - by.lent) & LENDABLE)
    delegations.delegate(agency, by, taker, chosen, since, until)
