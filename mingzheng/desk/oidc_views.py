"""统一身份认证: away to the agency's own directory, and back signed in. Nobody is made by it; whoever
has no account here is told so. Whatever goes wrong, the password is offered.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingzheng.agencies import access, policy
from mingzheng.agencies.acts import attempts
from mingzheng.agencies.models import Account
from mingzheng.agencies.oidc import flow, provider
from mingzheng.agencies.oidc.asking import Down
from mingzheng.agencies.oidc.flow import Begun, Declined, Wrong
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk import unsent_views
from mingzheng.desk.identity import PENDING, address, log, passed
from mingzheng.desk.views import login_page
from mingzheng.limits import counters

# What was begun, signed, with the browser: a stranger who begins and never comes back leaves no row.
BEGUN = "mz-oidc"
# More than any page of ours has; cookies have an end.
LONGEST_NEXT = 1000
lines = logging.getLogger(__name__)
NONE = "统一身份认证通过了，但本系统没有可用的账号，请联系系统管理员。"
DECLINED = "您没有在统一身份认证处登录，或者那边没有允许。可以再试一次，或者用密码登录。"
WRONG = "统一身份认证的答复核对不过，没有登录。请再试一次，或者用密码登录；一直这样的，请联系系统管理员。"
DOWN = "统一身份认证暂时用不了，请稍后再试，或者用密码登录。"
STALE = "这次登录不是从这个浏览器开始的，或者已经过时、用过了。请重新登录。"
OFTEN = "从这里登录的次数太多，请稍后再试，或者用密码登录。"


@never_cache
@require_GET
def begin(request: SignedRequest) -> HttpResponse:
    """Away to the provider. Only where somebody went there himself: a picture on a foreign page that
    points here uses nothing up.
    """
    found, back = _provider(), request.GET.get("next", "")[:LONGEST_NEXT]
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return login_page(request, STALE, 403, back)
    if wait := counters.spend("oidc", address=address(request)):
        answer = login_page(request, OFTEN, 429, back)
        answer["Retry-After"] = str(wait)
        return answer
    try:
        away, begun = flow.begin(found, _here(), back)
    except Down as error:
        return _down(request, error, back)
    answer = redirect(away)
    answer.set_cookie(
        BEGUN,
        signing.dumps(asdict(begun), salt=BEGUN),
        max_age=policy.read("oidc")["minutes"] * 60,
        path=reverse("desk:oidc"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


@never_cache
@require_GET
def back(request: SignedRequest) -> HttpResponse:
    """Back from the provider; what was begun is used up, whatever comes of it."""
    answer = _back(request)
    answer.delete_cookie(BEGUN, path=reverse("desk:oidc"), samesite="Lax")
    return answer


def _back(request: SignedRequest) -> HttpResponse:
    found, begun = _provider(), _begun(request)
    if begun is None:
        return login_page(request, STALE, 403, "")
    # Counted apart from passwords: nothing that comes back here guesses one.
    failures = attempts.key("oidc", address(request))
    if attempts.full(failures, policy.read("lock")["address"]):
        log(request, "", "locked")
        return login_page(request, OFTEN, 403, begun.next)
    try:
        shown = flow.finish(found, _here(), begun, request.GET)
    except Down as error:
        log(request, "", "oidc-down")
        return _down(request, error, begun.next)
    except Declined:
        log(request, "", "oidc-declined")
        return login_page(request, DECLINED, 403, begun.next)
    except Wrong as error:
        lines.warning("a sign-in by the directory did not hold: %s", error)
        attempts.failed(failures)
        log(request, "", "oidc-wrong")
        return login_page(request, WRONG, 403, begun.next)
    account = Account.objects.filter(login=shown.login).first()
    if account is None or (lacks := _lacks(account)):
        # Who looks through the list of sign-ins reads which of the three it was.
        attempts.failed(failures)
        log(request, shown.login, lacks if account else "oidc-none")
        return login_page(request, NONE, 403, begun.next)
    log(request, account.login, "oidc")
    passed(request, account, shown)
    if PENDING in request.session:
        return redirect(f"{reverse('desk:second')}?{urlencode({'next': begun.next})}")
    return unsent_views.after_sign_in(request, account.person_id, begun.next)


def _begun(request: SignedRequest) -> Begun | None:
    try:
        return Begun.of(signing.loads(request.COOKIES.get(BEGUN, ""), salt=BEGUN))
    except signing.BadSignature:
        return None


def _provider() -> provider.Provider:
    found = provider.read()
    if found is None:
        raise Http404
    return found


def _here() -> str:
    """Our address that the provider knows; never one that a request names."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("desk:oidc_back")


def _lacks(account: Account) -> str:
    """Why an account can't be used today: closed, or without a post that runs."""
    if not account.active:
        return "disabled"
    return "" if access.actors_signed_in(account.login, account.epoch) else "oidc-post"


def _down(request: SignedRequest, error: Down, back: str) -> HttpResponse:
    lines.warning("the directory can't be used: %s", error)
    return login_page(request, DOWN, 503, back)
