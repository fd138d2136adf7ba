"""Channels, what they take, and what the provincial platform is told."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import channels_views, platform_views

app_name = "disclosure"
urlpatterns = [
    path("channels", channels_views.channels, name="channels"),
    path("channels/double/<slug:kind>", channels_views.double, name="double"),
    path("channels/again/<slug:key>", channels_views.again, name="again"),
    path("channels/platform", platform_views.export, name="platform"),
    path("channels/platform/<int:act_id>/receipt", platform_views.receipt, name="receipt"),
    path("channels/<slug:channel>/<slug:code>", channels_views.package, name="package"),
]
