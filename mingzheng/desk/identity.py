"""Sign-in, the identity a session acts under, lockout and revocation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from mingzheng.agencies import access
from mingzheng.agencies.models import Account, SignIn
from mingzheng.agencies.requests import SignedRequest
from mingzheng.records.actors import Actor
from mingzheng.unsent.sealing import seal

_DUMMY = ""
# In the session: what was sent after the session had ended. The cookie: whose browser this is.
HOLD_LIMIT = 1 << 20
HELD, WHO = "held", "mz-who"


def identify(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `request.actor` is the identity of this session, or None.

    The account is read on every request: a disabled one, or one whose epoch was
    raised, has no session any more from that moment.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        known = cast(SignedRequest, request)
        known.identities = _identities(known)
        # None for a visitor; behind `signed_in` there is always somebody.
        known.actor = cast(Actor, _chosen(known))
        return get_response(request)

    return middleware


def _identities(request: SignedRequest) -> list[Actor]:
    login, epoch = request.session.get("login"), request.session.get("epoch")
    if not login or epoch is None:
        return []
    found = access.actors_signed_in(login, epoch)
    if not found and not Account.objects.filter(login=login, active=True, epoch=epoch).exists():
        request.session.flush()
    return found


def _chosen(request: SignedRequest) -> Actor | None:
    found = request.identities
    chosen = request.session.get("post")
    return next((actor for actor in found if actor.post_id == chosen), found[0] if found else None)


def sign_in(request: SignedRequest, login: str, password: str) -> str:
    """Sign in; empty on success, else what to do, in Chinese. Five failures lock the account for a
    while.
    """
    global _DUMMY
    account = Account.objects.filter(login=login).first()
    now = timezone.now()
    if account and account.locked_until and account.locked_until > now:
        _log(request, login, "locked")
        left = int((account.locked_until - now).total_seconds() // 60) + 1
        return f"登录失败次数过多，账号已锁定，请 {left} 分钟后再试，或者请安全管理员解锁。"
    # An unknown login costs as much time as a wrong password, so nobody learns which logins exist.
    _DUMMY = _DUMMY or make_password("x")
    right = check_password(password, account.password if account else _DUMMY)
    if account is None or not right:
        return _failed(request, login, account)
    if not account.active:
        _log(request, login, "disabled")
        return "账号已停用，请联系系统管理员。"
    Account.objects.filter(pk=account.pk).update(failures=0, locked_until=None)
    enter(request, account)
    _log(request, login, "in")
    return ""


def _failed(request: SignedRequest, login: str, account: Account | None) -> str:
    _log(request, login, "wrong")
    if account is None:
        return "账号或者密码不对，请重新输入。"
    account.failures += 1
    if account.failures >= settings.LOCK_AFTER:
        account.failures = 0
        account.locked_until = timezone.now() + timedelta(minutes=settings.LOCK_MINUTES)
    account.save(update_fields=["failures", "locked_until"])
    return "账号或者密码不对，请重新输入。"


def enter(request: SignedRequest, account: Account) -> None:
    """Start a fresh session for an account."""
    request.session.cycle_key()
    request.session["login"], request.session["epoch"] = account.login, account.epoch
    request.session.pop("post", None)


def _log(request: SignedRequest, login: str, outcome: str) -> None:
    SignIn.objects.create(
        login=login[:60],
        at=timezone.now(),
        address=request.META.get("REMOTE_ADDR", "")[:45],
        outcome=outcome,
    )


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only with an identity; otherwise to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor is None:
            hold(request)
            return redirect(f"{reverse('desk:login')}?next={quote(request.path)}")
        return view(request, *args, **kwargs)

    return guarded


def inside(address: str) -> bool:
    """Whether an address is one of the officers' own pages."""
    return address.startswith((reverse("desk:home"), reverse("capture:capture"))) and not {
        "\\",
        "\n",
    } & set(address)


def hold(request: SignedRequest) -> None:
    """Keep what somebody sent whose session had ended, sealed, until he has signed in again; nothing
    of a browser that nobody ever signed in with, and nothing large.
    """
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    known = request.COOKIES.get(WHO, "")
    if request.method != "POST" or not known or not length.isdigit() or int(length) > HOLD_LIMIT:
        return
    try:
        person = int(signing.loads(known, salt=WHO, max_age=settings.UNSENT_DAYS * 86400))
    except (signing.BadSignature, ValueError):
        return
    answers = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "password")
    }
    if answers:
        request.session[HELD] = {
            "person": person,
            "place": request.path,
            "body": seal(answers),
            "files": bool(request.FILES),
        }
