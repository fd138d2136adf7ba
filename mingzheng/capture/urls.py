"""The addresses of the phone."""

from __future__ import annotations

from django.urls import path

from mingzheng.capture import shell, views

urlpatterns = [
    path("", views.page),
    path("/plain", views.plain),
    path("/now", views.now),
    path("/matters", views.taken_along),
    path("/matter", views.matter),
    path("/sync", views.sync),
    path("/sealed", views.sealed),
    path("/sw.js", shell.worker),
    path("/manifest.webmanifest", shell.manifest),
]
