"""The product's table of contents."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from mingzheng.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
]
handler404 = "mingzheng.site.errors.not_found"
handler500 = "mingzheng.site.errors.failed"
_ = include
