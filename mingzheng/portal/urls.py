"""The public site: every page by GET, none behind a sign-in; one button, pressed at the door of a visit."""

from __future__ import annotations

from django.urls import URLPattern, path

from mingzheng.portal import rules_views, views, visit_views

urlpatterns: list[URLPattern] = [
    path("", views.home),
    path("about", views.about),
    path("a/<slug:code>", views.agency),
    path("decisions", views.decisions),
    path("p/<slug:code>", views.item),
    path("withdrawals", views.withdrawals),
    path("officers", views.officers),
    path("q", views.verify),
    path("q/<str:code>", views.verify),
    path("q/<str:code>/here", visit_views.here),
    path("rules", rules_views.every),
    path("rules/<slug:code>", rules_views.one),
]
