"""Evidence and recordings of a matter, and files on their way in."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import evidence_views, media_views, upload_views

app_name = "evidence"
urlpatterns = [
    path("cases/<int:record_id>/evidence", evidence_views.evidence, name="evidence"),
    path("uploads", upload_views.uploads, name="uploads"),
    path("uploads/receipts.pub", upload_views.key, name="receipt_key"),
    path("uploads/<slug:code>", upload_views.upload, name="upload"),
    path("media/<int:rendition_id>", media_views.media, name="media"),
]
