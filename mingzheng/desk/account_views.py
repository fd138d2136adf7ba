"""One's own account: password, second factor, sessions, history; and the ways in beside a password."""

from __future__ import annotations

import re

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies import policy
from mingzheng.agencies.acts import accounts, attempts, factors, sittings
from mingzheng.agencies.models import Account, SignIn
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk import unsent_views
from mingzheng.desk.identity import (
    HELD,
    OWES,
    PENDING,
    STEPPED,
    address,
    at_the_door,
    came_elsewhere,
    enter,
    inside,
    just_in,
    log,
    own_account,
    passed,
    pending,
    place,
    second_shown,
    settled,
    stepped,
    to_step_up,
)
from mingzheng.desk.menu import shell
from mingzheng.records.refusal import Refused, refuse

NUMBER = re.compile(r"[0-9]{1,18}")


def with_code(request: SignedRequest) -> HttpResponse:
    """The first password, or one after a reset: chosen by the person with a code that works once."""
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            return _redeemed(request)
        except Refused as error:
            refusal = error
    return render(
        request,
        "desk/code.html",
        {
            "refusal": refusal,
            "asked": policy.read("password"),
            # What was typed stays, unless it is no code at all.
            "code": "" if refusal and refusal.about("code") else request.POST.get("code", ""),
        },
        status=409 if refusal else 200,
    )


def _redeemed(request: SignedRequest) -> HttpResponse:
    limits, name = policy.read("lock"), attempts.key("code", address(request))
    if not attempts.take(name, limits["pair"]):
        log(request, "", "locked")
        raise refuse(f"试的次数太多，请 {attempts.minutes()} 分钟后再试。", title="没有设置密码")
    row = accounts.code_for(request.POST.get("code", ""))
    if row is None:
        log(request, "", "code-wrong")
        raise refuse(
            "一次性代码不对、已经用过或者过期，请向管理员要新的。",
            title="没有设置密码",
            field="code",
        )
    # A right code is no guess: what is wrong with the new password is not counted.
    attempts.clear(name)
    raw = request.POST.get("password", "")
    if raw != request.POST.get("again", ""):
        raise refuse("两次输入的密码不一样。", title="没有设置密码", field="again")
    account = accounts.redeem(row, raw)
    log(request, account.login, "code")
    passed(request, account)
    if PENDING in request.session:
        return redirect("desk:second")
    return unsent_views.after_sign_in(request, account.person_id, "")


def second(request: SignedRequest) -> HttpResponse:
    """The second factor: to come in, or again before something that matters."""
    signed = request.actor or request.owing
    account = own_account(request) if signed else pending(request)
    if account is None:
        return redirect("desk:login")
    back, fault = request.POST.get("next", request.GET.get("next", "")), ""
    if request.method == "POST":
        if second_shown(
            request, account, request.POST.get("code", ""), request.POST.get("answer", "")
        ):
            if not signed:
                enter(request, account, came_elsewhere(request))
                log(request, account.login, "in")
            stepped(request)
            if not signed:
                return unsent_views.after_sign_in(request, account.person_id, back)
            held = request.session.get(HELD)
            if held and held["person"] == account.person_id:
                return redirect("desk:resume")
            return redirect(back if inside(back) else reverse("desk:home"))
        fault = "没有通过：口令不对、用过了，或者试的次数太多。请等下一个口令再试。"
    options, request.session["challenge"] = factors.asking(account, place(request))
    return render(
        request,
        "desk/second.html",
        {
            "fault": fault,
            "next": back,
            "options": options,
            "kinds": {row.kind for row in factors.held(account)},
            "again": bool(signed),
            "minutes": policy.read("second")["fresh_minutes"],
        },
        status=403 if fault else 200,
    )


@at_the_door
def account(request: SignedRequest) -> HttpResponse:
    """One's own account."""
    mine, refusal, codes = own_account(request), None, []
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb in ("recovery", "remove") and (away := to_step_up(request)):
            return away
        try:
            codes = _act(request, mine, verb)
            if not codes:
                return redirect(reverse("agencies:account") + "?done=1")
        except Refused as error:
            refusal = error
    return render(
        request,
        "desk/account.html",
        shell(
            request,
            "account",
            {
                "mine": mine,
                "refusal": refusal,
                "codes": codes or request.session.pop("codes", []),
                "owes": request.session.get(OWES, ""),
                "asked": policy.read("password"),
                "factors": factors.held(mine),
                "recovery": mine.recovery_codes.filter(used_at=None).count(),
                "sittings": sittings.open_ones(mine),
                "this": request.session.session_key,
                "history": SignIn.objects.filter(login=mine.login).order_by("-pk")[:30],
            },
        ),
        status=409 if refusal else 200,
    )


