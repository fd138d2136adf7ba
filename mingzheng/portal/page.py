"""One way to answer: render, remember the size of letters, and let browsers ask whether anything
changed.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag

SIZES = ("large", "normal")
LONGEST = 200
YEAR = 365 * 24 * 3600


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page as HTML with an ETag and `no-cache`; 304 when the reader already has this very
    page.
    """
    asked = request.GET.get("size")
    size = asked if asked in SIZES else request.COOKIES.get("size", "normal")
    response = render(
        request,
        f"portal/{template}.html",
        {**context, "size": size, "other_size": _other_size(request, size)},
        status=status,
    )
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie"])
    if asked in SIZES:
        response.set_cookie(
            "size",
            asked,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response
    if status != 200:
        return response
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _other_size(request: HttpRequest, size: str) -> str:
    """The address of this page in the other size, with the question that was asked kept."""
    query = request.GET.copy()
    for name in query:
        # A pasted document need not come back twice the size.
        query[name] = str(query[name])[:LONGEST]
    query["size"] = "normal" if size == "large" else "large"
    return f"{request.path}?{query.urlencode()}"
