"""Sign-in, the identity a session acts under, lockout and revocation."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from mingzheng.agencies import access, passwords, policy
from mingzheng.agencies.acts import accounts, attempts, factors, sittings
from mingzheng.agencies.models import Account, Noted, SignIn
from mingzheng.agencies.oidc.flow import Shown
from mingzheng.agencies.requests import SignedRequest
from mingzheng.records.actors import Actor
from mingzheng.unsent.sealing import seal

_DUMMY = ""
# In the session: what was sent after the session had ended. The cookie: whose browser this is.
HOLD_LIMIT = 1 << 20
HELD, WHO = "held", "mz-who"
# Whose browsers this one is: whoever signed in here has attempts of his own, also after signing out.
KNOWN, KNOWN_DAYS, MOST_KNOWN = "mz-known", 180, 8
NEVER_HELD = {"csrfmiddlewaretoken", "password", "old", "again", "code", "answer"}
# In the session: who has shown his password and not yet the second factor; when the session began
# and was last used; when the second factor was shown; what is owed before anything else.
PENDING, BEGUN, SEEN, STEPPED, OWES = "pending", "begun", "seen", "stepped", "owes"
FACTOR = "factor"
# In the session: he was shown to be himself by the agency's own directory, and owes no password.
ELSEWHERE = "elsewhere"
# How exactly the last use is known. Each time it is kept costs a write.
SEEN_EVERY = 300
# What is searched for with these is a person, and such a search is noted.
IDENTIFIER = re.compile(r"[1-9][0-9]{14}(?:[0-9]{2}[0-9Xx])?|[0-9A-Z]{18}|1[3-9][0-9]{9}")


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
        chosen = _chosen(known)
        # Who still owes a password or a second factor may do that and nothing else.
        known.owing = chosen if known.session.get(OWES) else None
        # None for a visitor; behind `signed_in` there is always somebody.
        known.actor = cast(Actor, None if known.owing else chosen)
        response = get_response(request)
        _note(known, response)
        return response

    return middleware


def _identities(request: SignedRequest) -> list[Actor]:
    login, epoch = request.session.get("login"), request.session.get("epoch")
    if not login or epoch is None or _over(request):
        return []
    found = access.actors_signed_in(login, epoch)
    if not found and not Account.objects.filter(login=login, active=True, epoch=epoch).exists():
        request.session.flush()
    return found


def _over(request: SignedRequest) -> bool:
    """End a session that was idle too long, or went on too long; else remember that it is used."""
    begun, seen = request.session.get(BEGUN), request.session.get(SEEN)
    if begun is None or seen is None:
        return False
    limits, now = policy.read("session"), timezone.now().timestamp()
    if now - seen > limits["idle_minutes"] * 60 or now - begun > limits["longest_hours"] * 3600:
        request.session.flush()
        return True
    if now - seen > SEEN_EVERY:
        request.session[SEEN] = now
    return False


def _chosen(request: SignedRequest) -> Actor | None:
    found = request.identities
    chosen = request.session.get("post")
    return next((actor for actor in found if actor.post_id == chosen), found[0] if found else None)


def _note(request: SignedRequest, response: HttpResponse) -> None:
    """What the audit administrator reads besides acts: refusals, and searches for a person."""
    by = request.actor
    if by is None or not inside(request.path):
        return
    if response.status_code in (403, 409):
        why = getattr(request, "refused", "")
        noted(
            request, by, "refusal", f"{request.method} {request.path}" + (f"：{why}" if why else "")
        )
    elif response.status_code == 404:
        noted(request, by, "absent", f"{request.method} {request.path}")
    elif request.GET:
        for name in request.GET:
            value = str(request.GET[name]).strip()
            if IDENTIFIER.fullmatch(value):
                noted(request, by, "search", f"{request.path}（{name}，尾号 {value[-4:]}）")


def noted(request: SignedRequest, by: Actor, kind: str, what: str) -> None:
    """Keep a line for the audit administrator."""
    Noted.objects.create(
        agency_id=by.agency_id,
        person_id=by.person_id,
        kind=kind,
        at=timezone.now(),
        address=address(request),
        what="".join(char for char in what if char.isprintable())[:200],
    )


def address(request: HttpRequest) -> str:
    """Where a request comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def browser(request: HttpRequest) -> str:
    """What the browser calls itself, as one harmless line."""
    said = str(request.META.get("HTTP_USER_AGENT", ""))
    return "".join(char for char in said if char.isprintable())[:120]


WRONG = "账号或者密码不对，请重新输入。"


def locked_words() -> str:
    """The same for every login, whether there is one or not."""
    return (
        f"登录失败次数过多，已锁定，请 {attempts.minutes()} 分钟后再试；"
        "急用的请安全管理员解锁，或者换用您平时用的浏览器。"
    )


