"""Which public pages show something of which record."""

from __future__ import annotations

from django.db import models

from mingzheng.records.guard import AppendOnly
from mingzheng.records.models import Record


class PublicPage(AppendOnly):
    """The page `/p/<code>` shows something of this record: whatever is done there makes it anew."""

    code = models.CharField(max_length=32, primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="public_pages")
    agency_id = models.BigIntegerField()