def _act(request: SignedRequest, mine: Account, verb: str) -> list[str]:
    if verb == "password":
        _change(request, mine)
    elif verb == "recovery" and factors.held(mine):
        return factors.new_recovery_codes(mine)
    elif verb == "remove":
        wanted = request.POST.get("factor", "")
        factors.remove(mine, int(wanted) if NUMBER.fullmatch(wanted) else 0)
        settled(request, mine)
    elif verb == "elsewhere":
        sittings.end_all(mine, "elsewhere", but=request.session.session_key or "")
    elif verb == "end":
        wanted = request.POST.get("sitting", "")
        rows = [row for row in sittings.open_ones(mine) if str(row.pk) == wanted]
        sittings.end([row for row in rows if row.key != request.session.session_key], "elsewhere")
    return []


def _change(request: SignedRequest, mine: Account) -> None:
    raw, name = request.POST.get("password", ""), attempts.key("change", mine.pk)
    if raw != request.POST.get("again", ""):
        raise refuse("两次输入的新密码不一样。", title="没有改密码", field="again")
    if not attempts.take(name, policy.read("lock")["pair"]):
        raise refuse(f"试的次数太多，请 {attempts.minutes()} 分钟后再试。", title="没有改密码")
    fresh, shown = request.session.get(STEPPED), mine
    changed = accounts.change_password(shown, request.POST.get("old", ""), raw)
    attempts.clear(name)
    # Every session ended with the old password; this one goes on as a new one.
    enter(request, changed)
    if fresh:
        request.session[STEPPED] = fresh


@at_the_door
def phone(request: SignedRequest) -> HttpResponse:
    """A phone's authenticator: the QR code, then a code that proves it."""
    mine, refusal = own_account(request), None
    if factors.held(mine) and (away := to_step_up(request)):
        return away
    secret = request.session.get("totp") or factors.new_secret()
    request.session["totp"] = secret
    if request.method == "POST":
        try:
            _owner(request, mine)
            codes = factors.add_totp(
                mine, secret, request.POST.get("code", ""), request.POST.get("name", "")
            )
            return _added(request, mine, codes)
        except Refused as error:
            refusal = error
    picture = segno.make(factors.address(mine, secret), error="m")
    return render(
        request,
        "desk/phone.html",
        shell(
            request,
            "account",
            {
                "refusal": refusal,
                "picture": picture.svg_inline(scale=5, border=2, title="动态口令二维码"),
                "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            },
        ),
        status=409 if refusal else 200,
    )


@at_the_door
def security_key(request: SignedRequest) -> HttpResponse:
    """A security key (WebAuthn)."""
    mine, refusal = own_account(request), None
    if factors.held(mine) and (away := to_step_up(request)):
        return away
    if request.method == "POST":
        try:
            _owner(request, mine)
            codes = factors.add_key(
                mine,
                request.POST.get("answer", ""),
                request.session.pop("challenge", ""),
                place(request),
                request.POST.get("name", ""),
            )
            return _added(request, mine, codes)
        except Refused as error:
            refusal = error
    options, request.session["challenge"] = factors.registration(mine, place(request))
    return render(
        request,
        "desk/key.html",
        shell(request, "account", {"refusal": refusal, "options": options}),
        status=409 if refusal else 200,
    )


def _owner(request: SignedRequest, mine: Account) -> None:
    """The first factor is bound by whoever has just shown the password, not by an old session."""
    if not factors.held(mine) and not just_in(request):
        minutes = policy.read("second")["fresh_minutes"]
        raise refuse(
            f"登录已经超过 {minutes} 分钟。请退出后重新登录，再添加第一种第二步验证。",
            title="没有添加",
        )


def _added(request: SignedRequest, mine: Account, codes: list[str]) -> HttpResponse:
    request.session.pop("totp", None)
    if codes:
        # Shown once, on the next page.
        request.session["codes"] = codes
    settled(request, mine)
    stepped(request)
    return redirect(reverse("agencies:account") + "?done=1")
