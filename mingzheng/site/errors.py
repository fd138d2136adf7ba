"""What people read when something is not there, is busy or has failed."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingzheng.agencies.passwords import Busy
from mingzheng.desk.identity import inside
from mingzheng.procedures.outcome import Absent
from mingzheng.records.refusal import Refused
from mingzheng.records.store import StoreError
from mingzheng.site import stopping
from mingzheng.unsent import acts as unsent

log = logging.getLogger(__name__)


def speak_plainly(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: absent, refused and busy become pages; the rest is left to Django's 500."""

    class Speaker:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            if isinstance(error, Absent):
                return not_found(request)
            if isinstance(error, StoreError):
                return render(
                    request, "site/refused.html", {"refusal": Refused(str(error))}, status=507
                )
            if isinstance(error, Refused):
                request.refused = error.title  # type: ignore[attr-defined]
                return render(request, "site/refused.html", {"refusal": error}, status=409)
            if isinstance(error, Busy):
                answer = render(request, "site/queue.html", {}, status=503)
                answer["Retry-After"] = "30"
                return answer
            if isinstance(error, OperationalError):
                return render(request, "site/busy.html", {"number": _number()}, status=503)
            return None

    return Speaker()


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, word for word the same for what is not there and what may not be seen."""
    return render(request, "site/absent.html", {}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came is no request that we know."""
    return stopping.unreadable(request, "发来的内容不完整或者格式不对")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 in plain words."""
    return stopping.stopped(request, 403, "不能这样办理", "请从本系统的页面重新打开后再试。")


def failed(request: HttpRequest) -> HttpResponse:
    """500, with a number to quote; the log carries the same number."""
    number = _number()
    log.error("failure %s on %s", number, request.path)
    return render(request, "site/failed.html", {"number": number}, status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or the request came from elsewhere; what an officer had typed is
    kept for him.
    """
    actor, kept = getattr(request, "actor", None), None
    if actor is not None and inside(request.path):
        kept = unsent.keep_if_it_fits(actor, request.path, request.POST)
    return render(request, "site/expired.html", {"kept": kept, "place": request.path}, status=403)


def _number() -> str:
    return secrets.token_hex(4)
