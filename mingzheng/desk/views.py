"""The officer's pages: case, papers, files, people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from mingzheng.agencies import access
from mingzheng.agencies.acts import sittings
from mingzheng.agencies.models import Account, Agency, Post
from mingzheng.agencies.oidc import provider
from mingzheng.agencies.requests import SignedRequest
from mingzheng.archive import access as archive_access
from mingzheng.core import given
from mingzheng.desk import case_page, inbox, panels, returned, unsent_views
from mingzheng.desk.identity import (
    HELD,
    PENDING,
    WHO,
    enter,
    log,
    own_account,
    sign_in,
    signed_in,
)
from mingzheng.desk.menu import EXPORTERS, shell
from mingzheng.notices import acts as notice_acts
from mingzheng.notices.access import addressed
from mingzheng.notices.models import Task
from mingzheng.procedures import chapters, matter_kinds, registry, reporting, roles
from mingzheng.procedures.outcome import Absent
from mingzheng.procedures.situation import Matter
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record
from mingzheng.records.unit import work


def login(request: SignedRequest) -> HttpResponse:
    """Sign in."""
    fault = ""
    if request.method == "POST":
        fault = sign_in(
            request, request.POST.get("login", "").strip(), request.POST.get("password", "")
        )
        if not fault and PENDING in request.session:
            asked = urlencode({"next": request.POST.get("next", "")})
            return redirect(f"{reverse('desk:second')}?{asked}")
        if not fault:
            return unsent_views.after_sign_in(
                request, own_account(request).person_id, request.POST.get("next", "")
            )
    back = request.POST.get("next", request.GET.get("next", ""))
    return login_page(request, fault, 403 if fault else 200, back)


def login_page(request: SignedRequest, fault: str, status: int, back: str) -> HttpResponse:
    """The ways in, with what went wrong on one of them."""
    return render(
        request,
        "desk/login.html",
        {
            "fault": fault,
            "login": request.POST.get("login", ""),
            "next": back,
            "held": HELD in request.session,
            "lost": "lost" in request.GET,
            "provider": provider.read(),
        },
        status=status,
    )


@require_POST
def logout(request: SignedRequest) -> HttpResponse:
    """End the session; this browser is nobody's any more."""
    if login := request.session.get("login"):
        sittings.left(request.session.session_key or "")
        log(request, login, "out")
    request.session.flush()
    response = redirect("portal:home")
    response.delete_cookie(WHO)
    return response


