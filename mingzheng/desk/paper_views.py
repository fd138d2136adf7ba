"""Paper approvals and countersigning: small pages beside the approval page."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import given
from mingzheng.desk.act_views import uploads
from mingzheng.desk.identity import signed_in, stepped_up
from mingzheng.desk.menu import shell
from mingzheng.documents import proving
from mingzheng.notices.access import addressed
from mingzheng.notices.models import Task
from mingzheng.procedures import paper
from mingzheng.procedures.outcome import Absent
from mingzheng.records.models import ActContent
from mingzheng.records.refusal import refuse


@signed_in
@stepped_up
@require_POST
def register(request: SignedRequest, proposal_id: int) -> HttpResponse:
    """Register the scan of a sheet that a leader signed."""
    paper.require(request.actor, proposal_id)
    signed_at = given.moment(request.POST.get("signed_at"))
    signer = given.number(request.POST.get("signer"))
    if signed_at is None or signer is None:
        raise refuse("请选择签批人，并填写签批时间。")
    # Nothing is kept for somebody who may not.
    paper.require(request.actor, proposal_id, signer)
    paper.register(
        request.actor,
        proposal_id,
        signer,
        signed_at,
        request.POST.get("opinion", ""),
        list(uploads(request, "签批单扫描件")),
    )
    return redirect("desk:proposal", proposal_id)


@signed_in
@stepped_up
@require_POST
def check(request: SignedRequest, proposal_id: int) -> HttpResponse:
    """A second person has compared scan and original."""
    said = request.POST.get("text_hash", "")
    outcome = proving.surely(lambda: paper.check(request.actor, proposal_id, said))
    return redirect("desk:case", outcome.act.record_id)


@signed_in
def task(request: SignedRequest, task_id: int) -> HttpResponse:
    """会签: the question, and a place for the answer."""
    found = (
        addressed(request.actor)
        .filter(pk=task_id, kind=Task.ASK, closed_at=None)
        .select_related("record")
        .first()
    )
    if found is None:
        raise Absent()
    said = json.loads(ActContent.objects.get(act=found.opened_by).body)
    return render(
        request,
        "desk/task.html",
        shell(
            request,
            "home",
            {
                "task": found,
                "question": said.get("question", ""),
                "asker": said.get("by", {}).get("name", ""),
            },
        ),
    )
