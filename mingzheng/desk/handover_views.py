"""人员交接: what somebody handles, offered to others, accepted by them; a post ends only when
nothing is left.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Handover, Person, Post
from mingzheng.agencies.requests import SignedRequest
from mingzheng.cases.acts import handover as acts
from mingzheng.core import clock, given
from mingzheng.desk.identity import signed_in
from mingzheng.desk.inbox import record_light, state_name
from mingzheng.desk.menu import shell
from mingzheng.procedures.outcome import Absent
from mingzheng.records.models import Duty
from mingzheng.records.refusal import Ground, Refused


def _person(agency: Agency, text: str) -> Person | None:
    return Person.objects.filter(pk=given.key(text), posts__agency=agency).first()


@signed_in
def handover(request: SignedRequest) -> HttpResponse:
    """The chief's list of somebody's matters, and everybody's list of what was offered to him."""
    by = request.actor
    body, chief = Agency.objects.get(pk=by.agency_id), bool(by.roles & acts.CHIEFS)
    mine = Handover.objects.filter(taker=by.person_id, state=Handover.OFFERED).select_related(
        "record", "giver"
    )
    if not chief and not mine.exists() and "handler" not in by.roles:
        raise Absent()
    giver = _person(body, request.GET.get("person", "")) if chief else None
    refusal = None
    if request.method == "POST":
        try:
            return _do(request, body, chief)
        except Refused as error:
            refusal = error
            giver = giver or (_person(body, request.POST.get("giver", "")) if chief else None)
    every = acts.open_matters(body.pk, giver.pk) if giver else []
    # Somebody else's matters are listed as far as this chief may see them, and counted beyond that.
    seen = set(
        access.visible(by).filter(pk__in=[row.pk for row in every]).values_list("pk", flat=True)
    )
    matters = [row for row in every if row.pk in seen]
    offered = {
        row.record_id: row
        for row in Handover.objects.filter(
            agency_id=body.pk, state=Handover.OFFERED
        ).select_related("taker")
    }
    posts = (
        Post.objects.filter(agency=body, since__lte=clock.today())
        .exclude(until__lt=clock.today())
        .select_related("person", "unit")
    )
    return render(
        request,
        "desk/handover.html",
        shell(
            request,
            "handover",
            {
                "chief": chief,
                "giver": giver,
                "refusal": refusal,
                "mine": mine,
                "unseen": len(every) - len(matters),
                "officers": [
                    post for post in posts.order_by("unit_id", "pk") if "handler" in post.roles
                ],
                "matters": [
                    {
                        "record": row,
                        "light": record_light(row),
                        "state": state_name(row),
                        "offer": offered.get(row.pk),
                        "duties": (
                            Duty.objects.filter(record=row, state=Duty.OPEN, awaited=False).count()
                        ),
                    }
                    for row in matters
                ],
                "post": (
                    Post.objects.filter(agency=body, person=giver, until=None).first()
                    if giver
                    else None
                ),
                "done": request.GET.get("done", ""),
            },
        ),
        status=409 if refusal else 200,
    )


def _do(request: SignedRequest, agency: Agency, chief: bool) -> HttpResponse:
    by = request.actor
    verb = request.POST.get("verb", "")
    if verb in ("accept", "decline"):
        acts.answer(
            by,
            given.key(request.POST.get("handover")),
            verb == "accept",
            request.POST.get("reason", "")[:200],
        )
        return redirect(reverse("cases:handover") + "?done=answered")
    giver, taker = (
        _person(agency, request.POST.get("giver", "")),
        _person(agency, request.POST.get("taker", "")),
    )
    if not chief or giver is None:
        raise Absent()
    if verb == "end":
        return _end(request, giver)
    if taker is None:
        raise Refused("没有移交", (Ground("请选择接收人。", field="taker"),))
    picked = [given.key(pk) for pk in request.POST.getlist("records")]
    acts.offer(by, giver, taker, picked, request.POST.get("why", "")[:200] or "工作变动")
    return redirect(f"{reverse('cases:handover')}?person={giver.pk}&done=offered")


def _end(request: SignedRequest, giver: Person) -> HttpResponse:
    by = request.actor
    post = Post.objects.filter(agency=by.agency_id, person=giver, until=None).first()
    if post is None:
        raise Absent()
    on = given.day(request.POST.get("on"))
    if on is None:
        raise Refused("没有登记离岗", (Ground("请填离岗日期，例如 2026-11-30。", field="on"),))
    acts.end_post(by, post, on)
    return redirect(reverse("cases:handover") + "?done=ended")
