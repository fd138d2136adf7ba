"""The product's table of contents."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from mingzheng.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("", include("mingzheng.portal.urls")),
    path("", include("mingzheng.capture.urls")),
    path("", include("mingzheng.desk.urls")),
    *(
        path("desk/", include(f"mingzheng.desk.urls.{chapter}"))
        for chapter in (
            "agencies",
            "archive",
            "cases",
            "catalogue",
            "disclosure",
            "evidence",
            "oversight",
            "rulebook",
        )
    ),
]
handler404 = "mingzheng.site.errors.not_found"
handler500 = "mingzheng.site.errors.failed"
