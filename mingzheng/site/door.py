"""The door: what comes in is looked at once, before anything reads it.

`Door` stands before the session and the token: addresses and charsets that nobody can mean, who may
send a body to this address at all, how large, how often. What it turns away is not read. `Answers`
stands behind them and looks at what was typed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from typing import Any, cast
from urllib.parse import quote

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import given
from mingzheng.desk.identity import HOLD_LIMIT, WHO
from mingzheng.limits import addresses, counters, table
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Record
from mingzheng.site import stopping

Get = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
# Where somebody who is not signed in may send something, and under which name it is counted. The
# sign-in counts what failed and by account as well, so it asks the counters itself.
OPEN: dict[str, str] = {
    "desk:login": "",
    "desk:second": "",
    "desk:code": "",
    "desk:demo": "",
    "desk:logout": "",
    "portal:feedback": "feedback",
    "portal:progress": "progress",
    "portal:rate": "rate",
    "portal:here": "here",
    "portal:witness_add": "witness",
}
# Read as they come, by views that say themselves how much they take and that answer in their own way.
STREAMS = {"evidence:uploads", "evidence:upload"}
OWN_WORDS = {*STREAMS, "capture:sync", "desk:keep"}
# What they take is no form; only the witness, whom no token guards, is not asked what he calls it.
NO_FORMS = {*STREAMS, "capture:sync"}
RAW = {*NO_FORMS, "portal:witness_add"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']*)", re.IGNORECASE)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Door:
    """Middleware: who may bring what, before it is read."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = addresses.client(request.META)
        if fault := _address(request) or _charset(request):
            return stopping.unreadable(request, fault)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """An answer instead of the page, or None."""
        if any(isinstance(each, int) and each > given.LARGEST for each in kwargs.values()):
            return stopping.unreadable(request, "地址里的编号太长")
        if request.method in SAFE or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name
        known = cast(SignedRequest, request)
        return (
            _stranger(known, name)
            or _form_where_none_is(request, name)
            or _unmeasured(request, name)
            or _too_large(request, name)
            or _absent(known, kwargs)
            or _too_often(request, name, kwargs)
        )


def _address(request: HttpRequest) -> str:
    """What is wrong with the path and the question behind it."""
    if fault := given.foul(request.path_info):
        return f"地址里有不能用的字符（{fault}）"
    if request.META.get("QUERY_STRING"):
        try:
            return _texts((request.GET,), "地址里")
        except BadRequest:
            return "地址里的参数太多"
    return ""


def _charset(request: HttpRequest) -> str:
    said = _CHARSET.search(request.META.get("CONTENT_TYPE") or "")
    if said and said[1].lower().replace("_", "-") not in ("utf-8", "utf8"):
        return "内容的编码不是 UTF-8"
    return ""


def _texts(forms: Iterable[Any], where: str) -> str:
    for form in forms:
        for name, values in form.lists():
            for text in (name, *values):
                if fault := given.foul(text if isinstance(text, str) else text.name or ""):
                    return f"{where}有不能用的字符（{fault}）"
    return ""


def _length(request: HttpRequest) -> int:
    return given.key(request.META.get("CONTENT_LENGTH"))


def _stranger(request: SignedRequest, name: str) -> HttpResponse | None:
    """Who is not signed in sends nothing but to open addresses; what was sent when a session had just
    ended is kept (`desk.identity.hold`), so that much of a browser that we know is read.
    """
    if request.actor is not None or name in OPEN:
        return None
    if name in OWN_WORDS or name.startswith(("portal:", "capture:", "healthz")):
        # The view says itself that nobody is signed in, or that it takes no orders; what came with
        # it is never read.
        request.META["CONTENT_LENGTH"] = "0"
        stream = cast(Any, request)
        stream._stream = LimitedStream(io.BytesIO(), 0)
        return None
    if WHO in request.COOKIES and _length(request) <= HOLD_LIMIT:
        return None
    return redirect(f"{reverse('desk:login')}?next={quote(request.path)}")


def _form_where_none_is(request: HttpRequest, name: str) -> HttpResponse | None:
    """Reading a form for its token would unpack what the view wants to read itself."""
    if name in NO_FORMS and request.content_type in FORMS:
        return stopping.stopped(
            request, 415, "发来的不是这里收的内容，没有受理", "请刷新页面后重试。"
        )
    return None


def _unmeasured(request: HttpRequest, name: str) -> HttpResponse | None:
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    if name not in STREAMS and chunked:
        return stopping.unmeasured(request)
    return None


def _too_large(request: HttpRequest, name: str) -> HttpResponse | None:
    if name in STREAMS:
        return None
    sizes = table.numbers()["size"]
    most = sizes.get(name, sizes["form"])
    return stopping.too_large(request, most) if _length(request) > most else None


def _absent(request: SignedRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
    """Files for a matter that somebody may not see are not even unpacked."""
    if request.actor is None or request.content_type != "multipart/form-data":
        return None
    if _length(request) <= table.numbers()["size"]["small"]:
        return None
    record: int | None = kwargs.get("record_id")
    if proposal := kwargs.get("proposal_id"):
        record = Proposal.objects.filter(pk=proposal).values_list("record_id", flat=True).first()
    elif record is None:
        return None
    found = Record.objects.filter(pk=record or 0).first()
    if found is None or not access.reach(request.actor).shows(found):
        return stopping.absent(request)
    return None


def _too_often(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> HttpResponse | None:
    counted = OPEN.get(name)
    if not counted:
        return None
    about = str(kwargs.get("code", ""))
    wait = counters.spend(counted, address=request.META["REMOTE_ADDR"], about=about)
    return stopping.too_often(request, wait) if wait else None


class Answers:
    """Middleware: what was typed holds no character that no text may hold; and what it is about is
    counted where the address does not say it.
    """

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """An answer instead of the page, or None."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.method != "POST" or request.content_type not in FORMS or name in RAW:
            return None
        try:
            fault = _texts((request.POST, request.FILES), "填写的内容里")
        except MultiPartParserError:
            fault = "发来的表单不完整"
        if fault:
            return stopping.unreadable(request, fault)
        about = {"portal:progress": "number", "portal:feedback": "agency"}.get(name)
        if about and (said := request.POST.get(about, "").strip()[:80]):
            wait = counters.spend(OPEN[name], about=said)
            return stopping.too_often(request, wait) if wait else None
        return None
