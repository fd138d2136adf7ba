"""Volumes: the bound file of a record."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import Guarded
from mingzheng.records.ids import next_id
from mingzheng.records.models import Act, Blob, Record


class Volume(Guarded):
    """One bound volume 案卷: catalogue frozen at binding, one PDF made by a job."""

    memos = ("blob", "pages")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="volumes")
    agency_id = models.BigIntegerField()
    number = models.CharField(max_length=60)
    keep = models.CharField(max_length=20)
    catalogue = models.JSONField()
    bound_on = models.DateField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    pages = models.PositiveIntegerField(null=True)
