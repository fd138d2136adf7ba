"""Complaints, reports, advice: accepted by a section, answered, or sent to whom they concern."""

from __future__ import annotations

from mingzheng.agencies.models import Handler, Post
from mingzheng.notices import acts as notice_acts
from mingzheng.oversight.forms import AcceptForm
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@verb("complaint.accepted", AcceptForm)
def accept(context: StepContext) -> Act:
    """国办发〔2018〕118号 二（三）: a section takes it on; its head is told."""
    act = context.append(content={"unit": int(context.data["unit"])})
    context.record.unit_id = int(context.data["unit"])
    context.record.save(update_fields=["unit_id"])
    for post in [
        each
        for each in Post.objects.filter(unit=context.record.unit_id, until=None)
        if "unit-head" in each.roles
    ]:
        if (
            context.record.classification
            and not Handler.objects.filter(record=context.record, person=post.person_id).exists()
        ):
            # Sealed matters are seen by those who handle them, and by nobody else.
            Handler.objects.create(
                record=context.record,
                agency_id=context.record.agency_id,
                person_id=post.person_id,
                since=act,
            )
        notice_acts.give(
            context.record, act, f"办理：{context.record.title}", person_id=post.person_id
        )
    return act
