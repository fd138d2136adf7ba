"""Evidence items: the eight kinds, their originals, who keeps them, seals."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly, Guarded
from mingzheng.records.ids import next_id
from mingzheng.records.models import Act, Blob, Record

# 《行政处罚法》第四十六条第一款.
EVIDENCE_KINDS = (
    "书证",
    "物证",
    "视听资料",
    "电子数据",
    "证人证言",
    "当事人的陈述",
    "鉴定意见",
    "勘验笔录、现场笔录",
)


class Item(Guarded):
    """One piece of evidence of a matter, numbered within it."""

    memos = ("keeper", "place", "sealed_by", "seal_number")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="evidence")
    agency_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=200)
    proves = models.CharField(max_length=300)
    # Taken from an original carrier: which, how, with what tool, and where the carrier is kept.
    carrier = models.JSONField(default=dict)
    # Electronic monitoring: where, published when, and both reviews (处罚法41).
    monitoring = models.JSONField(default=dict)
    keeper = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=120, blank=True)
    sealed_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    seal_number = models.CharField(max_length=60, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="evidence_number_once")
        ]


class ItemFile(AppendOnly):
    """A stored file of an item, as it was given."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="files")
    agency_id = models.BigIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    source = models.CharField(max_length=10, default="desk")


class Custody(AppendOnly):
    """One link of the chain: who gave the item to whom, when, where it lies now, why."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="custody")
    agency_id = models.BigIntegerField()
    giver = models.CharField(max_length=60)
    taker = models.CharField(max_length=60)
    place = models.CharField(max_length=120)
    why = models.CharField(max_length=200)
    at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
