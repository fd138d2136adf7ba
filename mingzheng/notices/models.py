"""Tasks: what waits for whom. Every task is opened by an act and closed by an act."""

from __future__ import annotations

from django.db import models

from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Record


class Task(Kept):
    """A line in somebody's inbox: addressed to a person, or to a role of an agency (and unit)."""

    TODO, COPY, URGE, ASK = "todo", "copy", "urge", "ask"
    KINDS = {TODO: "待办", COPY: "抄送", URGE: "督办", ASK: "会签"}

    agency_id = models.BigIntegerField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=8, default=TODO)
    title = models.CharField(max_length=200)
    person_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    unit_id = models.BigIntegerField(null=True)
    proposal_id = models.BigIntegerField(null=True)
    opened_by = models.ForeignKey(Act, models.PROTECT, related_name="tasks_opened")
    opened_at = models.DateTimeField()
    opener_id = models.BigIntegerField(null=True)
    closed_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="tasks_closed")
    closed_at = models.DateTimeField(null=True)
    closer_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "closed_at"], name="task_by_person"),
            models.Index(fields=["agency_id", "role", "closed_at"], name="task_by_role"),
        ]
