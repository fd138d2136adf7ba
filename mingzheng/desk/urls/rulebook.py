"""The agency's own rules in plain words."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import rules

app_name = "rulebook"
urlpatterns = [
    path("rules", rules.own, name="rules"),
]
