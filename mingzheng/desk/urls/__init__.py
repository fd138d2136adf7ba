"""The desk's own addresses: sign-in, workbench, and the pages that every matter has."""

from __future__ import annotations

from django.urls import path

from mingzheng.desk import (
    account_views,
    act_views,
    file_views,
    list_views,
    mistake_views,
    oidc_views,
    paper_views,
    unsent_views,
    views,
)

app_name = "desk"
urlpatterns = [
    path("login", views.login, name="login"),
    path("login/second", account_views.second, name="second"),
    path("login/code", account_views.with_code, name="code"),
    path("login/oidc", oidc_views.begin, name="oidc"),
    path("login/oidc/back", oidc_views.back, name="oidc_back"),
    path("logout", views.logout, name="logout"),
    path("demo", views.demo_people, name="demo"),
    path("desk", list_views.home, name="home"),
    path("desk/identity", views.identity, name="identity"),
    path("desk/unsent", unsent_views.keep, name="keep"),
    path("desk/unsent/waiting", unsent_views.waiting, name="waiting"),
    path("desk/unsent/forget", unsent_views.forget, name="forget"),
    path("desk/unsent/resume", unsent_views.resume, name="resume"),
    path("desk/cases", list_views.matters, name="cases"),
    path("desk/cases/new", act_views.begin, name="begin"),
    path("desk/cases/new/<slug:code>", act_views.register, name="open"),
    path("desk/cases/<int:record_id>", views.case, name="case"),
    path("desk/cases/<int:record_id>/urge", views.urge, name="urge"),
    path("desk/cases/<int:record_id>/do/<path:key>", act_views.step, name="step"),
    path("desk/cases/<int:record_id>/preview/<path:key>", act_views.preview, name="preview"),
    path("desk/cases/<int:record_id>/make/<path:key>", act_views.make, name="make"),
    path("desk/cases/<int:record_id>/files/<path:key>", act_views.keep_files, name="chosen"),
    path("desk/cases/<int:record_id>/void/<int:act_id>", mistake_views.void, name="void"),
    path("desk/proof/<int:act_id>", file_views.proof, name="proof"),
    path("desk/proposals/<int:proposal_id>", act_views.proposal, name="proposal"),
    path(
        "desk/proposals/<int:proposal_id>/files/<int:number>",
        file_views.proposal_file,
        name="proposal_file",
    ),
    path("desk/proposals/<int:proposal_id>/paper", paper_views.register, name="paper"),
    path("desk/proposals/<int:proposal_id>/check", paper_views.check, name="check"),
    path("desk/tasks/<int:task_id>", paper_views.task, name="task"),
    path("desk/tasks/<int:task_id>/read", views.read_task, name="read"),
    path("desk/documents/<int:document_id>", file_views.document, name="document"),
    path("desk/documents/<int:document_id>/receipt", file_views.receipt, name="receipt"),
    path("desk/files/<int:attachment_id>", file_views.attachment, name="file"),
]
