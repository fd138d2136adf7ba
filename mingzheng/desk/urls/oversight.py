"""What people told the agency, and how its units publish."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import assessment_views, feedback_views

app_name = "oversight"
urlpatterns = [
    path("feedback", feedback_views.feedback_list, name="feedback"),
    path("assessment", assessment_views.assessment, name="assessment"),
]
