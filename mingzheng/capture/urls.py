"""The addresses of the phone."""

from __future__ import annotations

from django.urls import path

from mingzheng.capture import shell, views

app_name = "capture"
urlpatterns = [
    path("capture", views.page, name="capture"),
    path("capture/plain", views.plain, name="plain"),
    path("capture/now", views.now, name="now"),
    path("capture/matters", views.taken_along, name="matters"),
    path("capture/matter", views.matter, name="matter"),
    path("capture/sync", views.sync, name="sync"),
    path("capture/sealed", views.sealed, name="sealed"),
    path("capture/sw.js", shell.worker, name="worker"),
    path("capture/manifest.webmanifest", shell.manifest, name="manifest"),
]
