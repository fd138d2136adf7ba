"""The pages on which the agency says what it may do, and the law that they rest on."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import keeping_views

app_name = "catalogue"
urlpatterns = [
    path("pages", keeping_views.kept, name="pages"),
    path("pages/register/<slug:kind>", keeping_views.register, name="register"),
    path("pages/import/<slug:kind>", keeping_views.bring, name="bring"),
    path("pages/<int:record_id>/sheet", keeping_views.sheet, name="sheet"),
    path("bases", keeping_views.legal_bases, name="bases"),
]
