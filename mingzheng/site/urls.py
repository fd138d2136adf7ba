"""The product's table of contents: three rooms, and the pages that chapters bring to the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from mingzheng.procedures import chapters
from mingzheng.site import views


def table() -> list[URLPattern | URLResolver]:
    """Every address of the product; the public site first, because most ask for it."""
    return [
        path("healthz", views.healthz, name="healthz"),
        path("", include("mingzheng.portal.urls")),
        path("", include("mingzheng.capture.urls")),
        path("", include("mingzheng.desk.urls")),
        *(path("desk/", include(each.pages)) for each in chapters.every() if each.pages),
    ]


urlpatterns = table()
handler400 = "mingzheng.site.errors.bad_request"
handler403 = "mingzheng.site.errors.forbidden"
handler404 = "mingzheng.site.errors.not_found"
handler500 = "mingzheng.site.errors.failed"