def demo_people(request: SignedRequest) -> HttpResponse:
    """The demo's people by role, one click each. Without the demo key this page does not exist."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        account = Account.objects.filter(login=request.POST.get("login", ""), active=True).first()
        if account is None:
            raise Http404
        enter(request, account)
        return unsent_views.after_sign_in(request, account.person_id, "")
    groups = [
        ("执法人员", "办案件、做检查", "handler"),
        ("窗口", "收申请、受理", "window"),
        ("科室负责人", "审核本科室的报批", "unit-head"),
        ("法制审核", "逐项审，出意见书", "legal-reviewer"),
        ("分管负责人", "审核分管科室的报批", "deputy-head"),
        ("单位负责人", "批准决定，看全局", "head"),
        ("档案", "组卷归档", "archivist"),
        ("督查", "信访事项实地督查", "supervision-commissioner"),
        ("行政执法监督", "跨机关查看，不能代办", "judicial-bureau"),
        ("系统管理员", "开户、停用、日历", "system-admin"),
        ("安全管理员", "给角色、解锁", "security-admin"),
        ("审计管理员", "看记录，不看案件内容", "audit-admin"),
    ]
    posts = Post.objects.select_related("agency", "unit")
    accounts = (
        Account.objects.filter(active=True)
        .select_related("person")
        .prefetch_related(Prefetch("person__posts", posts))
        .order_by("pk")
    )
    people = [(account, post) for account in accounts for post in account.person.posts.all()]
    return render(
        request,
        "desk/demo_people.html",
        {
            "groups": [
                (name, note, [pair for pair in people if role in pair[1].roles])
                for name, note, role in groups
            ]
        },
    )


def find(request: SignedRequest, record_id: int) -> Record:
    """The record, if this identity may see it; otherwise it looks absent."""
    reach = access.reach(request.actor)
    found: Record | None = Record.objects.filter(pk=record_id).first()
    if found is None or not reach.shows(found):
        raise Absent()
    # The frame of the page counts by the same answer.
    request.reach = reach
    return found


def beside(
    request: SignedRequest, record: Record, here: str, extra: dict[str, Any]
) -> dict[str, Any]:
    """The frame of a page about one record, with the agency whose record it is."""
    context = shell(request, here, extra)
    body: Agency = context["body"]
    own = body.pk == record.agency_id
    return {**context, "agency": body if own else Agency.objects.get(pk=record.agency_id)}


@signed_in
def case(request: SignedRequest, record_id: int) -> HttpResponse:
    """One case: rail, next act, what is missing and why, timeline, deadlines, people,
    publication.
    """
    by = request.actor
    record = find(request, record_id)
    if not record.procedure:
        raise Absent()
    matter = note_reading(request, record)
    record = matter.record
    # First what was ever owed: what is owed now is among it.
    deadlines = case_page.deadlines(matter)
    offers = case_page.offers(matter, by)
    ready, refused = case_page.split(matter, offers)
    proposals = case_page.proposals(matter)
    back = returned.offers(matter, proposals, by)
    if ready and ready.step.key in {each.proposal.step for each in back}:
        ready = None
    timeline = case_page.timeline(matter, by)
    # A page kept public and what somebody told are no enforcement: they stand under their own line
    # of the menu.
    kind = matter_kinds.find(record.kind)
    return render(
        request,
        "desk/case.html",
        beside(
            request,
            record,
            chapters.line_of(record.kind).partition(":")[2],
            {
                "enforcing": kind.enforcement,
                "record": record,
                "procedure": registry.procedure(record.procedure),
                "parties": record.parties.filter(until=None),
                "rail": case_page.rail(matter),
                "offers": case_page.by_stage(offers),
                "ready": ready,
                "refused": refused,
                "timeline": timeline,
                "voiders": registry.takers(record, "document.voided"),
                "came_back": case_page.came_back(timeline) if roles.own(by, matter) else None,
                "unserved": case_page.unserved(matter, timeline, by),
                "deadlines": deadlines,
                "people": case_page.people(matter),
                "waiting": case_page.waiting(matter, proposals, by),
                "back": back,
                "major": case_page.majority(matter),
                "state": inbox.state_name(record),
                "light": inbox.record_light(record, matter.calendar),
                "panels": panels.of(record),
                "beside": panels.beside(record),
                "platform": (
                    bool(by.roles & EXPORTERS)
                    and record.agency_id == by.agency_id
                    and record.kind in reporting.kinds()
                ),
                "own": roles.own(by, matter),
                "reads_volumes": archive_access.reads(
                    by, record, matter.team.handles(by.person_id)
                ),
            },
        ),
    )


def note_reading(request: SignedRequest, record: Record) -> Matter:
    """The matter as it is read: of a sealed one the reading is itself an act, appended before the
    first byte leaves.
    """
    matter = Matter(record)
    if record.classification < access.SECRET:
        return matter
    by: Actor = request.actor
    with work():
        matter = Matter(record_acts.lock(record.pk))
        record_acts.append(matter.record, by, record_acts.Entry(kind="case.read"), matter)
    return matter


@signed_in
@require_POST
def read_task(request: SignedRequest, task_id: int) -> HttpResponse:
    """已阅, or the answer to a request for countersigning."""

    by = request.actor
    task = addressed(by).filter(pk=task_id, closed_at=None).first()
    if task is None:
        raise Absent()
    with work():
        record = record_acts.lock(task.record_id)
        kind = "countersign.answered" if task.kind == Task.ASK else "notice.read"
        act = record_acts.append(
            record,
            by,
            record_acts.Entry(
                kind=kind,
                subject=str(task.pk),
                content={"opinion": request.POST.get("opinion", "已阅")[:2000]},
            ),
        )
        notice_acts.close(act, task=task)
    return redirect("desk:case", task.record_id)


@signed_in
@require_POST
def urge(request: SignedRequest, record_id: int) -> HttpResponse:
    """催办 a handler."""

    record = find(request, record_id)
    by = request.actor
    if not access.own(by, record) or not by.roles & {
        "head",
        "deputy-head",
        "unit-head",
        "review-head",
    }:
        raise Absent()
    with work():
        locked = record_acts.lock(record.pk)
        for row in record.handlers.filter(until=None):
            notice_acts.urge(
                locked, by, row.person_id, request.POST.get("words", "请抓紧办理")[:200]
            )
    return redirect("desk:case", record.pk)


@signed_in
@require_POST
def identity(request: SignedRequest) -> HttpResponse:
    """Switch to another of one's own posts."""
    wanted = given.key(request.POST.get("post"))
    if any(actor.post_id == wanted for actor in access.actors_of(request.actor.person_id)):
        request.session["post"] = wanted
    return redirect("desk:home")