def sign_in(request: SignedRequest, login: str, password: str) -> str:
    """Sign in; empty on success, else what to do, in Chinese. Where the account has a second factor
    the session only remembers that it waits for it.

    An attempt is taken before the password is looked at, in one UPDATE, so that a hundred at once
    get no more than five. Attempts are counted of a login from one address; a stranger elsewhere
    therefore locks nobody out. Of a login from everywhere more are left, and whoever's browser has
    signed in before has attempts of its own.
    """
    global _DUMMY
    limits, login = policy.read("lock"), login[:200]
    here = address(request)
    account = Account.objects.filter(login=login[:60]).select_related("person").first()
    known = account is not None and account.person_id in known_here(request)
    pair = attempts.key("browser" if known else "pair", login, here)
    every = attempts.key("login", login)
    if attempts.full(attempts.key("address", here), limits["address"]) or not attempts.take(
        pair, limits["pair"], login
    ):
        _log(request, login, "locked")
        return locked_words()
    if not known and not attempts.take(every, limits["account"], login):
        _log(request, login, "locked")
        return locked_words()
    # An unknown login costs as much time as a wrong password, so nobody learns which logins exist.
    _DUMMY = _DUMMY or passwords.hashed("x")
    try:
        right = passwords.right(password, _hash(account), _keep(account))
    except passwords.Busy:
        attempts.give_back(pair, every)
        _log(request, login, "busy")
        raise
    if account is None or not right:
        attempts.failed(attempts.key("address", here))
        _log(request, login, "wrong")
        return WRONG
    attempts.clear(pair, every)
    if not account.active:
        _log(request, login, "disabled")
        return "账号已停用，请联系系统管理员。"
    passed(request, account)
    return ""


def _hash(account: Account | None) -> str:
    # Whoever has no password yet is as wrong as whoever does not exist, and as slow.
    usable = account is not None and account.has_usable_password()
    return account.password if account is not None and usable else _DUMMY


def _keep(account: Account | None) -> Callable[[str], None] | None:
    """Keep a hash made with today's parameters in place of an older one of the same password."""
    if account is None or not account.has_usable_password():
        return None

    def anew(raw: str) -> None:
        from django.contrib.auth.hashers import make_password

        Account.objects.filter(pk=account.pk).update(password=make_password(raw))

    return anew


def passed(request: SignedRequest, account: Account, shown: Shown | None = None) -> None:
    """The password was right, or the agency's own directory showed who it is: in, or on to the second
    factor, unless the directory asked for one.
    """
    second = shown is not None and shown.second
    if factors.held(account) and not second:
        request.session.cycle_key()
        request.session[PENDING] = {
            "account": account.pk,
            "epoch": account.epoch,
            "at": timezone.now().timestamp(),
            ELSEWHERE: shown is not None,
        }
        _log(request, account.login, "factor")
        return
    enter(request, account, shown is not None)
    if shown is not None and second:
        # As fresh as the directory says; where it says nothing, not fresh at all.
        request.session[STEPPED] = shown.at
    _log(request, account.login, "in")


def pending(request: SignedRequest) -> Account | None:
    """Whose second factor this session waits for; ten minutes, then from the beginning."""
    said = request.session.get(PENDING)
    if not said or not _lately(said["at"]):
        return None
    rows = Account.objects.filter(pk=said["account"], epoch=said["epoch"], active=True)
    return rows.select_related("person").first()


def second_shown(request: SignedRequest, account: Account, typed: str, answer: str) -> bool:
    """Whether the second factor was right: a code, or what a security key signed. Few attempts, as
    of passwords.
    """
    name = attempts.key("second", account.pk)
    if not attempts.take(name, policy.read("lock")["pair"], account.login):
        _log(request, account.login, "locked")
        return False
    challenge = request.session.pop("challenge", "")
    right = (
        factors.key_shown(account, answer, challenge, place(request))
        if answer
        else bool(factors.shown(account, typed))
    )
    if right:
        attempts.clear(name)
    else:
        _log(request, account.login, "factor-wrong")
    return right


def place(request: HttpRequest) -> factors.Place:
    """Where a security key is asked."""
    return factors.Place.of(str(request.scheme), request.get_host())


def came_elsewhere(request: SignedRequest) -> bool:
    """Whether what comes before the second factor was shown elsewhere."""
    return bool(request.session.get(PENDING, {}).get(ELSEWHERE))


def enter(request: SignedRequest, account: Account, elsewhere: bool = False) -> None:
    """Start a fresh session for an account; `elsewhere` where no password of ours was shown."""
    now = timezone.now().timestamp()
    request.session.pop(PENDING, None)
    request.session.cycle_key()
    rotate_token(request)
    request.session["login"], request.session["epoch"] = account.login, account.epoch
    request.session[BEGUN] = request.session[SEEN] = now
    for name in ("post", STEPPED, OWES, FACTOR, ELSEWHERE):
        request.session.pop(name, None)
    if elsewhere:
        request.session[ELSEWHERE] = True
    if factors.held(account):
        request.session[FACTOR] = True
    if owed := accounts.owes(account, elsewhere):
        request.session[OWES] = owed
    sittings.begin(account, request.session.session_key or "", address(request), browser(request))


def stepped(request: SignedRequest) -> None:
    """The second factor was shown just now."""
    request.session[STEPPED] = timezone.now().timestamp()


