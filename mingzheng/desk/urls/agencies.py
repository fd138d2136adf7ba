"""Pages of the agency itself: accounts, delegations and days, devices and rooms, the audit."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import (
    account_views,
    audit_views,
    equipment_views,
    office_views,
    people_views,
)

app_name = "agencies"
urlpatterns = [
    path("people", people_views.people, name="people"),
    path("people/<int:person_id>", people_views.person, name="person"),
    path("account", account_views.account, name="account"),
    path("account/phone", account_views.phone, name="phone"),
    path("account/key", account_views.security_key, name="key"),
    path("audit", audit_views.audit, name="audit"),
    path("office", office_views.office, name="office"),
    path("equipment", equipment_views.equipment_page, name="equipment"),
]
