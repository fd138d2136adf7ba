"""Pages of the agency itself: accounts, delegations and days, devices and rooms."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import equipment_views, office_views, views

app_name = "agencies"
urlpatterns = [
    path("people", views.people, name="people"),
    path("office", office_views.office, name="office"),
    path("equipment", equipment_views.equipment_page, name="equipment"),
]
