"""作废一条记录: what it was, what will follow, and who may do it."""

from __future__ import annotations

import json
import secrets

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies import access
from mingzheng.agencies.requests import SignedRequest
from mingzheng.cases.acts import mistakes
from mingzheng.cases.forms.mistakes import VoidForm
from mingzheng.desk.act_views import fields, in_sections
from mingzheng.desk.identity import signed_in
from mingzheng.desk.inbox import state_name
from mingzheng.desk.menu import shell
from mingzheng.desk.views import find
from mingzheng.disclosure import acts as disclosure_acts
from mingzheng.procedures.outcome import Absent
from mingzheng.records.models import Act, Duty
from mingzheng.records.refusal import Refused
from mingzheng.records.unit import work
from mingzheng.records.words import act_name

# Entries that a publication rests on: when one of them is void, the page goes in the same
# transaction.
CARRYING = ("decision.made", "result.formed", "decision.served")


@signed_in
def void(request: SignedRequest, record_id: int, act_id: int) -> HttpResponse:
    """Show what the entry carries, or declare it void."""
    by = request.actor
    record = find(request, record_id)
    act = Act.objects.select_related("content").filter(record=record, pk=act_id).first()
    if act is None or not access.own(by, record):
        raise Absent()
    form = VoidForm(request.POST or None, record=record, actor=by)
    refusal, key = None, request.POST.get("form_key", secrets.token_hex(12))[:64]
    if request.method == "POST" and form.is_valid():
        try:
            with work():
                mistakes.void_entry(
                    by,
                    record.pk,
                    act.pk,
                    form.cleaned_data["why"],
                    form.cleaned_data["reason"],
                    key,
                )
                if act.kind in CARRYING:
                    record.refresh_from_db()
                    disclosure_acts.take_down(
                        record, by, f"公示所依据的记录已作废：{form.cleaned_data['reason']}"
                    )
            return redirect(reverse("desk:case", args=[record.pk]) + "?done=entry.voided")
        except Refused as error:
            refusal = error
    said = json.loads(act.content.body) if hasattr(act, "content") else {}
    return render(
        request,
        "desk/void.html",
        shell(
            request,
            "cases",
            {
                "record": record,
                "act": act,
                "name": act_name(act.kind, act.of),
                "who": said.get("by", {}).get("name", "系统"),
                "form": form,
                "fields": (rows := fields(form)),
                "sections": in_sections(rows),
                "form_key": key,
                "refusal": refusal,
                "state": state_name(record),
                "fault": "" if refusal else mistakes.why_not(by, record, act),
                "papers": record.documents.filter(act__subject=str(act.pk), voided_by=None),
                "opened": Duty.objects.filter(opened_by=act, state=Duty.OPEN),
                "closed": Duty.objects.filter(closed_by=act, state=Duty.DONE),
                "public": (
                    act.kind in CARRYING and record.publications.filter(state="live").exists()
                ),
            },
        ),
        status=409 if refusal else 422 if form.errors else 200,
    )
