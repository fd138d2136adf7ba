"""The product's table of contents."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from mingzheng.desk import (
    act_views,
    channels_views,
    equipment_views,
    evidence_views,
    feedback_views,
    file_views,
    handover_views,
    keeping_views,
    licence_views,
    list_views,
    media_views,
    mistake_views,
    office_views,
    paper_views,
    property_views,
    rules,
    upload_views,
)
from mingzheng.desk import views as desk
from mingzheng.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz),
    path("", include("mingzheng.portal.urls")),
    path("capture", include("mingzheng.capture.urls")),
    path("login", desk.login),
    path("logout", desk.logout),
    path("demo", desk.demo_people),
    path("desk", list_views.home),
    path("desk/identity", desk.identity),
    path("desk/people", desk.people),
    path("desk/office", office_views.office),
    path("desk/rules", rules.own),
    path("desk/cases", list_views.matters),
    path("desk/licences", licence_views.held),
    path("desk/feedback", feedback_views.told),
    path("desk/pages", keeping_views.kept),
    path("desk/pages/register/<slug:kind>", keeping_views.register),
    path("desk/pages/import/<slug:kind>", keeping_views.bring),
    path("desk/pages/<int:record_id>/sheet", keeping_views.sheet),
    path("desk/bases", keeping_views.legal_bases),
    path("desk/channels", channels_views.channels),
    path("desk/channels/double/<slug:kind>", channels_views.double),
    path("desk/channels/<slug:channel>/<slug:code>", channels_views.package),
    path("desk/cases/new", act_views.begin),
    path("desk/cases/new/<slug:code>", act_views.register),
    path("desk/cases/<int:record_id>", desk.case),
    path("desk/cases/<int:record_id>/urge", desk.urge),
    path("desk/cases/<int:record_id>/do/<path:key>", act_views.step),
    path("desk/cases/<int:record_id>/void/<int:act_id>", mistake_views.void),
    path("desk/cases/<int:record_id>/evidence", evidence_views.evidence),
    path("desk/proof/<int:act_id>", file_views.proof),
    path("desk/property", property_views.kept),
    path("desk/property/count", property_views.count),
    path("desk/equipment", equipment_views.equipment_page),
    path("desk/handover", handover_views.handover),
    path("desk/proposals/<int:proposal_id>", act_views.proposal),
    path("desk/proposals/<int:proposal_id>/paper", paper_views.register),
    path("desk/proposals/<int:proposal_id>/check", paper_views.check),
    path("desk/tasks/<int:task_id>", paper_views.task),
    path("desk/documents/<int:document_id>", file_views.document),
    path("desk/files/<int:attachment_id>", file_views.attachment),
    path("desk/uploads", upload_views.uploads),
    path("desk/uploads/receipts.pub", upload_views.key),
    path("desk/uploads/<slug:code>", upload_views.upload),
    path("desk/media/<int:rendition_id>", media_views.media),
    path("desk/volumes/<int:volume_id>", file_views.volume),
    path("desk/tasks/<int:task_id>/read", desk.read_task),
]
handler404 = "mingzheng.site.errors.not_found"
handler500 = "mingzheng.site.errors.failed"
