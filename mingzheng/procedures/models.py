"""Proposals: an act that waits for the people on its approval route."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import Guarded
from mingzheng.records.ids import next_id
from mingzheng.records.models import Act, Record


class Proposal(Guarded):
    """What was proposed, word for word; approvals bind to `text_hash`."""

    memos = ("position", "state", "closed_by")
    OPEN, DONE, RETURNED, REFUSED, WITHDRAWN = "open", "done", "returned", "refused", "withdrawn"
    NAMES = {
        OPEN: "审批中",
        DONE: "已批准",
        RETURNED: "已退回",
        REFUSED: "未批准",
        WITHDRAWN: "已撤回",
    }

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="proposals")
    agency_id = models.BigIntegerField()
    step = models.CharField(max_length=120)
    name = models.CharField(max_length=100)
    route_id = models.CharField(max_length=80)
    payload = models.TextField()
    files = models.JSONField(default=list)
    text_hash = models.CharField(max_length=64)
    route = models.JSONField()
    route_source = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    proposer_id = models.BigIntegerField()
    proposer_post_id = models.BigIntegerField(null=True)
    opened_by = models.ForeignKey(Act, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=OPEN)
    closed_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["record", "state"], name="proposal_by_record")]

    @property
    def said(self) -> str:
        """Where it stands, in Chinese."""
        return self.NAMES[self.state]
