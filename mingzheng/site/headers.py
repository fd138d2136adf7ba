"""Security headers on every answer: no inline script or style, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src"
    " 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: CSP and friends; signed-in pages are not kept by caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", CSP)
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault(
            "Permissions-Policy", "geolocation=(), camera=(self), microphone=(self)"
        )
        if settings.PUBLIC_URL.startswith("https:"):
            # Behind a proxy the request itself does not look secure.
            response.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"
            )
        if request.path.startswith(_desk()):
            response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


@cache
def _desk() -> str:
    # Asked of every answer, so it is reversed once.
    return reverse("desk:home")
