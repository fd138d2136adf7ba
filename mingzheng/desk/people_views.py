"""Accounts and posts of the agency for the three administrators, each with his own verbs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies.acts import accounts, attempts
from mingzheng.agencies.models import Account, Agency, Person, Post, TwoHands, Unit
from mingzheng.agencies.requests import SignedRequest
from mingzheng.agencies.separation import ADMINS, SECURITY, SYSTEM
from mingzheng.catalogue import sheets
from mingzheng.catalogue.workbooks import Column
from mingzheng.core import clock
from mingzheng.core.regimes import vocabulary
from mingzheng.desk.identity import signed_in, to_step_up
from mingzheng.desk.menu import shell
from mingzheng.procedures.forms import UPLOAD_LIMIT
from mingzheng.procedures.outcome import Absent
from mingzheng.records import scanning
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act
from mingzheng.records.refusal import Ground, Refused, refuse
from mingzheng.records.words import act_name

# What a list of new people says of each.
PEOPLE = (
    Column("name", "姓名", True),
    Column("login", "账号", True, also=("登录名",), part=True),
    Column("unit", "科室", True, also=("所在科室", "内设机构")),
    Column("title", "职务", True, also=("岗位",)),
    Column("qualification", "法律职业资格证号"),
)
NUMBER = re.compile(r"[0-9]{1,18}")
PAGE = 50


def said_yes(decision: str) -> bool:
    """Whether the second administrator agreed; Refused where the answer is neither yes nor no."""
    if decision not in ("agree", "refuse"):
        raise refuse("请选择同意或者不同意。", title="没有确认", field="decision")
    return decision == "agree"


def _number(text: str) -> int:
    return int(text) if NUMBER.fullmatch(text) else 0


@signed_in
def people(request: SignedRequest) -> HttpResponse:
    """Everybody's account, what waits for a second administrator, and the form for a new one."""
    by: Actor = request.actor
    if not by.roles & ADMINS:
        raise Absent()
    agency, refusal, code, opened = Agency.objects.get(pk=by.agency_id), None, "", None
    many: list[tuple[Account, str]] = []
    if request.method == "POST":
        if away := to_step_up(request):
            return away
        try:
            if request.POST.get("verb") == "import":
                many = _import(request, agency, by)
            else:
                opened, code = _act(request, agency, by)
            if not code and not many:
                return redirect(reverse("agencies:people") + "?done=1")
        except Refused as error:
            refusal = error
    word = request.GET.get("q", "").strip()[:40]
    rows = Account.objects.filter(person__posts__agency=agency).select_related("person")
    if word:
        rows = rows.filter(person__name__contains=word) | rows.filter(login__contains=word)
    page = Paginator(rows.distinct().order_by("pk"), PAGE).get_page(request.GET.get("page"))
    logins = [account.login for account in page]
    return render(
        request,
        "desk/people.html",
        shell(
            request,
            "people",
            {
                "page": page,
                "q": word,
                "refusal": refusal,
                "said": request.POST if refusal else {},
                "code": code,
                "opened": opened,
                "many": many,
                "columns": PEOPLE,
                "locked": attempts.locked(logins),
                "units": agency.units.order_by("pk"),
                "asked": accounts.waiting(agency, by),
                "system": SYSTEM in by.roles,
                "security": SECURITY in by.roles,
            },
        ),
        status=409 if refusal else 200,
    )


def _import(request: SignedRequest, agency: Agency, by: Actor) -> list[tuple[Account, str]]:
    """开户 by a sheet: read apart from here, everybody or nobody."""
    if SYSTEM not in by.roles:
        raise Absent()
    sent = request.FILES.get("file")
    if sent is None or (sent.size or 0) > UPLOAD_LIMIT:
        raise refuse("请选择一个 .xlsx 或者 CSV 文件。", title="没有开户")
    found = sheets.read(b"".join(scanning.watched(sent.chunks())), PEOPLE)
    if found.faults:
        raise Refused("没有开户，一个也没有开", tuple(map(Ground, found.said())))
    return accounts.open_many(agency, by, ((row.number, row.values) for row in found.rows))


def _act(request: SignedRequest, agency: Agency, by: Actor) -> tuple[Account | None, str]:
    verb, said = request.POST.get("verb", ""), request.POST
    if verb == "open":
        unit = Unit.objects.filter(pk=_number(said.get("unit", "")), agency=agency).first()
        if unit is None:
            raise refuse("请选择科室。", title="没有开户", field="unit")
        return accounts.open_for(
            agency,
            by,
            said.get("name", ""),
            said.get("login", ""),
            unit,
            said.get("title", ""),
            said.get("qualification", ""),
        )
    if verb == "answer":
        asked = (
            TwoHands.objects.filter(pk=_number(said.get("asked", "")), agency=agency)
            .select_related("account__person")
            .first()
        )
        if asked is None:
            raise Absent()
        _, code = accounts.answer(agency, by, asked, said_yes(said.get("decision", "")))
        return asked.account, code
    raise Absent()


