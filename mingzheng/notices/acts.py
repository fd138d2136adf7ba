"""Give, copy, urge and close tasks."""

from __future__ import annotations

from mingzheng.core import clock
from mingzheng.notices.models import Task
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Record


def give(
    record: Record,
    act: Act,
    title: str,
    *,
    person_id: int | None = None,
    role: str = "",
    unit_id: int | None = None,
    kind: str = Task.TODO,
    proposal_id: int | None = None,
) -> Task:
    """Put a line into the inbox of a person or of everyone who holds `role`."""
    return Task.objects.create(
        agency_id=record.agency_id,
        record=record,
        kind=kind,
        title=title,
        person_id=person_id,
        role=role,
        unit_id=unit_id,
        proposal_id=proposal_id,
        opened_by=act,
        opened_at=clock.now(),
        opener_id=act.actor_id,
    )


def close(act: Act, *, proposal_id: int | None = None, task: Task | None = None) -> None:
    """Close the tasks of a proposal, or one task, by the act that answered them."""
    rows = Task.objects.filter(closed_at=None)
    rows = (
        rows.filter(pk=task.pk)
        if task
        else rows.filter(record=act.record_id, proposal_id=proposal_id)
    )
    rows.update(closed_by=act, closed_at=clock.now(), closer_id=act.actor_id)


def urge(record: Record, by: Actor, person_id: int, words: str) -> Act:
    """国办发〔2018〕118号（执法全过程记录）: 催办, the record says who urged whom; the person
    finds it under 督办.
    """
    act = record_acts.append(
        record,
        by,
        record_acts.Entry(
            kind="duty.urged",
            subject=str(person_id),
            content={"words": words},
            attrs={"person_urged": person_id},
        ),
    )
    give(record, act, words, person_id=person_id, kind=Task.URGE)
    return act
