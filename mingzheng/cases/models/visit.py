"""Inspection visits: whom, what kind, when, what was found on each point."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly
from mingzheng.records.ids import public_code
from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Record

CHECK_TYPES = {"routine": "日常检查", "special": "专项检查", "case": "个案检查"}


class Visit(Kept):
    """One visit to one place by one agency. One row a record."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="visit")
    agency_id = models.BigIntegerField()
    check_type = models.CharField(max_length=12)
    target = models.CharField(max_length=24, blank=True)
    enterprise = models.BooleanField(null=True)
    # Who is inspected, for counting visits across the agencies of a county: region and identifier.
    region = models.CharField(max_length=12)
    identifier = models.CharField(max_length=40, blank=True)
    planned_on = models.DateField(null=True)
    content = models.TextField(blank=True)
    random = models.BooleanField(null=True)
    urgent = models.BooleanField(null=True)
    # Several agencies in one visit share this word; each keeps its own record.
    joint = models.CharField(max_length=40, blank=True)
    # The code that the enterprise scans to let the visit in (扫码入企), and rates it by afterwards.
    code = models.CharField(max_length=32, default=public_code, unique=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    result = models.CharField(max_length=40, blank=True)
    problem_found = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "identifier", "started_on"], name="visit_by_enterprise"),
            models.Index(fields=["agency_id", "planned_on"], name="visit_by_day"),
        ]


class Checked(AppendOnly):
    """What was found on one point of the checklist."""

    FINDINGS = {"ok": "未发现问题", "problem": "发现问题", "not-checked": "未检查"}

    record = models.ForeignKey(Record, models.PROTECT, related_name="checked")
    agency_id = models.BigIntegerField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    point = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    finding = models.CharField(max_length=12)
    note = models.CharField(max_length=500, blank=True)
