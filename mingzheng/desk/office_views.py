"""Standing in for each other, and loading the year's State Council calendar."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.models import Agency, Delegation, Person, Post
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock, given
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import DELEGABLE, shell
from mingzheng.procedures.outcome import Absent
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.calendars import load_calendar
from mingzheng.records.refusal import Refused, refuse


@signed_in
def office(request: SignedRequest) -> HttpResponse:
    """职务代理 for whoever decides something; 工作日历 for the system administrator."""
    by: Actor = request.actor
    mine = sorted(by.roles & DELEGABLE)
    if not mine and "system-admin" not in by.roles:
        raise Absent()
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            _act(request, by)
            return redirect(reverse("agencies:office") + "?done=1")
        except Refused as error:
            refusal = error
    agency = Agency.objects.get(pk=by.agency_id)
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
                "given": (
                    Delegation.objects.filter(
                        agency=agency, until__gte=clock.today()
                    ).select_related("giver", "taker")
                ),
            },
        ),
        status=409 if refusal else 200,
    )


def _act(request: SignedRequest, by: Actor) -> None:
    if request.POST.get("verb") == "calendar" and "system-admin" in by.roles:
        sent = request.FILES.get("notice")
        if sent is None or (sent.size or 0) > 100_000:
            raise refuse("请选择放假安排文件（TOML，不超过 100 KB）。")
        load_calendar(by, sent.read().decode("utf-8", "replace"))
        return
    since, until = (given.day(request.POST.get(name)) for name in ("since", "until"))
    taker = (
        Person.objects.filter(pk=given.key(request.POST.get("taker")), posts__agency=by.agency_id)
        .distinct()
        .first()
    )
    if since is None or until is None or taker is None:
        raise refuse("请选择代理人，并填写起止日期。")
    agency_acts.delegate(
        Agency.objects.get(pk=by.agency_id), by, taker, sorted(by.roles & DELEGABLE), since, until
    )
