"""The door before the framework: a kept page is answered from its file, everything else goes on
inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie

from mingzheng.pages import store

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
PREFIX = "/p/"
# What belongs to one answer only and is never kept.
PERSONAL = {"set-cookie", "date", "content-length"}


def asked(path: str, query: str, cookies: str) -> tuple[str, str] | None:
    """(code, size) of a public page that is asked for plainly; None for everything else."""
    if query or not path.startswith(PREFIX):
        return None
    code = path[len(PREFIX) :]
    if not store.CODE.fullmatch(code):
        return None
    return code, (
        "large"
        if "size=large" in cookies and parse_cookie(cookies).get("size") == "large"
        else "normal"
    )


def before(application: Application) -> Application:
    """The application with the door before it."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return application(environ, start)
        page = asked(
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_COOKIE", ""),
        )
        kept = store.read(*page) if page else None
        if kept is None:
            return application(environ, start)
        if kept.status.startswith("200") and _same(
            environ.get("HTTP_IF_NONE_MATCH", ""), kept.etag
        ):
            start(
                "304 Not Modified",
                [each for each in kept.headers if each[0].lower() != "content-type"],
            )
            return [b""]
        start(kept.status, [*kept.headers, ("Content-Length", str(len(kept.body)))])
        return [kept.body] if environ["REQUEST_METHOD"] == "GET" else [b""]

    return answer


def _same(asked_for: str, etag: str) -> bool:
    return bool(etag) and (
        asked_for.strip() == "*"
        or etag.removeprefix("W/")
        in [each.strip().removeprefix("W/") for each in asked_for.split(",")]
    )


def keeping(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, outermost: an answer whose view said `keep_as = turn` is kept with all its
    headers.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        seen = getattr(response, "keep_as", None)
        page = asked(
            request.path, request.META.get("QUERY_STRING", ""), request.META.get("HTTP_COOKIE", "")
        )
        if (
            seen is not None
            and page is not None
            and request.method == "GET"
            and response.status_code in (200, 410)
        ):
            headers = [
                (name, value) for name, value in response.items() if name.lower() not in PERSONAL
            ]
            status = f"{response.status_code} {response.reason_phrase}"
            store.keep(*page, seen, status, headers, response.get("ETag", ""), response.content)
        return response

    return middleware
