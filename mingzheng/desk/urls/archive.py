"""Bound volumes."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import file_views

app_name = "archive"
urlpatterns = [
    path("volumes/<int:volume_id>", file_views.volume, name="volume"),
]
