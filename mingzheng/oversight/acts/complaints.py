"""Complaints, reports, advice: accepted by a section, answered, or sent to whom they concern."""

from __future__ import annotations

from mingzheng.agencies.models import Handler, Post
from mingzheng.notices import acts as notice_acts
from mingzheng.oversight.forms import AcceptForm
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records.models import Act


@verb("complaint.accepted", AcceptForm)
def accept(doing: Doing) -> Act:
    """国办发〔2018〕118号 二（三）: a section takes it on; its head is told."""
    act = doing.append(content={"unit": int(doing.data["unit"])})
    doing.record.unit_id = int(doing.data["unit"])
    doing.record.save(update_fields=["unit_id"])
    for post in [
        each
        for each in Post.objects.filter(unit=doing.record.unit_id, until=None)
        if "unit-head" in each.roles
    ]:
        if (
            doing.record.classification
            and not Handler.objects.filter(record=doing.record, person=post.person_id).exists()
        ):
            # Sealed matters are seen by those who handle them, and by nobody else.
            Handler.objects.create(
                record=doing.record,
                agency_id=doing.record.agency_id,
                person_id=post.person_id,
                since=act,
            )
        notice_acts.give(doing.record, act, f"办理：{doing.record.title}", person_id=post.person_id)
    return act