@signed_in
def person(request: SignedRequest, person_id: int) -> HttpResponse:
    """One person: account, posts and roles, and what was done with them."""
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    found = Person.objects.filter(pk=person_id, posts__agency=agency).distinct().first()
    if not by.roles & ADMINS or found is None:
        raise Absent()
    account = Account.objects.filter(person=found).first()
    refusal, code = None, ""
    if request.method == "POST":
        if away := to_step_up(request):
            return away
        try:
            code = _do(request, agency, by, found, account)
            if not code:
                return redirect(reverse("agencies:person", args=[found.pk]) + "?done=1")
        except Refused as error:
            refusal = error
        account = Account.objects.filter(person=found).first()
    today = clock.today()
    posts = list(Post.objects.filter(person=found).select_related("agency", "unit").order_by("pk"))
    for post in posts:
        post.running = post.until is None or post.until >= today  # type: ignore[attr-defined]
        post.ours = post.agency_id == agency.pk  # type: ignore[attr-defined]
    own = by.person_id == found.pk
    return render(
        request,
        "desk/person.html",
        shell(
            request,
            "people",
            {
                "found": found,
                "account": account,
                "locked": bool(account and attempts.locked([account.login])),
                "posts": posts,
                "refusal": refusal,
                "said": request.POST if refusal else {},
                "typed": _typed(request.POST) if refusal else None,
                "code": code,
                "own": own,
                "system": SYSTEM in by.roles and not own,
                "security": SECURITY in by.roles and not own,
                "units": agency.units.order_by("pk"),
                "roles": _roles(agency),
                "history": _history(agency, found, posts),
                "waiting": account
                and TwoHands.objects.filter(account=account, state=TwoHands.OPEN).first(),
            },
        ),
        status=409 if refusal else 200,
    )


def _typed(said: QueryDict) -> dict[str, Any]:
    """The fields of a post as they were sent, to be shown again."""
    return {
        "verb": said.get("verb"),
        "post": _number(said.get("post", "")),
        "unit_id": _number(said.get("unit", "")),
        "title": said.get("title", ""),
        "roles": said.getlist("role"),
        "since": said.get("since", ""),
    }


def _roles(agency: Agency) -> list[tuple[str, str]]:
    return list(vocabulary().roles.items())


def _history(agency: Agency, found: Person, posts: list[Post]) -> list[tuple[Act, str]]:
    """What was done to his account and posts here, newest first."""
    of_posts = [str(post.pk) for post in posts if post.agency_id == agency.pk]
    rows = Act.objects.filter(record=agency.record_id).order_by("-pk")
    acts = [
        *rows.filter(kind__startswith="account.", subject=str(found.pk))[:30],
        *rows.filter(kind__startswith="factor.", subject=str(found.pk))[:30],
        *rows.filter(kind="password.changed", subject=str(found.pk))[:30],
        *rows.filter(kind__in=("post.appointed", "post.ended"), subject__in=of_posts)[:30],
    ]
    acts.sort(key=lambda act: -act.pk)
    names = dict(
        Person.objects.filter(pk__in=[act.actor_id for act in acts]).values_list("pk", "name")
    )
    for act in acts:
        act.name = act_name(act.kind) + (
            f"（{TwoHands.VERBS[act.of]}）" if act.of in TwoHands.VERBS else ""
        )
    return [
        (act, names.get(act.actor_id, "本人" if "password" in act.kind else "系统")) for act in acts
    ]


def _do(
    request: SignedRequest, agency: Agency, by: Actor, found: Person, account: Account | None
) -> str:
    verb, said = request.POST.get("verb", ""), request.POST
    reason = said.get("reason", "")
    if verb in ("appoint", "change"):
        unit = Unit.objects.filter(pk=_number(said.get("unit", "")), agency=agency).first()
        if unit is None:
            raise refuse("请选择科室。", title="没有任职", field="unit")
        roles, title = said.getlist("role"), said.get("title", "")
        if verb == "appoint":
            accounts.appoint(agency, by, found, unit, title, roles, _since(said.get("since", "")))
        else:
            accounts.change_post(agency, by, _post(found, agency, said), unit, title, roles)
        return ""
    if verb == "rename":
        accounts.rename(agency, by, found, said.get("name", ""), reason)
        return ""
    if verb == "leave":
        accounts.leave(agency, by, _post(found, agency, said))
        return ""
    if account is None:
        raise Absent()
    if verb == "disable":
        accounts.disable(agency, by, account, reason)
    elif verb == "enable":
        accounts.enable(agency, by, account, reason)
    elif verb == "unlock":
        accounts.unlock(agency, by, account)
    elif verb == "reset":
        accounts.ask_reset(agency, by, account, reason)
    elif verb == "code":
        return accounts.give_code(agency, by, account)
    else:
        raise Absent()
    return ""


def _post(found: Person, agency: Agency, said: dict[str, str]) -> Post:
    row = Post.objects.filter(pk=_number(said.get("post", "")), person=found, agency=agency).first()
    if row is None:
        raise Absent()
    return row


def _since(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse("任职日期不对，请重新选择。", title="没有任职", field="since") from error
