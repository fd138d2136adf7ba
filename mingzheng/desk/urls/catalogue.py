"""The pages on which the agency says what it may do, and the law that they rest on."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import public_pages_views

app_name = "catalogue"
urlpatterns = [
    path("pages", public_pages_views.page_list, name="pages"),
    path("pages/register/<slug:kind>", public_pages_views.register, name="register"),
    path("pages/import/<slug:kind>", public_pages_views.import_sheet, name="bring"),
    path("pages/<int:record_id>/sheet", public_pages_views.sheet, name="sheet"),
    path("bases", public_pages_views.legal_bases, name="bases"),
]