def settled(request: SignedRequest, account: Account) -> None:
    """Something that was owed is done: ask again what else is."""
    request.session["epoch"] = account.epoch
    if factors.held(account):
        request.session[FACTOR] = True
    else:
        request.session.pop(FACTOR, None)
    if owed := accounts.owes(account, bool(request.session.get(ELSEWHERE))):
        request.session[OWES] = owed
    else:
        request.session.pop(OWES, None)


def own_account(request: SignedRequest) -> Account:
    """The account of whoever is signed in, or at the door."""
    return Account.objects.select_related("person").get(login=request.session["login"])


def log(request: SignedRequest, login: str, outcome: str) -> None:
    """Keep how a sign-in ended."""
    _log(request, login, outcome)


def _log(request: SignedRequest, login: str, outcome: str) -> None:
    SignIn.objects.create(
        login="".join(char for char in login if char.isprintable())[:60],
        at=timezone.now(),
        address=address(request),
        outcome=outcome,
        browser=browser(request),
    )


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only with an identity; otherwise to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.owing is not None:
            return redirect("agencies:account")
        return signed_in_only(request, view, *args, **kwargs)

    return guarded


def at_the_door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The same for the pages of one's own account, which are open to whoever still owes something."""

    @wraps(view)
    def guarded(request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.owing is not None:
            request.actor = request.owing
        return signed_in_only(request, view, *args, **kwargs)

    return guarded


def signed_in_only(
    request: SignedRequest, view: Callable[..., HttpResponseBase], *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The view for whoever is signed in, whatever he owes."""
    if request.actor is None:
        hold(request)
        # What somebody sends after he signed out, in another window say, is kept by nobody.
        lost = "&lost=1" if request.method == "POST" and HELD not in request.session else ""
        return redirect(f"{reverse('desk:login')}?next={quote(request.path)}{lost}")
    return view(request, *args, **kwargs)


def to_step_up(request: SignedRequest) -> HttpResponse | None:
    """Where somebody goes who has a second factor and has not shown it of late; None where nothing
    stands in the way. What he sent is kept and sent on afterwards.
    """
    if not request.session.get(FACTOR):
        # A factor may have been bound in another session since.
        if not factors.held(own_account(request)):
            return None
        request.session[FACTOR] = True
    if _lately(request.session.get(STEPPED, 0)):
        return None
    hold(request)
    back = request.get_full_path() if request.method == "GET" else ""
    return redirect(f"{reverse('desk:second')}?{urlencode({'next': back})}")


def just_in(request: SignedRequest) -> bool:
    """Whether this session began within the minutes for which a second step counts."""
    begun = request.session.get(BEGUN)
    return begun is None or _lately(begun)


def _lately(moment: float) -> bool:
    """Whether this is no longer ago than a second step counts."""
    fresh = policy.read("second")["fresh_minutes"] * 60
    return bool(timezone.now().timestamp() - moment <= fresh)


def stepped_up(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What this view is sent to do asks for the second factor within the last minutes."""

    @wraps(view)
    def guarded(request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        away = to_step_up(request) if request.method == "POST" else None
        return away or view(request, *args, **kwargs)

    return guarded


def inside(address: str) -> bool:
    """Whether an address is one of the officers' own pages."""
    return address.startswith((reverse("desk:home"), reverse("capture:capture"))) and not {
        "\\",
        "\n",
    } & set(address)


def _whose(request: SignedRequest) -> int | None:
    """Whose browser this is, by the cookie that it got when he signed in."""
    known = request.COOKIES.get(WHO, "")
    try:
        return int(signing.loads(known, salt=WHO, max_age=settings.UNSENT_DAYS * 86400))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def known_here(request: SignedRequest) -> list[int]:
    """Who has signed in with this browser before, the last one first."""
    try:
        said = signing.loads(request.COOKIES.get(KNOWN, ""), salt=KNOWN, max_age=KNOWN_DAYS * 86400)
    except signing.BadSignature:
        return []
    return [each for each in said if isinstance(each, int)] if isinstance(said, list) else []


def know(request: SignedRequest, response: HttpResponse, person_id: int) -> None:
    """Remember that somebody has signed in with this browser."""
    others = [each for each in known_here(request) if each != person_id]
    response.set_cookie(
        KNOWN,
        signing.dumps([person_id, *others][:MOST_KNOWN], salt=KNOWN),
        max_age=KNOWN_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def hold(request: SignedRequest) -> None:
    """Keep what somebody sent whose session had ended, sealed, until he has signed in again; nothing
    of a browser that nobody ever signed in with, and nothing large.
    """
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if request.method != "POST" or not length.isdigit() or int(length) > HOLD_LIMIT:
        return
    person = _whose(request)
    if person is None:
        return
    answers = {name: request.POST.getlist(name) for name in request.POST if name not in NEVER_HELD}
    if answers:
        request.session[HELD] = {
            "person": person,
            "place": request.path,
            "body": seal(answers),
            "files": bool(request.FILES),
        }
