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

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("about", views.about, name="about"),
    path("a/<slug:code>", views.agency, name="agency"),
    path("a/<slug:code>/lists", page_views.lists, name="lists"),
    path("a/<slug:code>/bases", page_views.bases, name="bases"),
    path("a/<slug:code>/board", page_views.board, name="board"),
    path("a/<slug:code>/samples", page_views.samples, name="samples"),
    path("a/<slug:code>/samples/<slug:kind>", page_views.sample, name="sample"),
    path(
        "a/<slug:code>/forms/<int:item>/<str:material>",
        page_views.form,
        {"filled": False},
        name="form",
    ),
    path(
        "a/<slug:code>/forms/<int:item>/<str:material>/example",
        page_views.form,
        {"filled": True},
        name="form_example",
    ),
    path("decisions", views.decisions, name="decisions"),
    path("p/<slug:code>", views.item, name="item"),
    path("p/<slug:code>/changes", page_views.changes, name="changes"),
    path("p/<slug:code>/sheet", page_views.sheet, name="sheet"),
    path("p/<slug:code>/proof", proof_views.publication, name="item_proof"),
    path("p/<slug:code>/text", proof_views.publication_text, name="item_text"),
    path("p/<slug:code>/file/<int:number>", proof_views.publication_file, name="item_file"),
    path("withdrawals", views.withdrawals, name="withdrawals"),
    path("officers", views.officers, name="officers"),
    path("q", views.verify, name="verify"),
    path("q/<str:code>", views.verify, name="verified"),
    path("q/<str:code>/proof", proof_views.paper, name="paper_proof"),
    path("open", open_views.index, name="open"),
    path("open/decisions.jsonl", open_views.decisions_jsonl, name="decisions_jsonl"),
    path("open/decisions.csv", open_views.decisions_csv, name="decisions_csv"),
    path("open/double/<slug:code>/<slug:kind>.csv", open_views.double, name="double"),
    path("open/<slug:name>.atom", open_views.feed, name="feed"),
    path("feedback", feedback_views.tell, name="feedback"),
    path("progress", feedback_views.look, name="progress"),
    path("q/<str:code>/rate", feedback_views.rated, name="rate"),
    path("verify", proof_views.page, name="proofs"),
    path("q/<str:code>/here", visit_views.here, name="here"),
    path("log/checkpoint", log_views.checkpoint, name="checkpoint"),
    path("log/vkey", log_views.vkey, name="vkey"),
    path("log/verify.py", log_views.verifier, name="verifier"),
    path("log/head/<int:size>", proof_views.head, name="head"),
    path("log/stamp/<int:stamp_id>", proof_views.stamp, name="stamp"),
    path("log/tile/<path:name>", log_views.tile, name="tile"),
    path("witness/add-checkpoint", log_views.add_checkpoint, name="witness_add"),
    path("witness/vkey", log_views.witness_key, name="witness_key"),
    path("witness/<str:origin_hash>/checkpoint", log_views.witnessed, name="witnessed"),
    path("rules", rules_views.every, name="rules"),
    path("rules/<slug:code>", rules_views.one, name="rules_of"),
]
