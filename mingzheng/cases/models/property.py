"""涉案财物: what was sealed or seized, item by item, and every move of it."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly
from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Record


class Seizure(Kept):
    """One measure: what kind, since when, until when, how it ended."""

    WAYS = {
        "seal": "查封",
        "seize": "扣押",
        "freeze": "冻结存款、汇款",
        "other": "其他行政强制措施",
    }

    record = models.ForeignKey(Record, models.PROTECT, related_name="seizures")
    agency_id = models.BigIntegerField()
    act = models.OneToOneField(Act, models.PROTECT, related_name="seizure")
    way = models.CharField(max_length=12)
    urgent = models.BooleanField()
    place = models.CharField(max_length=200)
    until = models.DateField(null=True)
    ended_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    ended_how = models.CharField(max_length=20, blank=True)


class Property(Kept):
    """One thing in the agency's keeping; `state` and `place` are memos of its moves."""

    KEPT = "kept"
    STATES = {
        KEPT: "在库",
        "returned": "已退还",
        "confiscated": "已没收",
        "destroyed": "已销毁",
        "sold": "已拍卖、变卖",
        "transferred": "已移送",
        "testing": "送检中",
    }

    agency_id = models.BigIntegerField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="property")
    seizure = models.ForeignKey(Seizure, models.PROTECT, null=True, related_name="items")
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    specification = models.CharField(max_length=120, blank=True)
    quantity = models.CharField(max_length=40)
    place = models.CharField(max_length=120)
    keeper_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, default=KEPT)

    class Meta:
        unique_together = [("agency_id", "number")]
        indexes = [models.Index(fields=["agency_id", "state", "place"], name="property_by_place")]


class PropertyMove(AppendOnly):
    """In, moved, out: who handed what to whom, from where to where."""

    property = models.ForeignKey(Property, models.PROTECT, related_name="moves")
    agency_id = models.BigIntegerField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    what = models.CharField(max_length=12)
    origin = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=120, blank=True)
    receiver = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)


class Stocktake(AppendOnly):
    """盘点: what the books say and what was counted, with every difference explained."""

    agency_id = models.BigIntegerField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="stocktakes")
    act = models.OneToOneField(Act, models.PROTECT, related_name="stocktake")
    place = models.CharField(max_length=120)
    # [{"property", "number", "name", "found": bool, "note"}]
    lines = models.JSONField(default=list)
