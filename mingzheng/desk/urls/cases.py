"""Registers that cases fill: licences, property; and handing matters over."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import handover_views, licence_views, property_views

app_name = "cases"
urlpatterns = [
    path("licences", licence_views.licence_register, name="licences"),
    path("property", property_views.property_list, name="property"),
    path("property/count", property_views.count, name="count"),
    path("handover", handover_views.handover, name="handover"),
]
