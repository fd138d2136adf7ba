"""The public site: every page by GET, none behind a sign-in; one button, pressed at the door of a
visit.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from mingzheng.portal import (
    feedback_views,
    log_views,
    open_views,
    page_views,
    proof_views,
    rules_views,
    views,
    visit_views,
)

urlpatterns: list[URLPattern] = [
    path("", views.home),
    path("about", views.about),
    path("a/<slug:code>", views.agency),
    path("a/<slug:code>/lists", page_views.lists),
    path("a/<slug:code>/bases", page_views.bases),
    path("a/<slug:code>/board", page_views.board),
    path("a/<slug:code>/samples", page_views.samples),
    path("a/<slug:code>/samples/<slug:kind>", page_views.sample),
    path("a/<slug:code>/forms/<int:item>/<str:material>", page_views.form, {"filled": False}),
    path(
        "a/<slug:code>/forms/<int:item>/<str:material>/example", page_views.form, {"filled": True}
    ),
    path("decisions", views.decisions),
    path("p/<slug:code>", views.item),
    path("p/<slug:code>/changes", page_views.changes),
    path("p/<slug:code>/sheet", page_views.sheet),
    path("p/<slug:code>/proof", proof_views.publication),
    path("p/<slug:code>/text", proof_views.publication_text),
    path("p/<slug:code>/file/<int:number>", proof_views.publication_file),
    path("withdrawals", views.withdrawals),
    path("officers", views.officers),
    path("q", views.verify),
    path("q/<str:code>", views.verify),
    path("q/<str:code>/proof", proof_views.paper),
    path("open", open_views.index),
    path("open/decisions.jsonl", open_views.decisions_jsonl),
    path("open/decisions.csv", open_views.decisions_csv),
    path("open/double/<slug:code>/<slug:kind>.csv", open_views.double),
    path("open/<slug:name>.atom", open_views.feed),
    path("feedback", feedback_views.tell),
    path("progress", feedback_views.look),
    path("q/<str:code>/rate", feedback_views.rated),
    path("verify", proof_views.page),
    path("q/<str:code>/here", visit_views.here),
    path("log/checkpoint", log_views.checkpoint),
    path("log/vkey", log_views.vkey),
    path("log/verify.py", log_views.verifier),
    path("log/head/<int:size>", proof_views.head),
    path("log/stamp/<int:stamp_id>", proof_views.stamp),
    path("log/tile/<path:name>", log_views.tile),
    path("witness/add-checkpoint", log_views.add_checkpoint),
    path("witness/vkey", log_views.witness_key),
    path("witness/<str:origin_hash>/checkpoint", log_views.witnessed),
    path("rules", rules_views.every),
    path("rules/<slug:code>", rules_views.one),
]
